package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/netsonde/netsonde/policies"
)

func newGNMI(c *console) *cobra.Command {
	cmd := &cobra.Command{Use: "gnmi", Short: "Read over gNMI: get, watch, caps", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
	cmd.AddCommand(newGNMIGet(c), newGNMIWatch(c), newGNMICaps(c))
	return cmd
}

func newGNMIGet(c *console) *cobra.Command {
	var f netFlags
	cmd := &cobra.Command{
		Use: "get DEVICES PATH...", Short: "Get paths, one line a leaf",
		Example:           "  netsonde gnmi get r1 '/interfaces/interface[name=eth1]/state'",
		Args:              cobra.MinimumNArgs(1),
		ValidArgsFunction: c.completeDevices,
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.gnmiRead(cmd.Context(), f, args, func(p *policies.Platform, path string) (policies.Query, error) { return p.Get(path) })
		},
	}
	f.add(cmd)
	f.addGNMI(cmd)
	f.addRecord(cmd)
	return cmd
}

func newGNMIWatch(c *console) *cobra.Command {
	var f netFlags
	var every, window time.Duration
	var onChange bool
	cmd := &cobra.Command{
		Use: "watch DEVICES PATH...", Short: "Subscribe to paths for a while, one timestamped line an update",
		Example:           "  netsonde gnmi watch r1 /interfaces/interface/state/counters --every 1s --for 10s",
		Args:              cobra.MinimumNArgs(1),
		ValidArgsFunction: c.completeDevices,
		RunE: func(cmd *cobra.Command, args []string) error {
			mode := policies.Sample
			if onChange {
				mode = policies.OnChange
			}
			return c.gnmiRead(cmd.Context(), f, args, func(p *policies.Platform, path string) (policies.Query, error) {
				return p.Watch(path, mode, every, window)
			})
		},
	}
	f.add(cmd)
	f.addGNMI(cmd)
	f.addRecord(cmd)
	cmd.Flags().DurationVar(&every, "every", time.Second, "sampling interval, at least 1s")
	cmd.Flags().DurationVar(&window, "for", 10*time.Second, "how long to listen")
	cmd.Flags().BoolVar(&onChange, "on-change", false, "only what changes, instead of samples")
	return cmd
}

// gnmiRead makes a query of each path for each device and prints the answers
// in the order of the inventory.
func (c *console) gnmiRead(ctx context.Context, f netFlags, args []string, query func(*policies.Platform, string) (policies.Query, error)) error {
	if f.address == "" && f.limit == "" {
		f.limit, args = args[0], args[1:]
	}
	if len(args) == 0 {
		return hint(usagef("no path is given"), "netsonde gnmi get r1 /interfaces/interface/state")
	}
	n, err := c.open(f)
	if err != nil {
		return err
	}
	defer n.Close()
	failed := false
	for _, path := range args {
		queries := make([]policies.Query, len(n.inv.Devices))
		for i, d := range n.inv.Devices {
			if queries[i], err = query(n.platforms[d.Platform], path); err != nil {
				return usagef("%s: %w", d.Name, err)
			}
		}
		answers := c.ask(ctx, n, queries)
		n.progress.done()
		for i, a := range answers {
			if len(answers) > 1 {
				fmt.Fprintln(c.out, c.style().bold("== "+n.inv.Devices[i].Name))
			}
			if a.err != nil {
				failed = true
				fmt.Fprintf(c.err, "netsonde: %s\n", clean(a.err.Error()))
			}
			if a.obs.Output != "" {
				fmt.Fprintln(c.out, strings.TrimRight(cleanLines(a.obs.Output), "\n"))
			}
		}
	}
	if failed {
		return orInterrupted(ctx, exitStatus(exitFailed))
	}
	return ctx.Err()
}

// orInterrupted is err, unless the run was interrupted.
func orInterrupted(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// capabilities prints what each device offers. One that does not answer is
// told, and makes the status 1.
func (c *console) capabilities(ctx context.Context, f netFlags) error {
	n, err := c.open(f)
	if err != nil {
		return err
	}
	defer n.Close()
	failed := false
	for _, d := range n.inv.Devices {
		text, err := n.gnmi.Capabilities(ctx, d)
		if err != nil {
			failed = true
			fmt.Fprintf(c.err, "netsonde: %s: %s\n", d.Name, clean(n.redactor.Redact(d.Platform, err.Error())))
			continue
		}
		fmt.Fprintf(c.out, "%s\n%s", c.style().bold("== "+d.Name), cleanLines(n.redactor.Redact(d.Platform, text)))
	}
	if failed {
		return orInterrupted(ctx, exitStatus(exitFailed))
	}
	return nil
}

func newGNMICaps(c *console) *cobra.Command {
	var f netFlags
	cmd := &cobra.Command{
		Use: "caps DEVICES", Short: "Print gNMI version, encodings and models", Args: cobra.MaximumNArgs(1),
		ValidArgsFunction: c.completeDevices,
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.replay != "" {
				return usagef("capabilities are asked of live devices, not of a recording")
			}
			if len(args) > 0 {
				f.limit = args[0]
			}
			return c.capabilities(cmd.Context(), f)
		},
	}
	f.add(cmd)
	f.addGNMI(cmd)
	return cmd
}
