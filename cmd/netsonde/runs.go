package main

import (
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/netsonde/netsonde/agent"
	"github.com/netsonde/netsonde/agent/report"
)

func newRuns(c *console) *cobra.Command {
	cmd := &cobra.Command{
		Use: "runs", Short: "List past runs, show one again, replay one", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { return c.listRuns() },
	}
	cmd.AddCommand(newRunsShow(c), newRunsReplay(c))
	return cmd
}

// listRuns prints a line a run, the newest first.
func (c *console) listRuns() error {
	cfg, err := c.loadConfig()
	if err != nil {
		return err
	}
	ids, err := runIDs(cfg.StateDir)
	if err != nil {
		return err
	}
	if len(ids) == 0 {
		fmt.Fprintln(c.err, "netsonde: no run yet: netsonde diagnose makes one")
		return nil
	}
	w := tabwriter.NewWriter(c.out, 2, 8, 2, ' ', 0)
	fmt.Fprintln(w, "RUN\tVERDICT\tMODEL\tWHAT WAS ASKED")
	for _, id := range ids {
		events, err := readRun(cfg.StateDir, id)
		verdict, model, question := "unfinished", "", ""
		if r, ok := concluded(events); ok {
			verdict, model, question = string(r.Verdict), or(r.Usage.Model, "rules"), asked(r.Case)
		} else if err != nil {
			verdict = "damaged"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", id, verdict, clean(model), clip(clean(question), 60))
	}
	return w.Flush()
}

// asked words a case in one line.
func asked(k agent.Case) string {
	if k.Question != "" {
		return k.Question
	}
	if k.From != "" {
		return fmt.Sprintf("from %s to %s %s", k.From, k.To, k.Flow)
	}
	return or(k.Device, "everything")
}

func newRunsShow(c *console) *cobra.Command {
	var out outputFlags
	cmd := &cobra.Command{
		Use: "show ID", Short: "Print the report of a past run again (latest: the newest)", Args: cobra.ExactArgs(1),
		Long: `Print the report of a past run again. Of a run that was cut short, what it read
and found until then is printed, and the status is 1.`,
		RunE: func(_ *cobra.Command, args []string) error {
			if err := out.check(reportFormats()...); err != nil {
				return err
			}
			events, err := c.pastRun(args[0])
			if err != nil {
				return err
			}
			if r, ok := concluded(events); ok {
				return c.report(out, pastPage(out, events, r))
			}
			c.retell(events)
			return fmt.Errorf("run %s ended without a report: this is what it read and found until then", args[0])
		},
	}
	out.add(cmd)
	return cmd
}

// pastPage is a past run's report, made when that run ended.
func pastPage(out outputFlags, events []agent.Event, r agent.Report) report.Page {
	p := report.Page{Report: r, Network: recalled(out, r, nil)}
	if begin, ok := events[0].(agent.Started); ok {
		p.Made = begin.At.Add(time.Duration(r.Usage.Seconds * float64(time.Second)))
	}
	return p
}

// retell prints what happened in a run that has no report.
func (c *console) retell(events []agent.Event) {
	p := c.progress(false)
	p.w, p.tty = c.out, false
	for _, e := range events {
		p.event(e)
		back, ok := e.(agent.Returned)
		for _, o := range back.Seen {
			p.line("   " + clean(fmt.Sprintf("%s %s: %s", o.ID, o.Device, o.Query)))
		}
		if ok && back.Text != "" {
			p.line("   " + verbatim(cleanLines(back.Text), "   "))
		}
	}
}

func newRunsReplay(c *console) *cobra.Command {
	var out outputFlags
	cmd := &cobra.Command{
		Use: "replay ID", Short: "Run a past run again from its journal, without a model or a network", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := out.check(reportFormats()...); err != nil {
				return err
			}
			events, err := c.pastRun(args[0])
			if err != nil {
				return err
			}
			for e, err := range agent.Rerun(cmd.Context(), events) {
				if err != nil {
					return err
				}
				if done, ok := e.(agent.Concluded); ok {
					return c.report(out, pastPage(out, events, done.Report))
				}
			}
			return fmt.Errorf("run %s ended without a report", args[0])
		},
	}
	out.add(cmd)
	return cmd
}

// pastRun reads the events of the run that id names.
func (c *console) pastRun(id string) ([]agent.Event, error) {
	cfg, err := c.loadConfig()
	if err != nil {
		return nil, err
	}
	full, err := findRun(cfg.StateDir, id)
	if err != nil {
		return nil, err
	}
	return readRun(cfg.StateDir, full)
}
