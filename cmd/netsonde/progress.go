package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/netsonde/netsonde/agent"
	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/policies"
)

// progress tells on stderr what is asked of whom and what came back, while a
// run works. On a terminal the reads share one line that redraws; without one,
// each is a line. The zero progress says nothing. It is safe for concurrent use.
type progress struct {
	w     io.Writer // nil: quiet
	tty   bool
	width int
	style style
	now   func() time.Time
	start time.Time

	mu     sync.Mutex
	replay bool // reads are of a recording: they are not told one by one
	reads  int
	total  int // reads that there will be; 0 if nobody knows
	tokens int
	drawn  bool // a redrawn line stands on the terminal

	underWay []string // reads that were sent and have not come to their end
}

// progress starts the telling of one run.
func (c *console) progress(quiet bool) *progress {
	p := &progress{tty: c.tty, width: c.columns(), style: c.style(), now: c.now, start: c.now()}
	if !c.tty {
		p.style = style{}
	}
	if !quiet {
		p.w = c.err
	}
	c.telling = p
	return p
}

// line prints a line that stays.
func (p *progress) line(s string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
	if p.w != nil {
		fmt.Fprintln(p.w, s)
	}
}

// clear wipes the redrawn line; the caller holds the lock.
func (p *progress) clear() {
	if p.drawn {
		fmt.Fprint(p.w, "\r\x1b[K")
		p.drawn = false
	}
}

// done wipes what should not stay when the run is over.
func (p *progress) done() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
}

// read tells one read that ended.
func (p *progress) read(device string, q policies.Query, obs devices.Observation, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.reads++
	if p.w == nil || p.replay {
		return
	}
	what := fmt.Sprintf("%s: %s", device, clean(q.String()))
	switch {
	case errors.Is(err, devices.ErrUnsupported) && !p.tty:
		fmt.Fprintf(p.w, "  %s  not supported there\n", what)
	case err != nil && !errors.Is(err, devices.ErrUnsupported):
		p.clear()
		fmt.Fprintf(p.w, "%s %s\n", p.style.yellow("  !"), clip(clean(err.Error()), max(p.width-4, 20)))
	case p.tty:
		s := fmt.Sprintf("  %s %s  %s", p.bar(), p.elapsed(), what)
		fmt.Fprint(p.w, "\r\x1b[K"+p.style.dim(clip(s, p.width-1)))
		p.drawn = true
	default:
		fmt.Fprintf(p.w, "  %s  %s, %s\n", what, obs.Took.Round(time.Millisecond), size(len(obs.Output)))
	}
}

// bar words how far the reading is: a bar where the end is known.
func (p *progress) bar() string {
	if p.total == 0 {
		return fmt.Sprintf("%d reads,", p.reads)
	}
	const cells = 20
	full := min(cells*p.reads/p.total, cells)
	return fmt.Sprintf("[%s%s] %d of %d reads,", strings.Repeat("#", full), strings.Repeat(".", cells-full), p.reads, p.total)
}

func (p *progress) elapsed() string {
	return fmt.Sprintf("%.1f s", p.now().Sub(p.start).Seconds())
}

// event tells one event of a run.
func (p *progress) event(e agent.Event) {
	switch e := e.(type) {
	case agent.Planned:
		for _, h := range e.Hypotheses {
			p.line(p.style.dim("  ? ") + clean(h))
		}
	case agent.Replied:
		p.mu.Lock()
		p.tokens += e.Reply.Usage.Input + e.Reply.Usage.Output
		p.mu.Unlock()
	case agent.Called:
		p.line(p.style.bold(fmt.Sprintf("%2d %s", e.Step, clean(e.Call.Name))) + " " + clip(clean(e.Call.Arguments), p.width-len(e.Call.Name)-6))
	case agent.Returned:
		p.returned(e)
	case agent.Noted:
		p.line("   " + p.style.yellow(clean(e.Text)))
	}
}

// returned tells what a call brought back, and what the run cost so far.
func (p *progress) returned(e agent.Returned) {
	var ids []string
	for _, o := range e.Seen {
		ids = append(ids, o.ID)
	}
	s := fmt.Sprintf("   %s in %s, %s", clean(e.Call.Name), e.Took.Round(time.Millisecond), size(len(e.Text)))
	if len(ids) > 0 {
		s += fmt.Sprintf(" [%s]", clip(strings.Join(ids, " "), 40))
	}
	if e.Error != "" {
		s = "   " + clip(clean(e.Error), p.width-3)
	}
	if p.tokens > 0 {
		s += fmt.Sprintf(", %d tokens so far", p.tokens)
	}
	p.line(p.style.dim(s + ", " + p.elapsed()))
}

// size words a number of bytes.
func size(n int) string {
	if n < 1000 {
		return fmt.Sprintf("%d B", n)
	}
	return fmt.Sprintf("%.1f kB", float64(n)/1000)
}

// clip shortens s to n columns.
func clip(s string, n int) string {
	r := []rune(s)
	if n < 4 || len(r) <= n {
		return s
	}
	return string(r[:n-3]) + "..."
}

// told is a Source whose reads are told to a progress.
type told struct {
	devices.Source
	p *progress
}

// Fetch reads and tells.
func (t told) Fetch(ctx context.Context, device string, q policies.Query) (devices.Observation, error) {
	obs, err := t.Source.Fetch(ctx, device, q)
	if ctx.Err() == nil {
		t.p.read(device, q, obs, err)
	}
	return obs, err
}
