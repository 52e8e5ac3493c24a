package state

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// readWhole marks tables as wholly read.
func readWhole(tables ...string) map[string]Status {
	m := map[string]Status{}
	for _, t := range tables {
		m[t] = Status{Complete: true}
	}
	return m
}

// sample is a device of which every compared table says something.
func sample() *Device {
	pfx := netip.MustParsePrefix
	return &Device{
		Name: "r1",
		Interfaces: []Interface{
			{Name: "eth1", OperUp: true, MTU: 1500, Counters: Counters{InOctets: 10}, Addresses: []Address{{Prefix: pfx("10.0.12.1/30")}}},
			{Name: "eth2", OperUp: true, MTU: 1500, LinkUps: 1},
		},
		OSPFNeighbors: []OSPFNeighbor{{Version: 2, RouterID: "10.255.0.2", Interface: "eth1", State: "Full", Since: time.Unix(1000, 0)}},
		BGPSessions:   []BGPSession{{VRF: "default", Peer: netip.MustParseAddr("10.0.0.2"), PeerAS: 65001, State: "Established"}},
		RIB: []Route{
			{VRF: "default", Prefix: pfx("10.4.0.0/24"), Protocol: "ospf", Selected: true, Metric: 20, NextHops: []NextHop{{IP: netip.MustParseAddr("10.0.12.2"), Interface: "eth1", Active: true}, {IP: netip.MustParseAddr("10.0.13.2"), Interface: "eth2", Active: true}}},
		},
		Filters: []FilterRule{{Family: "inet", Table: "f", Chain: "c", Text: "tcp dport 22 counter packets 5 bytes 300 drop", Action: "drop", Packets: 5}},
		Config:  &Config{Lines: []*ConfigLine{{Text: "! written at noon", Line: 1}, {Text: "router ospf", Line: 2, Children: []*ConfigLine{{Text: "passive-interface lo", Line: 3}}}}},
		Read:    readWhole(TableInterfaces, TableAddresses, TableOSPFNbrs, TableBGPNbrs, TableRIB, TableFilters, TableConfig),
	}
}

func changes(a, b *Device) []string {
	out := []string{}
	for _, c := range Diff([]*Device{a}, []*Device{b}).Changes {
		out = append(out, c.String())
	}
	return out
}

func TestDiffIgnoresTimersAndCounters(t *testing.T) {
	b := sample()
	b.Interfaces[0].Counters.InOctets = 99
	b.Interfaces[1].LinkUps = 1
	b.OSPFNeighbors[0].Since = time.Unix(5000, 0)
	b.Filters[0].Text, b.Filters[0].Packets = "tcp dport 22 counter packets 900 bytes 3000 drop", 900
	b.RIB[0].NextHops[0], b.RIB[0].NextHops[1] = b.RIB[0].NextHops[1], b.RIB[0].NextHops[0]
	b.Config.Lines[0].Text = "! written at midnight"
	if got := changes(sample(), b); len(got) > 0 {
		t.Errorf("no change, but: %s", strings.Join(got, "\n"))
	}
}

func TestDiff(t *testing.T) {
	b := sample()
	b.Interfaces[0].MTU = 1400
	b.Interfaces[0].Addresses = nil
	b.Interfaces = b.Interfaces[:1]
	b.OSPFNeighbors[0].State = "Init"
	b.BGPSessions[0].State = "Idle"
	b.RIB[0].NextHops = b.RIB[0].NextHops[:1]
	b.Filters = nil
	b.Config.Lines[1].Children[0].Text = "passive-interface eth1"
	want := []string{
		"r1: interfaces: eth1: MTU: 1500 -> 1400",
		"r1: interfaces: - eth2 (OperUp true, MTU 1500)",
		"r1: addresses: - 10.0.12.1/30 on eth1",
		"r1: ospf_neighbors: 10.255.0.2 on eth1 (OSPFv2): State: Full -> Init",
		"r1: bgp_sessions: 10.0.0.2 in vrf default: State: Established -> Idle",
		"r1: rib: 10.4.0.0/24 by ospf in vrf default: NextHops: ip 10.0.12.2 interface eth1 active true, ip 10.0.13.2 interface eth2 active true -> ip 10.0.12.2 interface eth1 active true",
		"r1: filters: - inet f c: tcp dport 22 drop",
		"r1: config: + router ospf / passive-interface eth1",
		"r1: config: - router ospf / passive-interface lo",
	}
	if d := cmp.Diff(want, changes(sample(), b)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// TestDiffOfWhatWasNotRead takes nothing that was not read for a change.
func TestDiffOfWhatWasNotRead(t *testing.T) {
	b := sample()
	b.RIB, b.BGPSessions = nil, nil
	b.Read[TableRIB] = Status{Err: "timed out"}
	delete(b.Read, TableBGPNbrs)
	d := Diff([]*Device{sample()}, []*Device{b, {Name: "r2"}})
	want := Difference{
		Changes:     []Change{{Device: "r2", Table: "device", Row: "the device", Kind: Added}},
		NotCompared: []string{"r1: bgp_sessions: not read after", "r1: rib: not read after: timed out"},
	}
	if diff := cmp.Diff(want, d); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestDiffOfNamedParameters compares the parameters that both sides asked for.
func TestDiffOfNamedParameters(t *testing.T) {
	with := func(text string) *Device {
		d := &Device{Name: "r1", Platform: "linux"}
		if err := d.Add(Answer{Device: "r1", Platform: "linux", Query: "sysctl -e net.ipv4.ip_forward", Output: text}); err != nil {
			t.Fatal(err)
		}
		return d
	}
	got := Diff([]*Device{with("net.ipv4.ip_forward = 1\n")}, []*Device{with("net.ipv4.ip_forward = 0\nnet.ipv4.conf.all.rp_filter = 1\n")})
	if len(got.Changes) != 1 || !strings.Contains(got.Changes[0].Row, "ip_forward") || len(got.NotCompared) != 0 {
		t.Errorf("got %+v, want one change and nothing left out", got)
	}
}
