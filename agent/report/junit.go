package report

import (
	"encoding/xml"
	"fmt"
	"slices"
	"strings"

	"github.com/netsonde/netsonde/agent"
	"github.com/netsonde/netsonde/policies"
)

type junitSuites struct {
	XMLName  xml.Name   `xml:"testsuites"`
	Name     string     `xml:"name,attr"`
	Tests    int        `xml:"tests,attr"`
	Failures int        `xml:"failures,attr"`
	Errors   int        `xml:"errors,attr"`
	Skipped  int        `xml:"skipped,attr"`
	Time     string     `xml:"time,attr"`
	Suite    junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name       string          `xml:"name,attr"`
	Tests      int             `xml:"tests,attr"`
	Failures   int             `xml:"failures,attr"`
	Errors     int             `xml:"errors,attr"`
	Skipped    int             `xml:"skipped,attr"`
	Time       string          `xml:"time,attr"`
	Timestamp  string          `xml:"timestamp,attr,omitempty"`
	Properties []junitProperty `xml:"properties>property,omitempty"`
	Cases      []junitCase     `xml:"testcase"`
}

type junitProperty struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type junitCase struct {
	Name    string     `xml:"name,attr"`
	Class   string     `xml:"classname,attr"`
	Time    string     `xml:"time,attr"`
	Failure *junitSaid `xml:"failure,omitempty"`
	Error   *junitSaid `xml:"error,omitempty"`
	Skipped *junitSaid `xml:"skipped,omitempty"`
	Out     string     `xml:"system-out,omitempty"`
}

type junitSaid struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",chardata"`
}

// JUnit writes a report as the XML that continuous integration reads: a test
// case for the verdict, one a finding (a failure; a warning passes and says so
// in its output), one a rule that found nothing (it passes), one for each thing
// that could not be evaluated (skipped: never a pass). An inconclusive verdict
// is an error.
func JUnit(r agent.Report) ([]byte, error) {
	s := junitSuite{Name: "netsonde", Time: seconds(r.Usage.Seconds), Timestamp: strings.TrimSuffix(moment(r.Source.CapturedAt), "Z")}
	for _, f := range howMade(Page{Report: r}) {
		s.Properties = append(s.Properties, junitProperty{junitText(f.Name), junitText(f.Text)})
	}
	verdict := junitCase{Name: "verdict", Class: "netsonde", Time: seconds(r.Usage.Seconds), Out: junitText(r.Summary)}
	if r.Verdict == agent.Inconclusive {
		verdict.Error = &junitSaid{Message: junitText(headline(r)), Type: string(agent.Inconclusive), Text: junitText(r.Open)}
	}
	s.Cases = append(s.Cases, verdict)
	found := map[string]bool{}
	for _, f := range r.Findings {
		found[f.Rule] = true
		s.Cases = append(s.Cases, junitFinding(f))
	}
	for _, rule := range slices.Compact(slices.Sorted(slices.Values(r.Ran))) {
		if !found[rule] {
			s.Cases = append(s.Cases, junitCase{Name: junitText(rule), Class: "rule", Time: "0"})
		}
	}
	for _, line := range r.NotEvaluated {
		s.Cases = append(s.Cases, junitCase{Name: junitText(line), Class: "not evaluated", Time: "0", Skipped: &junitSaid{Message: "could not be evaluated"}})
	}
	for _, c := range s.Cases {
		s.Tests++
		switch {
		case c.Failure != nil:
			s.Failures++
		case c.Error != nil:
			s.Errors++
		case c.Skipped != nil:
			s.Skipped++
		}
	}
	out, err := xml.MarshalIndent(junitSuites{
		Name: s.Name, Tests: s.Tests, Failures: s.Failures, Errors: s.Errors, Skipped: s.Skipped, Time: s.Time, Suite: s,
	}, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	return append([]byte(xml.Header), append(out, '\n')...), nil
}

func junitFinding(f agent.Finding) junitCase {
	c := junitCase{Name: junitText(f.Title + " at " + strings.Join(f.Locations, ", ")), Class: junitText("cause." + f.RootCause), Time: "0"}
	var b strings.Builder
	fmt.Fprintf(&b, "%s, severity %s, at %s\n%s\n", f.RootCause, f.Severity, strings.Join(f.Locations, ", "), f.Explanation)
	for _, e := range f.Evidence {
		verb := "says"
		if e.Absent {
			verb = "does not contain"
		}
		fmt.Fprintf(&b, "\n%s %s: %s %s:\n%s\n", e.Observation, e.Device, e.Query, verb, strings.TrimRight(e.Quote, "\n"))
	}
	for _, s := range f.Symptoms {
		fmt.Fprintf(&b, "\nexplains: %s", s)
	}
	if f.Remedy != "" {
		fmt.Fprintf(&b, "\n\nremedy (not applied):\n%s", f.Remedy)
	}
	if f.Severity <= policies.Warning {
		c.Out = junitText(b.String())
		return c
	}
	c.Failure = &junitSaid{Message: junitText(f.Title), Type: f.Severity.String(), Text: junitText(b.String())}
	return c
}

// junitText is text with everything that has no shape shown as an escape.
func junitText(s string) string { return Visible(s) }

func seconds(s float64) string { return fmt.Sprintf("%.3f", s) }
