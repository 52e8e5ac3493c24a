// Package devicetest is the suite that every devices.Source passes, whatever
// it wraps: the live network, a recording, a wrapper.
package devicetest

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/policies"
)

// A Fixture is what a source under test holds.
type Fixture struct {
	Device      string         // a device that answers
	Query       policies.Query // that it answers
	Contains    string         // in the answer
	Unsupported policies.Query // what the device has not got; zero: not tested
	Foreign     policies.Query // a query in a grammar that the device does not take
	Unreachable string         // a device that nobody reaches; "": not tested
}

// Run puts what open makes through the suite. open is called once a test, and
// cleans up by t.Cleanup.
func Run(t *testing.T, f Fixture, open func(t *testing.T) devices.Source) {
	t.Helper()
	t.Run("answers", func(t *testing.T) { answers(t, f, open(t)) })
	t.Run("refuses the zero query", func(t *testing.T) {
		o, err := open(t).Fetch(t.Context(), f.Device, policies.Query{})
		refused(t, o, err)
	})
	t.Run("refuses a foreign grammar", func(t *testing.T) {
		o, err := open(t).Fetch(t.Context(), f.Device, f.Foreign)
		refused(t, o, err)
	})
	t.Run("knows its devices", func(t *testing.T) {
		_, err := open(t).Fetch(t.Context(), "no-such-device", f.Query)
		want(t, err, devices.ErrUnknown, "no-such-device")
	})
	t.Run("says what is not supported", func(t *testing.T) {
		if f.Unsupported.IsZero() {
			t.Skip("the fixture has nothing that is not supported")
		}
		_, err := open(t).Fetch(t.Context(), f.Device, f.Unsupported)
		want(t, err, devices.ErrUnsupported, f.Device, f.Unsupported.String())
	})
	t.Run("says what is not reached", func(t *testing.T) {
		if f.Unreachable == "" {
			t.Skip("the fixture has nobody who is not reached")
		}
		_, err := open(t).Fetch(t.Context(), f.Unreachable, f.Query)
		want(t, err, devices.ErrUnreachable, f.Unreachable)
	})
	t.Run("ends with its context", func(t *testing.T) { cancelled(t, f, open(t)) })
	t.Run("serves many at once", func(t *testing.T) { crowd(t, f, open(t)) })
}

func answers(t *testing.T, f Fixture, src devices.Source) {
	t.Helper()
	for range 2 {
		o, err := src.Fetch(t.Context(), f.Device, f.Query)
		if err != nil {
			t.Fatal(err)
		}
		if o.Device != f.Device || o.Query != f.Query.String() {
			t.Errorf("the observation is of %q on %q", o.Query, o.Device)
		}
		if !strings.Contains(o.Output, f.Contains) || o.Truncated {
			t.Errorf("the answer (truncated: %v) lacks %q:\n%s", o.Truncated, f.Contains, o.Output)
		}
	}
}

func refused(t *testing.T, o devices.Observation, err error) {
	t.Helper()
	var refusal *policies.Refusal
	if !errors.As(err, &refusal) {
		t.Errorf("got %+v, %v; want a refusal", o, err)
	}
}

func want(t *testing.T, err, target error, words ...string) {
	t.Helper()
	if !errors.Is(err, target) {
		t.Fatalf("got %v, want %v", err, target)
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("%q does not name %q", err, w)
		}
	}
}

func cancelled(t *testing.T, f Fixture, src devices.Source) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := src.Fetch(ctx, f.Device, f.Query); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if _, err := src.Fetch(t.Context(), f.Device, f.Query); err != nil {
		t.Errorf("the end of one read spoilt the next: %v", err)
	}
}

// crowd asks from many goroutines; some leave early. Nobody else must notice.
func crowd(t *testing.T, f Fixture, src devices.Source) {
	t.Helper()
	var wg sync.WaitGroup
	for i := range 24 {
		wg.Go(func() {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if i%6 == 5 {
				wg.Go(cancel)
			}
			o, err := src.Fetch(ctx, f.Device, f.Query)
			if err != nil && ctx.Err() == nil {
				t.Errorf("asker %d: %v", i, err)
			}
			if err == nil && !strings.Contains(o.Output, f.Contains) {
				t.Errorf("asker %d got another's answer: %q", i, o.Output)
			}
		})
	}
	wg.Wait()
}
