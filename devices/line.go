package devices

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/netsonde/netsonde/policies"
)

// A line is the way to one device over one transport: at most one session, and
// one read at a time. All fields but turn belong to whoever holds the turn.
type line struct {
	device Device
	dial   Dialer
	wire   *Wire
	turn   chan struct{} // holds one token while a read is under way

	session Session
	idle    *time.Timer // closes the session when nobody has read for a while
	used    time.Time

	denied   error // the login that was refused, for good
	failed   error // the last dial that did not reach the device
	failedAt time.Time
}

// read waits for its turn, dials if need be, and asks. A session that was
// reused and turns out to be dead is dialed once more: devices close idle
// sessions.
func (l *line) read(ctx context.Context, q policies.Query) (Observation, error) {
	select {
	case l.turn <- struct{}{}:
		defer func() { <-l.turn }()
	case <-ctx.Done():
		return Observation{}, ctx.Err()
	}
	if err := ctx.Err(); err != nil {
		return Observation{}, err
	}
	reused := l.session != nil
	o, err := l.ask(ctx, q)
	if reused && errors.Is(err, ErrUnreachable) && o.Output == "" && ctx.Err() == nil {
		o, err = l.ask(ctx, q)
	}
	return o, err
}

func (l *line) ask(ctx context.Context, q policies.Query) (Observation, error) {
	if err := l.open(ctx); err != nil {
		return Observation{}, err
	}
	limit := l.wire.ReadTimeout + q.Window()
	rctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	start := time.Now()
	out, err := l.session.Do(rctx, q)
	o := Observation{Device: l.device.Name, Query: q.String(), At: time.Now().UTC(), Took: time.Since(start), Output: out}
	switch {
	case err == nil:
	case ctx.Err() != nil: // the asker is gone
		err = ended(ctx, err)
	case errors.Is(err, ErrTruncated):
		o.Truncated = true
	case rctx.Err() != nil && !errors.Is(err, ErrTimeout):
		err = fmt.Errorf("%w after %s: %w", ErrTimeout, limit, err)
	}
	if spent(err) || ctx.Err() != nil {
		_ = l.drop() // whatever closing says, the session is of no more use
	} else {
		l.rest()
	}
	if errors.Is(err, ErrTruncated) && ctx.Err() == nil {
		return o, nil
	}
	if err != nil && out == "" {
		return Observation{}, err
	}
	o.Truncated = o.Truncated || spent(err)
	return o, err
}

// ended is the error of a read whose asker has gone.
func ended(ctx context.Context, err error) error {
	if errors.Is(err, ctx.Err()) {
		return err
	}
	return fmt.Errorf("%w: %w", ctx.Err(), err)
}

// spent reports whether a session that returned err may not be used again.
func spent(err error) bool {
	return err != nil && !errors.Is(err, ErrDenied) && !errors.Is(err, ErrUnsupported)
}

// open makes sure that there is a session.
func (l *line) open(ctx context.Context) error {
	if l.idle != nil {
		l.idle.Stop()
	}
	if l.session != nil {
		return nil
	}
	if l.denied != nil {
		return fmt.Errorf("%w (not tried again: a repeated refusal locks accounts)", l.denied)
	}
	if l.failed != nil && time.Since(l.failedAt) < l.wire.Redial {
		return l.failed
	}
	dctx, cancel := context.WithTimeout(ctx, l.wire.DialTimeout)
	defer cancel()
	s, err := l.dial(dctx, l.device)
	if err == nil {
		l.session, l.failed = s, nil
		return nil
	}
	if ctx.Err() != nil {
		return ended(ctx, err)
	}
	if dctx.Err() != nil {
		err = fmt.Errorf("no login within %s: %w", l.wire.DialTimeout, err)
	}
	if errors.Is(err, ErrDenied) {
		l.denied = err
		return err
	}
	if !errors.Is(err, ErrUnreachable) {
		err = fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
	l.failed, l.failedAt = err, time.Now()
	return err
}

// rest starts the clock after which an unused session is closed.
func (l *line) rest() {
	l.used = time.Now()
	if l.idle != nil {
		l.idle.Reset(l.wire.Idle)
		return
	}
	l.idle = time.AfterFunc(l.wire.Idle, func() {
		select {
		case l.turn <- struct{}{}:
		default:
			return // a read is under way, and starts the clock again
		}
		defer func() { <-l.turn }()
		if l.session != nil && time.Since(l.used) >= l.wire.Idle {
			_ = l.drop()
		}
	})
}

// drop closes the session, if there is one.
func (l *line) drop() error {
	if l.idle != nil {
		l.idle.Stop()
	}
	s := l.session
	l.session = nil
	if s == nil {
		return nil
	}
	return s.Close()
}
