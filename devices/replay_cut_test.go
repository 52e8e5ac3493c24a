package devices

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"
)

// Written by hand, after the form of FRR's answers about all VRFs.
const (
	routesOfAll = "Codes: K - kernel route, C - connected\n\nVRF default:\nO   10.0.12.0/24 [110/10] is directly connected, eth1, 00:08:31\nC>* 10.0.12.0/24 is directly connected, eth1, 00:08:31\n\nVRF red:\nC>* 10.9.0.0/24 is directly connected, eth9, 00:08:31\n"
	nbrsOfAll   = "VRF Name: default\n Neighbor 10.255.0.2, interface address 10.0.12.2\n    In the area 0.0.0.0 via interface eth1\n    State is Full/-\n Neighbor 10.255.0.3, interface address 10.0.13.2\n    In the area 0.0.0.0 via interface eth2\n    State is Init/-\n"
	sessions    = "\nInstance default:\nBGP neighbor is 10.255.0.2, remote AS 65000, local AS 65000, internal link\nHostname: r2\n  BGP state = Established\nBGP neighbor is 10.255.0.3, remote AS 65000, local AS 65000, internal link\n  BGP state = Idle\nConnections established 1; dropped 0\n"
	process     = "VRF Name: default\n OSPF Routing Process, Router ID: 10.255.0.2\n"
	peersJSON   = `{"default":{"10.255.0.2":{"state":"Up"},"10.255.0.3":{"state":"Down"}}}`
	gnmiState   = "/interfaces/interface[name=eth1]/state/mtu: 1500\n/interfaces/interface[name=eth1]/state/oper-status: UP\n/interfaces/interface[name=eth2]/state/mtu: 1400\n"
)

func TestDerivedAnswers(t *testing.T) {
	ps := platforms(t)
	rec, err := ReplayFS(fstest.MapFS{
		"r1/show_ip_route_vrf_all.txt":                {Data: []byte(routesOfAll)},
		"r1/show_ip_ospf_vrf_all_neighbor_detail.txt": {Data: []byte(nbrsOfAll)},
		"r1/show_bgp_vrf_all_neighbors.txt":           {Data: []byte(sessions)},
		"r1/show_ip_ospf_vrf_all.txt":                 {Data: []byte(process)},
		"r2/show_ip_ospf_vrf_all.txt":                 {Data: []byte(process)},
		"r2/show_ip_ospf_neighbor_json.txt":           {Data: []byte(peersJSON)},
		"r2/gnmi_get_%2Finterfaces.txt":               {Data: []byte(gnmiState)},
		"r2/show_ip_route.txt":                        {Data: []byte(routes)},
	}, Replaying{Platforms: ps, Platform: "frr"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ device, ask, want, lacks string }{
		{"r1", "show ip route", "10.0.12.0/24", "10.9.0.0"},
		{"r1", "show ip route vrf red", "10.9.0.0/24", "10.0.12.0"},
		{"r1", "show ip route vrf blue", "% no such entry", "/24"},
		{"r1", "show ip route 10.0.12.0/24", "C>* 10.0.12.0/24", "10.9.0.0"},
		{"r1", "show ip route 10.9.0.1", "% no such entry", "10.9.0.0"},
		{"r1", "show ip ospf neighbor 10.255.0.3", "Init", "Full"},
		{"r1", "show bgp neighbors 10.255.0.2", "Established", "Idle"},
		{"r1", "show bgp neighbors 10.255.0.3", "Connections established", "Established"},
		{"r1", "show bgp neighbors 10.255.0.9", "% no such entry", "AS"},
		{"r2", "show ip ospf neighbor 10.255.0.3", `"Down"`, `"Up"`},
	} {
		o, err := rec.Fetch(context.Background(), c.device, show(t, ps, "frr", c.ask))
		if err != nil || o.From == "" || !strings.Contains(o.Output, c.want) || strings.Contains(o.Output, c.lacks) {
			t.Errorf("%s: %s (from %q): want %q and not %q: %v\n%s", c.device, c.ask, o.From, c.want, c.lacks, err, o.Output)
		}
	}
	q, err := ps["frr"].Get("/interfaces/interface[name=eth2]/state")
	if err != nil {
		t.Fatal(err)
	}
	if o, err := rec.Fetch(context.Background(), "r2", q); err != nil || o.Output != "/interfaces/interface[name=eth2]/state/mtu: 1400\n" {
		t.Errorf("%s: %q, %v", q, o.Output, err)
	}
}

// TestNoFalseAbsence asks for rows of tables that another table must not
// stand in for.
func TestNoFalseAbsence(t *testing.T) {
	ps := platforms(t)
	rec, err := ReplayFS(fstest.MapFS{
		"r1/show_ip_ospf_vrf_all.txt":  {Data: []byte(process)},
		"r1/show_ip_route_vrf_red.txt": {Data: []byte("C>* 10.9.0.0/24 is directly connected, eth9, 00:08:31\n")},
	}, Replaying{Platforms: ps, Platform: "frr"})
	if err != nil {
		t.Fatal(err)
	}
	for _, ask := range []string{"show ip ospf neighbor 10.255.0.9", "show ip ospf neighbor 10.255.0.2", "show ip ospf interface eth1", "show ip route 10.0.0.0/24"} {
		if o, err := rec.Fetch(context.Background(), "r1", show(t, ps, "frr", ask)); err == nil {
			t.Errorf("%s: answered from %q:\n%s", ask, o.From, o.Output)
		}
	}
}
