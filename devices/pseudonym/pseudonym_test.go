package pseudonym

import (
	"context"
	"math/rand/v2"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/policies"
)

func newMapper(t testing.TB) *Mapper {
	t.Helper()
	m, err := New([]byte("a key of sixteen"))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestAddressesKeepTheirPrefixes draws pairs of addresses and compares how
// many leading bits they share before and after.
func TestAddressesKeepTheirPrefixes(t *testing.T) {
	m, r := newMapper(t), rand.New(rand.NewPCG(1, 2))
	seen := map[netip.Addr]netip.Addr{}
	draw := func() netip.Addr {
		if r.IntN(3) == 0 {
			b := [16]byte{0x20, 1, 0xd, 0xb8, byte(r.IntN(4)), 0, 0, byte(r.IntN(4)), 15: byte(r.IntN(9))}
			return netip.AddrFrom16(b)
		}
		return netip.AddrFrom4([4]byte{byte(10 + r.IntN(2)), byte(r.IntN(4)), byte(r.IntN(256)), byte(r.IntN(256))})
	}
	for range 3000 {
		a, b := draw(), draw()
		x, y := m.Address(a), m.Address(b)
		if a.BitLen() == b.BitLen() && common(a, b) != common(x, y) {
			t.Fatalf("%s and %s share %d bits, %s and %s %d", a, b, common(a, b), x, y, common(x, y))
		}
		if old, ok := seen[x]; ok && old != a {
			t.Fatalf("%s and %s both become %s", old, a, x)
		}
		seen[x] = a
	}
	for _, s := range []string{"0.0.0.1", "127.0.0.1", "224.0.0.5", "255.255.255.252", "fe80::1", "::1", "ff02::5", "169.254.1.1"} {
		if a := netip.MustParseAddr(s); m.Address(a) != a {
			t.Errorf("%s became %s", s, m.Address(a))
		}
	}
	for _, s := range []string{"10.0.0.0/8", "172.16.5.0/24", "192.168.0.0/16", "10.1.0.0/16", "10.9.8.0/30"} {
		p := netip.MustParsePrefix(s)
		got := m.Prefix(p)
		if got != got.Masked() || got.Addr().IsPrivate() != p.Addr().IsPrivate() {
			t.Errorf("%s became %s", p, got)
		}
	}
}

func common(a, b netip.Addr) int {
	n := 0
	for n < a.BitLen() && netip.PrefixFrom(a, n+1).Masked().Contains(b) {
		n++
	}
	return n
}

func TestText(t *testing.T) {
	m := newMapper(t)
	for _, n := range []string{"r1", "core-2"} {
		m.Name(n)
	}
	m.Learn("hostname r1\nip domain name corp.example.net\nrouter bgp 65001\n neighbor 10.0.0.1 remote-as 174\n")
	a1, a2 := m.Address(netip.MustParseAddr("10.0.12.1")).String(), m.Address(netip.MustParseAddr("10.0.12.2")).String()
	for _, c := range []struct{ in, want string }{
		{"frr version 8.4.4\n", "frr version 8.4.4\n"},
		{"inet 10.0.12.1/30 brd 10.0.12.3", "inet " + a1 + "/30 brd " + m.Address(netip.MustParseAddr("10.0.12.3")).String()},
		{"peer 10.0.12.2:179", "peer " + a2 + ":179"},
		{"00:1a:2b:3c:4d:5e at 12:30:45", "00:1a:2b:3c:4d:5e at 12:30:45"},
		{"interface to_r1", "interface to_" + m.names["r1"]},
		{"R1.corp.example.net", m.names["r1"] + "." + m.names["corp"] + "." + m.names["example.net"]},
		{"core-2# show", m.names["core-2"] + "# show"},
		{"router bgp 65001", "router bgp " + m.systems["65001"]},
		{"remote-as 174, 174 packets", "remote-as " + m.systems["174"] + ", 174 packets"},
		{"rt 65001:100", "rt " + m.systems["65001"] + ":100"},
		{"ip address 10.9.0.0 255.255.0.0", "ip address " + m.Prefix(netip.MustParsePrefix("10.9.0.0/16")).Addr().String() + " 255.255.0.0"},
		{"area 0.0.0.0 lo 127.0.0.1", "area 0.0.0.0 lo 127.0.0.1"},
	} {
		if got := m.Text(c.in); got != c.want {
			t.Errorf("%q became %q, want %q", c.in, got, c.want)
		}
	}
	text := m.Text(" description Customer ACME in Bonn\r\n{\"desc\":\"ACME\"}\n")
	if strings.Contains(text, "ACME") || strings.Count(text, "\n") != 2 {
		t.Errorf("free text: %q", text)
	}
}

// TestRecording pseudonymises a recording, written by hand, and asks it the
// questions that the original would be asked.
func TestRecording(t *testing.T) {
	ps, err := policies.LoadPlatforms(policies.Files)
	if err != nil {
		t.Fatal(err)
	}
	from, to := t.TempDir(), filepath.Join(t.TempDir(), "copy")
	for name, text := range map[string]string{
		"recording.yaml":                      "version: 1\ndevices:\n- {name: lyon1, platform: frr, address: 10.7.0.1}\nlinks: ['lyon1:eth1--bern2:eth1']\n",
		"lyon1/show_ip_route.txt":             "O>* 10.4.7.0/24 [110/20] via 10.7.12.2, eth1\n",
		"lyon1/show_ip_bgp_10.4.7.0%2F24.txt": "BGP routing table entry for 10.4.7.0/24\n  64999\n",
		"lyon1/show_running-config.txt":       "hostname lyon1\nrouter bgp 64999\n bgp router-id 10.7.0.1\n",
		"lyon1/index.jsonl":                   "{\"query\":\"show version\",\"failure\":\"timeout\",\"error\":\"lyon1: 10.7.0.1: timed out\"}\n",
		"lyon1/about.txt":                     "the router in 10.7.0.1\n",
	} {
		path := filepath.Join(from, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	m := newMapper(t)
	if err := m.Recording(from, to, ps); err != nil {
		t.Fatal(err)
	}
	err = filepath.WalkDir(to, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		for _, leak := range []string{"lyon", "10.7.0.1", "10.4.7.0", "64999"} {
			if rel, _ := filepath.Rel(to, path); strings.Contains(string(b)+rel, leak) {
				t.Errorf("%s holds %q:\n%s", path, leak, b)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	rec, err := devices.Replay(to, devices.Replaying{Platforms: ps})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rec.Close() }()
	route := m.Prefix(netip.MustParsePrefix("10.4.7.0/24")).String()
	for _, line := range []string{"show ip route " + route, "show ip bgp " + route, "show running-config"} {
		q, err := ps["frr"].Show(line)
		if err != nil {
			t.Fatal(err)
		}
		o, err := rec.Fetch(context.Background(), m.Text("lyon1"), q)
		if err != nil || strings.HasPrefix(o.Output, "%") {
			t.Errorf("%s: %q, %v", line, o.Output, err)
		}
	}
	if len(m.Table()) < 5 {
		t.Errorf("the table: %v", m.Table())
	}
}

// FuzzText maps any text without a panic and keeps the number of its lines.
func FuzzText(f *testing.F) {
	f.Add("hostname r1\n10.0.0.1/33 ::/129 1.1.1.1.1 65001:1 \x00")
	f.Fuzz(func(t *testing.T, text string) {
		m := newMapper(t)
		m.Learn(text)
		if got := m.Text(text); strings.Count(got, "\n") != strings.Count(text, "\n") {
			t.Errorf("%q became %q", text, got)
		}
	})
}
