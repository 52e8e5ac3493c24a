package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/netsonde/netsonde/agent/history"
	"github.com/netsonde/netsonde/agent/report"
	"github.com/netsonde/netsonde/devices/state"
	"github.com/netsonde/netsonde/policies"
)

// writeEdition writes a report with its past as the flags want it.
func (c *console) writeEdition(out outputFlags, e history.Edition, p report.Page) error {
	var text []byte
	var err error
	switch out.format {
	case "text":
		text = c.editionText(out, e)
	case "json":
		text, err = editionJSON(e)
	case "markdown":
		text = []byte(editionMarkdown(e))
	default:
		text, err = c.rendered(out.format, p)
	}
	if err != nil {
		return err
	}
	return c.write(out, string(text))
}

// editionPage is e as agent/report shows it. net may be nil.
func editionPage(e history.Edition, net *state.Network) report.Page {
	p := report.Page{Report: e.Report, Network: net, Title: or(e.Schedule, "health"), Made: e.At, Compared: e.Delta.BeforeAt}
	if e.Kept {
		p.ID = e.ID
	}
	p.Report.Findings = slices.Clone(e.Report.Findings)
	for i, id := range history.Identify(p.Report.Findings) {
		p.Report.Findings[i].Key = id.Key // so that two of a rule at a place are two to whoever compares files
	}
	for _, x := range e.Delta.Entries() {
		p.Changes = append(p.Changes, report.Change{
			State: string(x.State), Rule: x.Finding.Rule, Key: x.Key, Title: x.Finding.Title, Cause: x.Finding.RootCause, Locations: x.Locations,
			Severity: x.Finding.Severity, Was: x.Was, Since: x.Since, Why: x.Why,
		})
	}
	for _, t := range e.Timeline {
		p.Timeline = append(p.Timeline, report.Past{ID: t.Report, At: t.At, Verdict: t.Verdict, By: bySeverity(t), NotEvaluated: t.NotEvaluated})
	}
	for _, s := range e.Series {
		x := report.Series{Device: s.Device, Place: s.Place, Figure: s.Figure, Unit: s.Unit, Odd: s.Odd}
		for _, v := range s.Samples {
			x.Times, x.Values = append(x.Times, v.At), append(x.Values, v.Value)
		}
		if s.Usual != nil {
			x.Usual, x.Deviation = s.Usual.Median, s.Usual.Deviation
		}
		p.Series = append(p.Series, x)
	}
	p.Unexplained, e.Unexplained = e.Unexplained, ""
	p.Explanation = explanation(e)
	return p
}

// bySeverity is how many findings of each severity a point has.
func bySeverity(p history.Point) map[policies.Severity]int {
	return map[policies.Severity]int{policies.Critical: p.Critical, policies.Major: p.Major, policies.Minor: p.Minor, policies.Warning: p.Warning}
}

// explanation words what the model made of what changed; "" without one.
func explanation(e history.Edition) string {
	var parts []string
	if r := e.Explained; r != nil {
		parts = append(parts, r.Summary)
		for _, f := range r.Findings {
			quotes := make([]string, 0, len(f.Evidence))
			for _, v := range f.Evidence {
				quotes = append(quotes, fmt.Sprintf("%s: %s: %q", v.Device, v.Query, strings.TrimSpace(v.Quote)))
			}
			parts = append(parts, fmt.Sprintf("%s at %s: %s %s [%s]", f.RootCause, strings.Join(f.Locations, ", "), f.Title, f.Explanation, strings.Join(quotes, "; ")))
		}
		parts = append(parts, "("+r.Usage.Model+"; every quote was checked against what the device said)")
	}
	if e.Unexplained != "" {
		parts = append(parts, "Not explained: "+e.Unexplained)
	}
	return strings.Join(parts, "\n")
}

// An entryJSON is one finding of a delta for programs: the whole stands in the
// report.
type entryJSON struct {
	ID        string            `json:"id"`
	Rule      string            `json:"rule"`
	RootCause string            `json:"root_cause"`
	Locations []string          `json:"locations"`
	Key       string            `json:"key"`
	Title     string            `json:"title"`
	Severity  policies.Severity `json:"severity"`
	Was       string            `json:"was"` // severity before, of a worse or better one
	State     history.State     `json:"state"`
	Since     string            `json:"since"`
	Last      string            `json:"last"`
	Seen      int               `json:"seen"`
	Why       string            `json:"why"`
}

// editionJSON writes e as one object: the report as diagnose writes it, and
// beside it what changed, the timeline and the figures.
func editionJSON(e history.Edition) ([]byte, error) {
	body, err := report.JSON(e.Report)
	if err != nil {
		return nil, err
	}
	const form = "2006-01-02T15:04:05Z07:00"
	delta := map[history.State][]entryJSON{}
	for _, s := range []history.State{history.New, history.Worse, history.Better, history.Standing, history.Resolved, history.Flaps, history.Unknown, history.Folded, history.Silenced} {
		delta[s] = []entryJSON{}
	}
	for _, x := range e.Delta.Entries() {
		was := ""
		if x.Was > 0 {
			was = x.Was.String()
		}
		delta[x.State] = append(delta[x.State], entryJSON{
			ID: x.ID, Rule: x.Rule, RootCause: x.Finding.RootCause, Locations: x.Locations, Key: x.Key, Title: x.Finding.Title, Severity: x.Finding.Severity,
			Was: was, State: x.State, Since: x.Since.UTC().Format(form), Last: x.Last.UTC().Format(form), Seen: x.Seen, Why: x.Why,
		})
	}
	before := ""
	if !e.Delta.BeforeAt.IsZero() {
		before = e.Delta.BeforeAt.UTC().Format(form)
	}
	var explained json.RawMessage
	if e.Explained != nil {
		if explained, err = report.JSON(*e.Explained); err != nil {
			return nil, err
		}
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err = enc.Encode(struct {
		Version     int                           `json:"version"`
		ID          string                        `json:"id"`
		Kept        bool                          `json:"kept"`
		Schedule    string                        `json:"schedule"`
		Scope       string                        `json:"scope"`
		At          string                        `json:"at"`
		Before      string                        `json:"before"` // when the report was made that this one is compared with
		Changed     bool                          `json:"changed"`
		Delta       map[history.State][]entryJSON `json:"delta"`
		Report      json.RawMessage               `json:"report"`
		Timeline    history.Timeline              `json:"timeline"`
		Series      []history.Series              `json:"series"`
		Explained   json.RawMessage               `json:"explained,omitempty"`
		Unexplained string                        `json:"unexplained"`
	}{1, e.ID, e.Kept, e.Schedule, e.Scope, e.At.UTC().Format(form), before, e.Delta.Changed(), delta, body, orEmpty(e.Timeline), orEmpty(e.Series), explained, e.Unexplained})
	return b.Bytes(), err
}

// orEmpty makes of no list an empty one.
func orEmpty[T ~[]E, E any](list T) T {
	if list == nil {
		return T{}
	}
	return list
}
