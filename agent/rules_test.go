package agent

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/policies"
	"github.com/netsonde/netsonde/tools"
)

// folder answers from text files, one a query: what it lacks, the device does
// not support; a device that it lacks is not reached.
type folder struct {
	dir  string
	edit func(device, query, text string) string
}

func (f folder) Fetch(_ context.Context, device string, q policies.Query) (devices.Observation, error) {
	if _, err := os.Stat(filepath.Join(f.dir, device)); err != nil {
		return devices.Observation{}, fmt.Errorf("%s: %s: %w", device, q, devices.ErrUnreachable)
	}
	text, err := os.ReadFile(filepath.Join(f.dir, device, q.String()+".txt"))
	if err != nil {
		return devices.Observation{}, fmt.Errorf("%s: %s: %w", device, q, devices.ErrUnsupported)
	}
	out := string(text)
	if f.edit != nil {
		out = f.edit(device, q.String(), out)
	}
	return devices.Observation{Device: device, Query: q.String(), At: time.Unix(1_800_000_000, 0).UTC(), Output: out}, nil
}

func rulesOver(t *testing.T, src devices.Source, names ...string) Rules {
	t.Helper()
	inv := &devices.Inventory{Links: []string{"r2:eth2--r4:eth1"}}
	for _, n := range names {
		inv.Devices = append(inv.Devices, devices.Device{Name: n, Platform: "frr"})
	}
	platforms, err := policies.LoadPlatforms(policies.Files)
	if err != nil {
		t.Fatal(err)
	}
	rules, err := tools.LoadRules(policies.Files)
	if err != nil {
		t.Fatal(err)
	}
	all, err := policies.LoadCauses(policies.Files)
	if err != nil {
		t.Fatal(err)
	}
	causes := Causes{}
	for _, c := range all.All() {
		causes[c.Label] = c.Meaning
	}
	return Rules{
		Env:    tools.Env{Source: src, Inventory: inv, Platforms: platforms, Rules: rules},
		Places: NewPlaces(inv), Causes: causes, Now: func() time.Time { return time.Unix(1_800_000_000, 0) },
	}
}

// rulesReport runs a case and returns the kinds of its events and its report.
func rulesReport(t *testing.T, a Rules, c Case) (string, Report) {
	t.Helper()
	var kinds []string
	var report Report
	for e, err := range a.Investigate(context.Background(), c) {
		if err != nil {
			t.Fatal(err)
		}
		kinds = append(kinds, strings.TrimPrefix(fmt.Sprintf("%T", e), "agent."))
		if c, ok := e.(Concluded); ok {
			report = c.Report
		}
	}
	return strings.Join(kinds, " "), report
}

const timers = "testdata/rules"

// The fault that the answers were read under is found at the end that
// deviates, and every quote stands in what a device said.
func TestRulesFindTimers(t *testing.T) {
	kinds, r := rulesReport(t, rulesOver(t, folder{dir: timers}, "r2", "r4"), Case{Question: "the adjacency between r2 and r4 is gone"})
	if want := "Started Planned Called Returned Concluded"; kinds != want {
		t.Errorf("events %s, want %s", kinds, want)
	}
	if r.Verdict != Fault || len(r.Findings) != 1 {
		t.Fatalf("verdict %s with %d findings, want the one fault", r.Verdict, len(r.Findings))
	}
	f := r.Findings[0]
	if f.RootCause != "ospf_timer_mismatch" || !cmp.Equal(f.Locations, []string{"r4:eth1"}) {
		t.Errorf("got %s at %v", f.RootCause, f.Locations)
	}
	if len(f.Symptoms) != 1 || !strings.Contains(f.Symptoms[0], "OSPF adjacency") {
		t.Errorf("symptoms %q: want the adjacency folded under its cause", f.Symptoms)
	}
	if f.Evidence[0].Device != "r4" || !strings.Contains(f.Evidence[0].Quote, "Hello 2s") {
		t.Errorf("evidence %+v: want r4's timers first", f.Evidence[0])
	}
	for _, e := range f.Evidence {
		text, err := os.ReadFile(filepath.Join(timers, e.Device, e.Query+".txt"))
		if err != nil || !strings.Contains(string(text), e.Quote) {
			t.Errorf("quote %q is not in %s: %s", e.Quote, e.Device, e.Query)
		}
	}
}

// A candidate that gives r4 the right timers takes the cause away, and its
// lines are what a fault in it is proven by.
func TestRulesHoldACandidate(t *testing.T) {
	good := "interface eth1\n ip address 10.0.24.4/24\n ip ospf area 0.0.0.0\n ip ospf hello-interval 1\n ip ospf dead-interval 5\n ip ospf network point-to-point\n ip ospf cost 10\n"
	a := rulesOver(t, folder{dir: timers}, "r2", "r4")
	_, r := rulesReport(t, a, Case{Question: "will this do?", Device: "r4", Config: strings.Replace(good, "area 0.0.0.0", "area 0.0.0.3", 1)})
	var found []string
	for _, f := range r.Findings {
		found = append(found, f.RootCause)
		if f.RootCause == "ospf_area_mismatch" && !strings.Contains(fmt.Sprint(f.Evidence), "ip ospf area 0.0.0.3") {
			t.Errorf("want the candidate's own line as evidence, got %+v", f.Evidence)
		}
	}
	if !strings.Contains(strings.Join(found, " "), "ospf_area_mismatch") || strings.Contains(strings.Join(found, " "), "ospf_timer_mismatch") {
		t.Errorf("got %v: want the area named and the timers mended", found)
	}
}

// What could not be read is never healthy.
func TestRulesWithoutAnswers(t *testing.T) {
	well := folder{dir: timers, edit: func(device, query, text string) string {
		if device == "r4" && strings.HasSuffix(query, "interface") {
			text = strings.ReplaceAll(text, "Hello 2s", "Hello 1s")
		}
		return text
	}}
	_, r := rulesReport(t, rulesOver(t, well, "r2", "r4", "r9"), Case{})
	if r.Verdict == Healthy {
		t.Error("r9 was not reached, and the verdict is healthy")
	}
	if !strings.Contains(strings.Join(r.NotEvaluated, "\n"), "r9") {
		t.Errorf("not evaluated: %v: want r9 in it", r.NotEvaluated)
	}
	if out := strings.Join(r.RuledOut, "\n"); !strings.Contains(out, "nothing of r9,") {
		t.Errorf("ruled out: %s: want it to except r9", out)
	}
	_, r = rulesReport(t, rulesOver(t, folder{dir: "testdata/none"}, "r2"), Case{})
	if r.Verdict != Inconclusive || r.Open == "" {
		t.Errorf("nobody answered: verdict %s, open %q", r.Verdict, r.Open)
	}
}

// A device that answers, but none of what a verdict needs, is not healthy.
func TestRulesWithoutCore(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "r2"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "r2", "show version.txt"), []byte("FRRouting 10.2 (r2).\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, r := rulesReport(t, rulesOver(t, folder{dir: dir}, "r2"), Case{})
	if r.Verdict != Inconclusive {
		t.Errorf("verdict %s, want inconclusive: %v", r.Verdict, r.NotEvaluated)
	}
	if len(r.RuledOut) > 0 && strings.Contains(r.RuledOut[0], "bgp_remote_as_mismatch") {
		t.Errorf("ruled out without one session read: %v", r.RuledOut)
	}
}

func TestRulesUnknownDevice(t *testing.T) {
	a := rulesOver(t, folder{dir: timers}, "r2", "r4")
	for _, err := range a.Investigate(context.Background(), Case{Device: "r7"}) {
		if err == nil || !strings.Contains(err.Error(), "r7") {
			t.Errorf("got %v, want an error that names r7", err)
		}
	}
}
