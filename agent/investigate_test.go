package agent_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netsonde/netsonde/agent"
	"github.com/netsonde/netsonde/agent/agenttest"
	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/policies"
	"github.com/netsonde/netsonde/tools"
)

var update = flag.Bool("update", false, "write goldens")

const mark = "0123456789abcdef"

// twoRouters disagree about the hello interval of their link.
func twoRouters() agenttest.Network {
	return agenttest.Network{
		"r1": {"show ip ospf interface": "eth2 is up\n  Timer intervals configured, Hello 1s, Dead 4s\n", "show ip route": "C>* 10.0.13.0/24, eth2\n"},
		"r3": {"show ip ospf interface": "eth1 is up\n  Timer intervals configured, Hello 5s, Dead 20s\n", "show version": "FRRouting 8.4\n"},
	}
}

func newAgent(n agenttest.Network, m agent.Model) *agent.Agent {
	return &agent.Agent{
		Model: m, Tools: n.Tools(), Places: n.Places(), Mark: mark, Now: agenttest.Clock(time.Second),
		Causes: agent.Causes{"ospf_timer_mismatch": "Hello or dead intervals differ.", "link_down": "A link is down.", "other": "None of the above."},
		Source: agent.SourceInfo{Kind: "live"},
	}
}

func show(command string, names ...string) map[string]any {
	return map[string]any{"devices": names, "command": command}
}

// conclusion is a fault on r3:eth1 with the given quotes of o1 (r1) and o2 (r3).
func conclusion(quote1, quote3 string) map[string]any {
	return map[string]any{"verdict": "fault", "summary": "The hello intervals differ.", "findings": []any{map[string]any{
		"root_cause": "ospf_timer_mismatch", "locations": []string{"r3:eth1"}, "title": "hello interval differs", "explanation": "5s is not 1s",
		"severity": "major", "remedy": "ip ospf hello-interval 1",
		"evidence": []any{map[string]any{"observation": "o1", "quote": quote1}, map[string]any{"observation": "o2", "quote": quote3}},
	}}, "ruled_out": []string{"link_down: eth1 is up (o2)"}}
}

func collect(t *testing.T, a *agent.Agent, c agent.Case) ([]agent.Event, error) {
	t.Helper()
	var events []agent.Event
	for e, err := range a.Investigate(t.Context(), c) {
		if err != nil {
			return events, err
		}
		events = append(events, e)
	}
	return events, nil
}

func TestInvestigate(t *testing.T) {
	plan := map[string]any{"hypotheses": []string{"timers differ", "link down"}}
	both := show("show ip ospf interface", "r1", "r3")
	good := conclusion("Hello 1s", "Hello 5s, Dead 20s")
	tests := []struct {
		name  string
		steps []agenttest.Step
		loop  bool
		set   func(*agent.Agent)
	}{
		{name: "straight", steps: []agenttest.Step{agenttest.Calls("plan", plan, "show", both), agenttest.Calls("conclude", good)}},
		{name: "parallel", steps: []agenttest.Step{
			agenttest.Calls("plan", plan, "show", show("show ip ospf interface", "r1"), "show", show("show ip ospf interface", "r3"), "show", show("show ip route", "r1")),
			agenttest.Calls("conclude", good)}},
		{name: "false-quote", steps: []agenttest.Step{agenttest.Calls("show", both),
			agenttest.Calls("conclude", conclusion("Hello 10s", "Hello 5s")), agenttest.Calls("recall", map[string]any{"observation": "o1", "match": "hello"}),
			agenttest.Calls("conclude", good)}},
		{name: "false-for-ever", steps: []agenttest.Step{agenttest.Calls("show", both), agenttest.Calls("conclude", conclusion("Hello 10s", "Hello 50s"))}, loop: true},
		{name: "half-proven", steps: []agenttest.Step{agenttest.Calls("show", both), agenttest.Calls("conclude", conclusion("Hello 10s", "Hello 5s"))}, loop: true},
		{name: "no-evidence", steps: []agenttest.Step{agenttest.Calls("conclude", map[string]any{"verdict": "healthy", "summary": "all is well", "findings": []any{}})}, loop: true},
		{name: "malformed", steps: []agenttest.Step{
			agenttest.Calls("show", `{"devices":["r1"],`, "show", `[1]`, "shwo", `{}`, "show", `{"device":"r1"}`, "recall", `{"observation":"o9"}`, "plan", `null`),
			agenttest.Calls("functions.show", `"{\"devices\":[\"r1\",\"r3\"],\"command\":\"show ip ospf interface\"}"`), agenttest.Calls("conclude", good)}},
		{name: "refused", steps: []agenttest.Step{agenttest.Calls("show", show("configure terminal", "r1"), "show", show("show bgp", "r3")),
			agenttest.Calls("show", both), agenttest.Calls("conclude", good)}},
		{name: "repeats", steps: []agenttest.Step{agenttest.Calls("show", both)}, loop: true},
		{name: "never-concludes", steps: []agenttest.Step{agenttest.Calls("show", both), agenttest.Calls("recall", map[string]any{"observation": "o1"}),
			agenttest.Calls("show", show("show ip route", "r1")), agenttest.Calls("show", show("show version", "r3"))},
			loop: true, set: func(a *agent.Agent) { a.Limits.Steps = 5 }},
		{name: "talks", steps: []agenttest.Step{agenttest.Say("The timers differ.")}, loop: true},
		{name: "time", steps: []agenttest.Step{agenttest.Calls("show", both), agenttest.Calls("show", show("show version", "r3")), agenttest.Calls("conclude", good)},
			set: func(a *agent.Agent) { a.Limits.Time = time.Hour; a.Now = agenttest.Clock(20 * time.Minute) }},
		{name: "tokens", steps: []agenttest.Step{agenttest.Calls("show", both), agenttest.Calls("show", show("show version", "r3")), agenttest.Calls("conclude", good)},
			set: func(a *agent.Agent) { a.Limits.Tokens = 3000 }},
		{name: "fails-later", steps: []agenttest.Step{agenttest.Calls("show", both), agenttest.Fail(errors.New("status 500"))}},
		{name: "context-overflow", steps: []agenttest.Step{agenttest.Calls("show", both), agenttest.Fail(agent.ErrContextLength), agenttest.Calls("conclude", good)}},
		{name: "filtered", steps: []agenttest.Step{agenttest.Calls("show", both), agenttest.Fail(agent.ErrFiltered)}, loop: true},
		{name: "too-many-calls", steps: []agenttest.Step{agenttest.Calls("show", both, "show", show("show version", "r3"), "show", show("show ip route", "r1")), agenttest.Calls("conclude", good)},
			set: func(a *agent.Agent) { a.Limits.Calls = 2 }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := newAgent(twoRouters(), &agenttest.Script{Steps: tt.steps, Loop: tt.loop})
			if tt.set != nil {
				tt.set(a)
			}
			events, err := collect(t, a, agent.Case{Question: "why is r3 alone?"})
			if err != nil {
				t.Fatal(err)
			}
			golden(t, filepath.Join("testdata", "loop", tt.name+".txt"), agenttest.Trace(events))
			rerun(t, events)
		})
	}
}

// rerun holds that the journal of a run gives the same report again.
func rerun(t *testing.T, events []agent.Event) {
	t.Helper()
	var journal bytes.Buffer
	for _, e := range events {
		if err := agent.WriteEvent(&journal, e); err != nil {
			t.Fatal(err)
		}
	}
	first := journal.String()
	read, err := agent.ReadJournal(&journal)
	if err != nil {
		t.Fatal(err)
	}
	var again bytes.Buffer
	for e, err := range agent.Rerun(t.Context(), read) {
		if err != nil {
			t.Fatal(err)
		}
		if r, ok := e.(agent.Returned); ok {
			r.Took = took(read, r)
			e = r
		}
		if err := agent.WriteEvent(&again, e); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(first, again.String()); diff != "" {
		t.Errorf("the journal run again differs (-first +again):\n%s", diff)
	}
}

// took returns how long the recorded call took: the one thing of a journal
// that a run from it does not tell.
func took(events []agent.Event, of agent.Returned) time.Duration {
	for _, e := range events {
		if r, ok := e.(agent.Returned); ok && r.Step == of.Step && r.Call.ID == of.Call.ID {
			return r.Took
		}
	}
	return 0
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got; -update writes it):\n%s", path, diff)
	}
}

func TestInvestigateFailsAtOnce(t *testing.T) {
	gone := errors.New("connection refused")
	events, err := collect(t, newAgent(twoRouters(), &agenttest.Script{Steps: []agenttest.Step{agenttest.Fail(gone)}}), agent.Case{})
	if !errors.Is(err, gone) {
		t.Errorf("error %v, want %v", err, gone)
	}
	if n := len(events); n == 0 {
		t.Error("no event before the error")
	}
}

func TestInvestigateLeftEarly(t *testing.T) {
	s := &agenttest.Script{Steps: []agenttest.Step{agenttest.Calls("show", show("show version", "r3"))}, Loop: true}
	for range newAgent(twoRouters(), s).Investigate(t.Context(), agent.Case{}) {
		break
	}
	if n := len(s.Prompts()); n != 0 {
		t.Errorf("the model was asked %d times after the reader had left", n)
	}
}

func TestInvestigateInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	s := &agenttest.Script{Steps: []agenttest.Step{agenttest.Calls("show", show("show version", "r3"))}, Loop: true}
	var last error
	for e, err := range newAgent(twoRouters(), s).Investigate(ctx, agent.Case{}) {
		if _, ok := e.(agent.Returned); ok {
			cancel()
		}
		if _, ok := e.(agent.Concluded); ok {
			t.Error("an interrupted run concluded")
		}
		last = err
	}
	if !errors.Is(last, context.Canceled) {
		t.Errorf("last error %v, want context.Canceled", last)
	}
}

func TestSuppliedConfigIsFirst(t *testing.T) {
	s := &agenttest.Script{Steps: []agenttest.Step{agenttest.Calls("show", show("show version", "r3")), agenttest.Say("done")}, Loop: true}
	events, err := collect(t, newAgent(twoRouters(), s), agent.Case{Device: "r3", Config: "router ospf\n area 1 stub\n"})
	if err != nil {
		t.Fatal(err)
	}
	first := s.Prompts()[0].Messages[1].Text
	if !strings.Contains(first, "o1 r3: supplied configuration\n<data "+mark+">\nrouter ospf\n area 1 stub\n</data "+mark+">") {
		t.Errorf("the case does not show the configuration as o1:\n%s", first)
	}
	rerun(t, events)
}

// TestUnfinishedKeepsWhatTheRulesFound holds that a model which only runs the
// rules and never concludes still leaves their proven findings, and a rerun too.
func TestUnfinishedKeepsWhatTheRulesFound(t *testing.T) {
	n := twoRouters()
	query := "show ip ospf interface"
	match := func(line int) policies.Match {
		return policies.Match{
			Rule:      &policies.Rule{ID: "ospf-timers", RootCause: "ospf_timer_mismatch", Severity: policies.Major},
			Locations: []string{"r3:eth1"}, Title: "hello interval differs",
			Evidence: []policies.Citation{{Device: "r3", Query: query, Line: line}},
		}
	}
	a := newAgent(n, &agenttest.Script{Steps: []agenttest.Step{agenttest.Calls("check", "{}"), agenttest.Say("hm")}, Loop: true})
	a.Tools = tools.Set{{Name: "check", Call: func(context.Context, json.RawMessage) (tools.Result, error) {
		x := tools.Examination{Matches: []policies.Match{match(2), match(99)}}
		x.Seen = []devices.Observation{{Device: "r3", Query: query, At: agenttest.Epoch(), Output: n["r3"][query]}}
		return tools.Result{Text: "r3:eth1: hello interval differs", Facts: x, Seen: x.Seen, Unread: []string{"r9: ospf: device unreachable"}}, nil
	}}}
	events, err := collect(t, a, agent.Case{})
	if err != nil {
		t.Fatal(err)
	}
	r := events[len(events)-1].(agent.Concluded).Report
	if r.Verdict != agent.Inconclusive || len(r.Findings) != 1 || r.Findings[0].Evidence[0].Quote != "Timer intervals configured, Hello 5s, Dead 20s" {
		t.Errorf("report %s %+v", r.Verdict, r.Findings)
	}
	if diff := cmp.Diff([]string{"r9: ospf: device unreachable"}, r.NotEvaluated); diff != "" {
		t.Error(diff)
	}
	rerun(t, events)
}
