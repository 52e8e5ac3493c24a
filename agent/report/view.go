package report

import (
	"fmt"
	"html/template"
	"slices"
	"strings"

	"github.com/netsonde/netsonde/agent"
	"github.com/netsonde/netsonde/policies"
)

// A view is a Page made ready for the template.
type view struct {
	Page
	Headline string
	Case     string
	Counts   []severityCount
	Causes   []causeView
	Changed  []changeGroup
	Same     int // changes that stand
	Picture  template.HTML
	Drawn    string // what of the network is drawn
	Tables   []table
	Reads    table
	Bars     template.HTML
	Pasts    table
	Figures  []figureView
	How      []fact
}

type severityCount struct {
	Severity policies.Severity
	N        int
}

// A causeView is a finding with its evidence in context.
type causeView struct {
	agent.Finding
	N      int
	Quotes []quoteView
	Few    []string // the first consequences
	Rest   []string
}

type quoteView struct {
	agent.Evidence
	Context []shownLine // nil: the quote alone
}

// A changeGroup is what changed in one way.
type changeGroup struct {
	State, Word, Mark string
	Items             []Change
}

type fact struct{ Name, Text string }

type figureView struct {
	Series
	Line      template.HTML
	Now       string
	Low, High string
	Usually   string
}

const fewSymptoms = 5

func newView(p Page) view {
	r := p.Report
	v := view{Page: p, Headline: headline(r), Case: caseLine(r.Case), How: howMade(p)}
	outputs := map[string]string{}
	for _, n := range r.Seen {
		outputs[n.ID] = n.Output
	}
	by := map[policies.Severity]int{}
	for i, f := range r.Findings {
		by[f.Severity]++
		c := causeView{Finding: f, N: i + 1, Few: f.Symptoms}
		if len(f.Symptoms) > fewSymptoms+1 {
			c.Few, c.Rest = f.Symptoms[:fewSymptoms], f.Symptoms[fewSymptoms:]
		}
		for _, e := range f.Evidence {
			q := quoteView{Evidence: e}
			if !e.Absent {
				q.Context = excerpt(outputs[e.Observation], e.Quote)
			}
			c.Quotes = append(c.Quotes, q)
		}
		v.Causes = append(v.Causes, c)
	}
	for s := policies.Critical; s >= policies.Warning; s-- {
		if by[s] > 0 {
			v.Counts = append(v.Counts, severityCount{s, by[s]})
		}
	}
	v.Changed, v.Same = grouped(p.Changes)
	at := newPlaced(r.Findings)
	if p.Network != nil {
		v.Picture, v.Drawn = pagePicture(p.Network, at)
		v.Tables = tables(p.Network, at)
	}
	v.Reads = readsTable(r)
	if len(p.Timeline) > 1 {
		v.Bars, v.Pasts = bars(p.Timeline), pastTable(p.Timeline)
	}
	v.Figures = figures(p.Series)
	return v
}

func headline(r agent.Report) string {
	switch {
	case r.Summary != "":
		return r.Summary
	case len(r.Findings) > 0:
		return r.Findings[0].Title
	case r.Verdict == agent.Healthy:
		return "No fault was found in what was read."
	}
	return "No verdict could be reached."
}

// grouped sorts changes by what became of them, the most urgent first.
func grouped(all []Change) (groups []changeGroup, same int) {
	for _, g := range []changeGroup{
		{State: "new", Word: "New", Mark: "+"},
		{State: "worse", Word: "Worse", Mark: "↑"},
		{State: "flapping", Word: "Comes and goes", Mark: "↕"},
		{State: "better", Word: "Better", Mark: "↓"},
		{State: "resolved", Word: "Resolved", Mark: "✓"},
		{State: "not_evaluated", Word: "Not known this time", Mark: "?"},
		{State: "folded", Word: "Now explained by another cause", Mark: "→"},
		{State: "standing", Word: "Still there", Mark: "="},
		{State: "silenced", Word: "Silenced", Mark: "–"},
	} {
		for _, c := range all {
			if c.State == g.State {
				g.Items = append(g.Items, c)
			}
		}
		if g.State == "standing" {
			same = len(g.Items)
		}
		if len(g.Items) > 0 {
			groups = append(groups, g)
		}
	}
	return groups, same
}

// howMade says by whom, from what and at which cost a report was made.
func howMade(p Page) []fact {
	r, u := p.Report, p.Report.Usage
	facts := []fact{
		{"Asked", caseLine(r.Case)}, {"Looked at", r.Scope}, {"Source", sourceLine(r.Source)}, {"Led by", orRules(u.Model)},
		{"Cost", fmt.Sprintf("%s, %s, %.1f s", plural(u.DeviceReads, "device read", "device reads"), plural(u.ToolCalls, "tool call", "tool calls"), u.Seconds)},
	}
	if n := u.InputTokens + u.OutputTokens; n > 0 {
		facts = append(facts, fact{"Tokens", fmt.Sprintf("%d in, %d out, %s", u.InputTokens, u.OutputTokens, plural(u.Steps, "step", "steps"))})
	}
	facts = append(facts, fact{"Made", moment(p.Made)}, fact{"Run", p.ID}, fact{"Program", strings.TrimSpace("netsonde " + p.Version)})
	return slices.DeleteFunc(facts, func(f fact) bool { return f.Text == "" })
}

func figures(all []Series) []figureView {
	var out []figureView
	for _, s := range all {
		if len(s.Values) == 0 {
			continue
		}
		f := figureView{Series: s, Line: spark(s), Now: figure(s.Values[len(s.Values)-1], s.Unit)}
		f.Low, f.High = figure(slices.Min(s.Values), s.Unit), figure(slices.Max(s.Values), s.Unit)
		if s.Usual != 0 || s.Deviation != 0 {
			f.Usually = figure(s.Usual, s.Unit)
		}
		out = append(out, f)
	}
	slices.SortStableFunc(out, func(a, b figureView) int { // what is odd comes first
		switch {
		case a.Odd == b.Odd:
			return 0
		case a.Odd:
			return -1
		}
		return 1
	})
	return out
}
