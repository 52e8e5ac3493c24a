package lab

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// An id that the kernel has given away again is not the process that had it.
func TestProcessIsKnownByItsStart(t *testing.T) {
	p, err := processOf(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	if !p.Alive() {
		t.Error("this test is not alive")
	}
	if other := (Process{p.PID, p.Start + 1}); other.Alive() {
		t.Error("a process of another start is taken for this one")
	}
	if (Process{}).Alive() {
		t.Error("the zero process is alive")
	}
}

func TestProcessThatEndedIsNotAlive(t *testing.T) {
	cmd := exec.Command("sleep", "60")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p, err := processOf(cmd.Process.Pid)
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	if p.Alive() {
		t.Error("a killed process is alive")
	}
}

func TestOpenSaysWhatIsMissing(t *testing.T) {
	base := t.TempDir()
	if _, err := Open(base, "none"); !errors.Is(err, ErrNoLab) || !strings.Contains(err.Error(), base) {
		t.Errorf("error %v, want ErrNoLab that names %s", err, base)
	}
	for _, name := range []string{"", "../x", "UPPER", strings.Repeat("x", 30)} {
		if _, err := Open(base, name); err == nil || !strings.Contains(err.Error(), "lab name") {
			t.Errorf("name %q: error %v", name, err)
		}
	}
	if err := os.MkdirAll(filepath.Join(base, "half"), 0o755); err != nil {
		t.Fatal(err)
	}
	names, err := Names(base)
	if err != nil || len(names) != 0 {
		t.Errorf("a directory without lab.json is a lab: %v, %v", names, err)
	}
}

func TestAddMembers(t *testing.T) {
	for line, want := range map[string]string{
		"adm:x:4:":       "adm:x:4:netops",
		"adm:x:4:syslog": "adm:x:4:syslog,netops",
	} {
		if got := addMembers(line, "netops"); got != want {
			t.Errorf("%q: got %q, want %q", line, got, want)
		}
	}
}
