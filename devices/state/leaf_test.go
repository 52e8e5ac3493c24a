package state_test

import (
	"testing"

	"github.com/netsonde/netsonde/devices/state"
)

// What gNMI and a command say of one interface is one row: the command's value
// wins and its line is cited; what only gNMI tells is added; what neither tells
// is cited as untold, so that no rule proves anything by it.
func TestLeavesBesideText(t *testing.T) {
	d := &state.Device{Name: "r1", Platform: "frr"}
	leaf := func(path, value string) string {
		return "/interfaces/interface[name=eth1]/" + path + ": " + value + "\n"
	}
	for _, a := range []state.Answer{
		{Query: "gnmi get /interfaces", Output: leaf("state/admin-status", "UP") + leaf("state/oper-status", "UP") + leaf("state/mtu", "9000") +
			leaf("ethernet/state/duplex-mode", "FULL") + leaf("state/description", "old")},
		{Query: "show interface", Output: "Interface eth1 is up, line protocol is up\n  Description: core\n  index 2 metric 0 mtu 1500 speed 10000 \n"},
	} {
		a.Device, a.Platform = "r1", "frr"
		if err := d.Add(a); err != nil {
			t.Fatal(err)
		}
	}
	if len(d.Interfaces) != 1 {
		t.Fatalf("%d interfaces, want one row: %+v", len(d.Interfaces), d.Interfaces)
	}
	x := d.Interfaces[0]
	if x.MTU != 1500 || x.Description != "core" || x.Duplex != "full" {
		t.Errorf("MTU %d, description %q, duplex %q; want those of the command, and the duplex of gNMI", x.MTU, x.Description, x.Duplex)
	}
	for field, want := range map[string]string{
		"OperUp": "show interface", "MTU": "show interface", "Description": "show interface",
		"Duplex": "gnmi get /interfaces",
	} {
		if r := x.Cite(field); r.Query != want || r.Untold {
			t.Errorf("%s is cited from %+v, want a line of %q", field, r, want)
		}
	}
}

func TestUntoldLeaf(t *testing.T) {
	d := &state.Device{Name: "r1", Platform: "frr"}
	err := d.Add(state.Answer{Device: "r1", Platform: "frr", Query: "gnmi get /interfaces",
		Output: "/interfaces/interface[name=eth1]/state/oper-status: DOWN\n"})
	if err != nil {
		t.Fatal(err)
	}
	x := d.Interfaces[0]
	if x.Cite("OperUp").Untold || x.Cite("Name").Untold || !x.Cite("MTU").Untold {
		t.Errorf("told: status %+v, name %+v; untold: MTU %+v", x.Cite("OperUp"), x.Cite("Name"), x.Cite("MTU"))
	}
	if _, _, line, _ := x.Cite("MTU").Citation(); line >= 0 {
		t.Errorf("an untold field is quoted from line %d", line)
	}
}
