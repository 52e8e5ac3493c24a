package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/netsonde/netsonde/agent"
	"github.com/netsonde/netsonde/agent/report"
)

// investigate runs a case to its end: progress goes to stderr and every event
// to the journal as it happens; then the report is printed, and the verdict
// becomes the exit status.
func (c *console) investigate(ctx context.Context, n *network, run investigator, kase agent.Case, out outputFlags) error {
	j, err := newJournal(n.cfg.StateDir, n.run)
	if err != nil {
		fmt.Fprintf(c.err, "netsonde: warning: no journal is kept: %s\n", clean(err.Error()))
	} else {
		defer j.close()
	}
	var done *agent.Report
	for e, err := range run(ctx, kase) {
		if err != nil {
			n.progress.done()
			if j != nil {
				fmt.Fprintf(c.err, "netsonde: what was learnt so far is kept: netsonde runs show %s\n", j.id)
			}
			return err
		}
		n.progress.event(e)
		if j != nil {
			if err := j.add(e); err != nil {
				fmt.Fprintf(c.err, "netsonde: warning: the journal ends here: %s\n", clean(err.Error()))
				_ = j.close()
				j = nil
			}
		}
		if e, ok := e.(agent.Concluded); ok {
			done = &e.Report
			n.trace.reported(e.Report)
		}
	}
	n.progress.done()
	if done == nil {
		return errors.New("the run ended without a report")
	}
	if err := c.report(out, report.Page{Report: *done, ID: n.run, Network: recalled(out, *done, n.inv)}); err != nil {
		return err
	}
	if cost := c.cost(n.cfg.Price, done.Usage); cost != "" {
		n.progress.line(cost)
	}
	if j != nil {
		n.progress.line("run " + j.id + ": netsonde runs show " + j.id)
	}
	return verdictStatus(done.Verdict)
}

// cost words what a run cost, where the configuration knows the price.
func (c *console) cost(p PriceConfig, u agent.Usage) string {
	if p.Input == 0 && p.Output == 0 || u.InputTokens+u.OutputTokens == 0 {
		return ""
	}
	dollars := (p.Input*float64(u.InputTokens) + p.Output*float64(u.OutputTokens)) / 1e6
	return fmt.Sprintf("cost %.4f USD", dollars)
}

// verdictStatus maps a verdict to the exit status that scripts read.
func verdictStatus(v agent.Verdict) error {
	switch v {
	case agent.Fault:
		return exitStatus(exitFault)
	case agent.Healthy:
		return nil
	}
	return exitStatus(exitInconclusive)
}
