package policies

import (
	"testing"
)

func load(t testing.TB) map[string]*Platform {
	t.Helper()
	ps, err := LoadPlatforms(Files)
	if err != nil {
		t.Fatal(err)
	}
	return ps
}

func TestShowPrintsTheParse(t *testing.T) {
	ps := load(t)
	for _, c := range []struct{ platform, line, text, grammar string }{
		{"frr", "sh ip ro", "show ip route", "frr"},
		{"frr", " show ip bgp vrf all sum ", "show ip bgp vrf all summary", "frr"},
		{"frr", "ip -s -d link", "ip -s -d link", "linux"},
		{"frr", "ip -d -s a", "ip -s -d address", "linux"},
		{"frr", "vtysh -c 'sh ip route'", "show ip route", "frr"},
		{"linux", `vtysh -c "sh ip route 10.0.0.1"`, "vtysh -c 'show ip route 10.0.0.1'", "linux"},
		{"linux", "ss -ntlu", "ss -lntu", "linux"},
		{"linux", "ping 10.0.0.1", "", ""},
		{"linux", "ping -c 3 10.0.0.1", "ping -c 3 10.0.0.1", "linux"},
	} {
		q, err := ps[c.platform].Show(c.line)
		if (err != nil) != (c.text == "") || q.Text() != c.text || q.Platform() != c.grammar {
			t.Errorf("%s %q: %q (%s), %v; want %q (%s)", c.platform, c.line, q.Text(), q.Platform(), err, c.text, c.grammar)
		}
	}
}
