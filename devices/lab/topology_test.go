package lab

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func loadTopology(t *testing.T) *Topology {
	t.Helper()
	topology, err := LoadTopology()
	if err != nil {
		t.Fatal(err)
	}
	return topology
}

func TestTopologyIsTheNetworkThatWasAskedFor(t *testing.T) {
	topology := loadTopology(t)
	groups := map[string]int{}
	for _, n := range topology.Nodes {
		groups[n.Group]++
	}
	if groups["router"] < 8 || groups["host"] < 3 {
		t.Errorf("%v, want 8 routers and 3 hosts or more", groups)
	}
	peer, found := topology.Peer(Port{"r2", "eth2"})
	if want := (Port{"r4", "eth1"}); !found || peer != want {
		t.Errorf("r2:eth2 is joined to %v, want %v", peer, want)
	}
	if _, found := topology.Peer(Port{"r2", "eth9"}); found {
		t.Error("r2:eth9 is joined to something")
	}
}

// Every end of a link between routers is configured, so that a link which is
// renamed in one file and not in the other is found here and not in a lab
// that never converges.
func TestEveryLinkIsConfigured(t *testing.T) {
	topology := loadTopology(t)
	for _, l := range topology.Links {
		for _, p := range []Port{l.A, l.B} {
			n, _ := topology.Node(p.Node)
			if n.IsRouter() && !strings.Contains(n.Config, "interface "+p.Interface+"\n") {
				t.Errorf("%s is not in %s.conf", p, p.Node)
			}
			if !n.IsRouter() && !strings.Contains(strings.Join(n.Exec, "\n"), "dev "+p.Interface) {
				t.Errorf("%s has no address", p)
			}
		}
	}
}

func TestIntentIsComputedFromBothEnds(t *testing.T) {
	in := loadTopology(t).intent()
	if len(in.ospf) != 10 || len(in.isis) != 4 {
		t.Errorf("%d OSPF and %d IS-IS ends, want 10 and 4: %v %v", len(in.ospf), len(in.isis), in.ospf, in.isis)
	}
	sessions := map[string]int{}
	for _, s := range in.bgp {
		sessions[s.family]++
	}
	want := map[string]int{"ipv4Unicast": 12, "ipv6Unicast": 2, "l2VpnEvpn": 4}
	if diff := cmp.Diff(want, sessions); diff != "" {
		t.Errorf("BGP sessions by family (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]int{"r1": 1, "r2": 1, "r4": 1, "r7": 1}, in.bfd); diff != "" {
		t.Errorf("BFD (-want +got):\n%s", diff)
	}
}

func TestMissingNamesWhatIsNotUp(t *testing.T) {
	const ospf = `{"neighbors":{"10.255.0.2":[{"nbrState":"Full/-","ifaceName":"eth1:10.0.12.1"}],
		"10.255.0.3":[{"nbrState":"ExStart/-","ifaceName":"eth2:10.0.13.1"}]}}`
	got := missingOSPF(ospf, "r1", []Port{{"r1", "eth1"}, {"r1", "eth2"}, {"r2", "eth1"}})
	if diff := cmp.Diff([]string{"r1:eth2: no full OSPF adjacency"}, got); diff != "" {
		t.Errorf("OSPF (-want +got):\n%s", diff)
	}
	const isis = "Area ISLAND:\n  System Id           Interface   L  State        Holdtime SNPA\n r8                  eth3        1  Up            3        2020.2020.2020\n"
	got = missingISIS(isis, "r5", []Port{{"r5", "eth3"}, {"r5", "eth4"}})
	if diff := cmp.Diff([]string{"r5:eth4: no IS-IS adjacency"}, got); diff != "" {
		t.Errorf("IS-IS (-want +got):\n%s", diff)
	}
	const bgp = `{"ipv4Unicast":{"peers":{"10.0.0.1":{"state":"Established"},"10.0.0.2":{"state":"Active"}}}}`
	got = missingBGP(bgp, "r1", []session{{"r1", "10.0.0.1", "ipv4Unicast"}, {"r1", "10.0.0.2", "ipv4Unicast"}, {"r1", "10.0.0.1", "l2VpnEvpn"}})
	want := []string{"r1: BGP session with 10.0.0.2 is Active", "r1: no BGP session with 10.0.0.1 in l2VpnEvpn"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("BGP (-want +got):\n%s", diff)
	}
	if got := missingOSPF("ospfd is not running", "r1", []Port{{"r1", "eth1"}}); len(got) != 1 {
		t.Errorf("an answer that is no JSON: %v, want one problem", got)
	}
}

func TestParseProbe(t *testing.T) {
	tests := []struct {
		text, wrong string
	}{
		{"ping h1 10.4.0.53", ""},
		{"ping r6 10.4.0.53 172.16.6.1", ""},
		{"dns h1 www.lab.example", ""},
		{"ping h1 2001:db8::1", ""},
		{"ping h1", "want VERB FROM TO"},
		{"ping h1 www.lab.example", "ParseAddr"},
		{"ssh h1 10.4.0.53", "unknown verb"},
	}
	for _, tt := range tests {
		p, err := ParseProbe(tt.text)
		switch {
		case tt.wrong == "" && (err != nil || p.String() != tt.text):
			t.Errorf("%q: %v, %v", tt.text, p, err)
		case tt.wrong != "" && (err == nil || !strings.Contains(err.Error(), tt.wrong)):
			t.Errorf("%q: error %v, want one with %q", tt.text, err, tt.wrong)
		}
	}
}

func TestProbesReachEveryHost(t *testing.T) {
	topology := loadTopology(t)
	probes, err := topology.probes()
	if err != nil {
		t.Fatal(err)
	}
	pairs := 0
	for _, p := range probes {
		if n, known := topology.Node(p.From); !known {
			t.Errorf("%s: unknown node", p)
		} else if p.Verb == "ping" && !n.IsRouter() {
			pairs++
		}
	}
	if pairs < 5*4 {
		t.Errorf("%d pings between hosts, want every pair both ways", pairs)
	}
}
