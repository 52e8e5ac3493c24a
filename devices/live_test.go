package devices_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/devices/devicetest"
	"github.com/netsonde/netsonde/devices/ssh"
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

func show(t testing.TB, ps map[string]*policies.Platform, platform, line string) policies.Query {
	t.Helper()
	q, err := ps[platform].Show(line)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

const version = "FRRouting 8.4.4 (r1) on Linux.\n"

func router() standin.SSH {
	return standin.SSH{User: "netro", Password: "hunter2", Shell: true, Answer: standin.Shell(
		standin.Table(map[string]string{"show version": version, "show ip route": "K>* 0.0.0.0/0\n"}),
		standin.Table(map[string]string{"ip route": "default via 192.0.2.1\n"}))}
}

// network serves the FRR routers r1, r2, ... and returns the live network of
// them.
func network(t testing.TB, w devices.Wire, routers ...standin.SSH) (*devices.Network, []*standin.SSHServer) {
	t.Helper()
	return networkOf(t, "frr", w, routers...)
}

func networkOf(t testing.TB, platform string, w devices.Wire, routers ...standin.SSH) (*devices.Network, []*standin.SSHServer) {
	t.Helper()
	known := filepath.Join(t.TempDir(), "known_hosts")
	inv := &devices.Inventory{}
	var servers []*standin.SSHServer
	for i, r := range routers {
		s, err := r.Serve()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		servers = append(servers, s)
		inv.Devices = append(inv.Devices, s.Device(fmt.Sprintf("r%d", i+1), platform, known))
	}
	if err := standin.Know(known, servers...); err != nil {
		t.Fatal(err)
	}
	w.Platforms = platforms(t)
	if w.SSH == nil {
		w.SSH = (&ssh.Dialer{Platforms: w.Platforms}).Dial
	}
	n := devices.Live(inv, w)
	t.Cleanup(func() { _ = n.Close() })
	return n, servers
}

func TestSourcesPassTheSuite(t *testing.T) {
	ps := platforms(t)
	f := devicetest.Fixture{
		Device: "r1", Query: show(t, ps, "linux", "ip route"), Contains: "default via",
		Unsupported: show(t, ps, "linux", "resolvectl status"),
		Foreign:     show(t, ps, "frr", "show version"),
		Unreachable: "r2",
	}
	live := func(t *testing.T) devices.Source {
		dead := router()
		dead.Fault = standin.NoLines
		n, _ := networkOf(t, "linux", devices.Wire{}, router(), dead)
		return n
	}
	redactor := testRedactor(t)
	for name, wrap := range map[string]func(devices.Source) devices.Source{
		"live":   func(s devices.Source) devices.Source { return s },
		"limit":  func(s devices.Source) devices.Source { return devices.Limit(s, 1, 3) },
		"pace":   func(s devices.Source) devices.Source { return devices.Pace(s, time.Millisecond) },
		"once":   func(s devices.Source) devices.Source { return devices.Once(s, 0) },
		"redact": func(s devices.Source) devices.Source { return devices.Redact(s, redactor) },
		"whole stack": func(s devices.Source) devices.Source {
			return devices.Once(devices.Limit(devices.Redact(s, redactor), 2, 8), time.Minute)
		},
	} {
		t.Run(name, func(t *testing.T) {
			devicetest.Run(t, f, func(t *testing.T) devices.Source { return wrap(live(t)) })
		})
	}
}

func testRedactor(t testing.TB) *policies.Redactor {
	t.Helper()
	r, err := policies.NewRedactor(policies.Files, []byte("0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestLiveLogsInOnceADevice(t *testing.T) {
	ps := platforms(t)
	n, servers := network(t, devices.Wire{}, router(), router())
	var wg sync.WaitGroup
	for i := range 40 {
		q := show(t, ps, "frr", []string{"show version", "show ip route"}[i%2])
		wg.Go(func() {
			if _, err := n.Fetch(t.Context(), fmt.Sprintf("r%d", i%2+1), q); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for _, s := range servers {
		if c := s.Counts(); c.Logins != 1 || c.Dials != 1 {
			t.Errorf("%+v", c)
		}
	}
	if err := n.Close(); err != nil {
		t.Error(err)
	}
	if _, err := n.Fetch(t.Context(), "r1", show(t, ps, "frr", "show version")); err == nil {
		t.Error("a closed network answered")
	}
}

func TestLiveNeverRepeatsARefusedLogin(t *testing.T) {
	ps := platforms(t)
	r := router()
	r.Password = "right"
	s, err := r.Serve()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	known := filepath.Join(t.TempDir(), "known_hosts")
	if err := standin.Know(known, s); err != nil {
		t.Fatal(err)
	}
	d := s.Device("r1", "frr", known)
	d.SSH.Password = devices.NewSecret("wrong")
	n := devices.Live(&devices.Inventory{Devices: []devices.Device{d}},
		devices.Wire{Platforms: ps, SSH: (&ssh.Dialer{Platforms: ps}).Dial, Redial: time.Nanosecond})
	defer func() { _ = n.Close() }()
	for range 3 {
		if _, err := n.Fetch(t.Context(), "r1", show(t, ps, "frr", "show version")); !errors.Is(err, devices.ErrDenied) {
			t.Errorf("got %v", err)
		}
	}
	if c := s.Counts(); c.Attempts != 1 {
		t.Errorf("the login was tried %d times", c.Attempts)
	}
}

func TestLiveDialsADeadDeviceOnceInAWhile(t *testing.T) {
	dead := router()
	dead.Fault = standin.NoLines
	n, servers := network(t, devices.Wire{Redial: time.Hour}, dead)
	for range 3 {
		if _, err := n.Fetch(t.Context(), "r1", show(t, platforms(t), "frr", "show version")); !errors.Is(err, devices.ErrUnreachable) {
			t.Errorf("got %v", err)
		}
	}
	if c := servers[0].Counts(); c.Dials != 1 {
		t.Errorf("dialed %d times", c.Dials)
	}
}

func TestLiveThrowsASpentSessionAway(t *testing.T) {
	ps := platforms(t)
	for name, fault := range map[string]standin.Fault{"hang": standin.Hang, "reset": standin.Reset} {
		t.Run(name, func(t *testing.T) {
			r := router()
			r.Answer = standin.Once(r.Answer, "vtysh -c 'show ip route'", fault)
			n, servers := network(t, devices.Wire{ReadTimeout: 300 * time.Millisecond}, r)
			o, err := n.Fetch(t.Context(), "r1", show(t, ps, "frr", "show ip route"))
			if err == nil || !o.Truncated || !strings.HasPrefix(o.Output, "K>*") {
				t.Errorf("got %+v, %v", o, err)
			}
			o, err = n.Fetch(t.Context(), "r1", show(t, ps, "frr", "show ip route"))
			if err != nil || o.Output != "K>* 0.0.0.0/0\n" {
				t.Errorf("the next read got %+v, %v", o, err)
			}
			if c := servers[0].Counts(); c.Logins != 2 {
				t.Errorf("%d logins", c.Logins)
			}
		})
	}
}

func TestLiveCutsAnEndlessAnswer(t *testing.T) {
	r := router()
	r.Answer = standin.Faulty(r.Answer, "vtysh -c 'show ip route'", standin.Endless)
	n, _ := network(t, devices.Wire{SSH: (&ssh.Dialer{Platforms: platforms(t), OutputLimit: 1 << 20}).Dial}, r)
	o, err := n.Fetch(t.Context(), "r1", show(t, platforms(t), "frr", "show ip route"))
	if err != nil || !o.Truncated || len(o.Output) != 1<<20 {
		t.Errorf("got %d bytes, truncated %v, %v", len(o.Output), o.Truncated, err)
	}
}

func TestLiveClosesAnIdleSessionAndComesBack(t *testing.T) {
	ps := platforms(t)
	n, servers := network(t, devices.Wire{Idle: 20 * time.Millisecond}, router())
	for range 2 {
		if _, err := n.Fetch(t.Context(), "r1", show(t, ps, "frr", "show version")); err != nil {
			t.Fatal(err)
		}
		for servers[0].Counts().Open > 0 {
			time.Sleep(time.Millisecond)
		}
	}
	if c := servers[0].Counts(); c.Logins != 2 {
		t.Errorf("%d logins", c.Logins)
	}
}

func TestLiveClosesInTheMiddleOfARead(t *testing.T) {
	r := router()
	r.Answer = standin.Faulty(r.Answer, "vtysh -c 'show version'", standin.Hang)
	n, servers := network(t, devices.Wire{}, r)
	go func() {
		for len(servers[0].Lines()) == 0 {
			time.Sleep(time.Millisecond)
		}
		_ = n.Close()
	}()
	if _, err := n.Fetch(t.Context(), "r1", show(t, platforms(t), "frr", "show version")); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestLiveSaysWhatTheInventoryDoesNotGive(t *testing.T) {
	n, _ := network(t, devices.Wire{}, router())
	q, err := platforms(t)["frr"].Get("/interfaces/interface/state")
	if err != nil {
		t.Fatal("waits for gNMI paths: ", err)
	}
	if _, err := n.Fetch(t.Context(), "r1", q); !errors.Is(err, devices.ErrUnsupported) || !strings.Contains(err.Error(), "gives it no gnmi") {
		t.Errorf("got %v", err)
	}
}
