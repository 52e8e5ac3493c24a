package ssh

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"

	"golang.org/x/crypto/ssh"

	"github.com/netsonde/netsonde/devices"
)

// An answer is what a device said to one line.
type answer struct {
	text   string
	status int // exit status; noStatus on a terminal
}

// noStatus stands for the exit status that a terminal does not give.
const noStatus = -1

// execute runs line over an exec channel. What it says on its error output
// stands after its output: a warning in the middle of a row would falsify it.
// It ends with ctx, which ends the connection too, or when the answer exceeds
// limit.
func execute(ctx context.Context, client *ssh.Client, line string, limit int) (answer, error) {
	stop := context.AfterFunc(ctx, func() { _ = client.Close() })
	defer stop()
	ch, err := client.NewSession()
	if err != nil {
		return answer{}, channelError(ctx, err)
	}
	defer func() { _ = ch.Close() }()
	out := &bounded{limit: limit, full: make(chan struct{}, 1)}
	said := &bounded{limit: limit, full: out.full}
	ch.Stdout, ch.Stderr = out, said
	if err := ch.Start(line); err != nil {
		return answer{}, channelError(ctx, err)
	}
	done := make(chan error, 1)
	go func() { done <- ch.Wait() }()
	select {
	case err = <-done:
	case <-out.full:
		_ = ch.Signal(ssh.SIGKILL) // asked for; a server that does not know signals ends with the connection
		_ = client.Close()
		<-done
		return answer{text: joined(out, said)}, devices.ErrTruncated
	}
	a := answer{text: strings.ReplaceAll(joined(out, said), "\r\n", "\n")}
	var exit *ssh.ExitError
	switch {
	case err == nil:
	case ctx.Err() != nil:
		return a, ctxError(ctx)
	case errors.Is(err, devices.ErrTruncated):
		_ = client.Close()
		return a, devices.ErrTruncated
	case errors.As(err, &exit):
		a.status = exit.ExitStatus()
		if exit.Signal() != "" {
			return a, fmt.Errorf("%w: the command was ended by signal %s", devices.ErrUnsupported, exit.Signal())
		}
	default: // the channel or the connection broke, or there was no exit status
		return a, fmt.Errorf("%w: the connection broke in the middle of the answer: %s", devices.ErrUnreachable, oneLine(err.Error()))
	}
	return a, nil
}

// channelError is the error of a connection on which nothing can be started.
func channelError(ctx context.Context, err error) error {
	var refused *ssh.OpenChannelError
	switch {
	case ctx.Err() != nil:
		return ctxError(ctx)
	case errors.As(err, &refused):
		return fmt.Errorf("%w: it opens no session: all its lines may be in use: %s", devices.ErrUnreachable, oneLine(err.Error()))
	}
	return fmt.Errorf("%w: %s", devices.ErrUnreachable, oneLine(err.Error()))
}

// ctxError is devices.ErrTimeout for a deadline, and the context's own error
// for a cancelled read.
func ctxError(ctx context.Context) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return fmt.Errorf("%w: no end of the answer in time", devices.ErrTimeout)
	}
	return ctx.Err()
}

func ignoreClosed(err error) error {
	if errors.Is(err, net.ErrClosed) || errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// joined is an output with the error output after it, on a line of its own.
func joined(out, said *bounded) string {
	text, more := out.String(), said.String()
	if text != "" && more != "" && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	return text + more
}

// bounded keeps up to limit bytes, and says when there are more.
type bounded struct {
	limit int
	full  chan struct{} // has room for one word, and may be another's too

	mu  sync.Mutex
	buf bytes.Buffer
}

// Write keeps p, or as much of it as there is room for.
func (b *bounded) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	room := b.limit - b.buf.Len()
	if len(p) <= room {
		return b.buf.Write(p)
	}
	b.buf.Write(p[:room])
	select {
	case b.full <- struct{}{}:
	default:
	}
	return 0, devices.ErrTruncated
}

// String returns what was kept.
func (b *bounded) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
