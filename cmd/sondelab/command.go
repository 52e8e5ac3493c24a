package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/netsonde/netsonde/devices/lab"
)

// A program is what the commands share: where labs live, which one is meant.
type program struct {
	streams
	base, name string
}

func run(ctx context.Context, args []string, s streams) error {
	p := &program{streams: s}
	root := &cobra.Command{
		Use:           "sondelab",
		Short:         "A network of real routers on one machine, and named faults to break it with",
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.SetArgs(args)
	root.SetIn(s.in)
	root.SetOut(s.out)
	root.SetErr(s.err)
	root.PersistentFlags().StringVar(&p.base, "base", defaultBase(), "directory that holds the labs of this machine")
	root.PersistentFlags().StringVar(&p.name, "name", "", "the lab's name (default: the one lab that is up; for up: a random name)")
	root.AddCommand(p.up(), p.down(), p.status(), p.inventory(), p.check(), p.exec(), p.ssh(), p.fault())
	root.AddCommand(nodeInit(), nodeService(), supervise())
	return root.ExecuteContext(ctx)
}

// defaultBase is /run/sondelab: a lab does not outlive a boot.
func defaultBase() string {
	if dir := os.Getenv("SONDELAB_BASE"); dir != "" {
		return dir
	}
	return "/run/sondelab"
}

// open finds the lab that is meant.
func (p *program) open() (*lab.Lab, error) {
	if p.name != "" {
		return lab.Open(p.base, p.name)
	}
	names, err := lab.Names(p.base)
	if err != nil {
		return nil, err
	}
	switch len(names) {
	case 0:
		return nil, errors.New("no lab is up: start one with \"sondelab up\"")
	case 1:
		return lab.Open(p.base, names[0])
	}
	return nil, fmt.Errorf("%d labs are up (%s): say which with --name", len(names), strings.Join(names, ", "))
}

func randomName() string { return "lab-" + strings.ToLower(rand.Text()[:6]) }

// nodeInit, nodeService and supervise are lives of this program that it starts
// itself.
func nodeInit() *cobra.Command {
	return &cobra.Command{Use: "node-init SPEC", Hidden: true, Args: cobra.ExactArgs(1), RunE: func(_ *cobra.Command, args []string) error {
		return lab.RunInit(args[0], lab.Streams{In: os.Stdin, Out: os.Stdout})
	}}
}

func nodeService() *cobra.Command {
	return &cobra.Command{Use: "node-service NAME", Hidden: true, Args: cobra.ExactArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
		return lab.RunService(cmd.Context(), args[0])
	}}
}

func supervise() *cobra.Command {
	return &cobra.Command{Use: "supervise DIR", Hidden: true, Args: cobra.ExactArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
		return lab.RunSupervisor(cmd.Context(), filepath.Clean(args[0]), os.Stdout, os.Stderr)
	}}
}

// say prints a line for the person at the terminal.
func say(w io.Writer, format string, args ...any) {
	fmt.Fprintf(w, format+"\n", args...)
}
