package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/netsonde/netsonde/agent"
	"github.com/netsonde/netsonde/agent/history"
	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/policies"
)

// healthFlags say what a health report looks at, and where its past stands.
type healthFlags struct {
	net       netFlags
	model     modelFlags
	output    outputFlags
	groups    []string
	rules     []string
	failOn    string
	history   string
	noHistory bool
}

func newHealth(c *console) *cobra.Command {
	var f healthFlags
	cmd := &cobra.Command{
		Use:   "health",
		Short: "Report how the network is, and what changed since the last report",
		Long: `Hold the rules against every device of the inventory, and compare what they find
with the last report of the same devices: new, worse, better, standing since
when, resolved, flapping. What could not be read is listed and is never taken
for healthy or resolved.

Reports are kept in the history of the state directory. A report of a recording
is not, for its past is not the network's; --history DIR keeps one for it.

With a model (--model, NETSONDE_MODEL or the configuration) what changed is
explained by it, from the same evidence; without changes it is not called.

Exit status: 0 healthy, 1 failed, 2 usage or configuration, 3 findings at or
above --fail-on that are not silenced, 4 inconclusive, 130 interrupted.`,
		Example: `  netsonde health
  netsonde health --group core --fail-on major
  netsonde health --replay incident/ -o markdown`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return c.health(cmd.Context(), f) },
	}
	f.net.add(cmd)
	f.net.addRecord(cmd)
	f.model.add(cmd)
	f.output.add(cmd)
	fs := cmd.Flags()
	fs.StringSliceVar(&f.groups, "group", nil, "only the devices of these groups")
	fs.StringSliceVar(&f.rules, "rules", nil, "only these rules: ids or patterns (bgp_*)")
	fs.StringVar(&f.failOn, "fail-on", "minor", "least severity of a finding for status 3: warning, minor, major, critical")
	fs.StringVar(&f.history, "history", "", "keep the history in this directory instead of the state directory")
	fs.BoolVar(&f.noHistory, "no-history", false, "neither compare with past reports nor keep this one")
	return cmd
}

// health makes one report by hand.
func (c *console) health(ctx context.Context, f healthFlags) error {
	if err := f.output.check(reportFormats()...); err != nil {
		return err
	}
	failOn, err := policies.ParseSeverity(f.failOn)
	if err != nil {
		return usagef("--fail-on: %w", err)
	}
	if f.noHistory && f.history != "" {
		return hint(usagef("--history and --no-history contradict each other"), "leave out one")
	}
	n, err := c.open(f.net)
	if err != nil {
		return err
	}
	defer n.Close()
	job := checkup{groups: f.groups, rules: f.rules, model: f.model, id: n.run}
	if err := n.narrow(f.groups); err != nil {
		return err
	}
	job.scope = c.scope(n, f)
	store, err := c.pastOf(ctx, n, f)
	if err != nil {
		return err
	}
	if store != nil {
		defer store.Close()
		job.store = store
	}
	e, page, err := c.checkup(ctx, n, job)
	if err != nil && e.At.IsZero() {
		return err
	}
	n.progress.done()
	if err := errors.Join(c.writeEdition(f.output, e, page), err); err != nil { // a full disk hides no fault of the network
		return err
	}
	return editionStatus(e, failOn)
}

// pastOf opens the history that a report by hand belongs to; nil for none.
func (c *console) pastOf(ctx context.Context, n *network, f healthFlags) (*history.Store, error) {
	dir := n.cfg.StateDir
	switch {
	case f.noHistory, n.recording != nil && f.history == "":
		return nil, nil
	case f.history != "":
		dir = f.history
	}
	return c.openHistory(ctx, dir, n.cfg)
}

// openHistory opens the history in dir; its faults say what to do.
func (c *console) openHistory(ctx context.Context, dir string, cfg Config) (*history.Store, error) {
	s, err := history.Open(ctx, dir, cfg.History.retention())
	return s, hintHistory(err)
}

// narrow keeps the devices of the groups; without any, all.
func (n *network) narrow(groups []string) error {
	if len(groups) == 0 {
		return nil
	}
	var all []string
	for _, d := range n.inv.Devices {
		all = append(all, d.Groups...)
	}
	slices.Sort(all)
	all = slices.Compact(all)
	for _, g := range groups {
		if !slices.Contains(all, g) {
			known := "the devices are in no group"
			if len(all) > 0 {
				known = "the groups are " + strings.Join(all, ", ")
			}
			return hint(usagef("--group %s: no device is in a group of that name", g), known)
		}
	}
	var names []string
	for _, d := range n.inv.Devices {
		if slices.ContainsFunc(groups, func(g string) bool { return slices.Contains(d.Groups, g) }) {
			names = append(names, d.Name)
		}
	}
	var err error
	n.inv, err = limited(n.inv, strings.Join(names, ","))
	return err
}

// scope names what reports by hand are compared with one another for.
func (c *console) scope(n *network, f healthFlags) string {
	of := "recordings of " + names(n.inv.Devices)
	switch {
	case n.recording == nil && f.net.address != "":
		of = f.net.address
	case n.recording == nil:
		if file, _, err := c.inventoryPath(f.net, n.cfg); err == nil {
			of = file
		}
		if abs, err := filepath.Abs(of); err == nil {
			of = abs
		}
	}
	for _, part := range []struct{ name, value string }{
		{"limit", f.net.limit}, {"group", strings.Join(f.groups, ",")}, {"rules", strings.Join(f.rules, ",")},
	} {
		if part.value != "" {
			of += " " + part.name + "=" + part.value
		}
	}
	return "by hand: " + of
}

// names joins the names of devices.
func names(ds []devices.Device) string {
	var out []string
	for _, d := range ds {
		out = append(out, d.Name)
	}
	return strings.Join(out, ",")
}

// editionStatus maps a report to the exit status that scripts read.
func editionStatus(e history.Edition, failOn policies.Severity) error {
	for i, id := range history.Identify(e.Report.Findings) {
		if e.Report.Findings[i].Severity >= failOn && !e.Delta.Silent(id.ID()) {
			return exitStatus(exitFault)
		}
	}
	if e.Report.Verdict == agent.Inconclusive || slices.ContainsFunc(e.Report.Unread, func(u agent.Unread) bool { return u.Core }) {
		return exitStatus(exitInconclusive)
	}
	return nil
}

// HistoryConfig is the section "history": for how long what is kept, and what
// counts as flapping.
type HistoryConfig struct {
	Reports  time.Duration `yaml:"reports"`
	Samples  time.Duration `yaml:"samples"`
	Flapping struct {
		Times  int           `yaml:"times"`
		Within time.Duration `yaml:"within"`
	} `yaml:"flapping"`
}

func (h HistoryConfig) retention() history.Retention {
	return history.Retention{Reports: h.Reports, Samples: h.Samples}
}

func (h HistoryConfig) flapping() history.Flapping {
	return history.Flapping{Times: h.Flapping.Times, Window: h.Flapping.Within}
}

// faults says what is wrong with the section.
func (h HistoryConfig) faults() []error {
	var out []error
	for path, d := range map[string]time.Duration{"reports": h.Reports, "samples": h.Samples, "flapping.within": h.Flapping.Within} {
		if d < 0 {
			out = append(out, faultAt("history."+path, "%s is not positive", d))
		}
	}
	if n := h.Flapping.Times; n < 0 || n == 1 {
		out = append(out, faultAt("history.flapping.times", "%d is too few: a finding that came up once does not flap", n))
	}
	return out
}

// words counts things: "1 device", "2 devices".
func words(n int, thing string) string {
	if n == 1 {
		return fmt.Sprintf("1 %s", thing)
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
