package devices

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/netsonde/netsonde/policies"
)

// Once wraps src so that one read serves everybody who asks the same of the
// same device at the same time or within maxAge after it; a maxAge of zero
// serves for as long as the Source lives. A Watch serves only those who wait
// for it. What may be otherwise at the next try is not kept: the end of a
// context, a timeout, a device that was not reached, a truncated answer.
//
// The read goes on for as long as anybody waits for it: an asker who leaves
// does not take it from the others.
func Once(src Source, maxAge time.Duration) Source {
	return &once{src: src, maxAge: maxAge, flights: map[onceKey]*flight{}}
}

type once struct {
	src    Source
	maxAge time.Duration

	mu      sync.Mutex
	flights map[onceKey]*flight
}

type onceKey struct{ device, platform, query string }

// A flight is one read, under way or done.
type flight struct {
	done    chan struct{}
	cancel  context.CancelFunc
	waiting int // askers; guarded by once.mu
	at      time.Time
	o       Observation
	err     error
}

// Fetch returns the answer of the read that is under way or kept, or starts
// one.
func (s *once) Fetch(ctx context.Context, device string, q policies.Query) (Observation, error) {
	if err := ctx.Err(); err != nil {
		return Observation{}, named(device, q, err)
	}
	key := onceKey{device, q.Platform(), q.String()}
	s.mu.Lock()
	f := s.flights[key]
	if f != nil && s.stale(f) {
		f = nil
	}
	if f == nil {
		f = s.start(ctx, key, q)
	}
	f.waiting++
	s.mu.Unlock()

	select {
	case <-f.done:
		s.leave(key, f)
		return f.o, f.err
	case <-ctx.Done():
		if s.leave(key, f) {
			<-f.done // the last one out waits until the read has really stopped
		}
		return Observation{}, named(device, q, ctx.Err())
	}
}

func (s *once) stale(f *flight) bool {
	return !f.at.IsZero() && s.maxAge > 0 && time.Since(f.at) > s.maxAge
}

func (s *once) start(ctx context.Context, key onceKey, q policies.Query) *flight {
	fctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	f := &flight{done: make(chan struct{}), cancel: cancel}
	s.flights[key] = f
	go func() {
		defer cancel()
		o, err := s.src.Fetch(fctx, key.device, q)
		s.mu.Lock()
		f.o, f.err, f.at = o, err, time.Now()
		if s.flights[key] == f && (q.Kind() == policies.Watch || !keeps(o, err)) {
			delete(s.flights, key)
		}
		s.mu.Unlock()
		close(f.done)
	}()
	return f
}

// leave counts an asker out, and reports whether nobody waits any more for a
// read that is still under way; it is then cancelled, and nobody joins it.
func (s *once) leave(key onceKey, f *flight) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	f.waiting--
	if f.waiting > 0 || !f.at.IsZero() {
		return false
	}
	f.cancel()
	if s.flights[key] == f {
		delete(s.flights, key)
	}
	return true
}

// keeps reports whether an answer will be the same at the next try.
func keeps(o Observation, err error) bool {
	if err == nil {
		return !o.Truncated
	}
	var refusal *policies.Refusal
	return errors.As(err, &refusal) || errors.Is(err, ErrDenied) || errors.Is(err, ErrUnsupported) ||
		errors.Is(err, ErrNotRecorded) || errors.Is(err, ErrUnknown)
}
