package main

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/policies"
)

func newShowCommand(c *console) *cobra.Command {
	var f netFlags
	cmd := &cobra.Command{
		Use:   "show DEVICES -- COMMAND",
		Short: "Run one read-only command on devices, under the policy",
		Long: `Run one read-only command on devices, in each device's own grammar. What the
policy refuses is not sent. Filters (| include ...) are applied by netsonde.
With --address the device is named there, and only the command is given.`,
		Example: `  netsonde show 'r*' -- show ip ospf neighbor
  netsonde show r1,h1 -- ip route
  netsonde show -a 192.0.2.1 --platform frr -- show version`,
		Args:              cobra.MinimumNArgs(1),
		ValidArgsFunction: c.completeDevices,
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.address == "" && f.limit == "" {
				f.limit, args = args[0], args[1:]
			}
			if len(args) == 0 {
				return hint(usagef("no command is given"), "netsonde show 'r*' -- show ip route")
			}
			return c.show(cmd.Context(), f, strings.Join(args, " "))
		},
	}
	f.add(cmd)
	f.addRecord(cmd)
	return cmd
}

// show prints what each device answers, in the order of the inventory. The
// status is 1 where any device did not answer.
func (c *console) show(ctx context.Context, f netFlags, command string) error {
	n, err := c.open(f)
	if err != nil {
		return err
	}
	defer n.Close()
	queries, failed, err := c.admitted(n, command)
	if err != nil {
		if text, ok := n.fileNamed(command); ok {
			_, err = fmt.Fprint(c.out, cleanLines(text))
		}
		return err
	}
	answers := c.ask(ctx, n, queries)
	n.progress.done()
	for i, a := range answers {
		d := n.inv.Devices[i]
		if len(n.inv.Devices) > 1 {
			fmt.Fprintln(c.out, c.style().bold("== "+d.Name+": "+queries[i].String()))
		}
		if a.err != nil {
			failed++
			fmt.Fprintf(c.err, "netsonde: %s\n", clean(a.err.Error()))
		}
		out, err := queries[i].Filter().Apply(a.obs.Output)
		if err != nil {
			return usagef("%s: %w", d.Name, err)
		}
		if out != "" {
			fmt.Fprintln(c.out, strings.TrimRight(cleanLines(out), "\n"))
		}
		if a.obs.Truncated {
			fmt.Fprintln(c.err, "netsonde: "+d.Name+": the answer was cut off by a limit")
		}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if failed > 0 {
		return exitStatus(exitFailed)
	}
	return nil
}

// admitted makes the command a query of each device, in its own grammar, and
// leaves out of n the devices whose grammar refuses it, with a word to the
// operator. The error is that of the first device where all refuse.
func (c *console) admitted(n *network, command string) (queries []policies.Query, refused int, err error) {
	var first error
	var taken []devices.Device
	for _, d := range n.inv.Devices {
		q, err := n.platforms[d.Platform].Show(command)
		if err == nil && q.Class() == policies.Probe && !n.probes {
			return nil, 0, hint(usagef("%s: %q sends traffic", d.Name, q), "probes are off: set probes: true in .netsonde.yaml to allow them")
		}
		if err != nil {
			if first == nil {
				first = hint(usagef("%s (%s): %w", d.Name, d.Platform, err), "netsonde policy list --platform "+d.Platform+" prints what it allows")
			}
			continue
		}
		taken, queries = append(taken, d), append(queries, q)
	}
	if len(taken) == 0 && first != nil {
		return nil, 0, first
	}
	if first != nil {
		fmt.Fprintf(c.err, "netsonde: not asked of %d of %d devices, whose platform refuses it, such as %s\n", len(n.inv.Devices)-len(taken), len(n.inv.Devices), clean(first.Error()))
	}
	refused = len(n.inv.Devices) - len(taken)
	asked := *n.inv
	asked.Devices = taken
	n.inv = &asked
	return queries, refused, nil
}

// fileNamed returns the files of a recording that a command names which is
// none (_login.txt), of all chosen devices.
func (n *network) fileNamed(name string) (text string, ok bool) {
	read := n.files()
	if read == nil {
		return "", false
	}
	for _, d := range n.inv.Devices {
		if o, err := read(d.Name, name); err == nil {
			text, ok = text+strings.TrimRight(o.Output, "\n")+"\n", true
		}
	}
	return text, ok
}

type answered struct {
	obs devices.Observation
	err error
}

// ask sends one query to each device of n at once.
func (c *console) ask(ctx context.Context, n *network, queries []policies.Query) []answered {
	answers := make([]answered, len(queries))
	var wg sync.WaitGroup
	for i, q := range queries {
		wg.Go(func() {
			obs, err := n.src.Fetch(ctx, n.inv.Devices[i].Name, q)
			answers[i] = answered{obs, err}
		})
	}
	wg.Wait()
	return answers
}
