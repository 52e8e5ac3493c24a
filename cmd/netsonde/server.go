package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/go-co-op/gocron/v2"
	"github.com/jonboulle/clockwork"

	"github.com/netsonde/netsonde/agent/history"
	"github.com/netsonde/netsonde/cmd/netsonde/page"
)

// A server runs schedules. It decides by the clock on the wall and by what the
// history says was run last whether a schedule is due, whoever wakes it up:
// gocron at the moment that was planned, or the watch, which finds what a
// suspended machine, a clock that jumped or a killed process left out. So no
// moment is served twice, and of those that were missed the last is made up.
type server struct {
	store *history.Store
	clock clockwork.Clock
	log   *slog.Logger
	count *page.Metrics
	// run makes one report; stop ends when it is to conclude from what it has.
	run func(ctx, stop context.Context, name string, cfg Config) (history.Edition, error)
	// told is called with each report that was kept.
	told func(context.Context, Config, history.Edition)

	stop  context.Context // ends when the server is to end
	crons gocron.Scheduler
	wg    sync.WaitGroup

	mu      sync.Mutex
	cfg     Config
	plans   map[string]*plan
	leaving map[string]*plan // not configured any more, with a run under way
	stopped bool
}

// A plan is one schedule as it stands.
type plan struct {
	conf    ScheduleConfig
	table   timetable
	job     gocron.Job
	served  time.Time // the moment that the last run was for
	running time.Time // since when a run is under way; zero: none
	missed  time.Time // the last moment at which it did not begin because a run was under way
	trouble string    // why the last run left no report
	asked   bool      // of the plan of one run: somebody asked for it, so it is not late
}

// watchEvery is how often the watch looks for what was left out.
const watchEvery = 30 * time.Second

// start begins to run the schedules of cfg.
func (s *server) start(cfg Config) error {
	var err error
	if s.crons, err = gocron.NewScheduler(gocron.WithClock(s.clock), gocron.WithLocation(time.UTC), gocron.WithLogger(quietCron{})); err != nil {
		return err
	}
	if _, err := s.crons.NewJob(gocron.DurationJob(watchEvery), gocron.NewTask(s.watch), gocron.WithName("watch")); err != nil {
		return err
	}
	if err := s.load(cfg); err != nil {
		return err
	}
	s.crons.Start()
	s.watch()
	return nil
}

// load takes cfg in the place of what was configured before. Runs under way
// end as they began. After an error nothing has changed.
func (s *server) load(cfg Config) error {
	plans := map[string]*plan{}
	for name, conf := range cfg.Schedules {
		table, err := newTimetable(conf.Cron, conf.Timezone, conf.Every)
		if err != nil {
			return fmt.Errorf("schedules.%s: %w", name, err)
		}
		p := &plan{conf: conf, table: table}
		if p.served, err = s.lastServed(name, conf); err != nil {
			return err
		}
		plans[name] = p
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for name, old := range s.leaving {
		if p := plans[name]; p != nil {
			p.keep(old)
			delete(s.leaving, name)
		}
	}
	for name, old := range s.plans {
		if p := plans[name]; p != nil {
			p.keep(old)
		} else if !old.running.IsZero() {
			s.leaving[name] = old
		}
		if err := s.crons.RemoveJob(old.job.ID()); err != nil {
			s.log.Warn("a schedule could not be taken back", "schedule", name, "error", err)
		}
	}
	s.cfg, s.plans = cfg, plans
	var faults []error
	for name, p := range plans {
		var err error
		p.job, err = s.crons.NewJob(gocron.CronJob(p.table.text, false), gocron.NewTask(func() { s.wake(name) }),
			gocron.WithName(name), gocron.WithCronImplementation(cronOf{p.table, p.served}))
		if err != nil {
			faults = append(faults, fmt.Errorf("schedules.%s: %w", name, err))
			delete(plans, name)
		}
	}
	return errors.Join(faults...)
}

// keep takes over how a schedule stood under the configuration before.
func (p *plan) keep(old *plan) {
	p.running, p.missed, p.trouble = old.running, old.missed, old.trouble
	if old.served.After(p.served) || !old.running.IsZero() {
		p.served = old.served
	}
}

// cronOf is a timetable as gocron asks for it: an interval counts from the last
// run, so that a restart does not move it.
type cronOf struct {
	timetable
	served time.Time
}

// Next returns the next moment after t.
func (c cronOf) Next(t time.Time) time.Time {
	if c.cron != nil {
		return c.timetable.Next(t)
	}
	if !t.After(c.served) {
		return c.served.Add(c.every)
	}
	return c.served.Add((t.Sub(c.served)/c.every + 1) * c.every)
}

// lastServed is the moment that the last run of a schedule was for. A run that
// has begun and left neither a report nor a reason was cut off: it is made up. A
// schedule that never ran begins now; an interval with a run.
func (s *server) lastServed(name string, conf ScheduleConfig) (time.Time, error) {
	now := s.clock.Now()
	t, ok, err := s.store.Turn(context.Background(), name)
	if err != nil {
		return now, err
	}
	if !ok || t.Due.After(now) { // or the clock was put back
		if conf.Every > 0 {
			return now.Add(-conf.Every), nil
		}
		return now, nil
	}
	if !t.Ended.IsZero() && t.Outcome != cutOff {
		return t.Due, nil
	}
	last, err := s.store.Timeline(context.Background(), scheduleScope(name), 1)
	if err != nil || len(last) > 0 && !last[0].At.Before(t.Began) && t.Outcome != cutOff {
		return t.Due, err
	}
	return t.Due.Add(-time.Millisecond), nil // due again
}

// cutOff is the outcome of a run that was asked to end before its time.
const cutOff = "cut off: netsonde was asked to end"

// scheduleScope is the scope of a schedule's reports.
func scheduleScope(name string) string { return "schedule: " + name }

// watch runs what is due and was not run.
func (s *server) watch() {
	s.mu.Lock()
	names := slices.Sorted(maps.Keys(s.plans))
	s.mu.Unlock()
	for _, name := range names {
		s.wake(name)
	}
}

// wake runs a schedule if it is due.
func (s *server) wake(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.plans[name]
	if p == nil || s.stopped {
		return
	}
	due, ok := p.table.last(p.served, s.clock.Now())
	switch {
	case !ok:
	case p.running.IsZero():
		s.begin(name, p, due)
	case due.After(p.missed):
		p.missed = due
		s.count.Missed(name)
	}
}

// runNow runs a schedule although it is not due.
func (s *server) runNow(name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.plans[name]
	switch {
	case p == nil:
		return fmt.Errorf("schedule %q: %w", name, page.ErrUnknown)
	case s.stopped || !p.running.IsZero():
		return fmt.Errorf("schedule %q: %w", name, page.ErrBusy)
	}
	conf := p.conf
	conf.Jitter = 0
	now := *p
	now.conf, now.asked = conf, true
	p.running = s.clock.Now()
	s.wg.Go(func() { s.turn(name, now, history.Turn{Schedule: name, Due: p.served}) })
	return nil
}

// begin starts a run; the caller holds the lock.
func (s *server) begin(name string, p *plan, due time.Time) {
	p.served, p.running = due, s.clock.Now()
	now := *p
	s.wg.Go(func() { s.turn(name, now, history.Turn{Schedule: name, Due: due}) })
}

// turn makes one run of a schedule and notes how it ended.
func (s *server) turn(name string, p plan, t history.Turn) {
	trouble := ""
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.leaving, name)
		if p := s.plans[name]; p != nil {
			p.running, p.trouble = time.Time{}, trouble
		}
	}()
	if p.conf.Jitter > 0 {
		select {
		case <-s.clock.After(rand.N(p.conf.Jitter)):
		case <-s.stop.Done():
			return
		}
	}
	ctx := context.WithoutCancel(s.stop)
	s.mu.Lock()
	cfg := s.cfg
	s.mu.Unlock()
	if _, ok := cfg.Schedules[name]; !ok {
		return // it was taken out of the configuration while it waited
	}
	t.Began = s.clock.Now()
	if t.Due.Before(t.Began) && !p.asked {
		s.count.Began(name, t.Began.Sub(t.Due))
	}
	if err := s.store.Begin(ctx, t); err != nil {
		trouble = err.Error()
		s.log.Error("a run is not made, for it could not be noted", "schedule", name, "error", err)
		return
	}
	e, err := s.run(ctx, s.stop, name, cfg)
	t.Ended, t.Outcome = s.clock.Now(), e.ID
	switch {
	case err != nil:
		trouble = clean(err.Error())
		t.Outcome = trouble
		s.count.Failed(name)
		s.log.Error("a run left no report", "schedule", name, "error", trouble)
	case s.stop.Err() != nil:
		t.Outcome = cutOff
		s.log.Warn("a run was cut off: its report holds what was read", "schedule", name, "report", e.ID)
	default:
		s.log.Info("report", "schedule", name, "report", e.ID, "verdict", e.Report.Verdict, "failed", p.conf.failed(e), "changes", counts(e), "seconds", t.Ended.Sub(t.Began).Seconds())
	}
	if err == nil {
		s.count.Reported(name, e.Report, e.At)
	}
	s.count.Due(name, p.table.Next(t.Ended))
	if err := s.store.End(ctx, t); err != nil {
		s.log.Error("how a run ended could not be noted", "schedule", name, "error", err)
	}
	switch {
	case err != nil:
	case t.Outcome == cutOff && !moved(e.Delta): // what it lacks is no news: it is made up
		if err := s.store.Told(ctx, e.ID); err != nil {
			s.log.Error("receivers may be told of a run that was cut off", "report", e.ID, "error", err)
		}
	case s.told != nil:
		s.told(ctx, cfg, e)
	}
}

// moved reports whether findings came, went or changed. The report after it
// takes them for known, so whoever is to hear of them hears now or never.
func moved(d history.Delta) bool {
	return len(d.New)+len(d.Worse)+len(d.Better)+len(d.Resolved)+len(d.Flapping) > 0
}

// end stops the schedules and waits until what runs has concluded; s.stop has
// ended before.
func (s *server) end() error {
	s.mu.Lock()
	s.stopped = true
	s.mu.Unlock()
	err := s.crons.Shutdown()
	s.wg.Wait()
	return err
}

// quietCron takes what gocron logs: everything it says is told elsewhere.
type quietCron struct{}

func (quietCron) Debug(string, ...any) {}
func (quietCron) Error(string, ...any) {}
func (quietCron) Info(string, ...any)  {}
func (quietCron) Warn(string, ...any)  {}
