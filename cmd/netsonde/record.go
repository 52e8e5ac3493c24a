package main

import (
	"context"
	"fmt"
	"sync"

	"github.com/spf13/cobra"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/policies"
)

func newRecord(c *console) *cobra.Command {
	var f netFlags
	var dir, profile string
	var pseudonymise bool
	cmd := &cobra.Command{
		Use:   "record -o DIR",
		Short: "Read a whole network once, so that it can be diagnosed anywhere",
		Long: `Read every device of the inventory at once with its platform's list of
state-bearing reads, redacted, into a directory of plain files. Recording into
an existing directory appends; a failure never takes the place of an answer.

Exit status: 0 recorded (failures are listed and recorded as failed), 1 nothing
could be read, 2 usage or configuration, 130 interrupted.`,
		Example: "  netsonde record -o incident/\n  netsonde diagnose --replay incident/ \"r2 lost its neighbours\"",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if dir == "" {
				return hint(usagef("where to?"), "netsonde record -o DIR")
			}
			p := policies.Profile(profile)
			if p != policies.Quick && p != policies.Full {
				return usagef("--profile %s: use quick or full", profile)
			}
			write := func(dir string) error {
				f.record = dir
				return c.record(cmd.Context(), f, p)
			}
			if pseudonymise {
				return c.pseudonymised(dir, write)
			}
			return write(dir)
		},
	}
	f.add(cmd)
	cmd.Flags().StringVarP(&dir, "output", "o", "", "directory of the recording")
	cmd.Flags().StringVar(&profile, "profile", "full", "quick (what the rules need) or full")
	cmd.Flags().BoolVar(&pseudonymise, "pseudonymise", false, "replace names, addresses, prefixes and AS numbers consistently; the map is kept beside DIR")
	cmd.Flags().StringVar(&f.limit, "device", "", "the same as --limit")
	return cmd
}

// record reads what the profile lists of every device.
func (c *console) record(ctx context.Context, f netFlags, profile policies.Profile) error {
	n, err := c.open(f)
	if err != nil {
		return err
	}
	defer func() {
		if err := n.Close(); err != nil { // the recording may lack its end
			fmt.Fprintf(c.err, "netsonde: warning: %s\n", clean(n.redactor.Redact("", err.Error())))
		}
	}()
	var mu sync.Mutex
	var wg sync.WaitGroup
	answered, failed := 0, 0
	reads := make([][]policies.Query, len(n.inv.Devices))
	for i, d := range n.inv.Devices {
		reads[i] = n.recorded(d, profile)
		n.progress.total += len(reads[i])
	}
	for i, d := range n.inv.Devices {
		wg.Go(func() {
			for _, q := range reads[i] {
				_, err := n.src.Fetch(ctx, d.Name, q)
				mu.Lock()
				if err == nil {
					answered++
				} else {
					failed++
				}
				mu.Unlock()
				if ctx.Err() != nil {
					return
				}
			}
		})
	}
	wg.Wait()
	n.progress.done()
	if ctx.Err() != nil {
		fmt.Fprintf(c.err, "netsonde: interrupted: %s keeps the %d answers that came\n", f.record, answered)
		return ctx.Err()
	}
	fmt.Fprintf(c.out, "%s: %d devices, %d answers, %d failures recorded as failed\n", f.record, len(n.inv.Devices), answered, failed)
	if answered == 0 {
		return exitStatus(exitFailed)
	}
	return nil
}

// recorded lists the reads of a profile for a device, over SSH and gNMI: what
// the rules prefer to read, and then what the profile adds.
func (n *network) recorded(d devices.Device, profile policies.Profile) []policies.Query {
	var qs []policies.Query
	have := map[string]struct{}{}
	add := func(q policies.Query) {
		if _, ok := have[q.String()]; !ok && d.Answers(q.Kind()) {
			have[q.String()] = struct{}{}
			qs = append(qs, q)
		}
	}
	p := n.platforms[d.Platform]
	for _, r := range p.Reads() {
		if q, ok := preferred(d, r); ok {
			add(q)
		}
		if !r.Beside.IsZero() {
			add(r.Beside)
		}
	}
	for _, p := range []*policies.Platform{p, n.platforms[p.Also]} {
		if p == nil {
			continue
		}
		for _, q := range p.Record(profile) {
			add(q)
		}
	}
	return qs
}

// preferred is the first way to read a table that the inventory gives d.
func preferred(d devices.Device, r policies.TableRead) (policies.Query, bool) {
	for _, q := range r.Alternatives {
		if d.Answers(q.Kind()) {
			return q, true
		}
	}
	return policies.Query{}, false
}

// keep puts a recorder around n's source.
func (c *console) keep(n *network, dir string) error {
	rec, err := devices.Record(n.src, dir, n.inv)
	if err != nil {
		return &usageError{err}
	}
	n.closers = append(n.closers, rec.Close)
	n.src = rec
	return nil
}
