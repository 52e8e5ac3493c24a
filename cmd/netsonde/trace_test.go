package main

import (
	"bytes"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	common "go.opentelemetry.io/proto/otlp/common/v1"
	wire "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"github.com/netsonde/netsonde/agent"
	"github.com/netsonde/netsonde/agent/agenttest"
)

// A spanSink is an OTLP collector over HTTP that keeps what it gets.
type spanSink struct {
	t *testing.T

	mu    sync.Mutex
	spans []*wire.Span
	names []string // service.name of what was sent
}

func newSpanSink(t *testing.T) (*spanSink, string) {
	t.Helper()
	s := &spanSink{t: t}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return s, server.URL
}

func (s *spanSink) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(r.Body)
	var got collector.ExportTraceServiceRequest
	if err == nil {
		err = proto.Unmarshal(raw, &got)
	}
	if err != nil || r.URL.Path != "/v1/traces" || r.Header.Get("Content-Type") != "application/x-protobuf" {
		s.t.Errorf("%s %s: %v", r.URL, r.Header.Get("Content-Type"), err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, rs := range got.ResourceSpans {
		s.names = append(s.names, attr(rs.Resource.Attributes, "service.name"))
		for _, ss := range rs.ScopeSpans {
			s.spans = append(s.spans, ss.Spans...)
		}
	}
}

// attr is an attribute's value as text; "" if there is none.
func attr(all []*common.KeyValue, name string) string {
	for _, kv := range all {
		if kv.Key == name {
			if s := kv.Value.GetStringValue(); s != "" {
				return s
			}
			return strings.TrimSpace(kv.Value.String())
		}
	}
	return ""
}

func (s *spanSink) named(prefix string) []*wire.Span {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []*wire.Span
	for _, x := range s.spans {
		if strings.HasPrefix(x.Name, prefix) {
			out = append(out, x)
		}
	}
	return out
}

// tracedRun runs a command with the environment that names a collector.
func tracedRun(t *testing.T, env map[string]string, args ...string) (status int, stderr string) {
	t.Helper()
	var errs bytes.Buffer
	c := testConsole(t, io.Discard)
	c.err = &errs
	home := c.getenv
	c.getenv = func(name string) string {
		if v, ok := env[name]; ok {
			return v
		}
		return home(name)
	}
	return run(t.Context(), c, args), errs.String()
}

func TestRunsAreTraced(t *testing.T) {
	sink, url := newSpanSink(t)
	if got, errs := tracedRun(t, map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": url}, "demo", "ospf_area_mismatch", "-q"); got != exitHealthy {
		t.Fatalf("status %d: %s", got, errs)
	}
	roots, reads := sink.named("run"), sink.named("read r5")
	if len(roots) != 1 || len(reads) < 10 {
		t.Fatalf("%d runs, %d reads of r5", len(roots), len(reads))
	}
	root := roots[0]
	if got := attr(root.Attributes, "netsonde.verdict"); got != "fault" {
		t.Errorf("verdict %q", got)
	}
	for _, r := range reads {
		if !bytes.Equal(r.ParentSpanId, root.SpanId) || !bytes.Equal(r.TraceId, root.TraceId) || r.EndTimeUnixNano < r.StartTimeUnixNano {
			t.Errorf("%s is not under the run", r.Name)
		}
		if q := attr(r.Attributes, "netsonde.query"); q == "" || attr(r.Attributes, "netsonde.device") != "r5" {
			t.Errorf("a read without its query or device: %v", r.Attributes)
		}
		if r.Status.GetCode() == wire.Status_STATUS_CODE_ERROR && attr(r.Attributes, "error.type") == "" {
			t.Errorf("a failed read without error.type: %v", r.Attributes)
		}
	}
	if sink.names[0] != "netsonde" {
		t.Errorf("service.name %q", sink.names[0])
	}
	for _, s := range sink.named("") {
		if strings.Contains(s.String(), "0.0.0.2") {
			t.Errorf("a span holds what a device said: %s", s)
		}
	}
}

func TestModelCallsAreTraced(t *testing.T) {
	sink, url := newSpanSink(t)
	model := agenttest.NewServerFunc(t, func(int, agenttest.Request) agenttest.Answer {
		return agenttest.Answer{Calls: []agent.Call{{ID: "c1", Name: "conclude", Arguments: `{"verdict":"inconclusive","summary":"nothing is known","findings":[],"ruled_out":[],"open":"a test"}`}}}
	})
	_, errs := tracedRun(t, map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": url}, "demo", "ospf_area_mismatch", "-q", "--model", "m1", "--base-url", model.URL)
	chats, agents := sink.named("chat m1"), sink.named("invoke_agent netsonde")
	if len(chats) == 0 || len(agents) != 1 {
		t.Fatalf("%d chats, %d agents: %s", len(chats), len(agents), errs)
	}
	for name, want := range map[string]string{
		"gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "m1", "server.address": "127.0.0.1",
	} {
		if got := attr(chats[0].Attributes, name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	for _, name := range []string{"gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens", "gen_ai.response.model"} {
		if attr(chats[0].Attributes, name) == "" {
			t.Errorf("%s is missing: %v", name, chats[0].Attributes)
		}
	}
	if attr(agents[0].Attributes, "gen_ai.operation.name") != "invoke_agent" || hex.EncodeToString(chats[0].ParentSpanId) != hex.EncodeToString(agents[0].SpanId) {
		t.Errorf("the chat is not under the agent: %v", agents[0])
	}
	if chats[0].Kind != wire.Span_SPAN_KIND_CLIENT {
		t.Errorf("kind %s", chats[0].Kind)
	}
}

// TestTracesAreNoFaultOfTheRun holds that a collector that is not there is
// told of once and changes nothing.
func TestTracesAreNoFaultOfTheRun(t *testing.T) {
	gone := httptest.NewServer(nil)
	gone.Close()
	got, errs := tracedRun(t, map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": gone.URL}, "demo", "-q")
	if got != exitHealthy || strings.Count(errs, "traces are lost") != 1 {
		t.Errorf("status %d: %s", got, errs)
	}
}

func TestTracesNeedAnAddress(t *testing.T) {
	for value, want := range map[string]int{"localhost:4318": exitUsage, "ftp://x": exitUsage, "http://": exitUsage} {
		got, errs := tracedRun(t, map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": value}, "demo", "-q")
		if got != want || !strings.Contains(errs, "http://127.0.0.1:4318") {
			t.Errorf("%s: status %d: %s", value, got, errs)
		}
	}
	sink, url := newSpanSink(t)
	if got, _ := tracedRun(t, map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": url, "OTEL_SDK_DISABLED": "true"}, "demo", "-q"); got != exitHealthy || len(sink.named("")) > 0 {
		t.Errorf("traces were sent though they are disabled (status %d)", got)
	}
}
