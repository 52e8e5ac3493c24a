package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	semconv "go.opentelemetry.io/otel/semconv/v1.41.0"
	"go.opentelemetry.io/otel/trace"

	"github.com/netsonde/netsonde/agent"
	"github.com/netsonde/netsonde/cmd/netsonde/page"
	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/policies"
)

// TelemetryConfig is the section "telemetry": where traces go. Without an
// endpoint, here or in the environment (OTEL_EXPORTER_OTLP_ENDPOINT), nothing
// is sent anywhere.
type TelemetryConfig struct {
	Endpoint string `yaml:"otlp_endpoint"` // base of an OTLP collector over HTTP: http://127.0.0.1:4318
}

// fault says what is wrong with the section.
func (t TelemetryConfig) fault() error {
	if t.Endpoint == "" || isWeb(t.Endpoint) {
		return nil
	}
	return faultAt("telemetry.otlp_endpoint", "%q is no address of an OTLP collector: write http://127.0.0.1:4318", t.Endpoint)
}

// isWeb reports whether text is an address of a web server.
func isWeb(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https")
}

// tracesURL is where traces go; "" for nowhere.
func (c *console) tracesURL(cfg Config) (string, error) {
	base, whole := cfg.Telemetry.Endpoint, ""
	if v := c.getenv("OTEL_EXPORTER_OTLP_ENDPOINT"); v != "" {
		base = v
	}
	if v := c.getenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"); v != "" {
		whole = v
	}
	if base == "" && whole == "" || c.getenv("OTEL_SDK_DISABLED") == "true" || c.getenv("OTEL_TRACES_EXPORTER") == "none" {
		return "", nil
	}
	if whole == "" {
		whole = strings.TrimRight(base, "/") + "/v1/traces"
	}
	if !isWeb(whole) {
		return "", hint(usagef("telemetry: %q is no address of an OTLP collector", or(base, whole)), "write http://127.0.0.1:4318")
	}
	if p := c.getenv("OTEL_EXPORTER_OTLP_PROTOCOL"); p != "" && p != "http/protobuf" {
		return "", hint(usagef("OTEL_EXPORTER_OTLP_PROTOCOL: traces go over http/protobuf, not %s", p), "set OTEL_SDK_DISABLED=true for no traces")
	}
	return whole, nil
}

// A tracing is the trace of one run: the run is its root span, reads and calls
// of the model are its children. Its spans hold names, texts of queries, sizes
// and times, never what a device or a model said. A nil tracing traces nothing.
type tracing struct {
	provider *sdktrace.TracerProvider
	tracer   trace.Tracer
	root     trace.Span
	server   string // host of the model's endpoint
	azure    bool
	led      bool // a model did
}

// tracing begins the trace of a run; nil where none is wanted.
func (c *console) tracing(cfg Config, run string) (*tracing, error) {
	to, err := c.tracesURL(cfg)
	if err != nil || to == "" {
		return nil, err
	}
	out, err := otlptracehttp.New(context.Background(), otlptracehttp.WithEndpointURL(to), otlptracehttp.WithRetry(otlptracehttp.RetryConfig{}), otlptracehttp.WithTimeout(graceOfTraces))
	if err != nil {
		return nil, &usageError{fmt.Errorf("telemetry: %w", err)}
	}
	what, err := resource.Merge(
		resource.NewSchemaless(semconv.ServiceName("netsonde"), semconv.ServiceVersion(version())), resource.Environment())
	if err != nil {
		return nil, &usageError{fmt.Errorf("telemetry: OTEL_RESOURCE_ATTRIBUTES: %w", err)}
	}
	t := &tracing{}
	t.provider = sdktrace.NewTracerProvider(sdktrace.WithResource(what), sdktrace.WithBatcher(&exporter{SpanExporter: out, fault: func(err error) {
		c.warn("traces are lost: %s: %s", to, err)
	}}))
	t.tracer = t.provider.Tracer("netsonde", trace.WithSchemaURL(semconv.SchemaURL))
	_, t.root = t.tracer.Start(context.Background(), "run", trace.WithAttributes(attribute.String("netsonde.run.id", run)))
	return t, nil
}

// graceOfTraces is how long a run's end waits for the collector.
const graceOfTraces = 3 * time.Second

// close ends the run's span and sends what was not sent yet. A collector that
// does not answer is no fault of the run.
func (t *tracing) close() error {
	t.root.End()
	ctx, cancel := context.WithTimeout(context.Background(), graceOfTraces)
	defer cancel()
	_ = t.provider.Shutdown(ctx) // the exporter told of it
	return nil
}

// An exporter tells the operator once where the collector cannot be reached.
type exporter struct {
	sdktrace.SpanExporter
	fault func(error)
	once  sync.Once
}

// ExportSpans sends spans; a fault is told once and lost spans are lost.
func (x *exporter) ExportSpans(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	if err := x.SpanExporter.ExportSpans(ctx, spans); err != nil {
		x.once.Do(func() { x.fault(err) })
	}
	return nil
}

// scheduled notes the schedule that the run is of; "" for a run by hand.
func (t *tracing) scheduled(name string) {
	if t != nil && name != "" {
		t.root.SetAttributes(attribute.String("netsonde.schedule", name))
	}
}

// reported notes the outcome of the run.
func (t *tracing) reported(r agent.Report) {
	if t == nil {
		return
	}
	t.root.SetAttributes(
		attribute.String("netsonde.verdict", string(r.Verdict)), attribute.Int("netsonde.findings", len(r.Findings)),
		attribute.Int("netsonde.not_evaluated", len(r.NotEvaluated)), attribute.Int("netsonde.device_reads", r.Usage.DeviceReads))
	if t.led {
		t.root.SetName("invoke_agent netsonde")
		t.root.SetAttributes(semconv.GenAIOperationNameInvokeAgent, semconv.GenAIAgentName("netsonde"), t.provided(),
			semconv.GenAIUsageInputTokens(r.Usage.InputTokens), semconv.GenAIUsageOutputTokens(r.Usage.OutputTokens))
	}
}

// provided names the provider by the API that it speaks, as the GenAI
// conventions want it.
func (t *tracing) provided() attribute.KeyValue {
	if t.azure {
		return semconv.GenAIProviderNameAzureAIOpenAI
	}
	return semconv.GenAIProviderNameOpenAI
}

// child begins a span under the run's, or under that of ctx.
func (t *tracing) child(ctx context.Context, name string, attrs ...attribute.KeyValue) (context.Context, trace.Span) {
	if !trace.SpanContextFromContext(ctx).IsValid() {
		ctx = trace.ContextWithSpan(ctx, t.root)
	}
	return t.tracer.Start(ctx, name, trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(attrs...))
}

// source wraps src so that each read is a span.
func (t *tracing) source(src devices.Source) devices.Source {
	if t == nil {
		return src
	}
	return tracedSource{src, t}
}

type tracedSource struct {
	src devices.Source
	t   *tracing
}

// Fetch reads under a span.
func (s tracedSource) Fetch(ctx context.Context, device string, q policies.Query) (devices.Observation, error) {
	ctx, span := s.t.child(ctx, "read "+device, attribute.String("netsonde.device", device), attribute.String("netsonde.query", q.String()))
	defer span.End()
	o, err := s.src.Fetch(ctx, device, q)
	span.SetAttributes(attribute.Int("netsonde.answer.bytes", len(o.Output)), attribute.Bool("netsonde.answer.truncated", o.Truncated))
	failed(span, err, page.Outcome(err))
	return o, err
}

// failed marks a span whose call failed, by a word of ours.
func failed(span trace.Span, err error, word string) {
	if err != nil {
		span.SetStatus(codes.Error, word)
		span.SetAttributes(semconv.ErrorTypeKey.String(word))
	}
}

// model wraps the model that cfg names so that each call is a span under the
// GenAI conventions.
func (t *tracing) model(m agent.Model, cfg Config) agent.Model {
	if t == nil {
		return m
	}
	t.led, t.azure = true, cfg.Azure != ""
	if u, err := url.Parse(cfg.BaseURL); err == nil {
		t.server = u.Hostname()
	}
	return tracedModel{m, t, cfg.Model}
}

type tracedModel struct {
	m    agent.Model
	t    *tracing
	name string
}

// Generate asks the model under a span.
func (m tracedModel) Generate(ctx context.Context, p agent.Prompt) (agent.Reply, error) {
	attrs := []attribute.KeyValue{semconv.GenAIOperationNameChat, m.t.provided(), semconv.GenAIRequestModel(m.name)}
	if p.MaxTokens > 0 {
		attrs = append(attrs, semconv.GenAIRequestMaxTokens(p.MaxTokens))
	}
	if m.t.server != "" {
		attrs = append(attrs, semconv.ServerAddress(m.t.server))
	}
	ctx, span := m.t.child(ctx, "chat "+m.name, attrs...)
	defer span.End()
	r, err := m.m.Generate(ctx, p)
	span.SetAttributes(semconv.GenAIUsageInputTokens(r.Usage.Input), semconv.GenAIUsageOutputTokens(r.Usage.Output))
	if r.Model != "" {
		span.SetAttributes(semconv.GenAIResponseModel(r.Model))
	}
	if n := len(r.Message.Calls); n > 0 {
		span.SetAttributes(semconv.GenAIResponseFinishReasons("tool_calls"))
	}
	word := "failed"
	switch {
	case errors.Is(err, context.Canceled):
		word = "canceled"
	case errors.Is(err, context.DeadlineExceeded):
		word = "timeout"
	case errors.Is(err, agent.ErrContextLength):
		word = "context_length"
	case errors.Is(err, agent.ErrFiltered):
		word = "content_filter"
	}
	failed(span, err, word)
	return r, err
}
