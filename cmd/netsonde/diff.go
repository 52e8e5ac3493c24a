package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/netsonde/netsonde/devices/state"
	"github.com/netsonde/netsonde/policies"
)

func newDiff(c *console) *cobra.Command {
	var f netFlags
	var out outputFlags
	cmd := &cobra.Command{
		Use:   "diff A [B]",
		Short: "Say in the terms of state what changed between two recordings, or since one",
		Long: `Compare two recordings or, without B, a recording and the live network: neighbours,
sessions, routes, interfaces, MTUs, configuration lines; not timers and counters.

Exit status: 0 nothing changed, 1 failed, 2 usage or configuration, 3 something
changed, 4 nothing changed in what could be compared, 130 interrupted.`,
		Example: "  netsonde diff before/ after/\n  netsonde diff before/",
		Args:    cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := out.check("text", "json", "markdown"); err != nil {
				return err
			}
			if f.replay != "" {
				return usagef("diff takes its recordings as arguments, not by --replay")
			}
			before, err := c.readState(cmd.Context(), f, args[0])
			if err != nil {
				return err
			}
			now := ""
			if len(args) == 2 {
				now = args[1]
			}
			after, err := c.readState(cmd.Context(), f, now)
			if err != nil {
				return err
			}
			return c.printDiff(out, state.Diff(before, after))
		},
	}
	f.add(cmd)
	out.add(cmd)
	return cmd
}

// readState reads the state of a recording's devices, or of the live ones
// where dir is "".
func (c *console) readState(ctx context.Context, f netFlags, dir string) ([]*state.Device, error) {
	if f.replay = dir; dir != "" {
		f.inventory, f.address, f.user = "", "", ""
		if _, err := os.Stat(dir); err != nil {
			return nil, &usageError{err}
		}
	}
	n, err := c.open(f)
	if err != nil {
		return nil, err
	}
	defer n.Close()
	e, err := n.env()
	if err != nil {
		return nil, err
	}
	got, err := e.Collect(ctx, n.inv.Devices)
	if err != nil {
		return nil, err
	}
	ds := got.Network.Devices
	for _, name := range got.Silent() { // it did not go away: it was not read
		ds = append(ds, &state.Device{Name: name})
	}
	return ds, nil
}

// printDiff prints a difference; the status says whether there is one.
func (c *console) printDiff(out outputFlags, d state.Difference) error {
	var b strings.Builder
	switch out.format {
	case "json":
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		if err := e.Encode(d); err != nil {
			return err
		}
	case "markdown":
		for _, ch := range d.Changes {
			fmt.Fprintf(&b, "- `%s`\n", strings.ReplaceAll(clean(ch.String()), "`", "'"))
		}
		for _, u := range d.NotCompared {
			fmt.Fprintf(&b, "- not compared: `%s`\n", strings.ReplaceAll(clean(u), "`", "'"))
		}
		fmt.Fprintf(&b, "\n%d changes\n", len(d.Changes))
	default:
		for _, ch := range d.Changes {
			b.WriteString(clean(ch.String()) + "\n")
		}
		for _, u := range d.NotCompared {
			b.WriteString(c.style().dim("not compared: "+clean(u)) + "\n")
		}
		fmt.Fprintf(&b, "%d changes\n", len(d.Changes))
	}
	if err := c.write(out, policies.Printable(b.String())); err != nil {
		return err
	}
	switch {
	case len(d.Changes) > 0:
		return exitStatus(exitFault)
	case len(d.NotCompared) > 0:
		return exitStatus(exitInconclusive)
	}
	return nil
}
