package history

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"syscall"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// A Fault is an error of the history that somebody can do something about.
type Fault struct {
	File string
	Err  error
	Next string // what to do
}

// Error names the file and says what is wrong.
func (f *Fault) Error() string { return fmt.Sprintf("history %s: %v", f.File, f.Err) }

// Unwrap returns what is wrong.
func (f *Fault) Unwrap() error { return f.Err }

// ErrDamaged is the error of a history that cannot be read any more.
var ErrDamaged = errors.New("the file is damaged")

func damaged(file string, err error) error {
	return &Fault{file, fmt.Errorf("%w: %w", ErrDamaged, err), fmt.Sprintf(
		"nothing was deleted: move %[1]s, %[1]s-wal and %[1]s-shm aside, and the next run begins a new history; `sqlite3 %[1]s .recover` may save what is in it", file)}
}

// fault words an error of SQLite or the file system for an operator. It is nil
// for nil, and leaves a Fault as it is.
func fault(file string, err error) error {
	var known *Fault
	if err == nil || errors.As(err, &known) {
		return err
	}
	var e *sqlite.Error
	code := 0
	if errors.As(err, &e) {
		code = e.Code() & 0xff // the primary code
	}
	dir := filepath.Dir(file)
	switch {
	case code == sqlite3.SQLITE_CORRUPT || code == sqlite3.SQLITE_NOTADB:
		return damaged(file, err)
	case code == sqlite3.SQLITE_FULL || errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT):
		return &Fault{file, fmt.Errorf("the disk is full: %w", err), "free space on the file system of " + dir + "; what was stored before is whole"}
	case code == sqlite3.SQLITE_READONLY || code == sqlite3.SQLITE_CANTOPEN || errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS):
		return &Fault{file, fmt.Errorf("it cannot be written: %w", err), "the user that runs netsonde needs to write in " + dir + "; state_dir in the configuration or $NETSONDE_STATE_DIR names another place, --no-history does without"}
	case code == sqlite3.SQLITE_BUSY:
		return &Fault{file, fmt.Errorf("another process has held it for 15 seconds: %w", err), "end that process, or wait for it"}
	case code == sqlite3.SQLITE_IOERR:
		return &Fault{file, fmt.Errorf("reading or writing failed: %w", err), "look at the disk of " + dir + " (dmesg, df)"}
	}
	return &Fault{File: file, Err: err}
}
