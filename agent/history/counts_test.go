package history_test

import (
	"context"
	"testing"
	"time"

	"github.com/netsonde/netsonde/agent/history"
	"github.com/netsonde/netsonde/devices/state"
)

// The figures of a scope are those of its last report, whatever other scopes
// keep.
func TestCountsOfTheLastReport(t *testing.T) {
	ctx := context.Background()
	s, err := history.Open(ctx, t.TempDir(), history.Retention{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if past, err := s.Counts(ctx, "core"); past != nil || err != nil {
		t.Errorf("before the first report: %v", err)
	}
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for i, scope := range []string{"core", "core", "edge"} {
		f := state.Figure{Place: "r1:eth1", Name: state.FigureInErrors, Value: float64(10 * i), At: at.Add(time.Duration(i) * time.Hour)}
		if err := s.SetCounts(ctx, scope, []state.Figure{f}); err != nil {
			t.Fatal(err)
		}
	}
	past, err := s.Counts(ctx, "core")
	if err != nil {
		t.Fatal(err)
	}
	if f, ok := past("r1:eth1", state.FigureInErrors); !ok || f.Value != 10 || !f.At.Equal(at.Add(time.Hour)) {
		t.Errorf("got %+v, %v", f, ok)
	}
	if _, ok := past("r1:eth2", state.FigureInErrors); ok {
		t.Error("a figure that nobody kept")
	}
}
