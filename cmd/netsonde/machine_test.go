package main

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/netsonde/netsonde/devices/standin"
)

// process starts the program as a process of its own on n.
func (n *standinNet) process(t *testing.T, args ...string) (*exec.Cmd, *bytes.Buffer, *bytes.Buffer) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	cmd := &exec.Cmd{Path: self, Args: append([]string{"netsonde"}, args...), Dir: n.dir, Stdout: &out, Stderr: &errs}
	for name, value := range n.env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	return cmd, &out, &errs
}

// slow is a router that hangs in the middle of one answer.
func slow(line string) standin.SSH {
	answer := standin.Shell(standin.Table(map[string]string{
		"show version": "FRRouting 10.2.1 (r1).\n", "show ip route": "K>* 0.0.0.0/0 via 192.0.2.1\n", "show running-config": "hostname r1\nend\n",
	}), standin.Table(map[string]string{"uname -a": "Linux r1\n"}))
	return standin.SSH{Shell: true, Answer: standin.Faulty(answer, line, standin.Hang)}
}

// asked waits until the device was sent something that holds text.
func (n *standinNet) asked(t *testing.T, text string) {
	t.Helper()
	for range 1000 {
		for _, line := range n.servers["r1"].Lines() {
			if strings.Contains(line, text) {
				return
			}
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("the device was never asked %s: %q", text, n.servers["r1"].Lines())
}

func TestInterruptedRuns(t *testing.T) {
	for _, c := range []struct {
		name   string
		signal syscall.Signal
		hangs  string
		args   []string
		want   []string // on standard error
	}{
		{"a read", syscall.SIGINT, "vtysh -c 'show ip route'", []string{"show", "r1", "--", "show ip route"}, []string{"interrupted", "under way: r1: show ip route"}},
		{"a diagnosis", syscall.SIGTERM, "vtysh -c 'show running-config'", []string{"diagnose", "why?"}, []string{"interrupted", "under way: r1: show running-config"}},
		{"a recording", syscall.SIGINT, "vtysh -c 'show running-config'", []string{"record", "-o", "kept"}, []string{"interrupted", "under way: r1: show running-config"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := serve(t, standinDevice{name: "r1", platform: "frr", ssh: slow(c.hangs)})
			cmd, _, errs := n.process(t, c.args...)
			n.asked(t, strings.TrimSuffix(strings.TrimPrefix(c.hangs, "vtysh -c '"), "'"))
			if err := cmd.Process.Signal(c.signal); err != nil {
				t.Fatal(err)
			}
			_ = cmd.Wait()
			if got := cmd.ProcessState.ExitCode(); got != exitInterrupted {
				t.Errorf("status %d, want %d", got, exitInterrupted)
			}
			for _, want := range c.want {
				if !strings.Contains(errs.String(), want) {
					t.Errorf("want %q in %s", want, errs)
				}
			}
		})
	}
}

// A state directory that cannot be made is told once, and reading goes on.
func TestStateDirectoryThatCannotBeWritten(t *testing.T) {
	n := serve(t, standinDevice{name: "r1", platform: "frr", ssh: slow("")})
	if err := os.WriteFile(n.file("state"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	out, errs, status := n.run(t.Context(), "show", "r1", "--", "show version")
	if status != exitHealthy || !strings.Contains(out, "FRRouting") || !strings.Contains(errs, "no audit log is kept") {
		t.Errorf("status %d, %s%s", status, out, errs)
	}
	out, errs, status = n.run(t.Context(), "diagnose", "why?")
	if status == exitFailed && !strings.Contains(errs, "state") {
		t.Errorf("status %d, %s%s", status, out, errs)
	}
	if out, _, status := n.run(t.Context(), "doctor", "-q"); status != exitFailed || !strings.Contains(out, "fail  netsonde: state directory") {
		t.Errorf("status %d, %s", status, out)
	}
}

// A full disk ends the audit log with a word, and not the read.
func TestFullDisk(t *testing.T) {
	n := serve(t, standinDevice{name: "r1", platform: "frr", ssh: slow("")})
	if err := os.MkdirAll(n.file("state"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/dev/full", n.file("state/audit.jsonl")); err != nil {
		t.Fatal(err)
	}
	out, errs, status := n.run(t.Context(), "show", "r1", "--", "show version")
	if status != exitHealthy || !strings.Contains(out, "FRRouting") || !strings.Contains(errs, "audit log") {
		t.Errorf("status %d, %s%s", status, out, errs)
	}
}

// Two runs at once keep two journals, and one audit log whose chain holds.
func TestTwoRunsAtOnce(t *testing.T) {
	n := serve(t, standinDevice{name: "r1", platform: "frr", ssh: slow("")})
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			if _, errs, status := n.run(t.Context(), "show", "r1", "--", "show version"); status != exitHealthy {
				t.Errorf("status %d, %s", status, errs)
			}
		})
		wg.Go(func() { n.run(t.Context(), "diagnose", "-q", "why?") })
	}
	wg.Wait()
	out, errs, status := n.run(t.Context(), "audit", "verify")
	if status != exitHealthy {
		t.Errorf("status %d, %s%s", status, out, errs)
	}
	runs, err := os.ReadDir(n.file("state/runs"))
	if err != nil || len(runs) != 3 {
		t.Errorf("%d journals, %v", len(runs), err)
	}
}
