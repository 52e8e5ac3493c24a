package devices

import (
	"context"
	"sync"

	"github.com/netsonde/netsonde/policies"
)

// Limit wraps src so that at most perDevice reads of one device, and at most
// total reads altogether, are under way at once. The others wait their turn,
// or until their context ends. A number below 1 sets no limit.
func Limit(src Source, perDevice, total int) Source {
	l := &limited{src: src, perDevice: perDevice, each: map[string]chan struct{}{}}
	if total > 0 {
		l.total = make(chan struct{}, total)
	}
	return l
}

type limited struct {
	src       Source
	perDevice int
	total     chan struct{} // nil: no limit

	mu   sync.Mutex
	each map[string]chan struct{}
}

// Fetch takes the device's place first and one of the total after it, so that
// a slow device does not hold places that others could use.
func (l *limited) Fetch(ctx context.Context, device string, q policies.Query) (Observation, error) {
	for _, places := range []chan struct{}{l.of(device), l.total} {
		if places == nil {
			continue
		}
		select {
		case places <- struct{}{}:
			defer func() { <-places }()
		case <-ctx.Done():
			return Observation{}, named(device, q, ctx.Err())
		}
	}
	return l.src.Fetch(ctx, device, q)
}

func (l *limited) of(device string) chan struct{} {
	if l.perDevice <= 0 {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	places := l.each[device]
	if places == nil {
		places = make(chan struct{}, l.perDevice)
		l.each[device] = places
	}
	return places
}
