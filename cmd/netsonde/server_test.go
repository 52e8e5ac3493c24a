package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"

	"github.com/netsonde/netsonde/agent"
	"github.com/netsonde/netsonde/agent/history"
	"github.com/netsonde/netsonde/cmd/netsonde/page"
	"github.com/netsonde/netsonde/policies"
)

// A stage is a server under a clock of the test's, whose runs store an empty
// report and take no time unless hold is set.
type stage struct {
	*server
	t     *testing.T
	clock *clockwork.FakeClock
	end   context.CancelFunc

	mu    sync.Mutex
	ran   []string // schedule and moment
	hold  chan struct{}
	under int // runs of a schedule at once, and the most there were
	most  int
}

func newStage(t *testing.T, dir string, start time.Time) *stage {
	t.Helper()
	store, err := history.Open(t.Context(), dir, history.Retention{})
	if err != nil {
		t.Fatal(err)
	}
	stop, end := context.WithCancel(t.Context())
	s := &stage{t: t, clock: clockwork.NewFakeClockAt(start), end: end}
	s.server = &server{store: store, clock: s.clock, log: slog.New(slog.NewTextHandler(io.Discard, nil)), count: page.NewMetrics("test"), stop: stop, plans: map[string]*plan{}, leaving: map[string]*plan{}}
	s.server.run = s.report
	t.Cleanup(func() { _ = store.Close() })
	return s
}

// report is the run of a stage.
func (s *stage) report(ctx, _ context.Context, name string, _ Config) (history.Edition, error) {
	now := s.clock.Now()
	s.mu.Lock()
	s.ran = append(s.ran, name+" "+now.UTC().Format("02 15:04"))
	s.under++
	s.most = max(s.most, s.under)
	hold := s.hold
	s.mu.Unlock()
	if hold != nil {
		<-hold
	}
	s.mu.Lock()
	s.under--
	n := len(s.ran)
	s.mu.Unlock()
	return s.store.Add(ctx, history.Edition{ID: fmt.Sprintf("%s-%d-%d", name, now.UnixMilli(), n), Schedule: name, Scope: scheduleScope(name), At: now,
		Report: agent.Report{Verdict: agent.Healthy}}, history.Flapping{})
}

// settle waits until no run is under way and nobody wakes up any more.
func (s *stage) settle() {
	s.t.Helper()
	for quiet, tries := 0, 0; quiet < 3; tries++ {
		if tries > 10_000 {
			s.t.Fatal("a run does not end")
		}
		time.Sleep(time.Millisecond)
		if quiet++; s.busy() {
			quiet = 0
		}
	}
}

// busy reports whether a run is under way.
func (s *stage) busy() bool {
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	for _, p := range s.plans {
		if !p.running.IsZero() {
			return true
		}
	}
	return false
}

// pass lets time pass in steps.
func (s *stage) pass(d, step time.Duration) {
	for ; d > 0; d -= step {
		s.clock.Advance(step)
		s.settle()
	}
}

// close ends the server.
func (s *stage) close() {
	s.t.Helper()
	s.end()
	if err := s.server.end(); err != nil {
		s.t.Error(err)
	}
}

func (s *stage) runs() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.ran, ", ")
}

// served is a configuration of schedules.
func served(schedules map[string]ScheduleConfig) Config {
	cfg := defaults()
	cfg.Schedules = schedules
	return cfg
}

func TestSchedulesOverDays(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		start time.Time
		want  string
	}{
		"spring": {time.Date(2026, 3, 28, 0, 30, 0, 0, berlin), "n 28 01:30, n 29 01:30, n 30 00:30"},
		"autumn": {time.Date(2026, 10, 24, 0, 30, 0, 0, berlin), "n 24 00:30, n 25 00:30, n 26 01:30"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, t.TempDir(), c.start)
			if err := s.start(served(map[string]ScheduleConfig{"n": {Cron: "30 2 * * *", Timezone: "Europe/Berlin"}})); err != nil {
				t.Fatal(err)
			}
			s.settle()
			s.pass(72*time.Hour, 30*time.Minute)
			s.close()
			if got := s.runs(); got != c.want {
				t.Errorf("got %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestClockJumpsAndMissedRuns(t *testing.T) {
	start := time.Date(2026, 3, 2, 5, 0, 0, 0, time.UTC)
	dir := t.TempDir()
	conf := served(map[string]ScheduleConfig{"day": {Cron: "0 6 * * *", Timezone: "UTC"}})
	s := newStage(t, dir, start)
	if err := s.start(conf); err != nil {
		t.Fatal(err)
	}
	s.settle()
	s.pass(61*time.Minute, time.Minute)
	s.clock.Advance(3*24*time.Hour + time.Hour) // the machine slept
	s.settle()
	s.pass(2*time.Minute, 30*time.Second)
	s.close()
	if got, want := s.runs(), "day 02 06:00, day 05 07:01"; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	// down over two runs: the last is made up once, at the start
	s = newStage(t, dir, start.AddDate(0, 0, 5).Add(3*time.Hour))
	if err := s.start(conf); err != nil {
		t.Fatal(err)
	}
	s.settle()
	s.pass(10*time.Minute, time.Minute)
	s.close()
	if got, want := s.runs(), "day 07 08:00"; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	// the clock was put back by hours: the moment that was served is not served again
	s = newStage(t, dir, start.AddDate(0, 0, 5).Add(30*time.Minute))
	if err := s.start(conf); err != nil {
		t.Fatal(err)
	}
	s.settle()
	s.pass(3*time.Hour, 10*time.Minute)
	s.close()
	if got := s.runs(); strings.Count(got, "day") > 1 {
		t.Errorf("ran %s", got)
	}
}

func TestOneRunOfAScheduleAtATime(t *testing.T) {
	s := newStage(t, t.TempDir(), time.Date(2026, 3, 2, 5, 0, 0, 0, time.UTC))
	s.hold = make(chan struct{})
	if err := s.start(served(map[string]ScheduleConfig{"a": {Every: 10 * time.Second}})); err != nil {
		t.Fatal(err)
	}
	for range 12 { // the first run lasts two minutes
		s.clock.Advance(10 * time.Second)
		time.Sleep(2 * time.Millisecond)
	}
	if err := s.runNow("a"); !errors.Is(err, page.ErrBusy) {
		t.Errorf("run now beside a run: %v", err)
	}
	if err := s.runNow("b"); !errors.Is(err, page.ErrUnknown) {
		t.Errorf("run now of nothing: %v", err)
	}
	close(s.hold)
	s.settle()
	s.clock.Advance(30 * time.Second)
	s.settle()
	s.close()
	if s.most != 1 {
		t.Errorf("%d runs at once", s.most)
	}
	if n := len(s.ran); n < 2 || n > 4 {
		t.Errorf("%d runs: %s", n, s.runs())
	}
	w := httptest.NewRecorder()
	s.count.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	if !strings.Contains(w.Body.String(), `netsonde_schedule_missed_total{schedule="a"} 1`) { // 10 to 12
		t.Error("no metric tells of the runs that did not begin")
	}
}

// A run that is cut off tells of the findings that it has, for the next one
// takes them for known; that it could not read everything is no news.
func TestARunThatIsCutOffTellsWhatItFound(t *testing.T) {
	down := agent.Finding{Rule: "link-down", RootCause: "link_down", Locations: []string{"r1:eth1"}, Title: "down", Severity: policies.Major}
	for name, c := range map[string]struct {
		report agent.Report
		told   int
	}{
		"a fault": {agent.Report{Verdict: agent.Fault, Findings: []agent.Finding{down}}, 1},
		"nothing": {agent.Report{Verdict: agent.Inconclusive}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, t.TempDir(), time.Date(2026, 3, 2, 5, 0, 0, 0, time.UTC))
			var told atomic.Int64
			s.told = func(context.Context, Config, history.Edition) { told.Add(1) }
			s.server.run = func(ctx, stop context.Context, name string, _ Config) (history.Edition, error) {
				<-stop.Done()
				return s.store.Add(ctx, history.Edition{ID: "cut", Schedule: name, Scope: scheduleScope(name), At: s.clock.Now(), Report: c.report}, history.Flapping{})
			}
			if err := s.start(served(map[string]ScheduleConfig{"a": {Every: time.Minute}})); err != nil {
				t.Fatal(err)
			}
			s.close()
			if got := int(told.Load()); got != c.told {
				t.Errorf("told %d times, want %d", got, c.told)
			}
			if turn, ok, err := s.store.Turn(t.Context(), "a"); !ok || err != nil || turn.Outcome != cutOff {
				t.Errorf("%+v %v %v: want it to be made up", turn, ok, err)
			}
		})
	}
}

// A schedule that is taken out of the configuration while it waits its jitter
// out does not run: without its entry it would read every device there is.
func TestAScheduleTakenOutWhileItWaits(t *testing.T) {
	s := newStage(t, t.TempDir(), time.Date(2026, 3, 2, 5, 0, 0, 0, time.UTC))
	if err := s.start(served(map[string]ScheduleConfig{"a": {Every: time.Hour, Jitter: 30 * time.Minute}})); err != nil {
		t.Fatal(err)
	}
	if !s.busy() {
		t.Fatal("it does not wait")
	}
	if err := s.load(served(map[string]ScheduleConfig{"b": {Cron: "0 6 * * *", Timezone: "UTC"}})); err != nil {
		t.Fatal(err)
	}
	for range 35 {
		s.clock.Advance(time.Minute)
		s.settle()
	}
	s.close()
	if strings.Contains(s.runs(), "a ") {
		t.Errorf("ran %s", s.runs())
	}
}

func TestARunThatSomebodyAskedForIsNotLate(t *testing.T) {
	s := newStage(t, t.TempDir(), time.Date(2026, 3, 2, 5, 59, 0, 0, time.UTC))
	if err := s.start(served(map[string]ScheduleConfig{"a": {Cron: "0 6 * * *", Timezone: "UTC"}})); err != nil {
		t.Fatal(err)
	}
	s.pass(2*time.Minute, 30*time.Second)
	s.clock.Advance(5 * time.Hour)
	if err := s.runNow("a"); err != nil {
		t.Fatal(err)
	}
	s.settle()
	s.close()
	w := httptest.NewRecorder()
	s.count.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	if strings.Contains(w.Body.String(), `schedule_lag_seconds{schedule="a"} 1`) || strings.Count(s.runs(), "a ") != 2 { // 17940 seconds since six
		t.Errorf("ran %s\n%s", s.runs(), w.Body)
	}
}

// A schedule that is taken out and put back while a run of it is under way
// does not run twice at once.
func TestAScheduleTakenOutAndPutBackDuringARun(t *testing.T) {
	s := newStage(t, t.TempDir(), time.Date(2026, 3, 2, 5, 0, 0, 0, time.UTC))
	s.hold = make(chan struct{})
	with := served(map[string]ScheduleConfig{"a": {Every: time.Minute}, "b": {Cron: "0 9 * * *", Timezone: "UTC"}})
	without := served(map[string]ScheduleConfig{"b": {Cron: "0 9 * * *", Timezone: "UTC"}})
	if err := s.start(with); err != nil {
		t.Fatal(err)
	}
	for s.runs() == "" {
		time.Sleep(time.Millisecond)
	}
	for _, cfg := range []Config{without, without, with} {
		if err := s.load(cfg); err != nil {
			t.Fatal(err)
		}
	}
	s.watch()
	for range 5 {
		s.clock.Advance(time.Minute)
		time.Sleep(2 * time.Millisecond)
	}
	close(s.hold)
	s.settle()
	s.pass(2*time.Minute, time.Minute)
	s.close()
	if s.most != 1 {
		t.Errorf("%d runs at once: %s", s.most, s.runs())
	}
	if strings.Count(s.runs(), "a ") < 2 {
		t.Errorf("ran %s: want it to go on", s.runs())
	}
}

func TestReloadKeepsWhatWasServed(t *testing.T) {
	s := newStage(t, t.TempDir(), time.Date(2026, 3, 2, 5, 59, 0, 0, time.UTC))
	six := ScheduleConfig{Cron: "0 6 * * *", Timezone: "UTC"}
	if err := s.start(served(map[string]ScheduleConfig{"day": six})); err != nil {
		t.Fatal(err)
	}
	s.settle()
	s.pass(2*time.Minute, 30*time.Second)
	if err := s.load(served(map[string]ScheduleConfig{"day": six, "more": {Every: time.Hour}})); err != nil {
		t.Fatal(err)
	}
	s.pass(2*time.Minute, 30*time.Second)
	if err := s.load(served(map[string]ScheduleConfig{"day": six, "bad": {Cron: "x"}})); err == nil {
		t.Error("a wrong schedule was taken")
	}
	s.pass(time.Hour, 10*time.Minute)
	s.close()
	if got := s.runs(); strings.Count(got, "day") != 1 || strings.Count(got, "more") != 2 {
		t.Errorf("ran %s", got)
	}
}

func TestARunThatFailsIsToldAndTheNextOneRuns(t *testing.T) {
	s := newStage(t, t.TempDir(), time.Date(2026, 3, 2, 5, 59, 0, 0, time.UTC))
	var there atomic.Bool
	s.server.run = func(ctx, stop context.Context, name string, cfg Config) (history.Edition, error) {
		if !there.Load() {
			return history.Edition{}, errors.New("inventory gone")
		}
		return s.report(ctx, stop, name, cfg)
	}
	if err := s.start(served(map[string]ScheduleConfig{"a": {Every: time.Minute}})); err != nil {
		t.Fatal(err)
	}
	s.settle()
	list, err := s.schedules(t.Context())
	if err != nil || len(list) != 1 || list[0].Trouble != "inventory gone" {
		t.Errorf("%+v %v", list, err)
	}
	there.Store(true)
	s.pass(2*time.Minute, 30*time.Second)
	s.close()
	if len(s.ran) == 0 {
		t.Error("the schedule did not run again")
	}
}
