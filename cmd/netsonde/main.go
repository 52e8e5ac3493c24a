// Command netsonde reads live network state through read-only functions and
// diagnoses it, by built-in rules or led by a language model.
//
// This package reads flags, environment and files, wires the parts together,
// renders, and maps errors to exit statuses. Nothing below it does any of
// those. It has no way to write to a device.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"golang.org/x/term"
)

// Exit statuses, as the help of every command says them.
const (
	exitHealthy      = 0
	exitFailed       = 1
	exitUsage        = 2
	exitFault        = 3
	exitInconclusive = 4
	exitInterrupted  = 130
)

// A console is everything of the process that commands may touch, so that
// tests can run the program in-process.
type console struct {
	in       io.Reader
	out, err io.Writer
	getenv   func(string) string
	now      func() time.Time
	width    int       // columns of the terminal; 0 without one
	tty      bool      // stderr is a terminal: progress may redraw
	outTTY   bool      // stdout is a terminal: the report may be coloured
	config   *Config   // read already; nil: it is read when a command asks
	telling  *progress // of the run; nil before there is one
}

func main() {
	os.Exit(process())
}

// process runs the program on the process's own streams and signals.
func process() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, endAnyway)
	c := console{
		in: os.Stdin, out: os.Stdout, err: os.Stderr, getenv: os.Getenv, now: time.Now,
		tty: term.IsTerminal(int(os.Stderr.Fd())), outTTY: term.IsTerminal(int(os.Stdout.Fd())),
	}
	if w, _, err := term.GetSize(int(os.Stdout.Fd())); err == nil {
		c.width = w
	}
	return run(ctx, c, os.Args[1:])
}

// graceToEnd is how long an interrupted command may take to keep what it has.
const graceToEnd = 5 * time.Second

// endAnyway ends an interrupted process that does not end by itself, at the
// second signal or after graceToEnd: what waits for a file or is busy in a
// parser hears no context.
func endAnyway() {
	again := make(chan os.Signal, 1)
	signal.Notify(again, os.Interrupt, syscall.SIGTERM)
	select {
	case <-again:
	case <-time.After(graceToEnd):
	}
	fmt.Fprintln(os.Stderr, "netsonde: interrupted")
	os.Exit(exitInterrupted)
}

// run executes one command line and returns its exit status.
func run(ctx context.Context, c console, args []string) int {
	root := newRoot(&c)
	root.SetArgs(args)
	root.SetIn(c.in)
	root.SetOut(c.out)
	root.SetErr(c.err)
	return c.status(ctx, root.ExecuteContext(ctx))
}

// status is the one place where an error becomes an exit status and a line
// for the operator.
func (c *console) status(ctx context.Context, err error) int {
	var s exitStatus
	switch {
	case err == nil:
		return exitHealthy
	case errors.As(err, &s):
		return int(s)
	case ctx.Err() != nil || errors.Is(err, context.Canceled):
		c.tellUnderWay()
		fmt.Fprintln(c.err, "netsonde: interrupted")
		return exitInterrupted
	}
	fmt.Fprintf(c.err, "netsonde: %s\n", strings.TrimRight(cleanLines(err.Error()), "\n"))
	var h *hinted
	if errors.As(err, &h) {
		for _, hint := range h.hints {
			fmt.Fprintf(c.err, "netsonde: hint: %s\n", hint)
		}
	}
	var u *usageError
	if errors.As(err, &u) {
		return exitUsage
	}
	return exitFailed
}

// An exitStatus is the outcome of a command that did its work: the verdict is
// in the status, and there is nothing to add on stderr.
type exitStatus int

func (s exitStatus) Error() string { return fmt.Sprintf("exit status %d", int(s)) }

// A usageError is a fault of the command line or of a file of the operator's.
type usageError struct{ err error }

func (u *usageError) Error() string { return u.err.Error() }
func (u *usageError) Unwrap() error { return u.err }

// usagef makes a usageError.
func usagef(format string, args ...any) error { return &usageError{fmt.Errorf(format, args...)} }

// A hinted error says what the operator can do about it.
type hinted struct {
	err   error
	hints []string
}

func (h *hinted) Error() string { return h.err.Error() }
func (h *hinted) Unwrap() error { return h.err }

// hint adds what to do next to an error.
func hint(err error, hints ...string) error {
	if err == nil {
		return nil
	}
	return &hinted{err, hints}
}
