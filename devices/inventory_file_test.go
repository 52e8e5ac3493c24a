package devices

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netsonde/netsonde/policies"
)

func testLoading() Loading {
	env := map[string]string{"LAB_PASSWORD": "hunter2", "SSH_AUTH_SOCK": "/run/agent"}
	return Loading{
		File: "/etc/netsonde/inventory.yaml",
		Home: "/home/ada",
		User: "ada",
		Env:  func(n string) (string, bool) { v, ok := env[n]; return v, ok },
		Platforms: map[string]*policies.Platform{
			"frr":           {Name: "frr", Also: "linux"},
			"linux":         {Name: "linux"},
			"cisco_iosxe":   {Name: "cisco_iosxe", Aliases: []string{"ios", "cisco_ios"}},
			"juniper_junos": {Name: "juniper_junos"},
		},
	}
}

const wholeInventory = `
version: 1
defaults:
  platform: frr
  ssh: {user: netro, password: env:LAB_PASSWORD, known_hosts: [known_hosts]}
groups:
  edge: {ssh: {port: 2222}, gnmi: {port: 9339, insecure: true}}
  core:
jumps:
  bastion: {address: 192.0.2.9, ssh: {user: hop, agent: env:SSH_AUTH_SOCK}}
devices:
  r2: {address: 192.0.2.2, groups: [edge, core], ssh: {user: other}}
  r1:
    address: 192.0.2.1
    platform: IOS
    ssh: {key: ~/.ssh/lab, jump: bastion, legacy_algorithms: [ssh-rsa]}
  h1:
links: ["r1:eth1--r2:eth1"]
`

func TestParseInventoryOverlaysDefaultsGroupsAndDevice(t *testing.T) {
	inv, warnings, err := ParseInventory([]byte(wholeInventory), testLoading())
	if err != nil || len(warnings) > 0 {
		t.Fatalf("err %v, warnings %q", err, warnings)
	}
	password := NewSecret("hunter2")
	known := []string{"/etc/netsonde/known_hosts"}
	want := &Inventory{
		Devices: []Device{
			{Name: "h1", Address: "h1", Platform: "frr", SSH: SSH{User: "netro", Password: password, KnownHosts: known}},
			{Name: "r1", Address: "192.0.2.1", Platform: "cisco_iosxe",
				SSH: SSH{User: "netro", Password: password, KnownHosts: known, Key: "/home/ada/.ssh/lab", Jump: "bastion", Legacy: []string{"ssh-rsa"}}},
			{Name: "r2", Address: "192.0.2.2", Platform: "frr", Groups: []string{"edge", "core"},
				SSH:  SSH{User: "other", Password: password, KnownHosts: known, Port: 2222},
				GNMI: GNMI{Port: 9339, Insecure: true}},
		},
		Links: []string{"r1:eth1--r2:eth1"},
		Jumps: []Device{{Name: "bastion", Address: "192.0.2.9", SSH: SSH{User: "hop", Password: password, KnownHosts: known, Agent: "/run/agent"}}},
	}
	if diff := cmp.Diff(want, inv, cmp.Comparer(func(a, b Secret) bool { return a == b })); diff != "" {
		t.Errorf("inventory (-want +got):\n%s", diff)
	}
}

func TestParseInventoryFaults(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"unknown section", "version: 1\ndevice:\n  r1: {platform: frr}\n", `inventory.yaml:2:1: unknown key "device"; did you mean devices?`},
		{"unknown key", "version: 1\ndevices:\n  r1: {platform: frr, adress: 192.0.2.1}\n", `inventory.yaml:3:23: unknown field "adress"`},
		{"duplicate", "version: 1\ndevices:\n  r1: {platform: frr}\n  r1: {platform: frr}\n", `"r1" already defined`},
		{"not YAML", "version: 1\ndevices: [\n", `inventory.yaml: [2:10]`},
		{"empty", "", `want one YAML document`},
		{"no version", "devices:\n  r1: {platform: frr}\n", `version is missing`},
		{"another version", "version: 2\ndevices:\n  r1: {platform: frr}\n", `inventory.yaml:1:10: version 2 is not known`},
		{"no devices", "version: 1\n", `no devices`},
		{"no platform", "version: 1\ndevices:\n  r1: {address: 192.0.2.1}\n", `r1: no platform`},
		{"misspelt platform", "version: 1\ndevices:\n  r1: {platform: juniper_juno}\n", `unknown platform "juniper_juno"; did you mean juniper_junos?`},
		{"unset variable", "version: 1\ndevices:\n  r1: {platform: frr, ssh: {password: env:NOPE}}\n", `r1: ssh password: environment variable NOPE is not set`},
		{"missing secret file", "version: 1\ndevices:\n  r1: {platform: frr, ssh: {password: file:/nonexistent}}\n", `/nonexistent: no such file`},
		{"port", "version: 1\ndevices:\n  r1: {platform: frr, ssh: {port: 70000}}\n", `70000 is not a port`},
		{"group of nobody", "version: 1\ngroups: {edge: }\ndevices:\n  r1: {platform: frr, groups: [egde]}\n", `group "egde" is not under groups; did you mean edge?`},
		{"group named as a device", "version: 1\ngroups: {r1: }\ndevices:\n  r1: {platform: frr}\n", `"r1" is the name of a group too`},
		{"name", "version: 1\ndevices:\n  \"r1:eth1\": {platform: frr}\n", `cannot be a device's name`},
		{"jump to nowhere", "version: 1\ndevices:\n  r1: {platform: frr, ssh: {jump: bastion}}\n", `jump host "bastion" is neither`},
		{"jump circle", "version: 1\ndevices:\n  r1: {platform: frr, ssh: {jump: r2}}\n  r2: {platform: frr, ssh: {jump: r1}}\n", `circle: r1 -> r2 -> r1`},
		{"link to nowhere", "version: 1\ndevices:\n  r1: {platform: frr}\nlinks: [\"r1:eth1--r2:eth1\"]\n", `r2: unknown device`},
		{"token in the clear", "version: 1\ndevices:\n  r1: {platform: frr, gnmi: {port: 1, insecure: true, token: x}}\n", `never sent without TLS`},
		{"gnmi without a port", "version: 1\ndevices:\n  r1: {platform: frr, gnmi: {user: x}}\n", `gnmi: no port`},
		{"gnmi of commands", "version: 1\ndevices:\n  r1: {platform: frr, gnmi: {port: 1, origin: CLI}}\n", `origin cli`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			inv, _, err := ParseInventory([]byte(tt.text), testLoading())
			if err == nil || inv != nil {
				t.Fatalf("accepted: %+v", inv)
			}
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error\n%v\ndoes not say\n%s", err, tt.want)
			}
		})
	}
}

func TestParseInventoryJoinsAllFaults(t *testing.T) {
	_, _, err := ParseInventory([]byte("version: 1\ndevices:\n  r1: {platform: fr}\n  r2: {address: \"a b\", platform: frr}\n"), testLoading())
	if err == nil {
		t.Fatal("accepted")
	}
	for _, want := range []string{":3:", "r1: unknown platform", ":4:", `r2: address "a b"`} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error\n%v\nlacks %q", err, want)
		}
	}
}

func TestParseInventoryWarnsOfASecretInTheOpen(t *testing.T) {
	inv, warnings, err := ParseInventory([]byte("version: 1\ndevices:\n  r1: {platform: frr, ssh: {password: hunter2}}\n"), testLoading())
	if err != nil {
		t.Fatal(err)
	}
	if got := inv.Devices[0].SSH.Password.Reveal(); got != "hunter2" {
		t.Errorf("password %q", got)
	}
	if len(warnings) != 1 || !strings.Contains(warnings[0], "r1: the ssh password stands in the open") || strings.Contains(warnings[0], "hunter2") {
		t.Errorf("warnings %q", warnings)
	}
}

func TestParseInventoryWithoutEnvironmentLeavesReferences(t *testing.T) {
	l := testLoading()
	l.Env = nil
	inv, _, err := ParseInventory([]byte(wholeInventory), l)
	if err != nil {
		t.Fatal(err)
	}
	if !inv.Devices[0].SSH.Password.IsZero() {
		t.Error("a reference was resolved without an environment")
	}
}
