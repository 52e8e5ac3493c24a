package page

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/netsonde/netsonde/agent"
	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/policies"
)

// Metrics are what Prometheus scrapes: a registry of its own, names as
// Prometheus' conventions want them. Labels hold names of the configuration and
// the inventory alone, never text of a device. It is safe for concurrent use.
type Metrics struct {
	registry *prometheus.Registry

	findings, notEvaluated, up, last, lag, next *prometheus.GaugeVec
	runs, checks, tokens, missed, letters       *prometheus.CounterVec
	reads, took                                 *prometheus.HistogramVec

	mu      sync.Mutex
	devices map[string][]string // of the last report of a schedule
}

// NewMetrics makes the metrics of a program of that version.
func NewMetrics(version string) *Metrics {
	m := &Metrics{registry: prometheus.NewRegistry(), devices: map[string][]string{}}
	gauge := func(name, help string, labels ...string) *prometheus.GaugeVec {
		v := prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: "netsonde", Name: name, Help: help}, labels)
		m.registry.MustRegister(v)
		return v
	}
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		v := prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "netsonde", Name: name, Help: help}, labels)
		m.registry.MustRegister(v)
		return v
	}
	seconds := func(name, help string, buckets []float64, labels ...string) *prometheus.HistogramVec {
		v := prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: "netsonde", Name: name, Help: help, Buckets: buckets}, labels)
		m.registry.MustRegister(v)
		return v
	}
	m.findings = gauge("findings", "Findings of the last report of a schedule.", "schedule", "severity")
	m.notEvaluated = gauge("not_evaluated", "What the last report of a schedule could not evaluate.", "schedule")
	m.up = gauge("device_up", "1 if the device answered in the last report of a schedule, else 0.", "schedule", "device")
	m.last = gauge("last_report_timestamp_seconds", "When the last report of a schedule was made.", "schedule")
	m.lag = gauge("schedule_lag_seconds", "By how much the last run of a schedule began late.", "schedule")
	m.next = gauge("schedule_next_run_timestamp_seconds", "When the next run of a schedule is due.", "schedule")
	m.runs = counter("runs_total", "Runs of a schedule, by verdict; failed: without a report.", "schedule", "verdict")
	m.checks = counter("checks_total", "Rules that were held against the network.", "schedule")
	m.tokens = counter("tokens_total", "Tokens that models used.", "schedule", "direction")
	m.missed = counter("schedule_missed_total", "Runs that did not begin because one was under way.", "schedule")
	m.letters = counter("deliveries_total", "Deliveries to receivers, by outcome.", "receiver", "outcome")
	m.reads = seconds("read_duration_seconds", "How long reads of devices took, by outcome.", []float64{.01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60}, "outcome")
	m.took = seconds("run_duration_seconds", "How long runs took.", []float64{.1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300, 900}, "schedule")
	info := gauge("build_info", "1, with the version of the program.", "version")
	info.WithLabelValues(version).Set(1)
	m.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Handler answers /metrics.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{EnableOpenMetrics: true})
}

// Reported counts a report of a schedule, which was made at a time.
func (m *Metrics) Reported(schedule string, r agent.Report, at time.Time) {
	by := map[policies.Severity]int{}
	for _, f := range r.Findings {
		by[f.Severity]++
	}
	for s := policies.Warning; s <= policies.Critical; s++ {
		m.findings.WithLabelValues(schedule, s.String()).Set(float64(by[s]))
	}
	m.notEvaluated.WithLabelValues(schedule).Set(float64(len(r.NotEvaluated)))
	m.last.WithLabelValues(schedule).Set(float64(at.UnixMilli()) / 1000)
	m.runs.WithLabelValues(schedule, string(r.Verdict)).Inc()
	m.checks.WithLabelValues(schedule).Add(float64(len(r.Ran)))
	m.tokens.WithLabelValues(schedule, "input").Add(float64(r.Usage.InputTokens))
	m.tokens.WithLabelValues(schedule, "output").Add(float64(r.Usage.OutputTokens))
	m.took.WithLabelValues(schedule).Observe(r.Usage.Seconds)
	m.answered(schedule, r)
}

// answered sets which devices of a schedule are up, and forgets those that it
// no longer reads.
func (m *Metrics) answered(schedule string, r agent.Report) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, d := range m.devices[schedule] {
		if !slices.Contains(r.Read, d) {
			m.up.DeleteLabelValues(schedule, d)
		}
	}
	m.devices[schedule] = slices.Clone(r.Read)
	answers := map[string]bool{}
	for _, n := range r.Seen {
		answers[n.Device] = true
	}
	for _, d := range r.Read {
		up := 0.0
		if answers[d] {
			up = 1
		}
		m.up.WithLabelValues(schedule, d).Set(up)
	}
}

// Failed counts a run that left no report.
func (m *Metrics) Failed(schedule string) { m.runs.WithLabelValues(schedule, "failed").Inc() }

// Began notes by how much a run began late.
func (m *Metrics) Began(schedule string, late time.Duration) {
	m.lag.WithLabelValues(schedule).Set(max(late, 0).Seconds())
}

// Due notes when a schedule runs next; the zero time means never.
func (m *Metrics) Due(schedule string, at time.Time) {
	if at.IsZero() {
		m.next.DeleteLabelValues(schedule)
		return
	}
	m.next.WithLabelValues(schedule).Set(float64(at.Unix()))
}

// Missed counts a run that did not begin because one was under way.
func (m *Metrics) Missed(schedule string) { m.missed.WithLabelValues(schedule).Inc() }

// Delivered counts a delivery: sent, failed or dead.
func (m *Metrics) Delivered(receiver, outcome string) {
	m.letters.WithLabelValues(receiver, outcome).Inc()
}

// Source wraps a source so that its reads are timed.
func (m *Metrics) Source(src devices.Source) devices.Source { return timed{src, m.reads} }

type timed struct {
	src   devices.Source
	reads *prometheus.HistogramVec
}

// Fetch reads, and notes how long it took.
func (t timed) Fetch(ctx context.Context, device string, q policies.Query) (devices.Observation, error) {
	begin := time.Now()
	o, err := t.src.Fetch(ctx, device, q)
	t.reads.WithLabelValues(Outcome(err)).Observe(time.Since(begin).Seconds())
	return o, err
}

// Outcome names what came of a read, for labels: one of a dozen words.
func Outcome(err error) string {
	var refusal *policies.Refusal
	switch {
	case err == nil:
		return "ok"
	case errors.As(err, &refusal):
		return "refused"
	case errors.Is(err, context.Canceled):
		return "canceled"
	case errors.Is(err, devices.ErrUnreachable):
		return "unreachable"
	case errors.Is(err, devices.ErrDenied):
		return "denied"
	case errors.Is(err, devices.ErrUnsupported):
		return "unsupported"
	case errors.Is(err, devices.ErrTruncated):
		return "truncated"
	case errors.Is(err, devices.ErrNotRecorded):
		return "not_recorded"
	case errors.Is(err, context.DeadlineExceeded):
		return "timeout"
	}
	return "failed"
}
