package report

import (
	"encoding/json"
	"encoding/xml"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/netsonde/netsonde/agent"
	"github.com/netsonde/netsonde/policies"
)

func TestJUnit(t *testing.T) {
	r := sample()
	r.Findings[0].Rule, r.Ran = "ospf-timers", []string{"ospf-timers", "mtu-mismatch"}
	got, err := JUnit(r)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/report.junit.xml", got)
}

// TestJUnitCounts holds that the totals are those of the cases, that what was
// not evaluated never passes and that an inconclusive verdict is an error.
func TestJUnitCounts(t *testing.T) {
	r := sample()
	r.Verdict, r.Open = agent.Inconclusive, "r4 did not answer"
	r.Findings[0].Title = "bell \a, reversed \u202e, end ]]> <b>"
	got, err := JUnit(r)
	if err != nil {
		t.Fatal(err)
	}
	var doc junitSuites
	if err := xml.Unmarshal(got, &doc); err != nil {
		t.Fatalf("%v\n%s", err, got)
	}
	if doc.Tests != len(doc.Suite.Cases) || doc.Errors != 1 || doc.Failures != 1 || doc.Skipped != len(r.NotEvaluated) {
		t.Errorf("tests %d of %d, errors %d, failures %d, skipped %d", doc.Tests, len(doc.Suite.Cases), doc.Errors, doc.Failures, doc.Skipped)
	}
	if want := `bell \x07, reversed \u202e, end ]]> <b>`; doc.Suite.Cases[1].Failure == nil || doc.Suite.Cases[1].Failure.Message != want {
		t.Errorf("failure %+v, want message %q", doc.Suite.Cases[1].Failure, want)
	}
}

// sarifRules is OASIS's schema, which is written in draft 4: what it uses of it
// means the same in draft 7.
func sarifRules(t *testing.T) *jsonschema.Resolved {
	t.Helper()
	raw, err := os.ReadFile("testdata/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(raw), "http://json-schema.org/draft-04/schema#", "http://json-schema.org/draft-07/schema#", 1)
	text = strings.Replace(text, `"id": "https://docs.oasis-open.org`, `"$id": "https://docs.oasis-open.org`, 1)
	var s jsonschema.Schema
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		t.Fatal(err)
	}
	rules, err := s.Resolve(nil)
	if err != nil {
		t.Fatal(err)
	}
	return rules
}

func TestSARIF(t *testing.T) {
	at := time.Date(2026, 11, 20, 10, 0, 5, 0, time.UTC)
	known := Page{Report: sample(), Made: at, Version: "1.2.3", Compared: at.Add(-time.Hour), Changes: []Change{
		{State: "worse", Title: "hello interval 5 s, peer 1 s", Locations: []string{"r3:eth1"}, Severity: policies.Major},
		{State: "resolved", Rule: "link-admin-down", Title: "r7:eth1 is down", Cause: "link_down", Locations: []string{"r7:eth1"}, Severity: policies.Major},
	}}
	hostile := Page{Report: sample()}
	hostile.Report.Findings[0].Title = "\u202e</script> \x1b]8;;http://evil.example\a"
	hostile.Report.Findings[0].Locations = []string{"r1:eth1--r2:eth2", "r\x009"}
	rules := sarifRules(t)
	for name, p := range map[string]Page{"known": known, "hostile": hostile, "healthy": {Report: agent.Report{Verdict: agent.Healthy}}, "inconclusive": {Report: agent.Report{Verdict: agent.Inconclusive, Open: "nobody answered"}}} {
		got, err := SARIF(p)
		if err != nil {
			t.Fatal(err)
		}
		var doc any
		if err := json.Unmarshal(got, &doc); err != nil {
			t.Fatal(err)
		}
		if err := rules.Validate(doc); err != nil {
			t.Errorf("%s: not valid SARIF 2.1.0: %v", name, err)
		}
		if name == "known" {
			golden(t, "testdata/report.sarif", got)
		}
		if name == "hostile" && strings.ContainsAny(string(got), "\u202e\x1b") {
			t.Error("a control of a device stands raw in the SARIF")
		}
	}
	if err := rules.Validate(map[string]any{"version": "2.1.0", "runs": []any{map[string]any{"results": []any{}}}}); err == nil {
		t.Error("the schema accepts a run without a tool: it validates nothing")
	}
}
