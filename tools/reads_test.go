package tools_test

import (
	"slices"
	"testing"

	"github.com/netsonde/netsonde/devices/state"
	"github.com/netsonde/netsonde/policies"
)

// Every read that a platform file lists for a table has a reader that fills it,
// on the platforms that are read at all. Of the others, answers stay text.
func TestEachReadHasAReader(t *testing.T) {
	platforms, err := policies.LoadPlatforms(policies.Files)
	if err != nil {
		t.Fatal(err)
	}
	reads := 0
	for _, name := range []string{"frr", "linux", "cisco_iosxe", "arista_eos", "juniper_junos"} {
		p, ok := platforms[name]
		if !ok {
			continue
		}
		for _, r := range p.Reads() {
			for _, q := range r.Alternatives {
				reads++
				if got := state.TablesOf(name, q.String()); !slices.Contains(got, r.Table) {
					t.Errorf("%s: %q is to fill %s; its reader fills %v", name, q.String(), r.Table, got)
				}
			}
		}
	}
	if reads == 0 {
		t.Error("no platform file lists a read")
	}
}
