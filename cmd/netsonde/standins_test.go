package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/devices/standin"
	"github.com/netsonde/netsonde/policies"
)

// standIns serves every device of a recording over SSH on loopback, and writes
// the inventory that reaches them. The password is in $STANDIN_PASSWORD.
func standIns(t testing.TB, recording string) (inventory string, servers []*standin.SSHServer) {
	t.Helper()
	ps, err := policies.LoadPlatforms(policies.Files)
	if err != nil {
		t.Fatal(err)
	}
	rec, err := devices.Replay(recording, devices.Replaying{Platforms: ps})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = rec.Close() })
	dir := t.TempDir()
	var b strings.Builder
	fmt.Fprintf(&b, "version: 1\ndefaults:\n  ssh: {user: netro, password: \"env:STANDIN_PASSWORD\", known_hosts: [%s]}\ndevices:\n", filepath.Join(dir, "known_hosts"))
	for _, d := range rec.Inventory().Devices {
		answer := standin.Recorded(rec, d.Name, ps["linux"])
		if d.Platform == "frr" {
			answer = standin.Shell(standin.Recorded(rec, d.Name, ps["frr"]), answer)
		}
		s, err := standin.SSH{User: "netro", Password: "hunter2", Shell: true, Answer: answer}.Serve()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		servers = append(servers, s)
		host, port, _ := strings.Cut(s.Addr(), ":")
		fmt.Fprintf(&b, "  %s: {address: %s, platform: %s, ssh: {port: %s}}\n", d.Name, host, d.Platform, port)
	}
	if err := standin.Know(filepath.Join(dir, "known_hosts"), servers...); err != nil {
		t.Fatal(err)
	}
	if links := rec.Inventory().Links; len(links) > 0 {
		fmt.Fprintf(&b, "links: [%s]\n", strings.Join(links, ", "))
	}
	inventory = filepath.Join(dir, "inventory.yaml")
	if err := os.WriteFile(inventory, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return inventory, servers
}

// recorded writes a recording that ships in the program as a folder.
func recorded(t testing.TB, name string) string {
	t.Helper()
	files, err := unpacked(name)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), name)
	if err := os.CopyFS(dir, files); err != nil {
		t.Fatal(err)
	}
	return dir
}
