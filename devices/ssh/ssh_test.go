package ssh

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/devices/standin"
	"github.com/netsonde/netsonde/policies"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func platforms(t testing.TB) map[string]*policies.Platform {
	t.Helper()
	ps, err := policies.LoadPlatforms(policies.Files)
	if err != nil {
		t.Fatal(err)
	}
	return ps
}

// terminalPlatform is a platform that is only read on a terminal.
func terminalPlatform(t testing.TB) map[string]*policies.Platform {
	t.Helper()
	return map[string]*policies.Platform{"juniper_junos": {
		Name: "juniper_junos", Prompt: `^[\w.\-]{1,63}[>#]$`, Denials: []string{"Authorization failed"},
	}}
}

func show(t testing.TB, p *policies.Platform, line string) policies.Query {
	t.Helper()
	q, err := p.Show(line)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// serve starts a stand-in and returns the inventory entry that reaches it,
// with its key known.
func serve(t testing.TB, dev standin.SSH) (*standin.SSHServer, devices.Device) {
	t.Helper()
	if dev.User == "" {
		dev.User, dev.Password = "netro", "hunter2"
	}
	s, err := dev.Serve()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	known := filepath.Join(t.TempDir(), "known_hosts")
	if err := standin.Know(known, s); err != nil {
		t.Fatal(err)
	}
	return s, s.Device("r1", "frr", known)
}

func timeout(t testing.TB, d time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), d)
	t.Cleanup(cancel)
	return ctx
}

const version = "FRRouting 8.4.4 (r1) on Linux.\nCopyright 1996-2005 Kunihiro Ishiguro, et al.\n"

func vtysh() standin.Answer {
	return standin.Table(map[string]string{
		"terminal length 0":   "",
		"show version":        version,
		"show watchfrr":       "watchfrr is not running\n",
		"show ip route":       routes(400),
		"show running-config": "Building configuration...\n\nCurrent configuration:\n!\nfrr version 8.4.4\nbanner motd line x\nr1#\nr1# \nend\n",
	})
}

func routes(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "O>* 10.%d.%d.0/24 [110/20] via 10.0.0.1, eth1, weight 1, 00:10:00\n", i/256, i%256)
	}
	return b.String()
}

// terminalOnly is a login that lands in vtysh.
func terminalOnly(a standin.Answer) standin.SSH {
	return standin.SSH{Prompt: "r1# ", Greeting: "\nHello, this is FRRouting (version 8.4.4).\n\n", Shell: true, Answer: a}
}

// shellLogin is a login with a shell, which may not read /etc/hosts.
func shellLogin(a standin.Answer) standin.SSH {
	answer := standin.Shell(a, standin.Table(map[string]string{
		"ip route":                   "default via 192.0.2.1 dev eth0\n",
		"/usr/sbin/nft list ruleset": "table inet filter {\n}\n",
	}))
	return standin.SSH{Shell: true, Answer: func(line string) standin.Reply {
		if line == "cat /etc/hosts" {
			return standin.Reply{Text: "cat: /etc/hosts: Permission denied\n", Status: 1}
		}
		return answer(line)
	}}
}

const resident = "env VTYSH_PAGER=cat vtysh"

// residentLogin is a login with a shell, from which vtysh can be kept open.
func residentLogin(a standin.Answer) standin.SSH {
	dev := shellLogin(standin.Table(nil))
	dev.Prompt, dev.Greeting, dev.Resident = "r1# ", "\nHello, this is FRRouting (version 8.4.4).\n\n", map[string]standin.Answer{resident: a}
	return dev
}

func dial(t testing.TB, d devices.Device) devices.Session {
	t.Helper()
	r := &Dialer{Platforms: platforms(t)}
	s, err := r.Dial(timeout(t, 10*time.Second), d)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func TestShellLoginTakesBothGrammars(t *testing.T) {
	server, d := serve(t, shellLogin(vtysh()))
	ps := platforms(t)
	s := dial(t, d)
	for _, tt := range []struct {
		p    *policies.Platform
		line string
		want string
		err  error
	}{
		{ps["linux"], "ip route", "default via 192.0.2.1 dev eth0\n", nil},
		{ps["frr"], "show version", version, nil},
		{ps["frr"], "show ip route", routes(400), nil},
		{ps["linux"], "nft list ruleset", "table inet filter {\n}\n", nil},
		{ps["linux"], "nft list ruleset", "table inet filter {\n}\n", nil},
		{ps["frr"], "show ip ospf neighbor", "", devices.ErrUnsupported},
		{ps["linux"], "resolvectl status", "", devices.ErrUnsupported},
		{ps["linux"], "cat /etc/hosts", "", devices.ErrDenied},
		{ps["frr"], "show watchfrr", "watchfrr is not running\n", nil},
	} {
		got, err := s.Do(timeout(t, 5*time.Second), show(t, tt.p, tt.line))
		if got != tt.want || !errors.Is(err, tt.err) {
			t.Errorf("%s: got %q, %v; want %q, %v", tt.line, got, err, tt.want, tt.err)
		}
	}
	want := []string{
		"vtysh -c 'show version'", "ip route", "vtysh -c 'show version'", "vtysh -c 'show ip route'",
		"nft list ruleset", "/usr/sbin/nft list ruleset", "/usr/sbin/nft list ruleset",
		"vtysh -c 'show ip ospf neighbor'", "resolvectl status", "/usr/sbin/resolvectl status", "cat /etc/hosts", "vtysh -c 'show watchfrr'",
	}
	if got := server.Lines(); !slices.Equal(got, want) {
		t.Errorf("the device was sent\n%q\nwant\n%q", got, want)
	}
}

func TestVtyshIsKeptOpen(t *testing.T) {
	server, d := serve(t, residentLogin(vtysh()))
	ps := platforms(t)
	s := dial(t, d)
	for _, tt := range []struct{ platform, line, want string }{
		{"linux", "ip route", "default via 192.0.2.1 dev eth0\n"},
		{"frr", "show version", version},
		{"frr", "show running-config", vtysh()("show running-config").Text},
		{"frr", "show watchfrr", "watchfrr is not running\n"},
		{"linux", "nft list ruleset", "table inet filter {\n}\n"},
	} {
		got, err := s.Do(timeout(t, 5*time.Second), show(t, ps[tt.platform], tt.line))
		if err != nil || got != tt.want {
			t.Errorf("%s: got %q, %v", tt.line, got, err)
		}
	}
	want := []string{resident, "terminal length 0", "ip route", "show version", "show running-config", "show watchfrr",
		"nft list ruleset", "/usr/sbin/nft list ruleset"}
	if got := server.Lines(); !slices.Equal(got, want) {
		t.Errorf("the device was sent\n%q\nwant\n%q", got, want)
	}
}

// A vtysh that has lost a daemon says so for good; a new one finds the daemon
// that came back.
func TestAnOldVtyshIsNotBelievedAboutALostDaemon(t *testing.T) {
	server, d := serve(t, residentLogin(standin.First(vtysh(), "show ip route", "ospfd is not running\n")))
	ps := platforms(t)
	s := dial(t, d).(*session)
	if _, err := s.Do(timeout(t, 5*time.Second), show(t, ps["frr"], "show version")); err != nil {
		t.Fatal(err)
	}
	s.opened = s.opened.Add(-2 * freshFor)
	out, err := s.Do(timeout(t, 5*time.Second), show(t, ps["frr"], "show ip route"))
	if err != nil || out != routes(400) {
		t.Errorf("got %.60q, %v", out, err)
	}
	want := []string{resident, "terminal length 0", "show version", "show ip route", resident, "terminal length 0", "show ip route"}
	if got := server.Lines(); !slices.Equal(got, want) {
		t.Errorf("the device was sent\n%q\nwant\n%q", got, want)
	}
}

func TestLoginThatLandsInVtyshIsReadOnATerminal(t *testing.T) {
	server, d := serve(t, terminalOnly(vtysh()))
	ps := platforms(t)
	s := dial(t, d)
	for _, line := range []string{"show version", "show ip route", "show running-config"} {
		got, err := s.Do(timeout(t, 5*time.Second), show(t, ps["frr"], line))
		if want := vtysh()(line).Text; err != nil || got != want {
			t.Errorf("%s: %v, got\n%q\nwant\n%q", line, err, got, want)
		}
	}
	if _, err := s.Do(timeout(t, 5*time.Second), show(t, ps["frr"], "show ip ospf neighbor")); !errors.Is(err, devices.ErrUnsupported) {
		t.Errorf("unknown command: %v", err)
	}
	if _, err := s.Do(timeout(t, 5*time.Second), show(t, ps["linux"], "ip route")); !errors.Is(err, devices.ErrUnsupported) {
		t.Errorf("linux grammar in vtysh: %v", err)
	}
	want := []string{resident, "vtysh -c 'show version'", "terminal length 0", "show version", "show ip route", "show running-config", "show ip ospf neighbor"}
	if got := server.Lines(); !slices.Equal(got, want) {
		t.Errorf("the device was sent\n%q\nwant\n%q", got, want)
	}
	if c := server.Counts(); c.Logins != 1 {
		t.Errorf("%d logins", c.Logins)
	}
}

func TestLinuxGrammarIsNotTriedOnAnUnknownLogin(t *testing.T) {
	server, d := serve(t, terminalOnly(vtysh()))
	ps := platforms(t)
	s := dial(t, d)
	if _, err := s.Do(timeout(t, 5*time.Second), show(t, ps["linux"], "ip route")); !errors.Is(err, devices.ErrUnsupported) {
		t.Errorf("got %v", err)
	}
	for _, line := range server.Lines() {
		if strings.HasPrefix(line, "ip ") {
			t.Errorf("%q was sent to a command line", line)
		}
	}
}

func TestDoRefusesWhatNoPlatformMade(t *testing.T) {
	server, d := serve(t, shellLogin(vtysh()))
	s := dial(t, d)
	if _, err := s.Do(timeout(t, time.Second), policies.Query{}); err == nil {
		t.Error("the zero Query was taken")
	}
	if lines := server.Lines(); len(lines) > 0 {
		t.Errorf("sent %q", lines)
	}
}

func TestAuditSeesEveryLine(t *testing.T) {
	server, d := serve(t, terminalOnly(vtysh()))
	ps := platforms(t)
	var seen []string
	r := &Dialer{Platforms: ps, Audit: func(s devices.Sent) {
		if s.Device != "r1" || s.User != "netro" || s.Transport != "ssh" || s.At.IsZero() {
			t.Errorf("incomplete: %+v", s)
		}
		seen = append(seen, s.Text)
	}}
	s, err := r.Dial(timeout(t, 5*time.Second), d)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	if _, err := s.Do(timeout(t, 5*time.Second), show(t, ps["frr"], "show version")); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(seen, server.Lines()) || len(seen) < 3 {
		t.Errorf("audited %q, sent %q", seen, server.Lines())
	}
}
