package devices

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netsonde/netsonde/policies"
)

func platforms(t testing.TB) map[string]*policies.Platform {
	t.Helper()
	ps, err := policies.LoadPlatforms(policies.Files)
	if err != nil {
		t.Fatal(err)
	}
	return ps
}

func show(t testing.TB, ps map[string]*policies.Platform, platform, line string) policies.Query {
	t.Helper()
	q, err := ps[platform].Show(line)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// Written by hand, after the form of FRR 8.4 and iproute2 6.1.
const (
	interfaces = "Interface eth1 is up, line protocol is up\n  index 2 metric 0 mtu 1500 speed 10000\n  inet 10.0.12.1/30\nInterface eth2 is down\n  index 3 metric 0 mtu 1400 speed 10000\nInterface to_r4 is up, line protocol is up\n  index 4 metric 0 mtu 1500 speed 10000\n"
	routes     = "Codes: K - kernel route, C - connected, S - static,\n       > - selected route, * - FIB route\n\nC>* 10.0.12.0/30 is directly connected, eth1, 00:01:02\nO>* 10.4.0.0/24 [110/20] via 10.0.12.2, eth1, weight 1, 00:01:00\n  *                     via 10.0.13.2, eth2, weight 1, 00:01:00\nO>* 10.4.0.0/16 [110/30] via 10.0.12.2, eth1, weight 1, 00:01:00\n"
	neighbors  = "\nNeighbor ID     Pri State           Up Time         Dead Time Address         Interface                        RXmtL RqstL DBsmL\n10.255.0.2        1 Full/-          1m02s              3.1s  10.0.12.2       eth1:10.0.12.1                       0     0     0\n10.255.0.3        1 Init/-          1m02s              3.1s  10.0.13.2       eth2:10.0.13.1                       0     0     0\n"
)

// folderOnly is a recording without manifest and index.
func folderOnly() fstest.MapFS {
	return fstest.MapFS{
		"r1/show_interface.txt":                 {Data: []byte(interfaces)},
		"r1/show_interface_to_r4.txt":           {Data: []byte("Interface to_r4 is up, line protocol is up\n")},
		"r1/show_ip_route.txt":                  {Data: []byte(routes)},
		"r1/show_ip_ospf_neighbor.txt":          {Data: []byte(neighbors)},
		"r1/show_bgp_summary_json.txt":          {Data: []byte(`{"ipv4Unicast":{"peers":{"10.0.0.1":{"state":"Established"},"10.0.0.2":{"state":"Idle"}}}}`)},
		"r1/_login.txt":                         {Data: []byte("Welcome\n")},
		"r1/sysctl_net.ipv4.ip_forward.txt":     {Data: []byte("net.ipv4.ip_forward = 1\n")},
		"r1/config backup.txt":                  {Data: []byte("Building configuration...\n\nCurrent configuration:\n!\nfrr version 8.4.4\nfrr defaults traditional\nhostname r1\n")},
		"h1/ip_address_show.txt":                {Data: []byte("1: lo: <LOOPBACK,UP> mtu 65536\n    inet 127.0.0.1/8 scope host lo\n2: eth1@if3: <BROADCAST,UP> mtu 1500\n    inet 10.1.0.10/24 scope global eth1\n")},
		"h1/ping_-c_2_10.4.0.53.txt":            {Data: []byte("2 packets transmitted, 0 received\n")},
		"h1/sysctl_forwarding_rp_filter.txt":    {Data: []byte("net.ipv4.conf.all.rp_filter = 1\n")},
		"h1/ip_route_show@20260101T000000Z.txt": {Data: []byte("default via 10.1.0.2 dev eth1\n")},
		"h1/ip_route_show@20260102T000000Z.txt": {Data: []byte("default via 10.1.0.1 dev eth1\n")},
	}
}

func TestReplayFolder(t *testing.T) {
	ps := platforms(t)
	rec, err := ReplayFS(folderOnly(), Replaying{Platforms: ps})
	if err != nil {
		t.Fatal(err)
	}
	if faults := rec.Faults(); len(faults) > 0 {
		t.Errorf("faults: %v", faults)
	}
	if !rec.CapturedAt().Equal(time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("captured at %v", rec.CapturedAt())
	}
	for _, c := range []struct {
		device, platform, ask, want, lacks, from string
	}{
		{"r1", "frr", "sh ip ro", "O>* 10.4.0.0/24", "", ""},
		{"r1", "frr", "show interface to_r4", "Interface to_r4", "eth1", ""},
		{"r1", "frr", "show interface eth2", "Interface eth2 is down", "eth1", "show interface"},
		{"r1", "frr", "show ip route 10.4.0.0/24", "via 10.0.13.2", "10.4.0.0/16", "show ip route"},
		{"r1", "frr", "show ip route 10.4.9.9", "10.4.0.0/16", "10.4.0.0/24", "show ip route"},
		{"r1", "frr", "show ip route 192.0.2.0/24", "% no such entry", "192.0.2.0", "show ip route"},
		{"r1", "frr", "show interface eth7", "% no such entry", "eth7", "show interface"},
		{"r1", "frr", "show ip ospf neighbor 10.255.0.3", "Init", "10.255.0.2", "show ip ospf neighbor"},
		{"r1", "frr", "show running-config", "hostname r1", "", ""},
		{"r1", "frr", "show bgp summary", "Established", "", "show bgp summary json"},
		{"r1", "linux", "sysctl net.ipv4.ip_forward", "= 1", "", ""},
		{"h1", "linux", "ip a", "eth1", "", "ip address show"},
		{"h1", "linux", "ip addr show dev eth1", "10.1.0.10", "127.0.0.1", "ip address show"},
		{"h1", "linux", "ping -c 2 10.4.0.53", "0 received", "", ""},
		{"h1", "linux", "ip route", "via 10.1.0.1", "10.1.0.2", "ip route show"},
	} {
		o, err := rec.Fetch(context.Background(), c.device, show(t, ps, c.platform, c.ask))
		if err != nil {
			t.Errorf("%s: %s: %v", c.device, c.ask, err)
			continue
		}
		if !strings.Contains(o.Output, c.want) || c.lacks != "" && strings.Contains(o.Output, c.lacks) || o.From != c.from {
			t.Errorf("%s: %s: want %q, not %q, from %q; got from %q:\n%s", c.device, c.ask, c.want, c.lacks, c.from, o.From, o.Output)
		}
	}
	_, err = rec.Fetch(context.Background(), "r1", show(t, ps, "frr", "show ip bgp"))
	if !errors.Is(err, ErrNotRecorded) || !strings.Contains(err.Error(), "show ip route") {
		t.Errorf("what is not recorded: %v", err)
	}
	if o, err := rec.File("h1", "sysctl_forwarding_rp_filter"); err != nil || !strings.Contains(o.Output, "rp_filter = 1") {
		t.Errorf("a file by name: %v, %v", o, err)
	}
	for _, bad := range []string{"../r1/_login.txt", "/etc/passwd", "..", ""} {
		if _, err := rec.File("h1", bad); !errors.Is(err, ErrNotRecorded) {
			t.Errorf("file %q: %v", bad, err)
		}
	}
}

// TestReplayAt asks for the state of an earlier time.
func TestReplayAt(t *testing.T) {
	ps := platforms(t)
	rec, err := ReplayFS(folderOnly(), Replaying{Platforms: ps, Named: map[string]string{"h1": "debian"}, At: time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	o, err := rec.Fetch(context.Background(), "h1", show(t, ps, "linux", "ip route"))
	if err != nil || !strings.Contains(o.Output, "10.1.0.2") || o.At.Day() != 1 {
		t.Errorf("got %+v, %v", o, err)
	}
}

func TestReplayDamaged(t *testing.T) {
	ps := platforms(t)
	fsys := fstest.MapFS{
		"recording.yaml": {Data: []byte("version: 1\ncaptured_at: 2026-03-01T12:00:00Z\ndevices:\n  - {name: r1, platform: frr}\n  - {name: r1, platform: linux}\n  - {nmae: r2}\n  - {name: r3, platform: nonesuch}\ncolour: blue\n")},
		"r1/index.jsonl": {Data: []byte(`{"query":"show ip route","platform":"frr","file":"a.txt","at":"2026-03-01T12:00:00Z"}
not json
{"query":"show version","file":"../../etc/passwd"}
{"query":"show interface","file":"gone.txt"}
{"query":"show bgp summary json","file":"b.txt"}
{"query":"show ip bgp","failure":"timeout","error":"r1: show ip bgp: timed out"}
{"query":"sh ip ospf neigh","file":"c.txt"}
`)},
		"r1/a.txt": {Data: []byte(routes + "\xff\xfe")},
		"r1/b.txt": {Data: []byte("{\n\"a\": 1,")},
		"r1/c.txt": {Data: []byte(neighbors)},
	}
	var heard []string
	rec, err := ReplayFS(fsys, Replaying{Platforms: ps, Damaged: func(err error) { heard = append(heard, err.Error()) }})
	if err != nil {
		t.Fatal(err)
	}
	all := errors.Join(rec.Damage()...).Error()
	for _, want := range []string{"recording.yaml:5: the device \"r1\" is listed twice", "recording.yaml:6: ", "recording.yaml:8: unknown key \"colour\"", `unknown platform "nonesuch"`,
		"r1/index.jsonl:2: not an entry", "r1/index.jsonl:3: the file", `"gone.txt" is missing`, "r1/a.txt:8: invalid UTF-8", "r1/b.txt:2: "} {
		if !strings.Contains(all, want) {
			t.Errorf("no fault %q in:\n%s", want, all)
		}
	}
	ctx := context.Background()
	if o, err := rec.Fetch(ctx, "r1", show(t, ps, "frr", "show ip route")); err != nil || !strings.Contains(o.Output, "10.4.0.0/24") {
		t.Errorf("the rest must stay usable: %v", err)
	}
	if o, err := rec.Fetch(ctx, "r1", show(t, ps, "frr", "show ip ospf neighbor")); err != nil || !strings.Contains(o.Output, "Full") {
		t.Errorf("an index in other words: %v", err)
	}
	if o, err := rec.Fetch(ctx, "r1", show(t, ps, "frr", "show bgp summary json")); err != nil || !o.Truncated {
		t.Errorf("truncated JSON must be marked: %+v, %v", o, err)
	}
	if _, err := rec.Fetch(ctx, "r1", show(t, ps, "frr", "show ip route 10.4.0.0/24")); err != nil {
		t.Error(err)
	}
	if d := cmp.Diff([]string{"r1/a.txt:8: invalid UTF-8", "r1/b.txt:2: unexpected end of JSON input"}, heard); d != "" {
		t.Errorf("what is heard of damage while reading, once a file (-want +got):\n%s", d)
	}
	if _, err := rec.Fetch(ctx, "r1", show(t, ps, "frr", "show ip bgp")); !errors.Is(err, ErrTimeout) {
		t.Errorf("a recorded failure: %v", err)
	}
	if _, err := rec.Fetch(ctx, "r9", show(t, ps, "frr", "show ip bgp")); !errors.Is(err, ErrUnknown) {
		t.Errorf("an unknown device: %v", err)
	}
}

// TestReplayStaysInside plants links that lead out of the folder.
func TestReplayStaysInside(t *testing.T) {
	dir, out := t.TempDir(), t.TempDir()
	secret := filepath.Join(out, "secret.txt")
	for path, text := range map[string]string{secret: "outside", filepath.Join(out, "show_version.txt"): "outside"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(filepath.Join(dir, "r1"), 0o755); err != nil {
		t.Fatal(err)
	}
	for link, target := range map[string]string{"r1/show_ip_route.txt": secret, "r2": out, "recording.yaml": secret} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "r1", "show_interface.txt"), []byte(interfaces), 0o644); err != nil {
		t.Fatal(err)
	}
	ps := platforms(t)
	rec, err := Replay(dir, Replaying{Platforms: ps, Platform: "frr"})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rec.Close() }()
	for _, device := range []string{"r1", "r2"} {
		for _, line := range []string{"show ip route", "show version"} {
			o, err := rec.Fetch(context.Background(), device, show(t, ps, "frr", line))
			if err == nil || strings.Contains(o.Output, "outside") {
				t.Errorf("%s: %s: %q, %v", device, line, o.Output, err)
			}
		}
	}
	if _, err := rec.Fetch(context.Background(), "r1", show(t, ps, "frr", "show interface")); err != nil {
		t.Errorf("the rest: %v", err)
	}
}
