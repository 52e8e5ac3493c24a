package standin_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/devices/ssh"
	"github.com/netsonde/netsonde/devices/standin"
	"github.com/netsonde/netsonde/policies"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var asked = [...]string{"show version", "show ip route", "show ip ospf neighbor"}

func live(t *testing.T, ps map[string]*policies.Platform, dev standin.SSH) (*devices.Network, *devices.Inventory) {
	t.Helper()
	s, err := dev.Serve()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	known := filepath.Join(t.TempDir(), "known_hosts")
	if err := standin.Know(known, s); err != nil {
		t.Fatal(err)
	}
	inv := &devices.Inventory{Devices: []devices.Device{s.Device("r1", "frr", known)}}
	n := devices.Live(inv, devices.Wire{Platforms: ps, SSH: (&ssh.Dialer{Platforms: ps}).Dial})
	t.Cleanup(func() { _ = n.Close() })
	return n, inv
}

// What was recorded from one device over SSH is served again over SSH, and
// reads the same.
func TestRecordingIsServedAgain(t *testing.T) {
	ps, err := policies.LoadPlatforms(policies.Files)
	if err != nil {
		t.Fatal(err)
	}
	first, inv := live(t, ps, standin.SSH{User: "netro", Password: "hunter2", Shell: true, Answer: standin.Shell(
		standin.Table(map[string]string{"show version": "FRRouting 8.4.4 (r1).\n", "show ip route": "K>* 0.0.0.0/0 via 192.0.2.1\n"}),
		standin.Table(nil))})
	dir := filepath.Join(t.TempDir(), "recording")
	recorder, err := devices.Record(first, dir, inv)
	if err != nil {
		t.Fatal(err)
	}
	want := read(t, ps, recorder)
	if err := recorder.Close(); err != nil {
		t.Fatal(err)
	}
	replay, err := devices.Replay(dir, devices.Replaying{Platforms: ps})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = replay.Close() }()

	again, _ := live(t, ps, standin.SSH{User: "netro", Password: "hunter2", Shell: true,
		Answer: standin.Shell(standin.Recorded(replay, "r1", ps["frr"]), standin.Table(nil))})
	if got := read(t, ps, again); got != want {
		t.Errorf("the recording reads\n%s\nthe device read\n%s", got, want)
	}
}

func read(t *testing.T, ps map[string]*policies.Platform, src devices.Source) string {
	t.Helper()
	var all string
	for _, line := range asked {
		q, err := ps["frr"].Show(line)
		if err != nil {
			t.Fatal(err)
		}
		o, err := src.Fetch(t.Context(), "r1", q)
		all += fmt.Sprintf("%s: %q, %v\n", line, o.Output, err)
	}
	return all
}

func TestCloseEndsEverything(t *testing.T) {
	for _, fault := range []standin.Fault{standin.Hang, standin.Endless, standin.Pager} {
		s, err := standin.SSH{User: "netro", Password: "hunter2", Prompt: "r1# ",
			Answer: standin.Faulty(standin.Table(map[string]string{"show version": "x\n"}), "show version", fault)}.Serve()
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Errorf("closed twice: %v", err)
		}
	}
}

func ExampleSSH_Serve() {
	s, err := standin.SSH{
		User: "netro", Password: "hunter2", Prompt: "r1# ",
		Answer: standin.Table(map[string]string{"show version": "FRRouting 8.4.4 (r1).\n"}),
	}.Serve()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = s.Close() }()
	d := s.Device("r1", "frr")
	fmt.Println(d.Name, d.Address, d.SSH.User)
	// Output:
	// r1 127.0.0.1 netro
}
