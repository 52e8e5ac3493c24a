package main

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/netsonde/netsonde/agent"
	"github.com/netsonde/netsonde/agent/history"
	"github.com/netsonde/netsonde/agent/report"
	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/policies"
	"github.com/netsonde/netsonde/tools"
)

// A checkup is what is to be reported on, for a schedule or by hand.
type checkup struct {
	id, schedule, scope string
	groups, rules       []string
	model               modelFlags
	store               *history.Store  // nil: nothing is compared or kept
	stop                context.Context // when it ends, no model is asked any more; nil for never
}

// samplesShown and seriesShown bound what a report tells of figures.
const (
	samplesShown = 60
	seriesShown  = 40
)

// checkup reads, judges, compares and keeps; e.Kept says whether the report
// stands in the history. What fails after that is a warning. A report that
// cannot be kept comes with the error.
func (c *console) checkup(ctx context.Context, n *network, job checkup) (history.Edition, report.Page, error) {
	e := history.Edition{ID: job.id, Schedule: job.schedule, Scope: job.scope}
	x, err := c.examine(ctx, n, job, &e)
	if err != nil {
		return e, report.Page{}, err
	}
	e.At = n.clock().UTC()
	if n.recording != nil && !n.info.CapturedAt.IsZero() {
		e.At = n.info.CapturedAt
	}
	if job.store == nil {
		e.Delta = history.Comparison{Report: e.Report, At: e.At, Flapping: n.cfg.History.flapping()}.Compare()
		e.Timeline = history.Timeline{e.Point()}
	} else if err := c.keepEdition(ctx, n, job.store, &e); err != nil {
		e.Delta = history.Comparison{Report: e.Report, At: e.At, Flapping: n.cfg.History.flapping()}.Compare()
		return e, editionPage(e, x.Network), err
	} else if all, err := job.store.AddFigures(ctx, e.At, history.Figures(x.Network), samplesShown); err != nil {
		c.warn("no figures are kept of this report: %s", err)
	} else {
		e.Series = history.Notable(all, seriesShown)
		if !e.Kept {
			// an older recording is not what the next report compares with
		} else if err := job.store.SetCounts(ctx, job.scope, x.Network.Figures()); err != nil {
			c.warn("the next report cannot compare counters with this one: %s", err)
		}
	}
	c.explain(ctx, n, job, &e)
	page := editionPage(e, x.Network)
	if e.Kept {
		if err := c.keepRest(context.WithoutCancel(ctx), job.store, e, page); err != nil {
			c.warn("the history lacks what was added to report %s: %s", e.ID, err)
		}
	}
	return e, page, nil
}

// keepRest stores what came to a report after it was kept.
func (c *console) keepRest(ctx context.Context, store *history.Store, e history.Edition, page report.Page) error {
	if err := store.Explain(ctx, e); err != nil {
		return err
	}
	page.Home = "/"
	html, err := c.rendered("html", page)
	if err != nil {
		return err
	}
	return store.SetPage(ctx, e.ID, html)
}

// warn tells the operator of what went wrong beside the report.
func (c *console) warn(format string, args ...any) {
	fmt.Fprintf(c.err, "netsonde: warning: %s\n", clean(fmt.Sprintf(format, args...)))
}

// examine holds the rules against all devices of n.
func (c *console) examine(ctx context.Context, n *network, job checkup, e *history.Edition) (tools.Examination, error) {
	var x tools.Examination
	env, err := n.env()
	if err != nil {
		return x, err
	}
	if job.store != nil {
		if env.Past, err = job.store.Counts(ctx, job.scope); err != nil {
			c.warn("counters are not compared with the last report: %s", err)
		}
	}
	env.Source = devices.Until(env.Source, c.now().Add(n.cfg.Limits.Time))
	if env.Rules, err = chosen(env.Rules, job.rules); err != nil {
		return x, err
	}
	causes, err := policies.LoadCauses(policies.Files)
	if err != nil {
		return x, err
	}
	rules := agent.Rules{
		Env: env, Places: agent.NewPlaces(n.inv), Causes: meanings(causes), Source: n.info, Now: n.clock, Most: len(n.inv.Devices),
		Examined: func(y tools.Examination) { x = y },
	}
	var j *journal
	if job.schedule == "" { // of the runs of schedules the history alone is kept
		if j, err = newJournal(n.cfg.StateDir, n.run); err != nil {
			c.warn("no journal is kept: %s", err)
		} else {
			defer j.close()
		}
	}
	for ev, err := range rules.Investigate(ctx, agent.Case{}) {
		if err != nil {
			return x, err
		}
		n.progress.event(ev)
		if j != nil {
			if err := j.add(ev); err != nil {
				c.warn("the journal ends here: %s", err)
				j = nil
			}
		}
		if done, ok := ev.(agent.Concluded); ok {
			e.Report = done.Report
			n.trace.scheduled(job.schedule)
			n.trace.reported(done.Report)
			return x, nil
		}
	}
	return x, errors.New("the run ended without a report")
}

// chosen picks the rules that a pattern names; without any, all.
func chosen(rules []policies.Rule, patterns []string) ([]policies.Rule, error) {
	if len(patterns) == 0 {
		return rules, nil
	}
	var ids []string
	for _, r := range rules {
		ids = append(ids, r.ID)
	}
	for _, p := range patterns {
		hit := func(id string) bool { ok, err := path.Match(p, id); return ok && err == nil }
		if !slices.ContainsFunc(ids, hit) {
			return nil, hint(usagef("no rule is called %q%s", p, policies.Nearest(p, ids)), "netsonde rules list names them")
		}
	}
	return slices.DeleteFunc(slices.Clone(rules), func(r policies.Rule) bool {
		return !slices.ContainsFunc(patterns, func(p string) bool { ok, err := path.Match(p, r.ID); return ok && err == nil })
	}), nil
}

// keepEdition stores e with its delta. A report that is older than the last
// one of its scope is compared with nothing and not kept: a recording may be.
func (c *console) keepEdition(ctx context.Context, n *network, store *history.Store, e *history.Edition) error {
	flaps := n.cfg.History.flapping()
	if n.recording != nil {
		p, err := store.Past(ctx, e.Scope, flaps, e.At)
		if err != nil {
			return hintHistory(err)
		}
		if p.Report != "" && !e.At.After(p.At) {
			c.warn("the last report in %s is of %s, and this recording is not younger: it is not kept", store.Path(), p.At.Format("2006-01-02 15:04:05 MST"))
			e.Delta = history.Comparison{Report: e.Report, At: e.At, Flapping: flaps}.Compare()
			return nil
		}
	}
	added, err := store.Add(context.WithoutCancel(ctx), *e, flaps)
	if err != nil {
		return hintHistory(err)
	}
	*e = added
	if err := store.Prune(ctx, e.At); err != nil && ctx.Err() == nil {
		c.warn("%s", err)
	}
	return nil
}

// hintHistory adds what to do to an error of the history.
func hintHistory(err error) error {
	var f *history.Fault
	if errors.As(err, &f) && f.Next != "" {
		return hint(err, f.Next)
	}
	return err
}

// explain has the model say what changed, where one is configured and
// something did. What fails is told in the report.
func (c *console) explain(ctx context.Context, n *network, job checkup, e *history.Edition) {
	name := or(job.model.name, n.cfg.Model)
	if name == "" || name == rulesLead || !e.Delta.Changed() {
		return
	}
	kase := changedCase(*e)
	if len(kase.Given) == 0 {
		return // only what is gone, or the verdict: there is nothing to read it from
	}
	if job.stop != nil {
		var cancel context.CancelFunc
		ctx, cancel = context.WithCancel(ctx)
		defer cancel()
		defer context.AfterFunc(job.stop, cancel)()
	}
	run, err := c.investigator(n, job.model)
	if err != nil {
		e.Unexplained = "model " + name + ": " + clean(err.Error())
		return
	}
	for ev, err := range run(ctx, kase) {
		if err != nil {
			e.Unexplained = "model " + name + ": " + clean(err.Error())
			return
		}
		n.progress.event(ev)
		if done, ok := ev.(agent.Concluded); ok {
			r := done.Report
			if len(r.Findings) == 0 {
				e.Unexplained = "model " + name + " proved nothing: " + clean(or(r.Open, r.Summary))
			}
			e.Explained = &r
		}
	}
}

// mostExplained is how many changed findings a model is given.
const mostExplained = 20

// changedCase makes the case of what changed: the findings in words, and the
// answers that prove them.
func changedCase(e history.Edition) agent.Case {
	var k agent.Case
	var b strings.Builder
	b.WriteString("A health report found the changes below; built-in rules proved them from the answers that come with the case. " +
		"Explain what happened: which of them have one common cause, and what it is. Read more only where that decides.\n")
	cited := map[string]bool{}
	changed := slices.Concat(e.Delta.New, e.Delta.Worse, e.Delta.Flapping, e.Delta.Better, e.Delta.Resolved)
	for i, x := range changed {
		if i == mostExplained {
			fmt.Fprintf(&b, "(and %d more)\n", len(changed)-i)
			break
		}
		fmt.Fprintf(&b, "- %s: %s, %s at %s: %s\n", x.State, x.Finding.Severity, x.Finding.RootCause, strings.Join(x.Locations, ", "), x.Finding.Title)
		if x.Seen > 0 {
			for _, v := range x.Finding.Evidence {
				cited[v.Observation] = true
			}
		}
	}
	for _, o := range e.Report.Seen {
		if cited[o.ID] {
			k.Given = append(k.Given, o.Observation)
		}
	}
	k.Question = strings.TrimSpace(b.String())
	return k
}
