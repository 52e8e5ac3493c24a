package main

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/policies"
)

func newDevicesCommand(c *console) *cobra.Command {
	var f netFlags
	cmd := &cobra.Command{
		Use: "devices", Short: "List the inventory with reachability, platform and version", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return c.listDevices(cmd.Context(), f) },
	}
	f.add(cmd)
	return cmd
}

// listDevices asks every device for its version and prints a line each. The
// status is 1 where any could not be reached.
func (c *console) listDevices(ctx context.Context, f netFlags) error {
	n, err := c.open(f)
	if err != nil {
		return err
	}
	defer n.Close()
	queries := make([]policies.Query, len(n.inv.Devices))
	for i, d := range n.inv.Devices {
		for _, r := range n.platforms[d.Platform].Reads() {
			if q, ok := preferred(d, r); ok && r.Table == "system" {
				queries[i] = q
				break
			}
		}
	}
	w := tabwriter.NewWriter(c.out, 2, 8, 2, ' ', 0)
	fmt.Fprintln(w, "DEVICE\tPLATFORM\tADDRESS\tGROUPS\tREACHED\tVERSION")
	failed := 0
	for i, a := range c.ask(ctx, n, queries) {
		d := n.inv.Devices[i]
		reached, version := "yes", firstLine(a.obs.Output)
		if a.err != nil {
			failed++
			reached, version = "no", a.err.Error()
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", d.Name, d.Platform, address(d), strings.Join(d.Groups, ","), reached, clean(version))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if failed > 0 {
		return exitStatus(exitFailed)
	}
	return nil
}

func address(d devices.Device) string {
	if d.SSH.Port != 0 && d.SSH.Port != 22 {
		return fmt.Sprintf("%s:%d", d.Address, d.SSH.Port)
	}
	return d.Address
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}

// completeDevices completes device names without connecting anywhere.
func (c *console) completeDevices(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return c.completeNames(cmd, nil, "")
}

// completeNames completes device names as the value of a flag.
func (c *console) completeNames(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
	inv, err := c.knownDevices(cmd)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	names := make([]string, len(inv.Devices))
	for i, d := range inv.Devices {
		names[i] = d.Name
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// knownDevices reads the inventory or the recording that cmd's flags name.
func (c *console) knownDevices(cmd *cobra.Command) (*devices.Inventory, error) {
	f := netFlags{quiet: true}
	f.inventory, _ = cmd.Flags().GetString("inventory")
	f.replay, _ = cmd.Flags().GetString("replay")
	if f.replay == "" {
		inv, _, err := c.inventory(f)
		return inv, err
	}
	n, err := c.open(f)
	if err != nil {
		return nil, err
	}
	return n.inv, n.Close()
}
