// Sondelab runs a network of real routers on one machine, and breaks it in
// named ways. It needs root; netsonde, which diagnoses the lab, does not.
//
// It is the only program of this project that writes anything to a router.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"

	"golang.org/x/sys/unix"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, unix.SIGTERM)
	err := run(ctx, os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr})
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "sondelab:", err)
		os.Exit(1)
	}
}

// streams are the program's input and outputs.
type streams struct {
	in       *os.File
	out, err io.Writer
}
