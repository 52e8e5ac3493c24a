package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/netsonde/netsonde/agent/history"
	"github.com/netsonde/netsonde/agent/notify"
	"github.com/netsonde/netsonde/policies"
)

// A post tells the receivers of a configuration what reports say, by way of
// the outbox in the history.
type post struct {
	c *console
	s *server

	mu     sync.Mutex
	office notify.Office
	wake   chan struct{}
}

// deliverEvery is how often letters are looked for that wait for another try.
const deliverEvery = 10 * time.Second

// newPost opens the receivers of cfg.
func (c *console) newPost(s *server, cfg Config) (*post, error) {
	p := &post{c: c, s: s, wake: make(chan struct{}, 1)}
	return p, p.load(cfg)
}

// load takes the receivers of cfg in the place of those before; after an error
// nothing has changed.
func (p *post) load(cfg Config) error {
	all, err := p.c.receivers(cfg)
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.office = notify.Office{Outbox: p.s.store.Outbox(), Receivers: all, Now: p.s.clock.Now}
	return nil
}

func (p *post) now() notify.Office {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.office
}

// tell puts the news of a report into the outbox, once however often it is
// called for it.
func (p *post) tell(ctx context.Context, cfg Config, e history.Edition) {
	names := cfg.Schedules[e.Schedule].Receivers
	if len(names) > 0 {
		told, err := p.now().Post(ctx, news(cfg, e), names...)
		if err != nil {
			p.s.log.Error("a report is not told to everybody", "report", e.ID, "error", err)
			return // it is tried again at the next start
		}
		if len(told) > 0 {
			p.s.log.Info("told", "report", e.ID, "receivers", told)
		}
	}
	if err := p.s.store.Told(ctx, e.ID); err != nil {
		p.s.log.Error("the history does not know that a report was told", "report", e.ID, "error", err)
	}
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// catchUp tells of reports that were stored by a process which ended before it
// told of them.
func (p *post) catchUp(ctx context.Context, cfg Config) {
	ids, err := p.s.store.Untold(ctx)
	if err != nil {
		p.s.log.Error("reports of an earlier process may not be told", "error", err)
	}
	for _, id := range ids {
		e, err := p.s.store.Edition(ctx, id)
		if err != nil {
			p.s.log.Error("a report of an earlier process is not told", "report", id, "error", err)
			continue
		}
		p.tell(ctx, cfg, e)
	}
}

// deliver delivers what is due until ctx ends.
func (p *post) deliver(ctx context.Context) {
	for {
		done, err := p.now().Flush(ctx)
		if err != nil && ctx.Err() == nil {
			p.s.log.Error("letters cannot be delivered", "error", err)
		}
		for _, l := range done {
			switch l.State {
			case notify.Delivered:
				p.s.count.Delivered(l.Receiver, "sent")
				p.s.log.Info("delivered", "receiver", l.Receiver, "report", l.Report, "attempts", l.Attempts)
			case notify.Dead:
				p.s.count.Delivered(l.Receiver, "dead")
				p.s.log.Error("a letter is given up", "receiver", l.Receiver, "report", l.Report, "attempts", l.Attempts, "error", l.Fault)
			default:
				p.s.count.Delivered(l.Receiver, "failed")
				p.s.log.Warn("a letter is tried again later", "receiver", l.Receiver, "report", l.Report, "next", l.Next, "error", l.Fault)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-p.wake:
		case <-p.s.clock.After(deliverEvery):
		}
	}
}

// news is what receivers are told of e.
func news(cfg Config, e history.Edition) notify.News {
	n := notify.News{
		Report: e.ID, Schedule: e.Schedule, At: e.At, Verdict: string(e.Report.Verdict), Summary: counts(e), Changed: e.Delta.Changed(), Turned: e.Delta.Turned,
		NotEvaluated: e.Report.NotEvaluated, Link: cfg.Notify.LinkTo(e.ID), Explanation: explanation(e),
	}
	for _, s := range []struct {
		change  notify.Change
		entries []history.Entry
	}{
		{notify.New, e.Delta.New}, {notify.Worse, e.Delta.Worse}, {notify.Flapping, e.Delta.Flapping}, {notify.Better, e.Delta.Better},
		{notify.Resolved, e.Delta.Resolved}, {notify.Standing, e.Delta.Standing},
	} {
		for _, x := range s.entries {
			n.Items = append(n.Items, notify.Item{
				Change: s.change, Severity: x.Finding.Severity, Cause: x.Finding.RootCause, Locations: x.Locations,
				Title: x.Finding.Title, Remedy: x.Finding.Remedy, Since: x.Since,
			})
			if x.Seen > 0 {
				n.Worst = max(n.Worst, x.Finding.Severity)
			}
		}
	}
	return n
}

// failed reports whether a report counts as failed by its schedule's threshold.
func (s ScheduleConfig) failed(e history.Edition) bool {
	at := policies.Minor
	if got, err := policies.ParseSeverity(s.FailOn); err == nil {
		at = got
	}
	return errors.Is(editionStatus(e, at), exitStatus(exitFault))
}
