package openai

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netsonde/netsonde/agent"
	"github.com/netsonde/netsonde/agent/agenttest"
	"github.com/netsonde/netsonde/devices"
)

const testKey = "sk-canary-0123456789"

func client(t *testing.T, s *agenttest.Server, set func(*Config)) *Client {
	t.Helper()
	c := Config{Model: "m", BaseURL: s.URL, Key: devices.NewSecret(testKey), Wait: 5 * time.Millisecond, Idle: 5 * time.Second}
	if set != nil {
		set(&c)
	}
	m, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func prompt() agent.Prompt {
	return agent.Prompt{
		Messages: []agent.Message{{Role: agent.System, Text: "be brief"}, {Role: agent.User, Text: "why?"}},
		Functions: []agent.Function{
			{Name: "show", Description: "Show.", Schema: json.RawMessage(`{"type":"object","properties":{"command":{"type":"string"}}}`)},
			{Name: "conclude", Description: "End."},
		},
	}
}

func twoCalls() []agent.Call {
	return []agent.Call{{ID: "a", Name: "show", Arguments: `{"command":"show ip route"}`}, {ID: "b", Name: "show", Arguments: `{"command":"show version"}`}}
}

func apiError(status int, message, code string) agenttest.Answer {
	body, _ := json.Marshal(map[string]any{"error": map[string]any{"message": message, "type": "invalid_request_error", "code": code}})
	return agenttest.Answer{Status: status, Body: string(body)}
}

func TestGenerate(t *testing.T) {
	calls := twoCalls()
	said := agent.Tokens{Input: 100, Output: 20, Cached: 60}
	good := agenttest.Answer{Text: "reading", Calls: calls}
	raw := func(lines ...string) agenttest.Answer {
		return agenttest.Answer{Body: "data: " + strings.Join(lines, "\n\ndata: ") + "\n\n", Type: "text/event-stream"}
	}
	const finish, done = `{"choices":[{"delta":{},"finish_reason":"tool_calls"}]}`, "[DONE]"
	tests := []struct {
		name    string
		answers []agenttest.Answer
		set     func(*Config)
		calls   []agent.Call
		text    string
		usage   agent.Tokens
		asked   int
	}{
		{name: "streamed", answers: []agenttest.Answer{good}, calls: calls, text: "reading", usage: said, asked: 1},
		{name: "reasoning is left out", answers: []agenttest.Answer{{Reasoning: "hm", Text: "<think>hm\nhm</think>\n\nreading", Calls: calls}}, calls: calls, text: "reading", usage: said, asked: 1},
		{name: "429 with Retry-After", answers: []agenttest.Answer{{Status: 429, Header: map[string]string{"Retry-After": "3600"}, Body: `{"error":{"message":"slow down"}}`}, good}, calls: calls, text: "reading", usage: said, asked: 2},
		{name: "500 then 503", answers: []agenttest.Answer{apiError(500, "oops", ""), {Status: 503, Body: "<html>busy</html>", Type: "text/html"}, good}, calls: calls, text: "reading", usage: said, asked: 3},
		{name: "cut off", answers: []agenttest.Answer{{Text: "reading", Calls: calls, CutAfter: 3}, good}, calls: calls, text: "reading", usage: said, asked: 2},
		{name: "ends without a reason", answers: []agenttest.Answer{{Text: "rea", Finish: "none"}, good}, calls: calls, text: "reading", usage: said, asked: 2},
		{name: "silent", answers: []agenttest.Answer{{Text: "reading", Calls: calls, HangAfter: 2}, good}, set: func(c *Config) { c.Idle = 50 * time.Millisecond }, calls: calls, text: "reading", usage: said, asked: 2},
		{name: "error within the stream", answers: []agenttest.Answer{raw(`{"error":{"message":"overloaded","type":"server_error"}}`), good}, calls: calls, text: "reading", usage: said, asked: 2},
		{name: "chunk is not JSON", answers: []agenttest.Answer{raw(`{"choices":[{"delta"`), good}, calls: calls, text: "reading", usage: said, asked: 2},
		{name: "no choices", answers: []agenttest.Answer{raw(`{"choices":[]}`, done), good}, calls: calls, text: "reading", usage: said, asked: 2},
		{name: "does not stream", answers: []agenttest.Answer{{Body: `{"choices":[{"message":{"content":"x"}}]}`}, good}, calls: calls, text: "reading", usage: said, asked: 2},
		{name: "refuses to stream", answers: []agenttest.Answer{apiError(400, "streaming is not supported with tools", ""), good}, calls: calls, text: "reading", usage: said, asked: 2},
		{name: "whole without choices", answers: []agenttest.Answer{apiError(400, "streaming is not supported", ""), {Body: `{"choices":[]}`}, good}, calls: calls, text: "reading", usage: said, asked: 3},
		{name: "no stream options", answers: []agenttest.Answer{apiError(400, "Unrecognized request argument supplied: stream_options", ""), good}, calls: calls, text: "reading", usage: said, asked: 2},
		{name: "no system role", answers: []agenttest.Answer{apiError(400, "System role not supported", ""), good}, calls: calls, text: "reading", usage: said, asked: 2},
		{name: "calls all numbered 0", answers: []agenttest.Answer{raw(
			`{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"show","arguments":"{\"command\":\"show ip route\"}"}}]}}]}`,
			`{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"b","function":{"name":"show","arguments":"{\"command\":\"show version\"}"}}]}}]}`, finish, done)},
			calls: calls, usage: agent.Tokens{Input: 21, Output: 16, Estimated: true}, asked: 1},
		{name: "no index, arguments as an object, name repeated", answers: []agenttest.Answer{raw(
			`{"choices":[{"delta":{"tool_calls":[{"id":"a","function":{"name":"show","arguments":""}}]}}]}`,
			`{"choices":[{"delta":{"tool_calls":[{"function":{"arguments":"{\"command\":\"show ip route\"}"}}]}}]}`,
			`{"choices":[{"delta":{"tool_calls":[{"id":"b","function":{"name":"show","arguments":{"command":"show version"}}}]}}]}`, finish, done)},
			calls: calls, usage: agent.Tokens{Input: 21, Output: 16, Estimated: true}, asked: 1},
		{name: "usage estimated", answers: []agenttest.Answer{{Text: "four by four ...", NoUsage: true}}, text: "four by four ...", usage: agent.Tokens{Input: 21, Output: 4, Estimated: true}, asked: 1},
		{name: "no words", answers: []agenttest.Answer{{}}, usage: said, asked: 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := agenttest.NewServer(t, tt.answers...)
			reply, err := client(t, s, tt.set).Generate(t.Context(), prompt())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.calls, reply.Message.Calls); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
			if reply.Message.Text != tt.text {
				t.Errorf("text %q, want %q", reply.Message.Text, tt.text)
			}
			if diff := cmp.Diff(tt.usage, reply.Usage); diff != "" {
				t.Errorf("usage (-want +got):\n%s", diff)
			}
			if n := len(s.Requests()); n != tt.asked {
				t.Errorf("asked %d times, want %d", n, tt.asked)
			}
		})
	}
}

func TestGenerateFails(t *testing.T) {
	tests := []struct {
		name   string
		answer agenttest.Answer
		is     error
		want   string
		asked  int
	}{
		{"context length", apiError(400, "This model's maximum context length is 8192 tokens", "context_length_exceeded"), agent.ErrContextLength, "8192", 1},
		{"context size of llama.cpp", apiError(400, "the request exceeds the available context size", ""), agent.ErrContextLength, "", 1},
		{"too large", agenttest.Answer{Status: 413, Body: "<html>", Type: "text/html"}, agent.ErrContextLength, "", 1},
		{"content filter", apiError(400, "The response was filtered due to the prompt triggering Azure's content management policy", "content_filter"), agent.ErrFiltered, "", 1},
		{"answer withheld", agenttest.Answer{Finish: "content_filter"}, agent.ErrFiltered, "withheld", 1},
		{"key refused", apiError(401, "Incorrect API key provided: "+testKey, "invalid_api_key"), nil, "check OPENAI_API_KEY", 1},
		{"no such model", apiError(404, "The model `m` does not exist", "model_not_found"), nil, `knows no model "m"`, 1},
		{"quota", apiError(429, "You exceeded your current quota", "insufficient_quota"), nil, "quota is spent", 1},
		{"limited for ever", apiError(429, "Rate limit reached", "rate_limit_exceeded"), nil, "still limited after 4 retries", 5},
		{"down for ever", apiError(503, "busy", ""), nil, "status 503", 5},
		{"bad request", apiError(400, "invalid schema for function 'show'", ""), nil, "invalid schema", 1},
		{"cut for ever", agenttest.Answer{Text: "reading", CutAfter: 1}, nil, "broke off", 3},
		{"redirect", agenttest.Answer{Status: 302, Header: map[string]string{"Location": "http://127.0.0.1:1/"}, Body: "{}"}, nil, "redirects, which is not followed: write http://127.0.0.1:1/", 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := agenttest.NewServer(t, tt.answer)
			_, err := client(t, s, nil).Generate(t.Context(), prompt())
			if err == nil || tt.is != nil && !errors.Is(err, tt.is) || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("error %v, want %v %q", err, tt.is, tt.want)
			}
			if strings.Contains(err.Error(), testKey) {
				t.Errorf("the key stands in the error: %v", err)
			}
			if n := len(s.Requests()); n != tt.asked {
				t.Errorf("asked %d times, want %d", n, tt.asked)
			}
		})
	}
}

func TestGenerateCancelled(t *testing.T) {
	s := agenttest.NewServer(t, agenttest.Answer{Text: "reading", HangAfter: 1})
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(20*time.Millisecond, cancel)
	if _, err := client(t, s, nil).Generate(ctx, prompt()); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
}

func TestRequest(t *testing.T) {
	p := prompt()
	p.MaxTokens = 500
	p.Messages = append(p.Messages,
		agent.Message{Role: agent.Assistant, Calls: []agent.Call{{ID: "a", Name: "functions.show", Arguments: `{"command":`}}},
		agent.Message{Role: agent.ToolReply, CallID: "a"})
	s := agenttest.NewServer(t, agenttest.Answer{Text: "ok"})
	if _, err := client(t, s, nil).Generate(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	r := s.Requests()[0]
	if got := r.Header.Get("Authorization"); got != "Bearer "+testKey {
		t.Errorf("Authorization %q", got)
	}
	if r.Path != "/v1/chat/completions" || !r.Body.Stream || r.Body.StreamOptions == nil || r.Body.MaxCompletionTokens != 500 {
		t.Errorf("request %s %s", r.Path, r.Raw)
	}
	call, result := r.Body.Messages[2].ToolCalls[0], r.Body.Messages[3]
	if call.Function.Name != "functions_show" || call.Function.Arguments != `{"malformed":"{\"command\":"}` {
		t.Errorf("call %+v", call)
	}
	if result.Content == "" || result.ToolCallID != "a" {
		t.Errorf("result %+v", result)
	}
	if got := string(r.Body.Tools[1].Function.Parameters); got != `{"type":"object","properties":{}}` {
		t.Errorf("empty schema became %s", got)
	}
}

func TestNoKeyNoHeader(t *testing.T) {
	s := agenttest.NewServer(t, agenttest.Answer{Text: "ok"})
	if _, err := client(t, s, func(c *Config) { c.Key = devices.Secret{} }).Generate(t.Context(), prompt()); err != nil {
		t.Fatal(err)
	}
	if got, ok := s.Requests()[0].Header["Authorization"]; ok {
		t.Errorf("Authorization %q was sent without a key", got)
	}
}

func TestNewRefuses(t *testing.T) {
	for _, c := range []Config{{}, {Model: "m", BaseURL: "localhost:11434"}, {Model: "m", BaseURL: "ftp://x/v1"}, {Model: "m", Protocol: "xml"}} {
		if _, err := New(c); err == nil {
			t.Errorf("New(%+v) gave no error", c)
		}
	}
}

// rewrite sends every request to the test's server, whatever host it names.
type rewrite struct{ to string }

func (r rewrite) RoundTrip(q *http.Request) (*http.Response, error) {
	q = q.Clone(q.Context())
	q.URL.Scheme, q.URL.Host = "http", r.to
	return http.DefaultTransport.RoundTrip(q)
}

func TestAzure(t *testing.T) {
	s := agenttest.NewServer(t, agenttest.Answer{Text: "ok"})
	host := strings.TrimSuffix(strings.TrimPrefix(s.URL, "http://"), "/v1")
	m := client(t, s, func(c *Config) {
		c.BaseURL, c.Model, c.Transport = "https://x.openai.azure.com", "dep.1", rewrite{host}
	})
	if _, err := m.Generate(t.Context(), prompt()); err != nil {
		t.Fatal(err)
	}
	r := s.Requests()[0]
	if r.Path != "/openai/deployments/dep.1/chat/completions?api-version=2024-10-21" || r.Header.Get("Api-Key") != testKey {
		t.Errorf("request %s %v", r.Path, r.Header)
	}
}
