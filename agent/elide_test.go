package agent_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/netsonde/netsonde/agent"
	"github.com/netsonde/netsonde/agent/agenttest"
)

// TestLongRunStaysWithinTheWindow reads far more than a prompt may hold: older
// results are elided to a line, recall rereads them, and they can still be
// quoted.
func TestLongRunStaysWithinTheWindow(t *testing.T) {
	const window, reads = 8000, 12
	n := agenttest.Network{"r1": {}}
	steps := []agenttest.Step{}
	for i := range reads {
		command := fmt.Sprintf("show table %d", i)
		n["r1"][command] = fmt.Sprintf("eth%d is up\n", i) + strings.Repeat("10.0.0.0/24 via 10.0.0.1, eth1\n", 250)
		steps = append(steps, agenttest.Calls("show", show(command, "r1")))
	}
	steps = append(steps,
		agenttest.Calls("recall", map[string]any{"observation": "o1", "lines": 1}),
		agenttest.Calls("conclude", map[string]any{"verdict": "fault", "summary": "s", "findings": []any{map[string]any{
			"root_cause": "link_down", "locations": []string{"r1:eth0"}, "title": "t", "explanation": "e", "severity": "minor",
			"evidence": []any{map[string]any{"observation": "o1", "quote": "eth0 is up"}}}}}))
	s := &agenttest.Script{Steps: steps}
	a := newAgent(n, s)
	a.Limits.Context = window
	events, err := collect(t, a, agent.Case{Question: "why?"})
	if err != nil {
		t.Fatal(err)
	}
	elided := 0
	for i, p := range s.Prompts() {
		size := 0
		for _, m := range p.Messages {
			size += agent.EstimateTokens(m.Text)
			if strings.HasPrefix(m.Text, "(elided: show ") && strings.Contains(m.Text, "recall rereads o") {
				elided++
			}
		}
		if size > window {
			t.Errorf("prompt %d has %d tokens", i, size)
		}
	}
	if elided == 0 {
		t.Error("nothing was elided")
	}
	last := s.Prompts()[reads+1].Messages
	if text := last[len(last)-1].Text; !strings.Contains(text, "(lines 1-1 of 251)\neth0 is up") {
		t.Errorf("recall gave %q", text)
	}
	if r := events[len(events)-1].(agent.Concluded).Report; r.Verdict != agent.Fault {
		t.Errorf("verdict %s, open %q", r.Verdict, r.Open)
	}
	rerun(t, events)
}
