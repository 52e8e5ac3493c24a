package state_test

import (
	"strings"
	"testing"
	"time"

	"github.com/netsonde/netsonde/devices/state"
)

// counted is a router as `ip -s link` and `nft list ruleset` tell it at a
// moment.
func counted(t *testing.T, at time.Time, inBytes, inErrors, drops string) *state.Network {
	t.Helper()
	d := &state.Device{Name: "r1", Platform: "frr"}
	for query, text := range map[string]string{
		"ip -s link show": `2: eth1@if5: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP mode DEFAULT group default qlen 1000
    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff
    RX:  bytes packets errors dropped  missed   mcast
       ` + inBytes + `  100000  ` + inErrors + `  0  0  0
    TX:  bytes packets errors dropped carrier collsns
       5000  70  0  0  0  0
`,
		"nft list ruleset": `table inet f {
	chain in {
		type filter hook input priority filter; policy accept;
		meta l4proto gre counter packets ` + drops + ` bytes 9 drop
	}
}
`,
	} {
		if err := d.Add(state.Answer{Device: "r1", Platform: "frr", Query: query, At: at, Output: text}); err != nil {
			t.Fatal(err)
		}
	}
	return state.Join([]*state.Device{d}, nil)
}

// What one report keeps, the next one compares with: by place and by name.
func TestFiguresOfOneReportAreThePastOfTheNext(t *testing.T) {
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	kept := map[string]state.Figure{}
	for _, f := range counted(t, at, "1000", "10", "5").Figures() {
		kept[f.Place+" "+f.Name] = f
	}
	if f := kept["r1:eth1 in_errors"]; f.Value != 10 || !f.At.Equal(at) {
		t.Errorf("in_errors of eth1: %+v among %d", f, len(kept))
	}
	now := counted(t, at.Add(10*time.Second), "101000", "60", "505")
	now.Past = func(place, name string) (state.Figure, bool) {
		f, ok := kept[place+" "+name]
		return f, ok
	}
	p := now.Ports()[0]
	if g := p.Grown(state.FigureInOctets); g.PerSecond() != 10000 {
		t.Errorf("octets grew by %+v", g)
	}
	if g := p.Grown(state.FigureInErrors); g.By != 50 || g.Over != 10*time.Second {
		t.Errorf("errors grew by %+v", g)
	}
	x := now.Nodes()[0]
	if rs := x.GrowingDrops(50); len(rs) != 1 || !strings.Contains(rs[0].Text, "gre") {
		t.Errorf("growing drops: %+v", rs)
	}
	if rs := x.GrowingDrops(51); len(rs) != 0 {
		t.Errorf("growing drops above 50 a second: %+v", rs)
	}
	// A counter that was reset tells nothing.
	reset := counted(t, at.Add(10*time.Second), "5", "0", "0")
	reset.Past = now.Past
	if g := reset.Ports()[0].Grown(state.FigureInErrors); g.Known() {
		t.Errorf("after a reset: %+v", g)
	}
}
