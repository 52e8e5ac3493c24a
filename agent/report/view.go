package report

import (
	"cmp"
	"fmt"
	"html/template"
	"math"
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
	Picture  template.HTML
	Of       int    // devices that were to be read, where some were not
	Drawn    string // what of the network is drawn
	Tables   []table
	Reads    table
	Bars     template.HTML
	Pasts    table
	Figures  []figureView // what moved, or is unusual
	Flat     []figureView

	Suspicious []agent.Numbered // text of devices that tries to instruct
	How        []fact
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
	Items             []changeView
}

// A changeView is a change with the number of its cause on this page; 0 where
// it has none.
type changeView struct {
	Change
	At int
}

type fact struct{ Name, Text string }

type figureView struct {
	Series
	Name      string
	Line      template.HTML
	Now       string
	Low, High string
	Usually   string
	moved     float64 // by how much of its size, within what is shown
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
	for _, n := range r.Seen {
		if n.Query == agent.SuspiciousText {
			v.Suspicious = append(v.Suspicious, n)
		}
	}
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
	v.Changed = grouped(p.Changes, r.Findings)
	at := newPlaced(r.Findings)
	if p.Network != nil {
		v.Picture, v.Drawn = pagePicture(p.Network, at)
		v.Tables = tables(r, p.Network, at)
	}
	v.Reads = readsTable(r).cut()
	if n := len(r.Read); p.Network != nil && n > len(p.Network.Devices) {
		v.Of = n
	}
	if len(p.Timeline) > 1 {
		v.Bars, v.Pasts = bars(p.Timeline), pastTable(p.Timeline, p.Home)
	}
	v.Figures, v.Flat = figures(p.Series)
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
func grouped(all []Change, fs []agent.Finding) (groups []changeGroup) {
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
				g.Items = append(g.Items, changeView{c, causeOf(c, fs)})
			}
		}
		if len(g.Items) > 0 {
			groups = append(groups, g)
		}
	}
	return groups
}

// causeOf returns the number of the finding that a change is about.
func causeOf(c Change, fs []agent.Finding) int {
	for i, f := range fs {
		if f.Title == c.Title && slices.Equal(f.Locations, c.Locations) {
			return i + 1
		}
	}
	return 0
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

// mostFigures is how many figures are shown at once.
const mostFigures = 12

// figures tells those that moved or are unusual from the others: the unusual
// ones come first, then those that moved most, by their own measure.
func figures(all []Series) (shown, rest []figureView) {
	var out []figureView
	for _, s := range all {
		if len(s.Values) == 0 {
			continue
		}
		f := figureView{Series: s, Name: strings.ReplaceAll(s.Figure, "_", " "), Line: spark(s), Now: figure(s.Values[len(s.Values)-1], s.Unit)}
		low, high := slices.Min(s.Values), slices.Max(s.Values)
		f.Low, f.High = figure(low, s.Unit), figure(high, s.Unit)
		if high > low {
			f.moved = (high - low) / math.Max(math.Abs(high), math.Abs(low))
		}
		if s.Usual != 0 || s.Deviation != 0 {
			f.Usually = figure(s.Usual, s.Unit)
		}
		if s.Odd {
			f.moved += 10
		}
		out = append(out, f)
	}
	slices.SortStableFunc(out, func(a, b figureView) int { return cmp.Compare(b.moved, a.moved) })
	n := min(len(out), mostFigures)
	for n > 0 && out[n-1].moved == 0 && n > 4 {
		n--
	}
	return out[:n], out[n:]
}
