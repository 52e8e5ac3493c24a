package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/netsonde/netsonde/agent/history"
	"github.com/netsonde/netsonde/agent/notify"
)

// A daemon is a real process that serves.
type daemon struct {
	t   *testing.T
	cmd *exec.Cmd
	mu  sync.Mutex
	out bytes.Buffer
}

// Write keeps what the process says.
func (d *daemon) Write(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.out.Write(p)
}

func (d *daemon) said() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.out.String()
}

// start runs "netsonde serve" on a configuration: the test's own program
// under that name.
func startDaemon(t *testing.T, config string) *daemon {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "netsonde")
	if err := os.Symlink(self, name); err != nil {
		t.Fatal(err)
	}
	d := &daemon{t: t, cmd: exec.Command(name, "serve", "-c", config)}
	d.cmd.Env = append(os.Environ(), "STANDIN_PASSWORD=hunter2", "HOOK_SECRET=0123456789abcdef", "HOME="+t.TempDir())
	d.cmd.Stderr = d
	if err := d.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.cmd.Process.Kill(); _ = d.cmd.Wait() })
	return d
}

// waits until the process has said n lines that match.
func (d *daemon) waitFor(pattern string, n int) {
	d.t.Helper()
	re := regexp.MustCompile(pattern)
	for range 600 {
		if len(re.FindAllString(d.said(), -1)) >= n {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	d.t.Fatalf("it did not say %q %d times:\n%s", pattern, n, d.said())
}

// ends waits for the end of the process after a signal and returns its status.
func (d *daemon) ends(s os.Signal) int {
	d.t.Helper()
	if err := d.cmd.Process.Signal(s); err != nil {
		d.t.Fatal(err)
	}
	err := d.cmd.Wait()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		d.t.Fatal(err)
	}
	return d.cmd.ProcessState.ExitCode()
}

// daemonConfig writes a configuration over stand-ins of a recording.
func daemonConfig(t *testing.T, recording string) (file, state string) {
	t.Helper()
	inventory, _ := standIns(t, recording)
	state = t.TempDir()
	file = filepath.Join(t.TempDir(), "netsonde.yaml")
	writeConfig(t, file, fmt.Sprintf("state_dir: %s\ninventory: %s\nserve: {listen: none}\nschedules:\n  lab: {every: 1s, limit: \"r3,r5\"}\n", state, inventory))
	return file, state
}

func writeConfig(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

var reportSaid = regexp.MustCompile(`msg=report .*report=(\S+)`)

// TestKillLosesNoReport kills a process that serves at any moment, over and
// over: every report that it said to have made is in the history, which is
// whole, and the next process goes on.
func TestKillLosesNoReport(t *testing.T) {
	file, state := daemonConfig(t, recorded(t, "ospf_area_mismatch"))
	hook := newHook(t)
	good, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	writeConfig(t, file, strings.Replace(string(good), "r3,r5\"", "r3,r5\", receivers: [noc]", 1)+fmt.Sprintf(
		"notify: {receivers: {noc: {kind: webhook, when: always, url: %q, secret: \"env:HOOK_SECRET\"}}}\n", hook.URL))
	made := map[string]bool{}
	for round := range 10 {
		d := startDaemon(t, file)
		d.waitFor("msg=serving", 1)
		if round%2 == 0 { // into a later run, or into the storing of a report
			d.waitFor("msg=report", 1)
			time.Sleep(rand.N(time.Second))
		} else {
			time.Sleep(rand.N(3 * time.Second))
		}
		d.ends(syscall.SIGKILL)
		for _, m := range reportSaid.FindAllStringSubmatch(d.said(), -1) {
			made[m[1]] = true
		}
		store, err := history.Open(t.Context(), state, history.Retention{})
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		if err := store.Check(t.Context()); err != nil {
			t.Errorf("round %d: %v", round, err)
		}
		for id := range made {
			e, err := store.Edition(t.Context(), id)
			if err != nil || len(e.Report.Findings) == 0 || e.Report.Findings[0].RootCause != "ospf_area_mismatch" {
				t.Errorf("round %d: report %s: %d findings, %v", round, id, len(e.Report.Findings), err)
			}
		}
		_ = store.Close()
	}
	if len(made) < 3 {
		t.Errorf("only %d reports were made", len(made))
	}
	d := startDaemon(t, file) // what is left is delivered
	d.waitFor("msg=delivered", 1)
	for range 100 {
		if missing := hook.missing(made); len(missing) == 0 {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	d.ends(syscall.SIGTERM)
	if missing := hook.missing(made); len(missing) > 0 {
		t.Errorf("never delivered: %v\n%s", missing, d.said())
	}
	for report, tries := range hook.got {
		for i, repeat := range tries {
			if i > 0 && !repeat {
				t.Errorf("report %s was delivered twice, and the second does not say so: %v", report, tries)
			}
		}
	}
	t.Logf("%d reports over 10 kills, %d delivered", len(made), len(hook.got))
}

// A hook is a webhook's receiver that takes its time.
type hook struct {
	*httptest.Server
	mu  sync.Mutex
	got map[string][]bool // by report: each delivery, and whether it said that it may be a repeat
}

func newHook(t *testing.T) *hook {
	h := &hook{got: map[string][]bool{}}
	h.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var n notify.News
		if err := json.NewDecoder(r.Body).Decode(&n); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		h.mu.Lock()
		h.got[n.Report] = append(h.got[n.Report], r.Header.Get(notify.HeaderRepeat) == "true")
		h.mu.Unlock()
		time.Sleep(300 * time.Millisecond)
	}))
	t.Cleanup(h.Close)
	return h
}

// missing are the reports that were not delivered.
func (h *hook) missing(made map[string]bool) []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var out []string
	for id := range made {
		if len(h.got[id]) == 0 {
			out = append(out, id)
		}
	}
	return out
}

func TestServeReloadsEndsAndRunsOnce(t *testing.T) {
	file, state := daemonConfig(t, recorded(t, "nothing_wrong"))
	d := startDaemon(t, file)
	d.waitFor("msg=report .*verdict=healthy", 2)

	second := startDaemon(t, file)
	if err := second.cmd.Wait(); err == nil || !strings.Contains(second.said(), fmt.Sprintf("process %d on", d.cmd.Process.Pid)) {
		t.Errorf("a second process on the same state directory: %v\n%s", err, second.said())
	}

	good, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	writeConfig(t, file, string(good)+"  night: {cron: \"0 0 31 2 *\"}\n")
	if err := d.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	d.waitFor(`the one before stays.*netsonde.yaml:6: schedules.night.cron: .*never comes true`, 1)
	before := len(reportSaid.FindAllString(d.said(), -1))
	d.waitFor("msg=report", before+2)
	writeConfig(t, file, string(good)+"  night: {cron: \"0 6 * * *\"}\n")
	if err := d.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	d.waitFor("was read again", 1)

	if status := d.ends(syscall.SIGTERM); status != 0 {
		t.Errorf("status %d:\n%s", status, d.said())
	}
	store, err := history.Open(t.Context(), state, history.Retention{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	points, err := store.Timeline(t.Context(), scheduleScope("lab"), 100)
	if err != nil || len(points) < 4 {
		t.Errorf("%d reports, %v", len(points), err)
	}
	if _, err := store.Page(t.Context(), points[0].Report); err != nil {
		t.Error(err)
	}
}
