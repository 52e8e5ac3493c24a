package main

import (
	"bytes"
	"encoding/json"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/netsonde/netsonde/agent"
	"github.com/netsonde/netsonde/agent/agenttest"
)

// concluding is a model's conclusion about the area of r5, resting on a quote
// of the third answer that it was given.
func concluding(t *testing.T, quote string) agenttest.Answer {
	t.Helper()
	args, err := json.Marshal(map[string]any{"verdict": "fault", "summary": "r5 was moved to another area.", "findings": []any{map[string]any{
		"root_cause": "ospf_area_mismatch", "locations": []string{"r5:eth1"}, "title": "r5 is in the wrong area", "explanation": "Its peer is in area 0.0.0.1.",
		"severity": "critical", "evidence": []any{map[string]any{"observation": "o3", "quote": quote}},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	return agenttest.Answer{Calls: []agent.Call{{ID: "z", Name: "conclude", Arguments: string(args)}}}
}

// healthOf runs health on a recording with a model and returns what it prints.
func healthOf(t *testing.T, recording, hist, url string) (string, int) {
	t.Helper()
	var out bytes.Buffer
	home := t.TempDir()
	c := console{in: strings.NewReader(""), out: &out, err: io.Discard, now: time.Now, getenv: func(name string) string {
		return map[string]string{"HOME": home, "OPENAI_API_KEY": "x"}[name]
	}}
	status := run(t.Context(), c, []string{"health", "-q", "--replay", recording, "--history", hist, "--model", "m", "--base-url", url})
	return strings.Join(strings.Fields(out.String()), " "), status
}

func TestAModelExplainsWhatChanged(t *testing.T) {
	hist := t.TempDir()
	model := agenttest.NewServer(t, concluding(t, "Area 0.0.0.9"), concluding(t, "Area 0.0.0.2"))
	area, well := recorded(t, "ospf_area_mismatch"), recorded(t, "nothing_wrong")
	text, status := healthOf(t, area, hist, model.URL)
	if status != exitFault || !strings.Contains(text, "Explained by the model r5 was moved to another area.") || !strings.Contains(text, `Area 0.0.0.2"`) {
		t.Errorf("status %d: %s", status, text)
	}
	asked := model.Requests()
	if len(asked) != 2 { // the false quote was sent back
		t.Fatalf("%d requests", len(asked))
	}
	first := string(asked[0].Raw)
	if !strings.Contains(first, "new: critical, ospf_area_mismatch at r5:eth1") || !strings.Contains(first, "Area 0.0.0.1 [NSSA]") || strings.Contains(first, "h5: ip route") {
		t.Error("the model is not given what changed and what proves it")
	}
	text, status = healthOf(t, well, hist, model.URL)
	if status != exitHealthy || strings.Contains(text, "model") || len(model.Requests()) != 2 {
		t.Errorf("status %d, %d requests: %s", status, len(model.Requests()), text)
	}
}

func TestAModelThatFailsIsToldInTheReport(t *testing.T) {
	model := agenttest.NewServer(t, agenttest.Answer{Status: 401, Body: `{"error":{"message":"no such key"}}`})
	text, status := healthOf(t, recorded(t, "ospf_area_mismatch"), filepath.Join(t.TempDir(), "h"), model.URL)
	if status != exitFault || !strings.Contains(text, "Not explained: model m") || !strings.Contains(text, "ospf_area_mismatch critical at r5:eth1") {
		t.Errorf("status %d: %s", status, text)
	}
}
