package devices

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const userSSHConfig = `
Host edge
  HostName 192.0.2.7
  Port 2022
  User netro
  IdentityFile ~/.ssh/%r_key
  UserKnownHostsFile ~/.ssh/lab_hosts
  ProxyJump hop1,second@192.0.2.51:2200
Host hop1
  HostName 192.0.2.50
  User first
  IdentityAgent none
Host loop
  ProxyJump loop
`

func TestOneDevice(t *testing.T) {
	known := []string{"/home/ada/.ssh/known_hosts"}
	tests := []struct {
		target string
		want   *Inventory
	}{
		{"r1.example.net", &Inventory{Devices: []Device{
			{Name: "r1.example.net", Address: "r1.example.net", Platform: "frr", SSH: SSH{User: "ada", Agent: "/run/agent", KnownHosts: known}}}}},
		{"bob@[2001:db8::1]:2200", &Inventory{Devices: []Device{
			{Name: "2001-db8--1", Address: "2001:db8::1", Platform: "frr", SSH: SSH{User: "bob", Port: 2200, Agent: "/run/agent", KnownHosts: known}}}}},
		{"edge", &Inventory{
			Devices: []Device{{Name: "edge", Address: "192.0.2.7", Platform: "frr", SSH: SSH{User: "netro", Port: 2022,
				Key: "/home/ada/.ssh/netro_key", Agent: "/run/agent", KnownHosts: []string{"/home/ada/.ssh/lab_hosts"}, Jump: "192.0.2.51"}}},
			Jumps: []Device{
				{Name: "hop1", Address: "192.0.2.50", SSH: SSH{User: "first", KnownHosts: known}},
				{Name: "192.0.2.51", Address: "192.0.2.51", SSH: SSH{User: "second", Port: 2200, Agent: "/run/agent", KnownHosts: known, Jump: "hop1"}},
			}}},
	}
	for _, tt := range tests {
		t.Run(tt.target, func(t *testing.T) {
			got, err := OneDevice(AdHoc{Target: tt.target, Platform: "frr", Config: strings.NewReader(userSSHConfig)}, testLoading())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got, cmp.Comparer(func(a, b Secret) bool { return a == b })); diff != "" {
				t.Errorf("inventory (-want +got):\n%s", diff)
			}
		})
	}
}

func TestOneDeviceFaults(t *testing.T) {
	tests := []struct{ target, platform, want string }{
		{"r1", "", "say which platform"},
		{"r1", "fr", "unknown platform"},
		{"r1:99999", "frr", "not a port"},
		{"-oProxyCommand=id", "frr", "not a host"},
		{"ada@", "frr", "not a host"},
		{"loop", "frr", "circle"},
	}
	for _, tt := range tests {
		_, err := OneDevice(AdHoc{Target: tt.target, Platform: tt.platform, Config: strings.NewReader(userSSHConfig)}, testLoading())
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want %q", tt.target, err, tt.want)
		}
	}
}

func TestOneDeviceTakesTheUsersOwnKey(t *testing.T) {
	l := testLoading()
	l.Home = t.TempDir()
	if err := os.Mkdir(filepath.Join(l.Home, ".ssh"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"id_rsa", "id_ed25519"} { // in this order: the better one wins
		file := filepath.Join(l.Home, ".ssh", name)
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		inv, err := OneDevice(AdHoc{Target: "r1", Platform: "frr"}, l)
		if err != nil || inv.Devices[0].SSH.Key != file {
			t.Errorf("%v, %v", inv, err)
		}
	}
}
