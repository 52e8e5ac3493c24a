package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/netsonde/netsonde/devices/standin"
)

// A standinDevice is a device of a test's network.
type standinDevice struct {
	name, platform string
	ssh            standin.SSH
	gnmi           *standin.GNMI
}

// A standinNet is a network of stand-ins, with an inventory and a home.
type standinNet struct {
	dir     string
	servers map[string]*standin.SSHServer
	gnmi    map[string]*standin.GNMIServer
	env     map[string]string
}

const standinPassword = "pw-of-the-login"

// serve starts servers for ds, and writes an inventory that reaches them.
func serve(t *testing.T, ds ...standinDevice) *standinNet {
	t.Helper()
	n := &standinNet{dir: t.TempDir(), servers: map[string]*standin.SSHServer{}, gnmi: map[string]*standin.GNMIServer{}}
	n.env = map[string]string{"HOME": n.dir, "NETSONDE_STATE_DIR": filepath.Join(n.dir, "state"), "PW": standinPassword, "NETSONDE_INVENTORY": filepath.Join(n.dir, "inventory.yaml"), "NO_COLOR": "1"}
	var b strings.Builder
	fmt.Fprintf(&b, "version: 1\ndefaults: {ssh: {user: netops, password: \"env:PW\", known_hosts: [%s]}}\ndevices:\n", n.file("known_hosts"))
	var all []*standin.SSHServer
	for _, d := range ds {
		d.ssh.User = "netops"
		if d.ssh.Password == "" {
			d.ssh.Password = standinPassword
		}
		s, err := d.ssh.Serve()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		n.servers[d.name] = s
		all = append(all, s)
		over := ""
		if d.gnmi != nil {
			g, err := d.gnmi.Serve()
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = g.Close() })
			n.gnmi[d.name] = g
			over = fmt.Sprintf(", gnmi: {port: %d, insecure: true}", g.Device(d.name, d.platform).GNMI.Port)
		}
		at := s.Device(d.name, d.platform)
		fmt.Fprintf(&b, "  %s: {address: %s, platform: %s, ssh: {port: %d}%s}\n", d.name, at.Address, d.platform, at.SSH.Port, over)
	}
	if err := standin.Know(n.file("known_hosts"), all...); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(n.file("inventory.yaml"), []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return n
}

func (n *standinNet) file(name string) string { return filepath.Join(n.dir, name) }

// run runs one command line on the network, and returns what it printed.
func (n *standinNet) run(ctx context.Context, args ...string) (out, errs string, status int) {
	var stdout, stderr bytes.Buffer
	c := console{
		in: strings.NewReader(""), out: &stdout, err: &stderr, now: time.Now,
		getenv: func(name string) string { return n.env[name] },
	}
	status = run(ctx, c, args)
	return stdout.String(), stderr.String(), status
}
