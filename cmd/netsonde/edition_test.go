package main

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/netsonde/netsonde/agent"
	"github.com/netsonde/netsonde/agent/history"
	"github.com/netsonde/netsonde/agent/report"
	"github.com/netsonde/netsonde/policies"
)

// Two findings of a rule at a place have two fingerprints, and one that is gone
// has the one that it had.
func TestFingerprintsTellFindingsApart(t *testing.T) {
	session := func(peer string) agent.Finding {
		return agent.Finding{Rule: "bgp-down", RootCause: "other", Locations: []string{"r1"}, Title: "BGP r1--" + peer + " is down: neighbour " + peer, Severity: policies.Major}
	}
	store, err := history.Open(t.Context(), t.TempDir(), history.Retention{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	prints := func(id string, fs ...agent.Finding) map[string]string {
		at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
		e, err := store.Add(t.Context(), history.Edition{ID: id, Scope: "x", At: at, Report: agent.Report{Verdict: agent.Fault, Findings: fs}}, history.Flapping{})
		if err != nil {
			t.Fatal(err)
		}
		b, err := report.SARIF(editionPage(e, nil))
		if err != nil {
			t.Fatal(err)
		}
		var log struct {
			Runs []struct {
				Results []struct {
					Message             struct{ Text string }
					PartialFingerprints map[string]string
					BaselineState       string
				}
			}
		}
		if err := json.Unmarshal(b, &log); err != nil {
			t.Fatal(err)
		}
		out := map[string]string{}
		for _, r := range log.Runs[0].Results {
			out[r.Message.Text] = r.PartialFingerprints["finding/v1"]
			if want := map[string]string{"a": "", "b": "unchanged"}[id]; r.BaselineState != want && r.BaselineState != "absent" {
				t.Errorf("%s: %s is %q", id, r.Message.Text, r.BaselineState)
			}
		}
		return out
	}
	one, two := session("10.0.0.1"), session("10.0.0.2")
	before := prints("a", one, two)
	if len(before) != 2 || before[one.Title] == before[two.Title] {
		t.Errorf("got %v: want two fingerprints", before)
	}
	if after := prints("b", two); after[one.Title] != before[one.Title] || after[two.Title] != before[two.Title] {
		t.Errorf("got %v, before %v", after, before)
	}
}
