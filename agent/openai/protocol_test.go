package openai

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netsonde/netsonde/agent"
	"github.com/netsonde/netsonde/agent/agenttest"
)

func TestPromptProtocol(t *testing.T) {
	refusals := []string{
		"registry.ollama.ai/library/gemma:2b does not support tools",
		`"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set`,
		"tools param requires --jinja flag",
		"No endpoints found that support tool use.",
	}
	for _, refusal := range refusals {
		t.Run(refusal[:12], func(t *testing.T) {
			s := agenttest.NewServer(t, apiError(400, refusal, ""),
				agenttest.Answer{Text: "I read.\n```json\n{\"calls\":[{\"name\":\"show\",\"arguments\":{\"command\":\"show version\"}}]}\n```"})
			m := client(t, s, nil)
			p := prompt()
			p.Messages = append(p.Messages, agent.Message{Role: agent.Assistant, Calls: twoCalls()},
				agent.Message{Role: agent.ToolReply, CallID: "a", Text: "one"}, agent.Message{Role: agent.ToolReply, CallID: "b", Text: "two"})
			reply, err := m.Generate(t.Context(), p)
			if err != nil {
				t.Fatal(err)
			}
			want := []agent.Call{{Name: "show", Arguments: `{"command":"show version"}`}}
			if diff := cmp.Diff(want, reply.Message.Calls); diff != "" || reply.Message.Text != "I read." {
				t.Errorf("text %q, calls (-want +got):\n%s", reply.Message.Text, diff)
			}
			body := s.Requests()[1].Body
			if len(body.Tools) != 0 || len(body.Messages) != 4 {
				t.Fatalf("%d tools, %d messages; want 0, 4", len(body.Tools), len(body.Messages))
			}
			if !strings.Contains(body.Messages[0].Content, "## show\nShow.\nArguments, as JSON schema: {\"properties\"") {
				t.Errorf("the functions are not in the prompt: %s", body.Messages[0].Content)
			}
			if got := body.Messages[2].Content; got != `{"calls":[{"name":"show","arguments":{"command":"show ip route"}},{"name":"show","arguments":{"command":"show version"}}]}` {
				t.Errorf("earlier calls: %s", got)
			}
			if got := body.Messages[3]; got.Role != "user" || got.Content != "Result of show:\none\n\nResult of show:\ntwo" {
				t.Errorf("results: %+v", got)
			}
			if _, err := m.Generate(t.Context(), p); err != nil || len(s.Requests()) != 3 {
				t.Errorf("the second prompt asked for tools again: %d requests, %v", len(s.Requests()), err)
			}
		})
	}
}

func TestNativeProtocolStays(t *testing.T) {
	s := agenttest.NewServer(t, apiError(400, "m does not support tools", ""))
	_, err := client(t, s, func(c *Config) { c.Protocol = Native }).Generate(t.Context(), prompt())
	if err == nil || !strings.Contains(err.Error(), "does not support tools") || len(s.Requests()) != 1 {
		t.Errorf("%d requests, error %v", len(s.Requests()), err)
	}
}

func TestReasoningModelThatNeedsAnotherAPI(t *testing.T) {
	s := agenttest.NewServer(t, agenttest.Answer{Text: `{"name":"show","arguments":{}}`})
	reply, err := client(t, s, func(c *Config) { c.Model = "gpt-6-astra" }).Generate(t.Context(), prompt())
	if err != nil || len(reply.Message.Calls) != 1 {
		t.Errorf("reply %+v, %v", reply, err)
	}
}

func TestWrittenCalls(t *testing.T) {
	functions := prompt().Functions
	show := func(arguments string) []agent.Call { return []agent.Call{{Name: "show", Arguments: arguments}} }
	tests := []struct {
		name, text string
		calls      []agent.Call
		rest       string
	}{
		{"protocol", `{"calls":[{"name":"show","arguments":{"command":"x"}}]}`, show(`{"command":"x"}`), ""},
		{"one call", `{"name":"show","parameters":{"command":"x"}}`, show(`{"command":"x"}`), ""},
		{"list", `[{"tool":"show","input":{}}]`, show(`{}`), ""},
		{"tags", "Let me look.\n<tool_call>\n{\"name\": \"show\", \"arguments\": {\"command\": \"x\"}}\n</tool_call>", show(`{"command": "x"}`), "Let me look."},
		{"arguments as text", `{"name":"show","arguments":"{\"command\":\"x\"}"}`, show(`{"command":"x"}`), ""},
		{"two", "<tool_call>{\"name\":\"show\",\"arguments\":{\"a\":1}}</tool_call><tool_call>{\"name\":\"show\",\"arguments\":{\"a\":2}}</tool_call>",
			append(show(`{"a":1}`), show(`{"a":2}`)...), ""},
		{"bare report", `Done: {"verdict":"healthy","summary":"well","findings":[]}`, []agent.Call{{Name: "conclude", Arguments: `{"verdict":"healthy","summary":"well","findings":[]}`}}, "Done:"},
		{"unknown function", `{"name":"reload","arguments":{}}`, nil, `{"name":"reload","arguments":{}}`},
		{"prose", "The area [0.0.0.1] differs {really}.", nil, "The area [0.0.0.1] differs {really}."},
		{"device text that is JSON", `{"as":65001,"peers":[{"name":"r1"}]}`, nil, `{"as":65001,"peers":[{"name":"r1"}]}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			calls, rest := writtenCalls(tt.text, functions)
			if diff := cmp.Diff(tt.calls, calls); diff != "" || rest != tt.rest {
				t.Errorf("rest %q, calls (-want +got):\n%s", rest, diff)
			}
		})
	}
}

func FuzzWrittenCalls(f *testing.F) {
	f.Add(`{"calls":[{"name":"show","arguments":{}}]}`)
	f.Add("[[[[{{{{")
	f.Fuzz(func(t *testing.T, text string) {
		calls, rest := writtenCalls(text, prompt().Functions)
		if len(calls) == 0 && rest != text {
			t.Errorf("text without calls changed: %q to %q", text, rest)
		}
		for _, c := range calls {
			if c.Name != "show" && c.Name != "conclude" {
				t.Errorf("call of an unknown function: %+v", c)
			}
		}
	})
}
