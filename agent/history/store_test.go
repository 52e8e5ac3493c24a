package history_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netsonde/netsonde/agent"
	"github.com/netsonde/netsonde/agent/history"
	"github.com/netsonde/netsonde/agent/notify"
	"github.com/netsonde/netsonde/policies"
)

var monday = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// bad is a finding of a rule at a place.
func bad(rule, place string, s policies.Severity) agent.Finding {
	device, _, _ := strings.Cut(place, ":")
	return agent.Finding{
		Rule: rule, RootCause: rule, Locations: []string{place}, Title: rule + " at " + place, Severity: s, Symptoms: []string{},
		Evidence: []agent.Evidence{{Observation: "o1", Device: device, Query: "show x", Quote: "down"}}, Rests: []string{device + "/x"},
	}
}

// report is one that read r1 to r3 and ran the rules a, b and c.
func report(fs ...agent.Finding) agent.Report {
	v := agent.Healthy
	if len(fs) > 0 {
		v = agent.Fault
	}
	return agent.Report{Verdict: v, Findings: fs, Read: []string{"r1", "r2", "r3"}, Ran: []string{"a", "b", "c"}}
}

func open(t testing.TB, dir string) *history.Store {
	t.Helper()
	s, err := history.Open(t.Context(), dir, history.Retention{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// tale adds reports an hour apart and words each delta.
func tale(t *testing.T, s *history.Store, reports ...agent.Report) []string {
	t.Helper()
	var out []string
	for i, r := range reports {
		e, err := s.Add(t.Context(), history.Edition{ID: fmt.Sprintf("run-%02d", i), Scope: "all", At: monday.Add(time.Duration(i) * time.Hour), Report: r}, history.Flapping{})
		if err != nil {
			t.Fatal(err)
		}
		var words []string
		for _, x := range e.Delta.Entries() {
			w := fmt.Sprintf("%s %s", x.State, x.Rule)
			if x.Seen > 1 {
				w += fmt.Sprintf(" x%d since %02d", x.Seen, x.Since.Hour())
			}
			if x.Why != "" {
				w += " (" + x.Why + ")"
			}
			words = append(words, w)
		}
		out = append(out, strings.Join(words, "; "))
	}
	return out
}

func TestDeltaOverReports(t *testing.T) {
	a, b := bad("a", "r1:eth1", policies.Minor), bad("b", "r2", policies.Major)
	worse := bad("a", "r1:eth1", policies.Critical)
	unreachable := report(b)
	unreachable.Unread = []agent.Unread{{Device: "r1", Table: "all tables", Core: true, Why: "device unreachable"}}
	tableless := report()
	tableless.Unread = []agent.Unread{{Device: "r2", Table: "x", Why: "timeout"}}
	without := report()
	without.Ran = []string{"a", "c"}
	elsewhere := report()
	elsewhere.Read = []string{"r1", "r3"}
	faulty := report()
	faulty.Unread = []agent.Unread{{Rule: "b", Core: true, Why: "division by zero"}}
	parent := bad("c", "r3", policies.Critical)
	parent.Consequences = []agent.Consequence{{Rule: "a", Locations: []string{"r1:eth1"}, Title: a.Title}}
	for name, c := range map[string]struct {
		reports []agent.Report
		want    []string
	}{
		"new, standing, worse, better, resolved": {
			[]agent.Report{report(a), report(a, b), report(worse, b), report(a), report()},
			[]string{"new a", "new b; standing a x2 since 09", "worse a x3 since 09; standing b x2 since 10", "better a x4 since 09; resolved b", "resolved a"},
		},
		"a device that was not read resolves nothing": {
			[]agent.Report{report(a, b), unreachable, report(a, b), report()},
			[]string{"new b; new a", "standing b x2 since 09; not_evaluated a (r1: device unreachable)", "standing b x3 since 09; standing a x2 since 09", "resolved b; resolved a"},
		},
		"nor does a table, a rule that did not run, a device left out, a rule at fault": {
			[]agent.Report{report(b), tableless, without, elsewhere, faulty, report()},
			[]string{"new b", "not_evaluated b (r2: x: timeout)", "not_evaluated b (rule b was not run)", "not_evaluated b (r2 was not read)",
				"not_evaluated b (rule b could not be evaluated: division by zero)", "resolved b"},
		},
		"what a cause explains now is not resolved": {
			[]agent.Report{report(a), report(parent), report(a)},
			[]string{"new a", "new c; folded a (explained by: c at r3)", "new a x2 since 09; resolved c"},
		},
		"flapping": {
			[]agent.Report{report(a), report(), report(a), report(), report(a), report(), report(a)},
			[]string{"new a", "resolved a", "new a", "resolved a", "flapping a", "flapping a", "flapping a"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, tale(t, open(t, t.TempDir()), c.reports...)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSilences(t *testing.T) {
	s := open(t, t.TempDir())
	for _, bad := range []history.Silence{{Reason: "x", Ends: monday.Add(time.Hour)}, {Rule: "a", Ends: monday.Add(time.Hour)}, {Rule: "a", Reason: "x", Ends: monday}, {Rule: "[", Reason: "x", Ends: monday.Add(time.Hour)}} {
		if _, err := s.Silence(t.Context(), bad, monday); err == nil {
			t.Errorf("%+v was taken", bad)
		}
	}
	x, err := s.Silence(t.Context(), history.Silence{Location: "r1", Reason: "card ordered", Ends: monday.Add(150 * time.Minute)}, monday)
	if err != nil {
		t.Fatal(err)
	}
	a := report(bad("a", "r1:eth1", policies.Major))
	why := "(silence 1 until 2026-03-02 11:30 UTC: card ordered)"
	want := []string{"silenced a " + why, "silenced a x2 since 09 " + why, "silenced a x3 since 09 " + why, "new a x4 since 09"}
	if diff := cmp.Diff(want, tale(t, s, a, a, a, a)); diff != "" {
		t.Error(diff)
	}
	if err := s.Unsilence(t.Context(), x.ID, monday.Add(time.Hour)); err != nil {
		t.Error(err)
	}
	if err := s.Unsilence(t.Context(), 99, monday); !errors.Is(err, history.ErrUnknown) {
		t.Error(err)
	}
	if !(history.Silence{Rule: "bgp_*", Location: "r*:Gi0/?"}).Matches("", history.Identity{Rule: "bgp_x", Locations: []string{"r9:Gi0/1--r2:Gi0/22"}}) {
		t.Error("a pattern does not match an end of a link")
	}
}

// A fault that is silenced from its first report on turns no verdict, and one
// that could not be evaluated while its silence ended is new all the same.
func TestASilencedFaultIsToldWhenItsSilenceIsOver(t *testing.T) {
	s := open(t, t.TempDir())
	if _, err := s.Silence(t.Context(), history.Silence{Rule: "a", Reason: "card ordered", Ends: monday.Add(150 * time.Minute)}, monday); err != nil {
		t.Fatal(err)
	}
	fault, unread := report(bad("a", "r1:eth1", policies.Major)), report()
	unread.Verdict = agent.Inconclusive
	unread.Unread = []agent.Unread{{Device: "r1", Table: "all tables", Core: true, Why: "device unreachable"}}
	var got []string
	for i, r := range []agent.Report{report(), fault, unread, fault, report()} {
		e, err := s.Add(t.Context(), history.Edition{ID: fmt.Sprintf("run-%d", i), Scope: "all", At: monday.Add(time.Duration(i) * time.Hour), Report: r}, history.Flapping{})
		if err != nil {
			t.Fatal(err)
		}
		var words []string
		for _, x := range e.Delta.Entries() {
			words = append(words, string(x.State))
		}
		got = append(got, fmt.Sprintf("%s %v changed %v", r.Verdict, words, e.Delta.Changed()))
	}
	want := []string{"healthy [] changed false", "fault [silenced] changed false", "inconclusive [silenced] changed true", "fault [new] changed true", "healthy [resolved] changed true"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestIdentity(t *testing.T) {
	f := func(title string) agent.Finding {
		return agent.Finding{Rule: "a", Locations: []string{"r2", "r1"}, Title: title}
	}
	ids := history.Identify([]agent.Finding{f("10.0.0.0/24 is missing for 5 minutes"), f("10.0.1.0/24 is missing for 5 minutes"), f("areas differ: 0.0.0.1"), f("areas differ: 0.0.0.2")})
	later := history.Identify([]agent.Finding{f("10.0.1.0/24 is missing for 9 minutes")})
	if ids[1].ID() != later[0].ID() || ids[0].ID() == ids[1].ID() {
		t.Errorf("%v %v", ids, later)
	}
	if ids[2].Key != "" || ids[3].Key != "#2" {
		t.Errorf("%+v", ids[2:])
	}
}

func TestStoreKeepsWholeReports(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	tale(t, s, report(bad("a", "r1:eth1", policies.Minor)), report())
	s = open(t, dir) // a second one beside it, as another process
	e, err := s.Edition(t.Context(), "run-00")
	if err != nil || len(e.Report.Findings) != 1 || len(e.Timeline) != 1 || len(e.Delta.New) != 1 {
		t.Errorf("%+v %v", e, err)
	}
	if e, err := s.Edition(t.Context(), "latest"); err != nil || e.ID != "run-01" || len(e.Timeline) != 2 {
		t.Errorf("%s %v", e.ID, err)
	}
	if _, err := s.Edition(t.Context(), "run-"); !errors.Is(err, history.ErrUnknown) {
		t.Error(err)
	}
	if _, err := s.Edition(t.Context(), "%"); !errors.Is(err, history.ErrUnknown) {
		t.Error(err)
	}
	all, err := s.Findings(t.Context(), "", monday)
	if err != nil || len(all) != 1 || all[0].State != history.Resolved {
		t.Errorf("%+v %v", all, err)
	}
	if err := s.Prune(t.Context(), monday.AddDate(3, 0, 0)); err != nil {
		t.Fatal(err)
	}
	if points, err := s.Timeline(t.Context(), "", 10); err != nil || len(points) != 1 {
		t.Errorf("after the retention: %v %v: the last report of a scope stays", points, err)
	}
}

func TestDamageIsToldAndNothingDeleted(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	tale(t, s, report(bad("a", "r1:eth1", policies.Minor)))
	file := s.Path()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for name, damage := range map[string][]byte{
		"header":    append([]byte("not a database any more, whatever"), raw[33:]...),
		"page":      append(append(append([]byte{}, raw[:4096]...), make([]byte, 4096)...), raw[8192:]...),
		"truncated": raw[:5000],
	} {
		if err := os.WriteFile(file, damage, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := history.Open(t.Context(), dir, history.Retention{})
		var f *history.Fault
		if !errors.Is(err, history.ErrDamaged) || !errors.As(err, &f) || f.File != file || !strings.Contains(f.Next, "move "+file) {
			t.Errorf("%s: %v", name, err)
		}
		if left, err := os.ReadFile(file); err != nil || len(left) < len(damage) {
			t.Errorf("%s: the damaged file is gone", name)
		}
	}
}

func TestReadOnlyDirectory(t *testing.T) {
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	if os.Getuid() == 0 { // who may write everywhere but here
		dir = "/sys/kernel"
	}
	_, err := history.Open(t.Context(), dir, history.Retention{})
	var f *history.Fault
	if !errors.As(err, &f) || !strings.Contains(f.Next, "needs to write in "+dir) {
		t.Error(err)
	}
	file := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := history.Open(t.Context(), file, history.Retention{}); err == nil {
		t.Error("a file was taken for a directory")
	}
}

func TestANewerHistoryIsLeftAlone(t *testing.T) {
	dir := t.TempDir()
	file := open(t, dir).Path()
	raise(t, file)
	if _, err := history.Open(t.Context(), dir, history.Retention{}); err == nil || !strings.Contains(err.Error(), "newer netsonde") {
		t.Error(err)
	}
}

func TestLease(t *testing.T) {
	dir := t.TempDir()
	l, err := history.Take(dir, "process 7 on host a")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := history.Take(dir, "process 8"); !errors.Is(err, history.ErrLeased) || !strings.Contains(err.Error(), "process 7 on host a") {
		t.Error(err)
	}
	if err := l.Release(); err != nil {
		t.Fatal(err)
	}
	if l, err = history.Take(dir, "x"); err != nil {
		t.Fatal(err)
	}
	_ = l.Release()
}

func TestOutbox(t *testing.T) {
	o := open(t, t.TempDir()).Outbox()
	l := notify.Letter{Key: "k", Receiver: "noc", Report: "run-1", News: []byte("{}"), State: notify.Waiting, Posted: monday, Next: monday}
	for i, want := range []bool{true, false} {
		if put, err := o.Put(t.Context(), l); err != nil || put != want {
			t.Errorf("put %d: %v %v", i, put, err)
		}
	}
	if due, err := o.Due(t.Context(), monday.Add(-time.Second), 10); err != nil || len(due) != 0 {
		t.Errorf("due before its time: %v %v", due, err)
	}
	l.State, l.Attempts, l.Fault, l.Done = notify.Dead, 3, "refused", monday.Add(time.Hour)
	if err := o.Update(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	dead, err := o.Letters(t.Context(), 10, notify.Dead)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]notify.Letter{l}, dead); diff != "" {
		t.Error(diff)
	}
	if due, err := o.Due(t.Context(), monday.Add(time.Hour), 10); err != nil || len(due) != 0 {
		t.Errorf("a dead letter is due: %v %v", due, err)
	}
}

func TestFiguresAreJudgedByTheirOwnPast(t *testing.T) {
	s := open(t, t.TempDir())
	octets := 0.0
	add := func(when time.Time, rate float64) history.Series {
		t.Helper()
		octets += rate * 3600
		out, err := s.AddFigures(context.Background(), when, []history.Figure{{Device: "r1", Place: "eth1", Name: "in", Unit: "bit/s", Counter: true, Value: octets}}, 5)
		if err != nil {
			t.Fatal(err)
		}
		if len(out) == 0 {
			return history.Series{}
		}
		return out[0]
	}
	for h := range 6 * 7 * 24 { // busy by day, quiet by night
		rate := 1e6
		if hour := h % 24; hour >= 8 && hour < 18 {
			rate = 1e9 + float64(h%7)*1e7
		}
		last := add(monday.Truncate(24*time.Hour).Add(time.Duration(h)*time.Hour), rate)
		if last.Odd && h > 5*7*24+1 {
			t.Errorf("hour %d: %+v is odd", h, last.Usual)
		}
	}
	night := monday.Truncate(24*time.Hour).AddDate(0, 0, 42)
	x := add(night, 1e9) // usual at noon
	if !x.Odd || x.Usual == nil || x.Usual.Hours != history.SameHour || x.Usual.Median != 1e6 || len(x.Samples) != 5 {
		t.Errorf("%+v", x)
	}
	octets = 0 // the device was restarted
	if x := add(night.Add(time.Hour), 1); len(x.Samples) != 0 {
		t.Errorf("a counter that fell makes a rate: %+v", x)
	}
}
