package devices_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/policies"
)

// counting is a Source that counts its reads, and answers when it may.
type counting struct {
	reads, now, most atomic.Int64
	wait             time.Duration
	answer           func(n int64) (devices.Observation, error)
}

func (c *counting) Fetch(ctx context.Context, device string, q policies.Query) (devices.Observation, error) {
	n := c.reads.Add(1)
	now := c.now.Add(1)
	defer c.now.Add(-1)
	for most := c.most.Load(); now > most && !c.most.CompareAndSwap(most, now); most = c.most.Load() {
	}
	select {
	case <-time.After(c.wait):
	case <-ctx.Done():
		return devices.Observation{}, ctx.Err()
	}
	if c.answer != nil {
		return c.answer(n)
	}
	return devices.Observation{Device: device, Query: q.String(), Output: fmt.Sprint(n)}, nil
}

func TestOnceServesManyWithOneRead(t *testing.T) {
	q := show(t, platforms(t), "frr", "show version")
	synctest.Test(t, func(t *testing.T) {
		src := &counting{wait: time.Second}
		once := devices.Once(src, time.Minute)
		var wg sync.WaitGroup
		for range 10 {
			wg.Go(func() {
				if o, err := once.Fetch(t.Context(), "r1", q); err != nil || o.Output != "1" {
					t.Errorf("got %+v, %v", o, err)
				}
			})
		}
		wg.Wait()
		time.Sleep(59 * time.Second)
		if o, _ := once.Fetch(t.Context(), "r1", q); o.Output != "1" {
			t.Errorf("before its age the answer was read again: %s", o.Output)
		}
		time.Sleep(2 * time.Second)
		if o, _ := once.Fetch(t.Context(), "r1", q); o.Output != "2" {
			t.Errorf("after its age the answer was kept: %s", o.Output)
		}
		if o, _ := once.Fetch(t.Context(), "r2", q); o.Output != "3" {
			t.Errorf("another device got the answer: %s", o.Output)
		}
	})
}

func TestOnceGoesOnWhileAnybodyWaits(t *testing.T) {
	q := show(t, platforms(t), "frr", "show version")
	synctest.Test(t, func(t *testing.T) {
		src := &counting{wait: time.Second}
		once := devices.Once(src, 0)
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() {
			if _, err := once.Fetch(ctx, "r1", q); !errors.Is(err, context.Canceled) {
				t.Errorf("the first asker got %v", err)
			}
		})
		synctest.Wait()
		wg.Go(func() {
			if o, err := once.Fetch(t.Context(), "r1", q); err != nil || o.Output != "1" {
				t.Errorf("the second asker got %+v, %v", o, err)
			}
		})
		synctest.Wait()
		cancel()
		wg.Wait()

		gone, leave := context.WithCancel(t.Context())
		time.AfterFunc(time.Millisecond, leave)
		if _, err := once.Fetch(gone, "r2", q); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		if n := src.now.Load(); n != 0 {
			t.Errorf("%d reads go on with nobody waiting", n)
		}
		if o, err := once.Fetch(t.Context(), "r2", q); err != nil || o.Output != "3" {
			t.Errorf("the end of a context was kept: %+v, %v", o, err)
		}
	})
}

func TestOnceKeepsOnlyWhatWillBeSoAgain(t *testing.T) {
	q := show(t, platforms(t), "frr", "show version")
	for _, tt := range []struct {
		o     devices.Observation
		err   error
		reads int64
	}{
		{devices.Observation{Output: "x"}, nil, 1},
		{devices.Observation{Output: "x", Truncated: true}, nil, 2},
		{devices.Observation{}, devices.ErrUnsupported, 1},
		{devices.Observation{}, devices.ErrDenied, 1},
		{devices.Observation{}, &policies.Refusal{}, 1},
		{devices.Observation{}, devices.ErrUnreachable, 2},
		{devices.Observation{}, devices.ErrTimeout, 2},
		{devices.Observation{}, context.DeadlineExceeded, 2},
	} {
		src := &counting{answer: func(int64) (devices.Observation, error) { return tt.o, tt.err }}
		once := devices.Once(src, 0)
		for range 2 {
			_, _ = once.Fetch(t.Context(), "r1", q)
		}
		if n := src.reads.Load(); n != tt.reads {
			t.Errorf("%+v, %v: %d reads, want %d", tt.o, tt.err, n, tt.reads)
		}
	}
}

func TestLimitHoldsBoth(t *testing.T) {
	q := show(t, platforms(t), "frr", "show version")
	for _, tt := range []struct {
		perDevice, total, devices int
		most                      int64
	}{{1, 0, 1, 1}, {2, 0, 1, 2}, {0, 3, 5, 3}, {2, 3, 5, 3}, {1, 0, 5, 5}, {0, 0, 1, 20}} {
		synctest.Test(t, func(t *testing.T) {
			src := &counting{wait: time.Second}
			limited := devices.Limit(src, tt.perDevice, tt.total)
			var wg sync.WaitGroup
			for i := range 20 {
				wg.Go(func() {
					if _, err := limited.Fetch(t.Context(), fmt.Sprintf("r%d", i%tt.devices), q); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			if most := src.most.Load(); most != tt.most {
				t.Errorf("Limit(%d, %d): %d at once, want %d", tt.perDevice, tt.total, most, tt.most)
			}
		})
	}
}

func TestLimitAndPaceEndWithTheContext(t *testing.T) {
	q := show(t, platforms(t), "frr", "show version")
	synctest.Test(t, func(t *testing.T) {
		src := &counting{wait: time.Hour}
		for name, wrapped := range map[string]devices.Source{
			"limit": devices.Limit(src, 1, 1), "pace": devices.Pace(src, time.Hour),
		} {
			first, stop := context.WithCancel(t.Context())
			var wg sync.WaitGroup
			wg.Go(func() { _, _ = wrapped.Fetch(first, "r1", q) })
			synctest.Wait()
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			if _, err := wrapped.Fetch(ctx, "r1", q); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%s: got %v", name, err)
			}
			cancel()
			stop()
			wg.Wait()
		}
		if n := src.reads.Load(); n != 2 {
			t.Errorf("%d reads", n)
		}
	})
}

func TestPaceKeepsReadsApart(t *testing.T) {
	q := show(t, platforms(t), "frr", "show version")
	synctest.Test(t, func(t *testing.T) {
		paced := devices.Pace(&counting{}, 100*time.Millisecond)
		start := time.Now()
		var wg sync.WaitGroup
		for i := range 10 {
			wg.Go(func() { _, _ = paced.Fetch(t.Context(), fmt.Sprintf("r%d", i%2), q) })
		}
		wg.Wait()
		if took := time.Since(start); took != 400*time.Millisecond {
			t.Errorf("five reads of each of two devices took %s", took)
		}
	})
}

func TestRedactCleansAnswersAndErrors(t *testing.T) {
	q := show(t, platforms(t), "frr", "show running-config")
	const secret = "neighbor 10.0.0.1 password Gr4ndMother"
	inner := fmt.Errorf("%w: %s", devices.ErrDenied, secret)
	src := &counting{answer: func(n int64) (devices.Observation, error) {
		if n == 1 {
			return devices.Observation{Output: secret + "\n"}, nil
		}
		return devices.Observation{Output: secret + "\n", Truncated: true}, inner
	}}
	redacted := devices.Redact(src, testRedactor(t))
	for range 2 {
		o, err := redacted.Fetch(t.Context(), "r1", q)
		all := o.Output + fmt.Sprintf("%v %+v %s %q", err, err, err, err)
		if strings.Contains(all, "Gr4ndMother") || !strings.Contains(o.Output, "neighbor 10.0.0.1 password") {
			t.Errorf("got %s", all)
		}
		if err != nil && (!errors.Is(err, devices.ErrDenied) || errors.Unwrap(err) != nil) {
			t.Errorf("%v: is it denied, and closed?", err)
		}
	}
}

func TestRedactWithholdsWhenItFails(t *testing.T) {
	q := show(t, platforms(t), "frr", "show version")
	src := &counting{answer: func(int64) (devices.Observation, error) {
		return devices.Observation{Output: "password Gr4ndMother"}, nil
	}}
	o, err := devices.Redact(src, nil).Fetch(t.Context(), "r1", q)
	if err == nil || o.Output != "" || strings.Contains(err.Error(), "Gr4ndMother") {
		t.Errorf("got %+v, %v", o, err)
	}
}

func TestSecretsCannotBeShown(t *testing.T) {
	d := devices.Device{SSH: devices.SSH{Password: devices.NewSecret("hunter2")}}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
		s := fmt.Sprintf(verb, d) + fmt.Sprintf(verb, d.SSH.Password)
		if strings.Contains(s, "hunter2") || strings.Contains(s, fmt.Sprintf("%x", "hunter2")) {
			t.Errorf("shown: %s", s)
		}
	}
}
