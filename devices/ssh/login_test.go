package ssh

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/devices/standin"
)

// clientKey makes a key pair and writes the private half to a file.
func clientKey(t *testing.T, passphrase string) (ed25519.PrivateKey, ssh.PublicKey, string) {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	var block *pem.Block
	if passphrase == "" {
		block, err = ssh.MarshalPrivateKey(private, "")
	} else {
		block, err = ssh.MarshalPrivateKeyWithPassphrase(private, "", []byte(passphrase))
	}
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "id")
	if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.NewSignerFromKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return private, signer.PublicKey(), file
}

// serveAgent serves an SSH agent that holds keys.
func serveAgent(t *testing.T, keys ...ed25519.PrivateKey) string {
	t.Helper()
	ring := agent.NewKeyring()
	for _, k := range keys {
		if err := ring.Add(agent.AddedKey{PrivateKey: k}); err != nil {
			t.Fatal(err)
		}
	}
	socket := filepath.Join(t.TempDir(), "agent")
	ln, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ln.Close() })
	go func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			go func() {
				_ = agent.ServeAgent(ring, conn)
				_ = conn.Close()
			}()
		}
	}()
	return socket
}

func TestWaysToLogIn(t *testing.T) {
	private, public, plain := clientKey(t, "")
	_, sealedPublic, sealed := clientKey(t, "open sesame")
	tests := []struct {
		name string
		dev  standin.SSH
		ssh  devices.SSH
	}{
		{"password", standin.SSH{Password: "hunter2"}, devices.SSH{Password: devices.NewSecret("hunter2")}},
		{"keyboard-interactive", standin.SSH{Password: "hunter2", Questions: true}, devices.SSH{Password: devices.NewSecret("hunter2")}},
		{"key", standin.SSH{PublicKey: public}, devices.SSH{Key: plain}},
		{"key with a passphrase", standin.SSH{PublicKey: sealedPublic}, devices.SSH{Key: sealed, Passphrase: devices.NewSecret("open sesame")}},
		{"agent", standin.SSH{PublicKey: public}, devices.SSH{Agent: serveAgent(t, private)}},
		{"agent for a sealed key", standin.SSH{PublicKey: public}, devices.SSH{Key: sealed, Agent: serveAgent(t, private)}},
		{"password after a refused key", standin.SSH{Password: "hunter2", PublicKey: sealedPublic}, devices.SSH{Key: plain, Password: devices.NewSecret("hunter2")}},
		{"password where the agent is gone", standin.SSH{Password: "hunter2"}, devices.SSH{Agent: "/nonexistent", Password: devices.NewSecret("hunter2")}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.dev.User, tt.dev.Shell, tt.dev.Answer = "netro", true, standin.Shell(vtysh(), vtysh())
			server, d := serve(t, tt.dev)
			tt.ssh.User, tt.ssh.Port, tt.ssh.KnownHosts = "netro", d.SSH.Port, d.SSH.KnownHosts
			d.SSH = tt.ssh
			s := dial(t, d)
			if out, err := s.Do(timeout(t, 5*time.Second), show(t, platforms(t)["frr"], "show version")); err != nil || out != version {
				t.Errorf("got %q, %v", out, err)
			}
			if c := server.Counts(); c.Logins != 1 || c.Dials != 1 {
				t.Errorf("%+v", c)
			}
		})
	}
}

func TestRefusedLoginIsDeniedAfterOneTry(t *testing.T) {
	server, d := serve(t, standin.SSH{User: "netro", Password: "right", Banner: "Authorised\x1b[31m users only\n", Shell: true})
	d.SSH.Password = devices.NewSecret("wrong")
	_, err := (&Dialer{Platforms: platforms(t)}).Dial(timeout(t, 5*time.Second), d)
	if !errors.Is(err, devices.ErrDenied) {
		t.Fatalf("got %v", err)
	}
	for _, want := range []string{"user netro", "banner: Authorised users only", "tried password"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q lacks %q", err, want)
		}
	}
	if strings.Contains(err.Error(), "wrong") {
		t.Errorf("the password is in the error: %v", err)
	}
	if c := server.Counts(); c.Attempts != 1 {
		t.Errorf("the password was sent %d times", c.Attempts)
	}
}

func TestNoWayToLogInSaysSo(t *testing.T) {
	_, _, sealed := clientKey(t, "open sesame")
	tests := []struct {
		name string
		ssh  devices.SSH
		want string
	}{
		{"nothing", devices.SSH{User: "netro"}, "no way to log in"},
		{"no user", devices.SSH{Password: devices.NewSecret("x")}, "no user"},
		{"sealed key", devices.SSH{User: "netro", Key: sealed}, "is encrypted: give its passphrase"},
		{"wrong passphrase", devices.SSH{User: "netro", Key: sealed, Passphrase: devices.NewSecret("x")}, "ssh key " + sealed},
		{"no key file", devices.SSH{User: "netro", Key: "/nonexistent"}, "no such file"},
		{"no agent", devices.SSH{User: "netro", Agent: "/nonexistent"}, "ssh agent"},
		{"empty agent", devices.SSH{User: "netro", Agent: serveAgent(t)}, "holds no key"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			server, d := serve(t, standin.SSH{})
			tt.ssh.Port, tt.ssh.KnownHosts = d.SSH.Port, d.SSH.KnownHosts
			d.SSH = tt.ssh
			_, err := (&Dialer{Platforms: platforms(t)}).Dial(timeout(t, 5*time.Second), d)
			if !errors.Is(err, devices.ErrUnreachable) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
			if c := server.Counts(); c.Dials != 0 {
				t.Errorf("dialed %d times for nothing", c.Dials)
			}
		})
	}
}

func TestHostKeys(t *testing.T) {
	server, d := serve(t, shellLogin(vtysh()))
	known := d.SSH.KnownHosts[0]
	t.Run("unknown", func(t *testing.T) {
		d := d
		d.SSH.KnownHosts = []string{filepath.Join(t.TempDir(), "none")}
		_, err := (&Dialer{Platforms: platforms(t)}).Dial(timeout(t, 5*time.Second), d)
		if !errors.Is(err, ErrHostKeyUnknown) || !errors.Is(err, devices.ErrUnreachable) {
			t.Fatalf("got %v", err)
		}
		if !strings.Contains(err.Error(), ssh.FingerprintSHA256(server.HostKey())) {
			t.Errorf("%q does not show the key", err)
		}
	})
	t.Run("changed", func(t *testing.T) {
		other, _ := serve(t, standin.SSH{})
		d := d
		d.SSH.KnownHosts = []string{filepath.Join(t.TempDir(), "old")}
		text, _ := os.ReadFile(known)
		line := strings.Replace(string(text), strings.Fields(string(text))[2], keyText(other), 1)
		if err := os.WriteFile(d.SSH.KnownHosts[0], []byte(line), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, policy := range []NewKeys{RefuseNew, AcceptNew} {
			_, err := (&Dialer{Platforms: platforms(t), NewKeys: policy}).Dial(timeout(t, 5*time.Second), d)
			if !errors.Is(err, ErrHostKeyChanged) || !strings.Contains(err.Error(), ":1 has ssh-ed25519 "+ssh.FingerprintSHA256(other.HostKey())) {
				t.Errorf("policy %d: got %v", policy, err)
			}
		}
	})
	t.Run("accepted once and held", func(t *testing.T) {
		d := d
		d.SSH.KnownHosts = []string{filepath.Join(t.TempDir(), "folder", "known_hosts")}
		r := &Dialer{Platforms: platforms(t), NewKeys: AcceptNew}
		for range 2 {
			s, err := r.Dial(timeout(t, 5*time.Second), d)
			if err != nil {
				t.Fatal(err)
			}
			_ = s.Close()
		}
		text, err := os.ReadFile(d.SSH.KnownHosts[0])
		if err != nil || strings.Count(string(text), "\n") != 1 || !strings.Contains(string(text), keyText(server)) {
			t.Errorf("known_hosts holds %q, %v", text, err)
		}
		r.NewKeys = RefuseNew
		s, err := r.Dial(timeout(t, 5*time.Second), d)
		if err != nil {
			t.Fatal(err)
		}
		_ = s.Close()
	})
	t.Run("unreadable file", func(t *testing.T) {
		d := d
		d.SSH.KnownHosts = []string{filepath.Join(t.TempDir(), "bad")}
		if err := os.WriteFile(d.SSH.KnownHosts[0], []byte("# fine\nhost ssh-rsa !!!\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := (&Dialer{Platforms: platforms(t)}).Dial(timeout(t, 5*time.Second), d)
		if err == nil || !strings.Contains(err.Error(), "bad:2") {
			t.Errorf("got %v", err)
		}
	})
}

func keyText(s *standin.SSHServer) string {
	return strings.Fields(string(ssh.MarshalAuthorizedKey(s.HostKey())))[1]
}

func TestOldAlgorithms(t *testing.T) {
	dev := shellLogin(vtysh())
	dev.Config = ssh.Config{KeyExchanges: []string{ssh.InsecureKeyExchangeDH1SHA1}}
	_, d := serve(t, dev)
	r := &Dialer{Platforms: platforms(t)}
	_, err := r.Dial(timeout(t, 5*time.Second), d)
	if !errors.Is(err, devices.ErrUnreachable) ||
		!strings.Contains(err.Error(), "it offers diffie-hellman-group1-sha1") ||
		!strings.Contains(err.Error(), "legacy_algorithms: [diffie-hellman-group1-sha1]") {
		t.Errorf("got %v", err)
	}
	d.SSH.Legacy = []string{ssh.InsecureKeyExchangeDH1SHA1}
	s, err := r.Dial(timeout(t, 5*time.Second), d)
	if err != nil {
		t.Fatal(err)
	}
	_ = s.Close()
	d.SSH.Legacy = []string{"rot13"}
	if _, err := r.Dial(timeout(t, 5*time.Second), d); err == nil || !strings.Contains(err.Error(), `"rot13" is not an old algorithm`) {
		t.Errorf("got %v", err)
	}
}

func TestJumpHosts(t *testing.T) {
	first, hop1 := serve(t, standin.SSH{User: "one", Password: "first", Forwarding: true})
	second, hop2 := serve(t, standin.SSH{User: "two", Password: "second", Forwarding: true})
	_, d := serve(t, shellLogin(vtysh()))
	hop1.Name, hop2.Name = "hop1", "hop2"
	hop2.SSH.Jump, d.SSH.Jump = "hop1", "hop2"
	inv := &devices.Inventory{Devices: []devices.Device{d}, Jumps: []devices.Device{hop1, hop2}}
	r := &Dialer{Platforms: platforms(t), Jumps: inv.FindJump}

	s, err := r.Dial(timeout(t, 5*time.Second), d)
	if err != nil {
		t.Fatal(err)
	}
	if out, err := s.Do(timeout(t, 5*time.Second), show(t, platforms(t)["frr"], "show version")); err != nil || out != version {
		t.Errorf("got %q, %v", out, err)
	}
	_ = s.Close()
	waitUntil(t, func() bool { return first.Counts().Open == 0 && second.Counts().Open == 0 })

	inv.Jumps[0].SSH.Password = devices.NewSecret("wrong")
	refused := &Dialer{Platforms: platforms(t), Jumps: inv.FindJump}
	before := first.Counts().Attempts
	for range 2 {
		if _, err := refused.Dial(timeout(t, 5*time.Second), d); !errors.Is(err, devices.ErrDenied) || !strings.Contains(err.Error(), "through jump host hop1: ") {
			t.Errorf("got %v", err)
		}
	}
	if n := first.Counts().Attempts - before; n != 1 {
		t.Errorf("a jump host that refuses was tried %d times", n)
	}
	inv.Jumps[0].SSH.Jump = "hop2"
	if _, err := r.Dial(timeout(t, 5*time.Second), d); !errors.Is(err, devices.ErrUnreachable) || !strings.Contains(err.Error(), "circle") {
		t.Errorf("got %v", err)
	}
	d.SSH.Jump = "nowhere"
	if _, err := r.Dial(timeout(t, 5*time.Second), d); !errors.Is(err, devices.ErrUnreachable) || !strings.Contains(err.Error(), `"nowhere" is not in the inventory`) {
		t.Errorf("got %v", err)
	}
}

func TestDevicesShareTheLoginToTheirJumpHost(t *testing.T) {
	bastion, hop := serve(t, standin.SSH{User: "one", Password: "first", Forwarding: true})
	hop.Name = "bastion"
	inv := &devices.Inventory{Jumps: []devices.Device{hop}}
	r := &Dialer{Platforms: platforms(t), Jumps: inv.FindJump}
	for round := range 2 {
		var wg sync.WaitGroup
		sessions := make([]devices.Session, 8)
		for i := range sessions {
			_, d := serve(t, shellLogin(vtysh()))
			d.SSH.Jump = "bastion"
			wg.Go(func() {
				s, err := r.Dial(timeout(t, 10*time.Second), d)
				if err != nil {
					t.Error(err)
					return
				}
				sessions[i] = s
			})
		}
		wg.Wait()
		if c := bastion.Counts(); c.Logins != round+1 || c.Open != 1 {
			t.Errorf("round %d: %+v", round, c)
		}
		for _, s := range sessions {
			if s != nil {
				_ = s.Close()
			}
		}
		waitUntil(t, func() bool { return bastion.Counts().Open == 0 })
	}
}

// A jump host that is written out gets the device's keys, and never its
// password.
func TestJumpHostWrittenOutGetsNoPassword(t *testing.T) {
	hop, h := serve(t, standin.SSH{User: "one", Password: "hunter2", Forwarding: true})
	_, d := serve(t, shellLogin(vtysh()))
	d.SSH.Jump = "one@" + hop.Addr()
	d.SSH.KnownHosts = append(d.SSH.KnownHosts, h.SSH.KnownHosts...)
	_, err := (&Dialer{Platforms: platforms(t)}).Dial(timeout(t, 5*time.Second), d)
	if !errors.Is(err, devices.ErrUnreachable) || !strings.Contains(err.Error(), "no way to log in") {
		t.Errorf("got %v", err)
	}
	if c := hop.Counts(); c.Attempts != 0 {
		t.Errorf("%d credentials were shown", c.Attempts)
	}
}

func waitUntil(t *testing.T, done func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	for !done() {
		select {
		case <-ctx.Done():
			t.Fatal("it did not come to that")
		case <-time.After(time.Millisecond):
		}
	}
}
