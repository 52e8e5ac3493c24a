package ssh

import (
	"errors"
	"testing"

	"github.com/netsonde/netsonde/devices"
)

// A warning on the error output never stands inside a row of the output.
func TestJoined(t *testing.T) {
	out := &bounded{limit: 20, full: make(chan struct{}, 1)}
	said := &bounded{limit: 20, full: out.full}
	for _, w := range []struct {
		to   *bounded
		text string
	}{{out, "ra_honor = "}, {said, "permission denied\n"}, {out, "0"}} {
		if _, err := w.to.Write([]byte(w.text)); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := joined(out, said), "ra_honor = 0\npermission denied\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, b := range []*bounded{out, said} { // both may be full, and nobody waits
		if _, err := b.Write(make([]byte, 30)); !errors.Is(err, devices.ErrTruncated) {
			t.Errorf("over the limit: %v", err)
		}
	}
	if len(out.full) != 1 {
		t.Error("nobody was told that the limit was reached")
	}
}
