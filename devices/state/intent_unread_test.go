package state

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Of neighbours in a table that was not read whole nobody knows how many there
// are: none is missed. A process that does not run has none.
func TestNeighborsAreMissedWhereTheirTableWasRead(t *testing.T) {
	whole, late, part, idle := Status{Complete: true}, Status{Err: "timeout"}, Status{}, Status{Inactive: true}
	device := func(name, ip string, s *Status) *Device {
		d := &Device{Name: name, Platform: "frr", Read: map[string]Status{}}
		d.Interfaces = []Interface{{Origin: Origin{Row: Ref{Device: name, Query: "show interface", Line: 1}}, Name: "eth1", AdminUp: true, OperUp: true, Addresses: []Address{{Prefix: netip.MustParsePrefix(ip)}}}}
		if s != nil {
			d.Read[TableOSPFNbrs] = *s
		}
		return d
	}
	both := []string{"r1:eth1--r2:eth1", "r1", "r2"}
	for name, c := range map[string]struct {
		a, b *Status
		gone bool // r2 was not reached
		want []string
	}{
		"read":              {a: &whole, b: &whole, want: both},
		"does not run":      {a: &whole, b: &idle, want: both},
		"timed out":         {a: &late, b: &whole, want: []string{"r2"}},
		"cut off":           {a: &whole, b: &part, want: []string{"r1"}},
		"not asked for":     {},
		"one end unreached": {a: &whole, gone: true, want: []string{"r1"}},
	} {
		t.Run(name, func(t *testing.T) {
			ds := []*Device{device("r1", "10.0.0.1/30", c.a), device("r2", "10.0.0.2/30", c.b)}
			if c.gone {
				ds = ds[:1]
			}
			n := Join(ds, []string{"r1:eth1--r2:eth1"})
			n.Intent.Neighbors = []NeighborIntent{{Protocol: "ospf", Devices: []string{"r1", "r2"}, PerLink: 2, PerDevice: 1}}
			var got []string
			for _, x := range n.Expectations() {
				if got = append(got, x.Place); x.Have != 0 {
					t.Error(fmt.Sprint(x))
				}
			}
			if diff := cmp.Diff(slices.Sorted(slices.Values(c.want)), slices.Sorted(slices.Values(got))); diff != "" {
				t.Error(diff)
			}
		})
	}
}
