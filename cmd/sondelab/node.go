package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"github.com/spf13/cobra"

	"github.com/netsonde/netsonde/devices/lab"
)

func (p *program) status() *cobra.Command {
	return &cobra.Command{
		Use:   "status",
		Short: "Show which labs are up, and the nodes of the one that is meant",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			names, err := lab.Names(p.base)
			if err != nil {
				return err
			}
			if p.name == "" && len(names) != 1 {
				say(p.out, "%d labs are up under %s: %s", len(names), p.base, strings.Join(names, " "))
				return nil
			}
			l, err := p.open()
			if err != nil {
				return err
			}
			state := "its supervisor runs"
			if !l.Supervisor.Alive() {
				state = "its supervisor has ENDED: take it down"
			}
			say(p.out, "lab %s, up since %s, %s", l.Name, l.Created.Format("2006-01-02 15:04:05Z"), state)
			say(p.out, "%-5s %-7s %8s %6s %6s", "NODE", "GROUP", "PID", "SSH", "GNMI")
			for _, n := range l.Nodes {
				say(p.out, "%-5s %-7s %8d %6d %6d", n.Name, n.Group, n.Init.PID, n.SSH, n.GNMI)
			}
			return nil
		},
	}
}

func (p *program) inventory() *cobra.Command {
	return &cobra.Command{
		Use:   "inventory",
		Short: "Print the path of netsonde's inventory of the lab",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			l, err := p.open()
			if err != nil {
				return err
			}
			say(p.out, "%s", l.Inventory())
			return nil
		},
	}
}

func (p *program) check() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Wait until the lab is healthy: adjacencies, sessions, reachability",
		Args:  cobra.NoArgs,
	}
	wait := cmd.Flags().Duration("wait", 0, "how long to wait")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		l, err := p.open()
		if err != nil {
			return err
		}
		if err := l.WaitHealthy(cmd.Context(), *wait); err != nil {
			return err
		}
		say(p.out, "lab %s is healthy", l.Name)
		return nil
	}
	return cmd
}

func (p *program) exec() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "exec NODE COMMAND...",
		Short: "Run a command as root in all namespaces of a node (a shell if none is given)",
		Args:  cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			l, err := p.open()
			if err != nil {
				return err
			}
			n, err := l.Node(args[0])
			if err != nil {
				return err
			}
			if args = args[1:]; len(args) > 0 && args[0] == "--" {
				args = args[1:]
			}
			if len(args) == 0 {
				args = []string{"/bin/bash"}
			}
			return p.attach(n.Command(cmd.Context(), args[0], args[1:]...))
		},
	}
	cmd.Flags().SetInterspersed(false) // what follows NODE is the node's
	return cmd
}

func (p *program) ssh() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "ssh NODE [COMMAND...]",
		Short: "Log in to a node as netsonde does; ssh vty@NODE lands in vtysh",
		Args:  cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			l, err := p.open()
			if err != nil {
				return err
			}
			user, name, found := strings.Cut(args[0], "@")
			if !found {
				user, name = lab.User, args[0]
			}
			n, err := l.Node(name)
			if err != nil {
				return err
			}
			all := []string{"-i", l.Key(), "-o", "UserKnownHostsFile=" + l.KnownHosts(), "-o", "StrictHostKeyChecking=yes",
				"-p", fmt.Sprint(n.SSH), user + "@127.0.0.1"}
			return p.attach(exec.CommandContext(cmd.Context(), "ssh", append(all, args[1:]...)...))
		},
	}
	cmd.Flags().SetInterspersed(false)
	return cmd
}

// attach runs a command on the user's own terminal.
func (p *program) attach(c *exec.Cmd) error {
	c.Stdin, c.Stdout, c.Stderr = os.Stdin, p.out, p.streams.err
	err := c.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return fmt.Errorf("%s: exit status %d", c.Args[0], exit.ExitCode())
	}
	return err
}
