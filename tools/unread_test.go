package tools

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netsonde/netsonde/devices"
)

func TestUnevaluatedJoinsDevices(t *testing.T) {
	missing := func(d string) error {
		return fmt.Errorf("%s: show ospf6: %w; held for %s: much", d, devices.ErrNotRecorded, d)
	}
	got := Unevaluated([]Unread{
		{Device: "r1", Table: "ospf6", Err: missing("r1")},
		{Device: "r2", Table: "ospf6", Err: missing("r2")},
		{Device: "r2", Table: "rib", Core: true, Err: errors.New("r2: show ip route: line 3: no prefix")},
	})
	want := []string{
		"rib of r2 (needed for a verdict): show ip route: line 3: no prefix",
		"ospf6 of r1, r2 (optional): not recorded",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
