package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/netsonde/netsonde/agent"
	"github.com/netsonde/netsonde/agent/agenttest"
	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/devices/standin"
)

// iosClock writes a time as IOS shows it.
func iosClock(at time.Time) string {
	return "*" + at.UTC().Format("15:04:05.000 MST Mon Jan 2 2006") + "\n"
}

func router(level int, at time.Time) standin.SSH {
	return standin.SSH{Prompt: "r1#", Answer: standin.Table(map[string]string{
		"terminal length 0": "", "terminal width 512": "",
		"show clock": iosClock(at), "show privilege": fmt.Sprintf("Current privilege level is %d\n", level),
	})}
}

func TestDoctor(t *testing.T) {
	linux := standin.SSH{Shell: true, Answer: standin.Table(map[string]string{
		"id": "uid=1001(netops) gid=1001(netops) groups=1001(netops),4(adm)\n", "date +%s": fmt.Sprintln(time.Now().Unix()),
	})}
	leaves := func(string) (string, error) { return "", devices.ErrNotRecorded }
	for _, c := range []struct {
		name   string
		device standinDevice
		status int
		want   []string
	}{
		{"an account that reads", standinDevice{name: "h1", platform: "linux", ssh: linux}, exitHealthy,
			[]string{"ok    h1: host key", "ok    h1: login: netops is taken", "ok    h1: privilege", "ok    h1: clock: ", "ok    netsonde: state directory"}},
		{"an account that could write", standinDevice{name: "r1", platform: "cisco_iosxe", ssh: router(15, time.Now())}, exitFault,
			[]string{`warn  r1: privilege: the account could write: show privilege says "privilege level is 15"`, "netsonde doctor --recipe cisco_iosxe"}},
		{"a clock that is off", standinDevice{name: "r1", platform: "cisco_iosxe", ssh: router(1, time.Now().Add(time.Hour))}, exitFault,
			[]string{"ok    r1: privilege", "warn  r1: clock: 59m", " ahead of ours", "NTP"}},
		{"a refused login", standinDevice{name: "r1", platform: "cisco_iosxe", ssh: standin.SSH{Password: "another", Prompt: "r1#"}}, exitFailed,
			[]string{"fail  r1: login:", "not tried again"}},
		{"gNMI", standinDevice{name: "h1", platform: "linux", ssh: linux, gnmi: &standin.GNMI{Leaves: leaves}}, exitFault,
			[]string{"warn  h1: gnmi transport: plaintext", "ok    h1: gnmi: gnmi version: ", "encodings: "}},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := serve(t, c.device)
			out, errs, status := n.run(t.Context(), "doctor", "-q")
			if status != c.status {
				t.Errorf("status %d, want %d\n%s%s", status, c.status, out, errs)
			}
			for _, want := range c.want {
				if !strings.Contains(out, want) {
					t.Errorf("want %q in\n%s", want, out)
				}
			}
			if s := n.servers[c.device.name].Counts(); s.Logins > 1 || s.Dials > 1 {
				t.Errorf("%+v: one login is enough", s)
			}
		})
	}
}

func TestDoctorHostKeys(t *testing.T) {
	n := serve(t, standinDevice{name: "r1", platform: "cisco_iosxe", ssh: router(1, time.Now())})
	if err := os.WriteFile(n.file("known_hosts"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	out, _, status := n.run(t.Context(), "doctor", "-o", "json", "-q")
	var got struct {
		Version int
		Status  grade
		Checks  []diagnostic
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	last := got.Checks[len(got.Checks)-1]
	if status != exitFailed || got.Status != gradeFail || last.Check != "host key" || last.Grade != gradeFail || last.Next == "" {
		t.Errorf("status %d, %+v", status, got)
	}
}

func TestDoctorModel(t *testing.T) {
	n := serve(t, standinDevice{name: "r1", platform: "cisco_iosxe", ssh: router(1, time.Now())})
	endpoint := agenttest.NewServer(t, agenttest.Answer{Calls: []agent.Call{{ID: "1", Name: "ready", Arguments: "{}"}}})
	out, errs, status := n.run(t.Context(), "doctor", "-q", "--model", "m", "--base-url", endpoint.URL)
	for _, want := range []string{"ok    netsonde: model: ", "ok    netsonde: tool calling", "warn  netsonde: context size: 8192 tokens"} {
		if !strings.Contains(out, want) {
			t.Errorf("want %q in\n%s%s (%d)", want, out, errs, status)
		}
	}
	if out, _, status := n.run(t.Context(), "doctor", "-q", "--model", "m", "--base-url", "http://127.0.0.1:1/v1"); status != exitFailed || !strings.Contains(out, "fail  netsonde: model: ") {
		t.Errorf("status %d\n%s", status, out)
	}
}
