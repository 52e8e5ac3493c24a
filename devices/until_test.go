package devices_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/policies"
)

// slow answers r1 at once and hangs on any other device until the read ends.
type slow struct{}

func (slow) Fetch(ctx context.Context, device string, q policies.Query) (devices.Observation, error) {
	if device != "r1" {
		<-ctx.Done()
		return devices.Observation{}, ctx.Err()
	}
	return devices.Observation{Device: device, Query: q.String(), Output: "ok"}, nil
}

func TestUntil(t *testing.T) {
	q := show(t, platforms(t), "frr", "show version")
	src := devices.Until(slow{}, time.Now().Add(50*time.Millisecond))
	if o, err := src.Fetch(t.Context(), "r1", q); err != nil || o.Output != "ok" {
		t.Errorf("in time: %+v, %v", o, err)
	}
	_, err := src.Fetch(t.Context(), "r2", q)
	if !errors.Is(err, devices.ErrTimeout) || !strings.HasPrefix(err.Error(), "r2: show version: ") {
		t.Errorf("under way when the time ended: %v", err)
	}
	if _, err := src.Fetch(t.Context(), "r1", q); !errors.Is(err, devices.ErrTimeout) {
		t.Errorf("after the end: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := devices.Until(slow{}, time.Now().Add(time.Hour)).Fetch(ctx, "r2", q); !errors.Is(err, context.Canceled) {
		t.Errorf("the caller's own end is not a timeout: %v", err)
	}
}
