package policies

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
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
		{"linux", "show ip route", "", ""},
		{"linux", "ping 10.0.0.1", "", ""},
	} {
		q, err := ps[c.platform].Show(c.line)
		if (err != nil) != (c.text == "") || q.Text() != c.text || q.Platform() != c.grammar {
			t.Errorf("%s %q: %q (%s), %v; want %q (%s)", c.platform, c.line, q.Text(), q.Platform(), err, c.text, c.grammar)
		}
	}
}

func TestQueryArg(t *testing.T) {
	q, err := load(t)["frr"].Show("show ip route vrf RED 10.4.0.0/24 json")
	if err != nil {
		t.Fatal(err)
	}
	if q.Arg("vrf") != "RED" || q.Arg("prefix") != "10.4.0.0/24" || q.Arg("interface") != "" {
		t.Errorf("%v", q.Args())
	}
}

func TestRefusalsHelp(t *testing.T) {
	ps := load(t)
	for _, c := range []struct{ platform, line, near, reason, nearest string }{
		{"frr", "show ip ospf neigbor", "neigbor", `"neigbor" is not allowed here`, "show ip ospf neighbor"},
		{"frr", "show ip bgp sumary", "sumary", `"sumary" is not allowed here`, "show ip bgp summary"},
		{"frr", "sh i", "i", "ambiguous: could be interface, ip, ipv6, isis", ""},
		{"frr", "show ip", "", "incomplete: expected access-list", ""},
		{"frr", "show ip route 10.0.0.0/33", "10.0.0.0/33", "is not allowed here", ""},
		{"frr", "conf t", "conf", "is not allowed here", ""},
		{"frr", "configure terminal", "configure", "changes the device", ""},
		{"frr", "show version; reload", "; reload", "separator", ""},
		{"frr", "show version | redirect x", "redirect", "writes a file", ""},
		{"frr", "show version\nreload", `\n`, "second command", ""},
		{"linux", "ping 10.0.0.1", "", "incomplete", "ping 10.0.0.1 -c <int 1..20>"},
		{"linux", "cat /etc/shadow", "/etc/shadow", "is not allowed here", ""},
	} {
		_, err := ps[c.platform].Show(c.line)
		r, ok := err.(*Refusal)
		if !ok {
			t.Errorf("%s: %v", c.line, err)
			continue
		}
		if r.Near != c.near || !strings.Contains(r.Reason, c.reason) || c.nearest != "" && r.Nearest != c.nearest {
			t.Errorf("%s: near %q, reason %q, nearest %q", c.line, r.Near, r.Reason, r.Nearest)
		}
	}
}

func TestPlatformFilesAreWhole(t *testing.T) {
	ps := load(t)
	claimed := map[string]string{}
	for name, p := range ps {
		if _, err := regexp.Compile(p.Prompt); err != nil || p.Prompt == "" {
			t.Errorf("%s: prompt: %v", name, err)
		}
		if len(p.Rejects) == 0 || len(p.Reads()) == 0 {
			t.Errorf("%s: rejects or reads are missing", name)
		}
		for _, alias := range p.Aliases {
			if other := claimed[alias]; other != "" || ps[alias] != nil {
				t.Errorf("%s: alias %s is taken by %s", name, alias, other)
			}
			claimed[alias] = name
		}
		for _, q := range append(p.Prepare(), p.Record(Full)...) {
			if q.IsZero() || q.Class() == Probe || q.Filter() != nil {
				t.Errorf("%s: %q cannot be read unattended", name, q.Text())
			}
		}
		if len(p.Record(Quick)) >= len(p.Record(Full)) && len(p.Record(Full)) > 0 {
			t.Errorf("%s: the full profile adds nothing to the quick one", name)
		}
		if g := p.Grammar(); !strings.HasPrefix(g, "# read\n") {
			t.Errorf("%s: grammar begins %.40q", name, g)
		}
	}
}

func TestLoadPlatformsNamesFileAndLine(t *testing.T) {
	const head = "prompt: x\nrejects: [x]\n"
	for _, c := range []struct{ text, want string }{
		{head + "alow: |\n  show version\n", `platforms/x.yaml:[3:1] unknown field "alow"`},
		{head + "allow: |\n  show version\n  show <bogus>\n", "platforms/x.yaml:5: show <bogus>: <bogus> is no type"},
		{head + "allow: |\n  show (a|b\n", "platforms/x.yaml:4: show (a|b: a ( without its )"},
		{head + "allow: |\n  show a)\n", `platforms/x.yaml:4: show a): ")" closes nothing`},
		{head + "allow: |\n  show $x\n", "platforms/x.yaml:4: show $x: fragment $x is not in the define section"},
		{head + "define: {x: $x}\nallow: |\n  show $x\n", "is one defined by itself?"},
		{head + "allow: |\n  show <int>\n", "<int> wants a parameter"},
		{head + "allow: |\n  show <int 9..1>\n", "want a range such as 1..20"},
		{head + "allow: |\n  show {a|{b}}\n", "cannot stand inside another"},
		{head + "allow: |\n  show {[a] b}\n", "spell both"},
		{head + "allow: |\n  show {a|b} x {a|b}\n", "stands twice"},
		{head + "allow: |\n  ... x\n", "nothing stands before"},
		{head + "allow: |\n  show a;b\n", "cannot stand in a command"},
		{head + "allow: |\n  show version\nprepare: [terminal length 0]\n", `platforms/x.yaml: prepare: "terminal length 0": refused`},
		{head + "allow: |\n  show version\nreads: [{table: x, from: [show versoin]}]\n", "nearest allowed: show version"},
		{head + "also: y\nallow: |\n  show version\n", "there is no platforms/y.yaml"},
		{head + "allow: [show version]\n", "want a block of lines"},
	} {
		_, err := LoadPlatforms(fstest.MapFS{"platforms/x.yaml": {Data: []byte(c.text)}})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v; want %q", c.text, err, c.want)
		}
	}
}

func ExamplePlatform_Show() {
	platforms, err := LoadPlatforms(Files)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, line := range []string{"sh ip ospf nei det | include Full", "clear ip ospf process"} {
		q, err := platforms["frr"].Show(line)
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println("sent:", q.Text(), "- then applied here:", q.Filter())
	}
	// Output:
	// sent: show ip ospf neighbor detail - then applied here: [| include Full]
	// refused: no read: "clear" changes the device (at "clear")
}

func BenchmarkShow(b *testing.B) {
	ps := load(b)
	for _, c := range []struct{ platform, line string }{
		{"frr", "show ip bgp neighbors 10.0.0.1 advertised-routes"},
		{"frr", "sh ip ro vrf RED 10.4.0.0/24"},
		{"frr", "show ip route | include 10.4"},
		{"linux", "ip -s -d -j link show dev eth0"},
		{"frr", "clear ip bgp *"},
	} {
		b.Run(strings.ReplaceAll(c.platform+" "+c.line, " ", "_"), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = ps[c.platform].Show(c.line)
			}
		})
	}
}

func BenchmarkLoadPlatforms(b *testing.B) {
	for b.Loop() {
		load(b)
	}
}
