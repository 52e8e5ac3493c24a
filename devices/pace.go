package devices

import (
	"context"
	"sync"
	"time"

	"github.com/netsonde/netsonde/policies"
)

// Pace wraps src so that the reads of one device start at least gap apart:
// a router's control plane has other work. A gap of zero sets no pace.
func Pace(src Source, gap time.Duration) Source {
	if gap <= 0 {
		return src
	}
	return &paced{src: src, gap: gap, next: map[string]time.Time{}}
}

type paced struct {
	src Source
	gap time.Duration

	mu   sync.Mutex
	next map[string]time.Time // when the next read of a device may start
}

// Fetch waits until the device may be read again.
func (p *paced) Fetch(ctx context.Context, device string, q policies.Query) (Observation, error) {
	if wait := p.reserve(device); wait > 0 {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
			return Observation{}, named(device, q, ctx.Err())
		}
	}
	return p.src.Fetch(ctx, device, q)
}

func (p *paced) reserve(device string) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	at := p.next[device]
	if at.Before(now) {
		at = now
	}
	p.next[device] = at.Add(p.gap)
	return at.Sub(now)
}
