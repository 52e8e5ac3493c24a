package lab

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"testing"

	"golang.org/x/sys/unix"
)

// TestMain lets the test binary live the lives that a lab starts of its own
// program: process 1 of a node, a service, a supervisor.
func TestMain(m *testing.M) {
	if len(os.Args) < 3 {
		os.Exit(m.Run())
	}
	ctx, stop := signal.NotifyContext(context.Background(), unix.SIGTERM)
	var err error
	switch os.Args[1] {
	case "node-init":
		err = RunInit(os.Args[2], Streams{In: os.Stdin, Out: os.Stdout})
	case "node-service":
		err = RunService(ctx, os.Args[2])
	case "supervise":
		err = RunSupervisor(ctx, os.Args[2], os.Stdout, os.Stderr)
	default:
		os.Exit(m.Run())
	}
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// needLab skips a test that brings up a lab, unless NETSONDE_LAB is set: then
// a lab that cannot run is a failure.
func needLab(t *testing.T) {
	t.Helper()
	if os.Getenv("NETSONDE_LAB") == "" {
		t.Skip("set NETSONDE_LAB=1 to bring up labs (needs root and the packages that Ready names)")
	}
	if err := Ready(); err != nil {
		t.Fatal(err)
	}
}
