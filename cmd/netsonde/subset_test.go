package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/tools"
)

// Of devices that nobody asked, nothing is said: each pair of neighbours of a
// healthy network is healthy by itself.
func TestRulesOverAPart(t *testing.T) {
	n, _ := healthyIncident(t)
	e, err := n.env()
	if err != nil {
		t.Fatal(err)
	}
	for _, names := range []string{"r2 r4", "r1 h1", "r5 r8 r9", "r3", "h3"} {
		var ds []devices.Device
		for _, d := range n.inv.Devices {
			if slices.Contains(strings.Fields(names), d.Name) {
				ds = append(ds, d)
			}
		}
		x, err := e.Examine(t.Context(), tools.Complaint{Devices: ds})
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range x.Matches {
			if m.Rule.Severity > 0 {
				t.Errorf("%s alone: %s at %v: %s", names, m.Rule.ID, m.Locations, m.Title)
			}
		}
	}
}
