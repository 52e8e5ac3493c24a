package devices

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"
)

// A read of one protocol's routes, or of one transport's sockets, is cut out
// of the recorded table of all.
func TestReplayKinds(t *testing.T) {
	ps := platforms(t)
	rec, err := ReplayFS(fstest.MapFS{
		"recording.yaml": {Data: []byte("version: 1\ndevices:\n  - {name: r1, platform: frr}\n  - {name: r2, platform: frr}\n")},
		"r1/show_ip_route.txt": {Data: []byte("Codes: K - kernel route, C - connected, O - OSPF\n       > - selected route\n\n" +
			"O>* 10.0.12.0/24 [110/40] via 10.0.13.1, eth1, weight 1, 00:13:37\n  *                       via 10.0.34.4, eth2, weight 1, 00:13:37\n" +
			"C>* 10.0.13.0/24 is directly connected, eth1, 00:13:49\nB>  172.16.6.0/24 [200/0] via 10.255.0.2 (recursive), weight 1, 00:13:36\n")},
		"r1/ss_-lntu.txt":                   {Data: []byte("Netid State  Recv-Q Send-Q Local Address:Port\nudp   UNCONN 0      0      0.0.0.0:53\ntcp   LISTEN 0      4096   0.0.0.0:179\n")},
		"r1/ip_-4_route_show_table_all.txt": {Data: []byte("default via 10.0.0.1 dev eth0\n10.5.0.0/24 via 10.0.35.5 dev eth3 proto ospf metric 20\n")},
		"r2/show_ip_route_json.txt":         {Data: []byte(`{"10.0.12.0/24":[{"protocol":"ospf"}],"10.0.13.0/24":[{"protocol":"ospf"},{"protocol":"connected"}]}`)},
	}, Replaying{Platforms: ps})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		device, line string
		has, lacks   []string
	}{
		{"r1", "show ip route ospf", []string{"Codes:", "10.0.12.0/24", "via 10.0.34.4"}, []string{"10.0.13.0/24", "172.16.6.0/24"}},
		{"r1", "show ip route bgp", []string{"172.16.6.0/24"}, []string{"10.0.12.0/24", "via 10.0.34.4"}},
		{"r1", "show ip route static", []string{"Codes:"}, []string{"10.0.12.0/24", "10.0.13.0/24", "172.16.6.0/24"}},
		{"r1", "ss -lnt", []string{"Netid", ":179"}, []string{":53"}},
		{"r1", "ss -lun", []string{":53"}, []string{":179"}},
		{"r1", "ip route get 10.5.0.9", []string{"10.5.0.0/24"}, []string{"default"}},
		{"r1", "ip route get 192.0.2.1", []string{"default"}, []string{"10.5.0.0/24"}},
		{"r2", "show ip route connected json", []string{"10.0.13.0/24", "connected"}, []string{"10.0.12.0/24", "ospf"}},
	} {
		platform := "frr"
		o, err := rec.Fetch(context.Background(), c.device, show(t, ps, platform, c.line))
		if err != nil {
			t.Errorf("%s: %s: %v", c.device, c.line, err)
			continue
		}
		if o.From == "" {
			t.Errorf("%s: %s does not say what it was derived from", c.device, c.line)
		}
		for _, want := range c.has {
			if !strings.Contains(o.Output, want) {
				t.Errorf("%s: %s lacks %q:\n%s", c.device, c.line, want, o.Output)
			}
		}
		for _, not := range c.lacks {
			if strings.Contains(o.Output, not) {
				t.Errorf("%s: %s holds %q:\n%s", c.device, c.line, not, o.Output)
			}
		}
	}
}
