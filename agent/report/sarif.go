package report

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/netsonde/netsonde/agent"
	"github.com/netsonde/netsonde/policies"
)

const sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool        sarifTool         `json:"tool"`
	Invocations []sarifInvocation `json:"invocations"`
	Results     []sarifResult     `json:"results"`
	ColumnKind  string            `json:"columnKind"`
	Properties  map[string]string `json:"properties"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name    string      `json:"name"`
	Version string      `json:"version,omitempty"`
	Rules   []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID         string          `json:"id"`
	Short      sarifText       `json:"shortDescription"`
	Help       *sarifText      `json:"help,omitempty"`
	Default    sarifDefault    `json:"defaultConfiguration"`
	Properties sarifProperties `json:"properties"`
}

type sarifText struct {
	Text string `json:"text"`
}

type sarifDefault struct {
	Level string `json:"level"`
}

type sarifProperties struct {
	Tags     []string        `json:"tags,omitempty"`
	Cause    string          `json:"cause,omitempty"`
	Severity string          `json:"severity,omitempty"`
	Evidence []sarifEvidence `json:"evidence,omitempty"`
	Symptoms []string        `json:"symptoms,omitempty"`
	Remedy   string          `json:"remedy,omitempty"`
}

type sarifEvidence struct {
	Observation string `json:"observation"`
	Device      string `json:"device"`
	Query       string `json:"query"`
	At          string `json:"at"`
	Quote       string `json:"quote"`
	Absent      bool   `json:"absent"`
}

type sarifInvocation struct {
	Successful    bool                `json:"executionSuccessful"`
	EndTime       string              `json:"endTimeUtc,omitempty"`
	Notifications []sarifNotification `json:"toolExecutionNotifications"`
}

type sarifNotification struct {
	Level   string    `json:"level"`
	Message sarifText `json:"message"`
}

type sarifResult struct {
	RuleID       string            `json:"ruleId"`
	RuleIndex    int               `json:"ruleIndex"`
	Level        string            `json:"level"`
	Kind         string            `json:"kind"`
	Message      sarifText         `json:"message"`
	Locations    []sarifLocation   `json:"locations"`
	Fingerprints map[string]string `json:"partialFingerprints"`
	Baseline     string            `json:"baselineState,omitempty"`
	Properties   sarifProperties   `json:"properties"`
}

type sarifLocation struct {
	Logical []sarifLogical `json:"logicalLocations"`
}

type sarifLogical struct {
	Name string `json:"name"`
	Full string `json:"fullyQualifiedName"`
	Kind string `json:"kind"`
}

// SARIF writes a page's report in the Static Analysis Results Interchange
// Format 2.1.0 (OASIS). Devices, interfaces and links are logical locations; a
// finding's rule, or its cause where a model found it, is the rule; what could
// not be evaluated is a notification of the tool. Where there was a report
// before, each result says how it stands to it.
func SARIF(p Page) ([]byte, error) {
	r := p.Report
	run := sarifRun{
		Tool: sarifTool{sarifDriver{Name: "netsonde", Version: p.Version, Rules: []sarifRule{}}}, Results: []sarifResult{}, ColumnKind: "unicodeCodePoints",
		Properties: map[string]string{"verdict": string(r.Verdict), "summary": Visible(r.Summary), "scope": Visible(r.Scope), "source": sourceLine(r.Source), "case": Visible(caseLine(r.Case)), "model": Visible(orRules(r.Usage.Model))},
	}
	done := sarifInvocation{Successful: r.Verdict != agent.Inconclusive, EndTime: moment(p.Made), Notifications: []sarifNotification{}}
	for _, line := range r.NotEvaluated {
		done.Notifications = append(done.Notifications, sarifNotification{"warning", sarifText{"not evaluated: " + Visible(line)}})
	}
	if r.Open != "" {
		done.Notifications = append(done.Notifications, sarifNotification{"error", sarifText{Visible(r.Open)}})
	}
	run.Invocations = []sarifInvocation{done}
	index := map[string]int{}
	for _, f := range r.Findings {
		id := sarifRuleID(f)
		if _, ok := index[id]; !ok {
			index[id] = len(run.Tool.Driver.Rules)
			run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, newSarifRule(id, f))
		}
		res := newSarifResult(id, f)
		res.RuleIndex, res.Baseline = index[id], baseline(p, f)
		run.Results = append(run.Results, res)
	}
	for _, c := range p.Changes {
		if c.State != "resolved" || p.Compared.IsZero() {
			continue
		}
		f := agent.Finding{Rule: c.Rule, Key: c.Key, RootCause: c.Cause, Title: c.Title, Locations: c.Locations, Severity: c.Severity}
		id := sarifRuleID(f)
		if _, ok := index[id]; !ok {
			index[id] = len(run.Tool.Driver.Rules)
			run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, newSarifRule(id, f))
		}
		res := newSarifResult(id, f)
		res.RuleIndex, res.Baseline = index[id], "absent"
		run.Results = append(run.Results, res)
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(sarifLog{Schema: sarifSchema, Version: "2.1.0", Runs: []sarifRun{run}}); err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	return b.Bytes(), nil
}

// sarifRuleID is the rule that made a finding, or its cause where a model did.
func sarifRuleID(f agent.Finding) string {
	if f.Rule != "" {
		return Visible(f.Rule)
	}
	return Visible(f.RootCause)
}

func newSarifRule(id string, f agent.Finding) sarifRule {
	text := f.Explanation
	if text == "" {
		text = f.RootCause
	}
	rule := sarifRule{ID: id, Short: sarifText{Visible(text)}, Default: sarifDefault{sarifLevel(f.Severity)}, Properties: sarifProperties{Tags: []string{"network"}, Cause: Visible(f.RootCause)}}
	if f.Remedy != "" {
		rule.Help = &sarifText{Visible(f.Remedy)}
	}
	return rule
}

func newSarifResult(id string, f agent.Finding) sarifResult {
	sum := sha256.Sum256([]byte(id + "\x00" + strings.Join(slices.Sorted(slices.Values(f.Locations)), "\x00") + "\x00" + f.Key))
	res := sarifResult{
		RuleID: id, Level: sarifLevel(f.Severity), Kind: "fail", Message: sarifText{Visible(f.Title)}, Locations: []sarifLocation{},
		Fingerprints: map[string]string{"finding/v1": hex.EncodeToString(sum[:8])},
		Properties:   sarifProperties{Cause: Visible(f.RootCause), Severity: f.Severity.String(), Remedy: Visible(f.Remedy)},
	}
	for _, l := range f.Locations {
		res.Locations = append(res.Locations, sarifLocation{[]sarifLogical{newSarifLogical(Visible(l))}})
	}
	for _, e := range f.Evidence {
		res.Properties.Evidence = append(res.Properties.Evidence, sarifEvidence{e.Observation, Visible(e.Device), Visible(e.Query), moment(e.At), Visible(e.Quote), e.Absent})
	}
	for _, s := range f.Symptoms {
		res.Properties.Symptoms = append(res.Properties.Symptoms, Visible(s))
	}
	return res
}

// newSarifLogical makes r3 a device, r3:eth1 an interface and r3:eth1--r4:eth2 a link.
func newSarifLogical(place string) sarifLogical {
	l := sarifLogical{Name: place, Full: place, Kind: "device"}
	switch _, intf, ok := strings.Cut(place, ":"); {
	case strings.Contains(place, "--"):
		l.Kind = "link"
	case ok:
		l.Name, l.Kind = intf, "interface"
	}
	return l
}

func sarifLevel(s policies.Severity) string {
	switch {
	case s >= policies.Major:
		return "error"
	case s == policies.Minor:
		return "warning"
	}
	return "note"
}

// baseline says how a finding stands to the report before; "" without one.
func baseline(p Page, f agent.Finding) string {
	if p.Compared.IsZero() {
		return ""
	}
	for _, c := range p.Changes {
		if c.Title != f.Title || !slices.Equal(slices.Sorted(slices.Values(c.Locations)), slices.Sorted(slices.Values(f.Locations))) {
			continue
		}
		switch c.State {
		case "new":
			return "new"
		case "worse", "better", "flapping":
			return "updated"
		}
	}
	return "unchanged"
}
