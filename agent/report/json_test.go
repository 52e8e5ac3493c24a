package report

import (
	"encoding/json"
	"flag"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netsonde/netsonde/agent"
	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/policies"
)

var update = flag.Bool("update", false, "write goldens")

func sample() agent.Report {
	at := time.Date(2026, 11, 20, 11, 0, 0, 0, time.FixedZone("", 3600))
	seen := func(id, device, output string) agent.Numbered {
		return agent.Numbered{ID: id, Observation: devices.Observation{
			Device: device, Query: "show ip ospf interface", At: at, Took: 12 * time.Millisecond, Output: output,
		}}
	}
	quote := func(id, device, text string) agent.Evidence {
		return agent.Evidence{Observation: id, Device: device, Query: "show ip ospf interface", At: at, Quote: text}
	}
	return agent.Report{
		Case:   agent.Case{Question: "why is r3 alone?", From: "h1", To: "10.4.0.53", Flow: "udp/53"},
		Source: agent.SourceInfo{Kind: "recording", CapturedAt: at}, Verdict: agent.Fault,
		Summary: "Hello intervals differ.", Scope: "2 devices: r1, r3",
		Findings: []agent.Finding{{
			RootCause: "ospf_timer_mismatch", Locations: []string{"r3:eth1"}, Title: "hello interval 5 s, peer 1 s", Explanation: "They must agree.",
			Severity: policies.Major, Remedy: "interface eth1\n ip ospf hello-interval 1", Symptoms: []string{"no adjacency r1 - r3"},
			Evidence: []agent.Evidence{quote("o1", "r1", "Hello 1s"), quote("o2", "r3", "Hello 5s, key <key#0123456789abcdef>")},
		}, {
			RootCause: "other", Locations: []string{"r1"}, Title: "bare", Severity: policies.Warning,
			Evidence: []agent.Evidence{{Observation: "o3", Device: "r1", Query: "show version", Quote: "NTP", Absent: true}},
		}},
		RuledOut: []string{"link_down: eth1 is up (o2)"}, NotEvaluated: []string{"r4: show version: device unreachable"},
		Seen: []agent.Numbered{
			seen("o1", "r1", "Hello 1s\n"), seen("o2", "r3", "Hello 5s, key <key#0123456789abcdef>\n"),
			{ID: "o3", Observation: devices.Observation{Device: "r1", Query: "show version", Output: "FRRouting 8.4\n"}},
			{ID: "o4", Observation: devices.Observation{Device: "r1", Query: "show ip route", Output: "not cited\n", Truncated: true, From: "show ip route json"}},
		},
		Usage: agent.Usage{Model: "m", Steps: 3, ToolCalls: 2, DeviceReads: 4, InputTokens: 100, OutputTokens: 20, Seconds: 1.5},
	}
}

func golden(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got; -update writes it):\n%s", path, diff)
	}
}

func TestJSON(t *testing.T) {
	got, err := JSON(sample())
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/report.json", got)
}

// TestJSONHasAllFields holds that nothing of the object is left out where
// there is nothing to say.
func TestJSONHasAllFields(t *testing.T) {
	got, err := JSON(agent.Report{Verdict: agent.Healthy})
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(got, &fields); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"findings", "ruled_out", "not_evaluated", "observations"} {
		if string(fields[name]) != "[]" {
			t.Errorf("%s is %s, want []", name, fields[name])
		}
	}
	for _, name := range []string{"version", "case", "source", "verdict", "summary", "open", "usage"} {
		if fields[name] == nil {
			t.Errorf("%s is missing", name)
		}
	}
}
