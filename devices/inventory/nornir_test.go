package inventory

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netsonde/netsonde/devices"
)

// Written by hand, in the shape of containerlab's nornir-simple-inventory.yml.
const hosts = `
edge1:
  hostname: 172.20.20.11
  platform: srl
  username: admin
  password: env:LAB_PASSWORD
  groups: [leaf]
core1: {platform: arista_eos, port: 2222, password: plain}
pc: {hostname: 172.20.20.13}
`

func TestNornir(t *testing.T) {
	inv, warnings, err := Read([]byte(hosts), loading())
	if err != nil {
		t.Fatal(err)
	}
	known := []string{"/home/ada/.ssh/known_hosts"}
	want := &devices.Inventory{Devices: []devices.Device{
		{Name: "core1", Address: "core1", Platform: "arista_eos",
			SSH: devices.SSH{Port: 2222, User: "ada", Password: devices.NewSecret("plain"), Agent: "/run/agent", KnownHosts: known}},
		{Name: "edge1", Address: "172.20.20.11", Platform: "nokia_srlinux", Groups: []string{"leaf"},
			SSH: devices.SSH{User: "admin", Password: devices.NewSecret("hunter2"), Agent: "/run/agent", KnownHosts: known}},
	}}
	if diff := cmp.Diff(want, inv, cmp.Comparer(func(a, b devices.Secret) bool { return a == b })); diff != "" {
		t.Errorf("inventory (-want +got):\n%s", diff)
	}
	said := strings.Join(warnings, "\n")
	if len(warnings) != 2 || !strings.Contains(said, "host core1: the password stands in the open") || !strings.Contains(said, "host pc is left out: it has no platform") {
		t.Errorf("warnings:\n%s", said)
	}
}

func TestNornirWithoutAHostIsAFault(t *testing.T) {
	_, _, err := Read([]byte("r1: {hostname: 192.0.2.1, platform: fr}\n"), loading())
	if err == nil || !strings.Contains(err.Error(), "no host that can be asked") || !strings.Contains(err.Error(), `unknown platform "fr"`) {
		t.Errorf("got %v", err)
	}
}
