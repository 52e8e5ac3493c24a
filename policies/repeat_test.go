package policies_test

import (
	"testing"
	"time"

	"github.com/netsonde/netsonde/policies"
)

// TestRepeat holds what may be read again and again, and that one reading is
// the same query as asking once.
func TestRepeat(t *testing.T) {
	ps, err := policies.LoadPlatforms(policies.Files)
	if err != nil {
		t.Fatal(err)
	}
	frr := ps["frr"]
	q, err := frr.Repeat("sh int eth1 | include packets", 2*time.Second, 10*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	if q.Kind() != policies.Watch || q.Mode() != policies.Repeated || q.String() != "show interface eth1 (every 2s for 10s)" || len(q.Filter()) != 1 {
		t.Errorf("query %v %s %q %v", q.Kind(), q.Mode(), q, q.Filter())
	}
	if r := q.Reading(); r.Kind() != policies.Show || r.String() != "show interface eth1" || r.Window() != 0 {
		t.Errorf("reading %v %q", r.Kind(), r)
	}
	once, err := frr.Show("show interface eth1")
	if err != nil || !once.Reading().IsZero() {
		t.Errorf("a query that is not repeated has a reading: %v, %v", once.Reading(), err)
	}
	for _, tc := range []struct {
		line          string
		every, window time.Duration
	}{
		{"configure terminal", time.Second, time.Minute},
		{"show interface eth1", time.Millisecond, time.Minute},
		{"show interface eth1", 2 * time.Second, time.Second},
		{"show interface eth1", time.Second, time.Hour},
		{"ping 10.0.0.1 -c 3", time.Second, time.Minute},
	} {
		if q, err := frr.Repeat(tc.line, tc.every, tc.window); err == nil {
			t.Errorf("%q every %s for %s is allowed: %q", tc.line, tc.every, tc.window, q)
		}
	}
}
