package policies

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestGet(t *testing.T) {
	p := load(t)["frr"]
	for _, c := range []struct {
		path, text string
		class      Class
	}{
		{"/interfaces/interface[name=eth1]/state/", "/interfaces/interface[name=eth1]/state", Read},
		{"interfaces", "/interfaces", Read},
		{"openconfig:/lldp", "openconfig:/lldp", Read},
		{"/a/b[z=1][a=2]", "/a/b[a=2][z=1]", Read},
		{"/interfaces/interface[name=Ethernet1/1]", "/interfaces/interface[name=Ethernet1/1]", Read},
		{`/interfaces/interface[name="eth 1"]/state`, "/interfaces/interface[name=eth 1]/state", Read},
		{"/interfaces/interface[name=*]/state/counters", "/interfaces/interface[name=*]/state/counters", Read},
		{"/openconfig-interfaces:interfaces", "/openconfig-interfaces:interfaces", Read},
		{"/network-instances/network-instance[name=default]/afts", "/network-instances/network-instance[name=default]/afts", Heavy},
		{"/network-instances/network-instance[name=default]/afts/ipv4-unicast/ipv4-entry[prefix=10.0.0.0/8]",
			"/network-instances/network-instance[name=default]/afts/ipv4-unicast/ipv4-entry[prefix=10.0.0.0/8]", Read},
		{"/system/state", "/system/state", Read},
	} {
		q, err := p.Get(c.path)
		if err != nil || q.Text() != c.text || q.Class() != c.class || q.Kind() != Get {
			t.Errorf("%s: %q (%s), %v; want %q (%s)", c.path, q.Text(), q.Class(), err, c.text, c.class)
		}
		if again, err := p.Get(q.Text()); err != nil || again.Text() != q.Text() {
			t.Errorf("%s: the print parses to %q, %v", c.path, again.Text(), err)
		}
	}
}

func TestGetRefuses(t *testing.T) {
	p := load(t)["frr"]
	for _, c := range []struct{ path, why string }{
		{"/", "the whole tree"},
		{"", "the whole tree"},
		{"/*", "the whole tree"},
		{"openconfig:/", "the whole tree"},
		{"cli:/show version", "carries commands"},
		{"CLI:/x", "carries commands"},
		{"openconfig-cli:/x", "carries commands"},
		{"eos_native:/Sysdb", "does not list the origin"},
		{"/Cisco-IOS-XR-ifmgr-oper:interfaces", "does not list the model"},
		{"/system", "name a part"},
		{"/system/*", "name a part"},
		{"/system/aaa/authentication", "secrets"},
		{"/system/aaa/authentication/users/user[username=x]/config/password", "secrets"},
		{"/a/b/config/auth-password", "secrets"},
		{"/keychains/keychain[name=x]", "secrets"},
		{"/system/snmp-server", "secrets"},
		{"/x/...", "no name"},
		{"/x/../y", "no name"},
		{"/x//y", "between elements"},
		{"/x[k=]", "want a key"},
		{"/x[k]", "want a key"},
		{"/x[k=1", "want a key"},
		{`/x[k=a\]b]`, "want a key"},
		{"/x[k=1][k=2]", "twice"},
		{"/x[k=1]y", "between elements"},
		{"/x\n/y", "line break"},
		{"/x\u0455", "not ASCII"},
		{"/x;y", "no name"},
		{strings.Repeat("/x", 41), "deeper"},
	} {
		if q, err := p.Get(c.path); err == nil || !strings.Contains(err.Error(), c.why) {
			t.Errorf("%s: %q, %v; want %q", c.path, q.Text(), err, c.why)
		}
	}
}

func TestWatch(t *testing.T) {
	p := load(t)["frr"]
	q, err := p.Watch("/interfaces/interface[name=eth1]/state/counters", Sample, 2*time.Second, time.Minute)
	if err != nil || q.Kind() != Watch || q.Every() != 2*time.Second || q.Window() != time.Minute || q.Mode() != Sample {
		t.Errorf("%v, %v", q, err)
	}
	if _, err := p.Watch("/interfaces", OnChange, 0, time.Minute); err != nil {
		t.Error(err)
	}
	for _, c := range []struct {
		path          string
		mode          Mode
		every, window time.Duration
	}{
		{"/interfaces", Sample, 100 * time.Millisecond, time.Minute},
		{"/interfaces", Sample, 0, time.Minute},
		{"/interfaces", Sample, time.Second, time.Hour},
		{"/interfaces", Sample, time.Second, 0},
		{"/interfaces", Sample, time.Minute, time.Second},
		{"/interfaces", OnChange, time.Millisecond, time.Minute},
		{"/interfaces", "poll", time.Second, time.Minute},
		{"/", Sample, time.Second, time.Minute},
		{"/network-instances/network-instance[name=default]/afts", Sample, time.Second, time.Minute},
	} {
		if q, err := p.Watch(c.path, c.mode, c.every, c.window); err == nil {
			t.Errorf("%v: want a refusal, got %v", c, q)
		}
	}
}

func TestBroader(t *testing.T) {
	p := load(t)["frr"]
	for _, c := range []struct {
		line string
		want []string // in this order, others may stand between
	}{
		{"show ip route 10.4.0.0/24", []string{"show ip route vrf all 10.4.0.0/24", "show ip route", "show ip route vrf all", "show ip route vrf all json"}},
		{"show interface eth1", []string{"show interface eth1 json", "show interface", "show interface vrf all"}},
		{"show ip bgp neighbors 10.0.0.1", []string{"show ip bgp neighbors", "show bgp neighbors", "show bgp vrf all neighbors"}},
		{"show ip ospf neighbor", []string{"show ip ospf neighbor json", "show ip ospf vrf all neighbor detail"}},
		{"show running-config ospfd", []string{"show running-config"}},
		{"ip addr show dev eth0", []string{"ip address show", "ip -j address show"}},
		{"ip route", []string{"ip route show", "ip -4 route show table all"}},
		{"sysctl net.ipv4.ip_forward", []string{"sysctl -a"}},
		{"nft list table inet filter", []string{"nft list ruleset"}},
		{"show version", nil},
	} {
		q, err := p.Show(c.line)
		if err != nil {
			t.Errorf("%s: %v", c.line, err)
			continue
		}
		var got []string
		at := 0
		for _, b := range q.Broader() {
			if at < len(c.want) && b.Text() == c.want[at] {
				at++
			}
			got = append(got, b.Text())
		}
		if at != len(c.want) {
			t.Errorf("%s: %s is missing, or out of order, in %s", c.line, c.want[at], strings.Join(got, "; "))
		}
	}
	q, err := p.Get("/interfaces/interface[name=eth1]/state")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, b := range q.Broader() {
		if !strings.HasPrefix(b.Text(), "openconfig:") {
			got = append(got, b.Text())
		}
	}
	want := []string{"/interfaces/interface[name=*]/state", "/interfaces/interface/state", "/interfaces/interface[name=eth1]",
		"/interfaces/interface[name=*]", "/interfaces/interface", "/interfaces"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}
