package devices_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"testing"
	"time"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/policies"
)

// tally is a session that answers with the number of the read, and fails
// as its script says.
type tally struct {
	script []error
	n      *int
}

func (s tally) Do(_ context.Context, q policies.Query) (string, error) {
	*s.n++
	if q.Kind() != policies.Show {
		return "", fmt.Errorf("asked a %s", q.Kind())
	}
	if i := *s.n - 1; i < len(s.script) && s.script[i] != nil {
		return "", s.script[i]
	}
	return fmt.Sprintf("packets %d\n", *s.n), nil
}

func (tally) Close() error { return nil }

func TestRepeatedReads(t *testing.T) {
	ps, err := policies.LoadPlatforms(policies.Files)
	if err != nil {
		t.Fatal(err)
	}
	q, err := ps["frr"].Repeat("show interface eth1", time.Second, 2*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	inv := &devices.Inventory{Devices: []devices.Device{{Name: "r1", Address: "192.0.2.1", Platform: "frr"}}}
	stamps := regexp.MustCompile(`(?m)^# reading \S+Z`)
	for name, tc := range map[string]struct {
		script []error
		want   string
		err    error
	}{
		"two readings":       {nil, "R\npackets 1\nR\npackets 2\n", nil},
		"a gap":              {[]error{nil, devices.ErrTimeout}, "R\npackets 1\nR failed: r1: show interface eth1: timed out\n\n", nil},
		"denied at once":     {[]error{devices.ErrDenied}, "", devices.ErrDenied},
		"never any":          {[]error{devices.ErrTimeout, devices.ErrTimeout}, "", devices.ErrTimeout},
		"better late":        {[]error{devices.ErrTimeout}, "R failed: r1: show interface eth1: timed out\n\nR\npackets 2\n", nil},
		"not on this device": {[]error{devices.ErrUnsupported}, "", devices.ErrUnsupported},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := 0
			net := devices.Live(inv, devices.Wire{Platforms: ps, SSH: func(context.Context, devices.Device) (devices.Session, error) {
				return tally{tc.script, &n}, nil
			}})
			defer net.Close()
			o, err := net.Fetch(context.Background(), "r1", q)
			if got := stamps.ReplaceAllString(o.Output, "R"); got != tc.want || !errors.Is(err, tc.err) {
				t.Errorf("got %q, %v; want %q, %v", got, err, tc.want, tc.err)
			}
			if err == nil && o.Query != q.String() {
				t.Errorf("query %q", o.Query)
			}
		})
	}
}
