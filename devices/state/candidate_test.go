package state

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A configuration replaces what it speaks of, cites its own lines, and leaves
// the rest as it is live.
func TestIntend(t *testing.T) {
	d := chain()[1]
	d.OSPFInterfaces = []OSPFInterface{
		{Origin: written("r1", "show ip ospf interface"), Name: "eth1", Area: "0.0.0.0", Hello: time.Second, Cost: 7},
		{Origin: written("r1", "show ip ospf interface"), Name: "eth0", Area: "0.0.0.0", Hello: time.Second},
	}
	d.Config = NewConfig("interface eth0\n ip ospf area 0\nrouter ospf\n ospf router-id 1.1.1.1\n", Ref{Device: "r1", Query: "show running-config"})
	got := d.Intend("candidate", "interface eth1\n ip address 10.9.0.9/30\n ip ospf area 1\n ip ospf hello-interval 5\nrouter bgp 65000\n neighbor 10.9.0.2 remote-as 65001\n neighbor 10.9.0.2 shutdown\n")

	var eth1 OSPFInterface
	for _, o := range got.OSPFInterfaces {
		if o.Name == "eth1" {
			eth1 = o
		}
	}
	if eth1.Area != "0.0.0.1" || eth1.Hello != 5*time.Second || eth1.Cost != 7 || eth1.Dead != 40*time.Second {
		t.Errorf("got %+v", eth1)
	}
	if d := cmp.Diff(Ref{Device: "r1", Query: "candidate", Line: 4}, eth1.Cite("Hello")); d != "" {
		t.Error(d)
	}
	if len(got.OSPFInterfaces) != 2 || d.OSPFInterfaces[0].Area != "0.0.0.0" {
		t.Error("want eth0 as it is live, and the live device unchanged")
	}
	if got.Interface("eth1").Addresses[0].Prefix.String() != "10.9.0.9/30" {
		t.Errorf("got %v", got.Interface("eth1").Addresses)
	}
	if s := got.BGPSessions; len(s) != 1 || !s[0].AdminDown || s[0].PeerAS != 65001 || !s[0].External || s[0].State != "" {
		t.Errorf("got %+v", s)
	}
	if r := got.Configured("ospf router-id"); r.Query != "show running-config" {
		t.Errorf("a section that the text does not speak of cites %q", r.Query)
	}
}

// A configuration comes from a person: a line that lacks its words is nothing,
// and no reason to fall over.
func TestIntendOfHalfLines(t *testing.T) {
	for _, text := range []string{
		"router bgp\n neighbor 10.0.0.2 remote-as 1\n", "router bgp65001\n", "interface\n mtu 9\n", "interface eth1\n ip ospf\n ip address\n isis network\n",
		"router isis\n net 1\n", "router ospf\n network\n area\n", "router bgp 1\n neighbor\n neighbor 10.0.0.2\n address-family ipv4\n  neighbor 10.0.0.2 route-map\n",
	} {
		d := chain()[1]
		got := d.Intend("candidate", text)
		if len(got.Interfaces) != len(d.Interfaces) || len(got.BGPSessions) != len(d.BGPSessions) {
			t.Errorf("%q: %d interfaces, %d sessions", text, len(got.Interfaces), len(got.BGPSessions))
		}
		JoinCandidate([]*Device{got}, nil, got.Name).Facts(nil)
	}
}
