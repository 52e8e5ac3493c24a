package main

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/tools"
)

// A configuration is held against its neighbours' live state: one change to
// what r3 of the healthy incident runs, and the cause and the place that it
// would bring in. What it runs already brings in nothing.
func TestCandidateConfigurations(t *testing.T) {
	n, runs := healthyIncident(t)
	e, err := n.env()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, find, put, cause, at string }{
		{"what runs", `$^`, ``, ``, ``},
		{"area", `(?m)^ ip ospf area 0.0.0.1$`, ` ip ospf area 0.0.0.7`, `ospf_area_mismatch`, `r3:eth3`},
		{"timers on every interface", `hello-interval 1`, `hello-interval 7`, `ospf_timer_mismatch`, `r3:eth1`},
		{"network type", `network point-to-point`, `network broadcast`, `ospf_network_type_mismatch`, `r3:eth2`},
		{"authentication", `(?m)^ description to r4.*`, "$0\n ip ospf authentication message-digest\n ip ospf message-digest-key 1 md5 quietly", `ospf_auth_mismatch`, `r3:eth2`},
		{"passive", `(?m)^ description to r4.*`, "$0\n ip ospf passive", `ospf_passive_interface`, `r3:eth2`},
		{"kind of area", `area 0.0.0.1 nssa`, `area 0.0.0.1 stub`, `ospf_stub_flag_mismatch`, `r3`},
		{"OSPF router-id", `ospf router-id 10.255.0.3`, `ospf router-id 10.255.0.1`, `ospf_duplicate_router_id`, `r3`},
		{"MTU", `(?m)^ ip address 10.0.35.3.*`, "$0\n mtu 1400", `mtu_mismatch`, `r3:eth3`},
		{"prefix", `10.0.35.3/24`, `10.0.36.3/24`, `link_subnet_mismatch`, `r3:eth3`},
		{"shutdown", `(?m)^ description to r5.*`, "$0\n shutdown", `link_down`, `r3:eth3`},
		{"peer AS", `10.255.0.1 remote-as 65000`, `10.255.0.1 remote-as 65009`, `bgp_remote_as_mismatch`, `r3`},
		{"own AS", `router bgp 65000`, `router bgp 65009`, `bgp_remote_as_mismatch`, `r3`},
		{"neighbour", `neighbor 10.255.0.1 `, `neighbor 10.255.0.99 `, `bgp_neighbor_missing`, `r3`},
		{"update source", `.*update-source.*`, ``, `bgp_update_source_missing`, `r3`},
		{"password", `(?m)^ neighbor 10.255.0.1 description r1`, "$0\n neighbor 10.255.0.1 password quietly", `bgp_password_mismatch`, `r3`},
		{"BGP router-id", `bgp router-id 10.255.0.3`, `bgp router-id 10.255.0.1`, `bgp_duplicate_router_id`, `r3`},
		{"policy", `(?m)^  neighbor 10.255.0.1 activate`, "$0\n  neighbor 10.255.0.1 route-map NOWHERE in", `bgp_policy_missing`, `r3`},
		{"family", `(?s) address-family ipv4 unicast.*?exit-address-family`, ``, `bgp_address_family_not_activated`, `r3`},
		{"announced prefix", `(?m)^ address-family ipv4 unicast`, "$0\n  network 10.99.0.0/24", `bgp_missing_advertisement`, `r3`},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := regexp.MustCompile(c.find).ReplaceAllString(runs, c.put)
			if c.cause != "" && text == runs {
				t.Fatalf("nothing in what r3 runs fits %s", c.find)
			}
			x, err := e.Examine(t.Context(), tools.Complaint{Devices: n.inv.Devices, Device: "r3", Config: text})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			found := c.cause == ""
			for _, m := range x.Matches {
				got = append(got, m.Rule.RootCause+" at "+strings.Join(m.Locations, ",")+": "+m.Title)
				found = found || m.Rule.RootCause == c.cause && slices.Equal(m.Locations, []string{c.at})
			}
			if !found || c.cause == "" && len(got) > 0 {
				t.Errorf("want %q at %q, got:\n%s", c.cause, c.at, strings.Join(got, "\n"))
			}
		})
	}
}

// healthyIncident opens the incident in which nothing is wrong, and gives what
// r3 runs there.
func healthyIncident(t *testing.T) (*network, string) {
	t.Helper()
	c := testConsole(t, &bytes.Buffer{})
	n, err := c.openIncident(incident{Name: "nothing_wrong"}, true)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = n.Close() })
	q, err := n.platforms["frr"].Show("show running-config")
	if err != nil {
		t.Fatal(err)
	}
	var o devices.Observation
	if o, err = n.src.Fetch(t.Context(), "r3", q); err != nil {
		t.Fatal(err)
	}
	return n, o.Output
}
