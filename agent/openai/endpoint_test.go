package openai

import (
	"testing"

	"github.com/netsonde/netsonde/agent"
	"github.com/netsonde/netsonde/agent/agenttest"
)

func TestCheck(t *testing.T) {
	ready := agenttest.Answer{Calls: []agent.Call{{ID: "a", Name: "ready", Arguments: "{}"}}}
	tests := []struct {
		name    string
		answers []agenttest.Answer
		tools   bool
		fails   bool
	}{
		{"calls", []agenttest.Answer{ready}, true, false},
		{"talks", []agenttest.Answer{{Text: "ready"}}, false, false},
		{"prompted", []agenttest.Answer{apiError(400, "m does not support tools", ""), {Text: `{"name":"ready","arguments":{}}`}}, false, false},
		{"no key", []agenttest.Answer{apiError(401, "bad key", "")}, false, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e, err := client(t, agenttest.NewServer(t, tt.answers...), nil).Check(t.Context())
			if (err != nil) != tt.fails || e.Tools != tt.tools {
				t.Errorf("endpoint %+v, error %v", e, err)
			}
			if !tt.fails && (!e.Known || len(e.Models) != 1 || e.Model != "scripted") {
				t.Errorf("endpoint %+v", e)
			}
		})
	}
}
