package target

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"time"
)

// frr reads FRR's daemons through their vty sockets, in view mode: it never
// enables, so it could not change anything. A daemon that does not answer has
// no state: its part of the tree is absent.
type frr struct{ dir string }

const vtyTimeout = 5 * time.Second

// ask sends one show command to a daemon. The protocol (lib/vty.c of FRR) is
// the command and a NUL; the answer ends in three NULs and the result code.
func (f frr) ask(ctx context.Context, daemon, command string) (string, error) {
	if f.dir == "" {
		return "", errors.New("node runs no frr")
	}
	d := net.Dialer{Timeout: vtyTimeout}
	c, err := d.DialContext(ctx, "unix", filepath.Join(f.dir, daemon+".vty"))
	if err != nil {
		return "", fmt.Errorf("%s: %w", daemon, err)
	}
	defer c.Close()
	defer context.AfterFunc(ctx, func() { _ = c.SetDeadline(time.Unix(1, 0)) })()
	if err := c.SetDeadline(time.Now().Add(vtyTimeout)); err != nil {
		return "", fmt.Errorf("%s: %w", daemon, err)
	}
	if _, err := c.Write(append([]byte(command), 0)); err != nil {
		return "", fmt.Errorf("%s: %s: %w", daemon, command, err)
	}
	var all []byte
	buf := make([]byte, 64<<10)
	for {
		n, err := c.Read(buf)
		all = append(all, buf[:n]...)
		if k := len(all); k >= 4 && bytes.Equal(all[k-4:k-1], []byte{0, 0, 0}) {
			if code := all[k-1]; code != 0 {
				return "", fmt.Errorf("%s: %s: result code %d", daemon, command, code)
			}
			return string(all[:k-4]), nil
		}
		if err != nil {
			if errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return "", fmt.Errorf("%s: %s: %w", daemon, command, err)
		}
	}
}

// decode asks a daemon for a JSON answer. FRR's JSON has keys of mixed kinds
// in one object, so callers decode the parts they know.
func (f frr) decode(ctx context.Context, daemon, command string, into any) error {
	out, err := f.ask(ctx, daemon, command)
	if err != nil {
		return err
	}
	if err := json.Unmarshal([]byte(out), into); err != nil {
		return fmt.Errorf("%s: %s: %w", daemon, command, err)
	}
	return nil
}

// instance returns the branch of one routing protocol instance
// (openconfig-network-instance).
func instance(root branch, vrf, identifier, name string) branch {
	ni := root.in("network-instances").in("network-instance", "name", vrf)
	p := ni.in("protocols").in("protocol", "identifier", identifier, "name", name)
	p.in("state").set("identifier", identifier)
	p.in("state").set("name", name)
	return p
}
