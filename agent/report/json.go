package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"github.com/netsonde/netsonde/agent"
	"github.com/netsonde/netsonde/policies"
)

// Version is the version of the JSON object. It goes up when a field changes
// its meaning or goes away, not when one is added.
const Version = 1

type object struct {
	Version      int           `json:"version"`
	Case         agent.Case    `json:"case"`
	Source       source        `json:"source"`
	Verdict      agent.Verdict `json:"verdict"`
	Summary      string        `json:"summary"`
	Scope        string        `json:"scope"`
	Findings     []finding     `json:"findings"`
	RuledOut     []string      `json:"ruled_out"`
	NotEvaluated []string      `json:"not_evaluated"`
	Open         string        `json:"open"`
	Observations []observation `json:"observations"`
	Usage        agent.Usage   `json:"usage"`
}

type source struct {
	Kind       string `json:"kind"`
	CapturedAt string `json:"captured_at"`
}

type finding struct {
	RootCause   string            `json:"root_cause"`
	Locations   []string          `json:"locations"`
	Title       string            `json:"title"`
	Explanation string            `json:"explanation"`
	Severity    policies.Severity `json:"severity"`
	Evidence    []evidence        `json:"evidence"`
	Symptoms    []string          `json:"symptoms"`
	Remedy      string            `json:"remedy"`
}

type evidence struct {
	Observation string `json:"observation"`
	Device      string `json:"device"`
	Query       string `json:"query"`
	At          string `json:"at"`
	Quote       string `json:"quote"`
	Absent      bool   `json:"absent"`
}

type observation struct {
	ID        string  `json:"id"`
	Device    string  `json:"device"`
	Query     string  `json:"query"`
	At        string  `json:"at"`
	Seconds   float64 `json:"seconds"`
	Bytes     int     `json:"bytes"`
	From      string  `json:"from,omitempty"`
	Truncated bool    `json:"truncated"`
	Output    string  `json:"output,omitempty"` // of what a finding cites
}

// JSON writes a report as one object. Lists that are empty are [], times that
// are unknown are "", and the output of an observation stands in it where a
// finding cites it. The text is printable already: the agent saw to it.
func JSON(r agent.Report) ([]byte, error) {
	o := object{
		Version: Version, Case: r.Case, Source: source{r.Source.Kind, moment(r.Source.CapturedAt)},
		Verdict: r.Verdict, Summary: r.Summary, Scope: r.Scope, Findings: []finding{}, RuledOut: full(r.RuledOut),
		NotEvaluated: full(r.NotEvaluated), Open: r.Open, Observations: []observation{}, Usage: r.Usage,
	}
	cited := map[string]bool{}
	for _, f := range r.Findings {
		out := finding{
			RootCause: f.RootCause, Locations: full(f.Locations), Title: f.Title, Explanation: f.Explanation,
			Severity: f.Severity, Evidence: []evidence{}, Symptoms: full(f.Symptoms), Remedy: f.Remedy,
		}
		for _, e := range f.Evidence {
			cited[e.Observation] = true
			out.Evidence = append(out.Evidence, evidence{e.Observation, e.Device, e.Query, moment(e.At), e.Quote, e.Absent})
		}
		o.Findings = append(o.Findings, out)
	}
	for _, n := range r.Seen {
		out := observation{
			ID: n.ID, Device: n.Device, Query: n.Query, At: moment(n.At), Seconds: n.Took.Seconds(),
			Bytes: len(n.Output), From: n.From, Truncated: n.Truncated,
		}
		if cited[n.ID] || n.Query == agent.SuspiciousText {
			out.Output = n.Output
		}
		o.Observations = append(o.Observations, out)
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(o); err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	return policies.PrintableJSON(b.Bytes()), nil
}

// moment writes a time as RFC 3339 in UTC; "" for the zero time, which means
// unknown.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// full makes of no list an empty one.
func full(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
