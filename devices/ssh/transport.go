package ssh

import (
	"io"
	"sync/atomic"

	"github.com/scrapli/scrapligo/transport"
	"golang.org/x/crypto/ssh"
)

// A terminal must be wide enough that no line of an answer is wrapped, and
// long enough that a device which asks its size does not page.
const (
	termWidth  = 511
	termHeight = 500
)

// channelTransport is a scrapligo transport over a terminal of an SSH
// connection that is already logged in: credentials and host keys are settled
// before scrapligo sees anything.
type channelTransport struct {
	client *ssh.Client
	line   string // run on the terminal; "" for the login's own command line
	ch     *ssh.Session
	in     io.WriteCloser
	out    io.Reader
	up     atomic.Bool
}

var _ transport.Implementation = (*channelTransport)(nil)

// Open asks for a terminal and a shell.
func (t *channelTransport) Open(*transport.Args) (err error) {
	if t.ch, err = t.client.NewSession(); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = t.ch.Close()
		}
	}()
	if t.in, err = t.ch.StdinPipe(); err != nil {
		return err
	}
	if t.out, err = t.ch.StdoutPipe(); err != nil {
		return err
	}
	if err = t.ch.RequestPty("xterm", termHeight, termWidth, ssh.TerminalModes{ssh.ECHO: 1}); err != nil {
		return err
	}
	t.up.Store(true)
	if t.line != "" {
		return t.ch.Start(t.line)
	}
	return t.ch.Shell()
}

// Close ends the terminal. A read that is under way ends when the device
// agrees, or with the connection.
func (t *channelTransport) Close() error {
	t.up.Store(false)
	if t.ch == nil {
		return nil
	}
	return ignoreClosed(t.ch.Close())
}

// IsAlive reports whether the terminal is open.
func (t *channelTransport) IsAlive() bool { return t.up.Load() }

// Read returns what came, up to n bytes. The end of the connection is io.EOF,
// whatever ended it: scrapligo would try again after anything else.
func (t *channelTransport) Read(n int) ([]byte, error) {
	b := make([]byte, n)
	n, err := t.out.Read(b)
	if n > 0 {
		return b[:n], nil
	}
	if err != nil {
		return nil, io.EOF
	}
	return nil, nil
}

// Write sends b.
func (t *channelTransport) Write(b []byte) error {
	_, err := t.in.Write(b)
	return err
}
