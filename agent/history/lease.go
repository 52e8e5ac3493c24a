package history

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// LeaseFile is the name of the file that the process which runs the schedules
// of a state directory holds locked.
const LeaseFile = "serve.lock"

// ErrLeased is the error of a lease that another process has.
var ErrLeased = errors.New("another process runs the schedules of this state directory")

// A Lease says that this process runs the schedules of a state directory. It
// is a lock of the kernel's on a file and no row with a time in it: it ends with
// its process, however that ends, and no clock can take it away.
type Lease struct{ file *os.File }

// Take takes the lease of dir for holder, which is a word for people.
func Take(dir, holder string) (*Lease, error) {
	path := filepath.Join(dir, LeaseFile)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fault(path, err)
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fault(path, err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		said, _ := os.ReadFile(path) // without it the holder stays unnamed
		_ = f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("%w: %s (%s)", ErrLeased, strings.TrimSpace(string(said)), path)
		}
		return nil, fault(path, err)
	}
	if err := errors.Join(f.Truncate(0), write(f, holder)); err != nil {
		return nil, errors.Join(fault(path, err), f.Close())
	}
	return &Lease{f}, nil
}

func write(f *os.File, holder string) error {
	_, err := f.WriteAt([]byte(holder+"\n"), 0)
	return err
}

// Release gives the lease up.
func (l *Lease) Release() error { return l.file.Close() }
