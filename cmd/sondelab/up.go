package main

import (
	"time"

	"github.com/spf13/cobra"

	"github.com/netsonde/netsonde/devices/lab"
)

func (p *program) up() *cobra.Command {
	var wait time.Duration
	cmd := &cobra.Command{
		Use:   "up",
		Short: "Build a lab, wait until it has converged, and print the line that diagnoses it",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if p.name == "" {
				p.name = randomName()
			}
			began := time.Now()
			l, err := lab.Up(cmd.Context(), p.base, p.name)
			if err != nil {
				return err
			}
			say(p.err, "lab %s: %d nodes run after %.1f s; waiting for protocols to converge", l.Name, len(l.Nodes), time.Since(began).Seconds())
			if wait > 0 {
				if err := l.WaitHealthy(cmd.Context(), wait); err != nil {
					return err
				}
				say(p.err, "lab %s: healthy after %.1f s", l.Name, time.Since(began).Seconds())
			}
			say(p.out, "netsonde diagnose --inventory %s \"h1 cannot reach the services behind r4\"", l.Inventory())
			return nil
		},
	}
	cmd.Flags().DurationVar(&wait, "wait", 90*time.Second, "how long to wait for the lab to become healthy; 0 does not wait")
	return cmd
}

func (p *program) down() *cobra.Command {
	var all bool
	cmd := &cobra.Command{
		Use:   "down",
		Short: "End a lab; nothing of it is left behind",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if !all {
				l, err := p.open()
				if err != nil {
					return err
				}
				return l.Down()
			}
			names, err := lab.Names(p.base)
			if err != nil {
				return err
			}
			for _, name := range names {
				l, err := lab.Open(p.base, name)
				if err != nil {
					return err
				}
				if err := l.Down(); err != nil {
					return err
				}
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&all, "all", false, "end every lab under --base")
	return cmd
}
