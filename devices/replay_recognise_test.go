package devices

import (
	"testing"
	"testing/fstest"
)

func TestPlatformIsRecognised(t *testing.T) {
	ps := platforms(t)
	for _, c := range []struct {
		want  string
		files map[string]string
	}{
		{"frr", map[string]string{"show_ip_route.txt": "", "show_ip_ospf_neighbor.txt": ""}},
		{"frr", map[string]string{"show_ip_route.txt": routes}},
		{"frr", map[string]string{"show_interface.txt": interfaces, "ip_address_show.txt": "", "nft_list_ruleset.txt": ""}},
		{"linux", map[string]string{"ip_address_show.txt": "", "ip_route_show.txt": "", "_login.txt": ""}},
		{"cisco_iosxe", map[string]string{"show_version.txt": "Cisco IOS Software, IOSv Software\n", "show_ip_route.txt": ""}},
		{"arista_eos", map[string]string{"show_version.txt": "Arista vEOS\n", "show_ip_route.txt": "VRF: default\n"}},
		{"juniper_junos", map[string]string{"show_route.txt": "\ninet.0: 5 destinations, 5 routes (5 active, 0 holddown, 0 hidden)\n", "show_version.txt": ""}},
	} {
		fsys := fstest.MapFS{}
		for name, text := range c.files {
			fsys["d1/"+name] = &fstest.MapFile{Data: []byte(text)}
		}
		rec, err := ReplayFS(fsys, Replaying{Platforms: ps})
		if err != nil {
			t.Fatal(err)
		}
		if d, _ := rec.Inventory().Find("d1"); d.Platform != c.want {
			t.Errorf("%v: recognised as %q, want %q", c.files, d.Platform, c.want)
		}
	}
}
