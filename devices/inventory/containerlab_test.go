package inventory

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/policies"
)

func loading() devices.Loading {
	env := map[string]string{"SSH_AUTH_SOCK": "/run/agent", "LAB_PASSWORD": "hunter2", "FRR": "10.2.1"}
	ps := map[string]*policies.Platform{}
	for _, name := range []string{"frr", "linux", "arista_eos"} {
		ps[name] = &policies.Platform{Name: name}
	}
	ps["nokia_srlinux"] = &policies.Platform{Name: "nokia_srlinux", Aliases: []string{"srl"}}
	return devices.Loading{
		File: "/lab/campus.clab.yml", Home: "/home/ada", User: "ada", Platforms: ps,
		Env: func(n string) (string, bool) { v, ok := env[n]; return v, ok },
	}
}

// Written by hand after containerlab's manual.
const campus = `
name: campus
mgmt: {network: custom}
topology:
  defaults: {kind: linux, labels: {netsonde.password: env:LAB_PASSWORD}}
  kinds:
    nokia_srlinux: {image: ghcr.io/nokia/srlinux}
  groups:
    leaf: {kind: nokia_srlinux}
  nodes:
    edge1: {group: leaf, mgmt-ipv4: 172.20.20.11}
    core1: {kind: arista_ceos, image: "ceos:4.33.1F", labels: {netsonde.password: "", netsonde.gnmi-port: "0"}}
    isp: {image: "quay.io/frrouting/frr:${FRR:=9.1}", labels: {netsonde.user: netro, netsonde.port: "2201", netsonde.address: 127.0.0.1}}
    pc: {image: "alpine:${ALPINE:-3}"}
    sw: {kind: bridge}
    fw: {kind: checkpoint_cloudguard}
    tap: {labels: {netsonde.skip: "true"}}
  links:
    - endpoints: ["edge1:e1-1", "core1:eth1"]
    - type: veth
      endpoints: [{node: core1, interface: eth2}, {node: isp, interface: eth1}]
    - endpoints: ["pc:eth1", "sw:pc"]
    - type: mgmt-net
      endpoint: {node: isp, interface: eth9}
`

func TestContainerlab(t *testing.T) {
	inv, warnings, err := Read([]byte(campus), loading())
	if err != nil {
		t.Fatal(err)
	}
	hunter := devices.NewSecret("hunter2")
	known := []string{"/home/ada/.ssh/known_hosts"}
	want := &devices.Inventory{
		Devices: []devices.Device{
			{Name: "core1", Address: "clab-campus-core1", Platform: "arista_eos",
				SSH: devices.SSH{User: "admin", Password: devices.NewSecret("admin"), Agent: "/run/agent", KnownHosts: known}},
			{Name: "edge1", Address: "172.20.20.11", Platform: "nokia_srlinux", Groups: []string{"leaf"},
				SSH:  devices.SSH{User: "admin", Password: hunter, Agent: "/run/agent", KnownHosts: known},
				GNMI: devices.GNMI{Port: 57401, User: "admin", Password: hunter, Insecure: true}},
			{Name: "isp", Address: "127.0.0.1", Platform: "frr",
				SSH: devices.SSH{Port: 2201, User: "netro", Password: hunter, Agent: "/run/agent", KnownHosts: known}},
			{Name: "pc", Address: "clab-campus-pc", Platform: "linux",
				SSH: devices.SSH{User: "ada", Password: hunter, Agent: "/run/agent", KnownHosts: known}},
		},
		Links: []string{"edge1:e1-1--core1:eth1", "core1:eth2--isp:eth1"},
	}
	if diff := cmp.Diff(want, inv, cmp.Comparer(func(a, b devices.Secret) bool { return a == b })); diff != "" {
		t.Errorf("inventory (-want +got):\n%s", diff)
	}
	said := strings.Join(warnings, "\n")
	for _, words := range []string{"node sw is left out: a bridge is not a device", `node fw is left out: kind "checkpoint_cloudguard" is not known`, "node tap is left out: its label"} {
		if !strings.Contains(said, words) {
			t.Errorf("warnings lack %q:\n%s", words, said)
		}
	}
	if len(warnings) != 3 {
		t.Errorf("%d warnings:\n%s", len(warnings), said)
	}
}

func TestContainerlabFaults(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"no nodes", "name: x\ntopology: {nodes: {}}\n", "not a containerlab topology"},
		{"not YAML", "name: [\n", "campus.clab.yml: [1:7]"},
		{"nothing to ask", "name: x\ntopology: {nodes: {sw: {kind: bridge}}}\n", "no node is a device"},
		{"unset variable", "name: x\ntopology: {nodes: {r1: {kind: linux, labels: {netsonde.password: env:NOPE}}}}\n", "node r1: environment variable NOPE is not set"},
		{"port", "name: x\ntopology: {nodes: {r1: {kind: linux, labels: {netsonde.port: ssh}}}}\n", `"ssh" is not a port`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := Read([]byte(tt.text), loading())
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func TestContainerNamesFollowThePrefix(t *testing.T) {
	for prefix, want := range map[string]string{
		"": "clab-x-r1", `prefix: ""`: "r1", "prefix: __lab-name": "x-r1", "prefix: my": "my-x-r1",
	} {
		inv, _, err := Read([]byte("name: x\n"+prefix+"\ntopology: {nodes: {r1: {kind: linux}}}\n"), loading())
		if err != nil || inv.Devices[0].Address != want {
			t.Errorf("%s: %v, %v", prefix, inv, err)
		}
	}
}

func TestReadTakesItsOwnFormat(t *testing.T) {
	inv, _, err := Read([]byte("version: 1\ndevices:\n  r1: {platform: srl}\n"), loading())
	if err != nil || inv.Devices[0].Platform != "nokia_srlinux" {
		t.Errorf("%v, %v", inv, err)
	}
	if _, _, err := Read([]byte("version: 1\nhosts:\n  r1: {}\n"), loading()); err == nil || !strings.Contains(err.Error(), `unknown key "hosts"`) {
		t.Errorf("got %v", err)
	}
}

func TestEveryKindHasItsPlatform(t *testing.T) {
	kinds, err := loadKinds()
	if err != nil {
		t.Fatal(err)
	}
	for name, k := range kinds {
		if k.Platform == "" {
			t.Errorf("%s has no platform", name)
		}
	}
}
