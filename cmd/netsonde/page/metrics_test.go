package page

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"github.com/netsonde/netsonde/agent"
	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/policies"
)

// gone is a source whose every device is out of reach.
type gone struct{}

func (gone) Fetch(_ context.Context, device string, _ policies.Query) (devices.Observation, error) {
	return devices.Observation{}, fmt.Errorf("%s: %w", device, devices.ErrUnreachable)
}

func TestMetrics(t *testing.T) {
	m := NewMetrics("1.2.3")
	s := site(&deeds{})
	s.Metrics = m.Handler()
	v := newVisitor(t, s, Guard{})
	r := agent.Report{
		Verdict: agent.Fault, Ran: []string{"a", "b", "c"}, Read: []string{"r1", "r2"}, NotEvaluated: []string{"x"},
		Findings: []agent.Finding{{Severity: policies.Major}, {Severity: policies.Major}, {Severity: policies.Warning}},
		Seen:     []agent.Numbered{{ID: "o1", Observation: devices.Observation{Device: "r1"}}},
		Usage:    agent.Usage{InputTokens: 100, OutputTokens: 20, Seconds: 2},
	}
	m.Reported("core", r, time.Unix(1000, 0))
	m.Began("core", 1500*time.Millisecond)
	m.Due("core", time.Unix(2000, 0))
	m.Missed("core")
	m.Failed("core")
	m.Delivered("noc", "dead")
	if _, err := m.Source(gone{}).Fetch(t.Context(), "r9", policies.Query{}); err == nil {
		t.Error("the wrapper lost an error")
	}
	lines := func() string {
		_, body, _ := v.get("/metrics")
		return body
	}
	body := lines()
	for _, want := range []string{
		`netsonde_findings{schedule="core",severity="major"} 2`, `netsonde_findings{schedule="core",severity="critical"} 0`, `netsonde_findings{schedule="core",severity="warning"} 1`,
		`netsonde_not_evaluated{schedule="core"} 1`, `netsonde_device_up{device="r1",schedule="core"} 1`, `netsonde_device_up{device="r2",schedule="core"} 0`,
		`netsonde_checks_total{schedule="core"} 3`, `netsonde_runs_total{schedule="core",verdict="fault"} 1`, `netsonde_runs_total{schedule="core",verdict="failed"} 1`,
		`netsonde_tokens_total{direction="input",schedule="core"} 100`, `netsonde_schedule_lag_seconds{schedule="core"} 1.5`, `netsonde_schedule_missed_total{schedule="core"} 1`,
		`netsonde_schedule_next_run_timestamp_seconds{schedule="core"} 2000`, `netsonde_last_report_timestamp_seconds{schedule="core"} 1000`,
		`netsonde_read_duration_seconds_count{outcome="unreachable"} 1`, `netsonde_deliveries_total{outcome="dead",receiver="noc"} 1`, `netsonde_build_info{version="1.2.3"} 1`, "go_goroutines",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("/metrics lacks %s", want)
		}
	}
	problems, err := promlint.New(strings.NewReader(body)).Lint()
	for _, p := range problems {
		if strings.HasPrefix(p.Metric, "netsonde_") {
			t.Errorf("%s: %s", p.Metric, p.Text)
		}
	}
	if err != nil {
		t.Error(err)
	}
	r.Read = []string{"r1"}
	m.Reported("core", r, time.Unix(1100, 0))
	m.Due("core", time.Time{})
	if body = lines(); strings.Contains(body, `device="r2"`) || strings.Contains(body, "netsonde_schedule_next_run") {
		t.Error("a device, or a next run, that is no more is still told")
	}
}
