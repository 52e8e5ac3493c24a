package state

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// line makes the origin of a row that a test wrote itself.
func written(device, query string) Origin {
	return Origin{Row: Ref{Device: device, Query: query, Line: 1}}
}

// whole says that the tables were read completely.
func whole(device string, tables ...string) map[string]Status {
	m := map[string]Status{}
	for _, t := range tables {
		m[t] = Status{Ref: Ref{Device: device, Query: "show " + t}, Complete: true}
	}
	return m
}

func port(device, name string, addresses ...string) Interface {
	i := Interface{Origin: written(device, "ip addr"), Name: name, MTU: 1500, AdminUp: true, OperUp: true}
	for _, a := range addresses {
		i.Addresses = append(i.Addresses, Address{Prefix: netip.MustParsePrefix(a)})
	}
	return i
}

// via makes a route from "10.0.0.0/8 10.1.1.1 eth1"; a next hop "-" is a
// connected network, "!blackhole" discards.
func via(device, text string) Route {
	f := strings.Fields(text)
	r := Route{Origin: written(device, "ip route"), VRF: "default", Prefix: netip.MustParsePrefix(f[0]), Protocol: "static", Selected: true, Installed: true, Metric: -1}
	if kind, ok := strings.CutPrefix(f[1], "!"); ok {
		r.Discard = kind
		return r
	}
	nh := NextHop{Interface: f[2], Active: true}
	if f[1] != "-" {
		nh.IP = netip.MustParseAddr(f[1])
	} else {
		r.Protocol = "connected"
	}
	r.NextHops = []NextHop{nh}
	return r
}

// chain is h1 - r1 - r2 - h2, with a static route each way.
func chain() []*Device {
	tables := []string{TableInterfaces, TableFIB, TableFilters, TableParameters}
	device := func(name, platform string, ports []Interface, routes ...string) *Device {
		d := &Device{Name: name, Platform: platform, Interfaces: ports, Read: whole(name, tables...)}
		for _, r := range routes {
			d.FIB = append(d.FIB, via(name, r))
		}
		return d
	}
	return []*Device{
		device("h1", "linux", []Interface{port("h1", "eth0", "10.1.0.10/24")}, "10.1.0.0/24 - eth0", "0.0.0.0/0 10.1.0.1 eth0"),
		device("r1", "frr", []Interface{port("r1", "eth0", "10.1.0.1/24"), port("r1", "eth1", "10.9.0.1/30")}, "10.1.0.0/24 - eth0", "10.9.0.0/30 - eth1", "10.2.0.0/24 10.9.0.2 eth1"),
		device("r2", "frr", []Interface{port("r2", "eth0", "10.2.0.1/24"), port("r2", "eth1", "10.9.0.2/30")}, "10.2.0.0/24 - eth0", "10.9.0.0/30 - eth1", "10.1.0.0/24 10.9.0.1 eth1"),
		device("h2", "linux", []Interface{port("h2", "eth0", "10.2.0.10/24")}, "10.2.0.0/24 - eth0", "0.0.0.0/0 10.2.0.1 eth0"),
	}
}

func TestJoinLinks(t *testing.T) {
	ds := chain()
	n := Join(ds, []string{"r2:eth9--r9:eth1"})
	var got []string
	for _, l := range n.Links {
		got = append(got, l.Place()+" "+strings.Join(l.By, ","))
	}
	want := []string{"r2:eth9--r9:eth1 topology", "h1:eth0--r1:eth0 subnet", "h2:eth0--r2:eth0 subnet", "r1:eth1--r2:eth1 subnet"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if l := n.Links[0]; !l.A.Missing() || l.B.Node != nil {
		t.Error("want the end on r2 missing and the one on r9 not read")
	}
}

// A device's own idea of its name joins nothing: here both say "router".
func TestJoinLLDPByChassis(t *testing.T) {
	ds := chain()[1:3]
	for i, d := range ds {
		d.System.Hostname = "router"
		d.Interfaces[1].Addresses = nil
		d.Interfaces[1].MAC = []string{"02:00:00:00:00:01", "02:00:00:00:00:02"}[i]
	}
	ds[0].LLDP = []LLDPNeighbor{{Origin: written("r1", "lldp"), Interface: "eth1", ChassisID: "02:00:00:00:00:02", SystemName: "router", PortID: "eth1"}}
	n := Join(ds, nil)
	if len(n.Links) != 1 || n.Links[0].Place() != "r1:eth1--r2:eth1" {
		t.Errorf("got %v", n.Links)
	}
}

func TestWalk(t *testing.T) {
	parse := netip.MustParseAddr
	for _, c := range []struct {
		name  string
		flow  string
		spoil func(ds []*Device)
		want  string
	}{
		{"whole", "", func([]*Device) {}, "h1[eth0] > r1[eth1] > r2[eth0] > h2: delivered"},
		{"no route", "", func(ds []*Device) { ds[1].FIB = ds[1].FIB[:2] }, "h1[eth0] > r1: no route (r1 has no route to 10.2.0.10)"},
		{"not read completely", "", func(ds []*Device) { ds[1].FIB = ds[1].FIB[:2]; delete(ds[1].Read, TableFIB) }, "h1[eth0] > r1: unknown beyond (the routes of r1 were not read completely)"},
		{"blackhole", "", func(ds []*Device) { ds[1].FIB = append(ds[1].FIB, via("r1", "10.2.0.10/32 !blackhole")) }, "h1[eth0] > r1: dropped (r1 discards 10.2.0.10/32 (blackhole route))"},
		{"loop", "", func(ds []*Device) { ds[2].FIB = append(ds[2].FIB, via("r2", "10.2.0.0/28 10.9.0.1 eth1")) }, "h1[eth0] > r1[eth1] > r2[eth1] > r1: loops (packets circle between r1, r2)"},
		{"forwarding off", "", func(ds []*Device) {
			ds[2].Parameters = []Parameter{{written("r2", "sysctl"), "net.ipv4.ip_forward", "0"}}
		}, "h1[eth0] > r1[eth1] > r2: dropped (r2 does not forward packets)"},
		{"filter", "udp/53", func(ds []*Device) {
			ds[1].Filters = []FilterRule{{Origin: written("r1", "nft"), Hook: "forward", Policy: "accept", Text: "udp dport 53 drop", Action: "drop", Protocol: "udp", DstPort: "53"}}
		}, "h1[eth0] > r1[eth1]: dropped (a packet filter of r1 drops udp/53 at forward: udp dport 53 drop)"},
		{"filter of another port", "tcp/53", func(ds []*Device) {
			ds[1].Filters = []FilterRule{{Origin: written("r1", "nft"), Hook: "forward", Policy: "accept", Text: "udp dport 53 drop", Action: "drop", Protocol: "udp", DstPort: "53"}}
		}, "h1[eth0] > r1[eth1] > r2[eth0] > h2: delivered"},
		{"wrong gateway", "", func(ds []*Device) { ds[0].FIB[1] = via("h1", "0.0.0.0/0 10.1.0.254 eth0") }, "h1[eth0]: no answer (nobody on eth0 of h1 has 10.1.0.254)"},
		{"target has another address", "", func(ds []*Device) { ds[3].Interfaces[0] = port("h2", "eth0", "10.2.0.99/24") }, "h1[eth0] > r1[eth1] > r2[eth0]: no answer (nobody on eth0 of r2 has 10.2.0.10)"},
		{"interface down", "", func(ds []*Device) { ds[1].Interfaces[1].AdminUp = false }, "h1[eth0] > r1[eth1]: dropped (eth1 of r1 is down)"},
		{"device not read", "", func(ds []*Device) { ds[2].Read, ds[2].FIB = nil, nil }, "h1[eth0] > r1[eth1]: unknown beyond (the routes of r2 were not read)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			ds := chain()
			c.spoil(ds)
			f, err := ParseFlow(c.flow)
			if err != nil {
				t.Fatal(err)
			}
			f.Dst = parse("10.2.0.10")
			got := Join(ds, []string{"h1:eth0--r1:eth0", "r2:eth0--h2:eth0", "r1:eth1--r2:eth1"}).Walk("h1", f)
			if got.String() != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// Requests arrive and answers do not: the walk back must say so.
func TestWalkBack(t *testing.T) {
	ds := chain()
	ds[1].Filters = []FilterRule{{Origin: written("r1", "nft"), Hook: "forward", Policy: "accept", Text: "tcp sport 80 drop", Action: "drop", Protocol: "tcp", SrcPort: "80"}}
	p := Join(ds, nil).Walk("h1", Flow{Protocol: "tcp", DstPort: 80, Dst: netip.MustParseAddr("10.2.0.10")})
	if p.Outcome != Delivered || p.Back == nil || p.Back.Outcome != DroppedBy || p.Back.At != "r1" {
		t.Errorf("got %s, back %v", p, p.Back)
	}
}

func TestOdd(t *testing.T) {
	ospf := func(device, name, area string) OSPFInterface {
		return OSPFInterface{Origin: written(device, "show ip ospf interface"), Name: name, Area: area, Up: true}
	}
	ds := chain()
	ds[1].OSPFInterfaces = []OSPFInterface{ospf("r1", "eth0", "0.0.0.0"), ospf("r1", "eth1", "0.0.0.1")}
	ds[2].OSPFInterfaces = []OSPFInterface{ospf("r2", "eth0", "0.0.0.0"), ospf("r2", "eth1", "0.0.0.0")}
	l, ok := Join(ds, nil).LinkAt("r2", "eth1")
	if !ok {
		t.Fatal("no link")
	}
	if got := l.Odd("OSPF.Area"); !cmp.Equal(got, []string{"r1:eth1"}) {
		t.Errorf("got %v: the other interfaces are all in area 0, so r1:eth1 deviates", got)
	}
	if got := l.Odd("OSPF.Hello"); len(got) != 2 {
		t.Errorf("got %v: nothing decides, so both ends", got)
	}
}
