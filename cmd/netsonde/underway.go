package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/policies"
)

// watched is a Source, next to the wire, whose reads a progress knows while
// they are under way: an operator who interrupts a run is told what was.
type watched struct {
	devices.Source
	p *progress
}

// Fetch reads, and tells when it begins and ends.
func (w watched) Fetch(ctx context.Context, device string, q policies.Query) (devices.Observation, error) {
	what := device + ": " + clean(q.String())
	w.p.begin(what)
	obs, err := w.Source.Fetch(ctx, device, q)
	w.p.end(what, err != nil && (ctx.Err() != nil || errors.Is(err, context.Canceled)))
	return obs, err
}

func (p *progress) begin(what string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.underWay = append(p.underWay, what)
}

// end forgets a read that came to its end; one that was cut off stays.
func (p *progress) end(what string, cut bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if i := slices.Index(p.underWay, what); i >= 0 && !cut {
		p.underWay = slices.Delete(p.underWay, i, i+1)
	}
}

// mostUnderWay is how many reads a word about an interruption names.
const mostUnderWay = 5

// tellUnderWay says what had been sent, and not answered, when the run was
// interrupted.
func (c *console) tellUnderWay() {
	p := c.telling
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.underWay) == 0 {
		return
	}
	named := p.underWay[:min(len(p.underWay), mostUnderWay)]
	more := ""
	if n := len(p.underWay) - len(named); n > 0 {
		more = fmt.Sprintf(", and %d more", n)
	}
	fmt.Fprintf(c.err, "netsonde: under way: %s%s\n", strings.Join(named, ", "), more)
}
