package notify

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"
)

// An Office sends news to receivers by way of an outbox.
type Office struct {
	Outbox    Outbox
	Receivers map[string]Addressee // by name
	Now       func() time.Time     // nil means time.Now
	Most      int                  // attempts before a letter is dead; 0 means 12 (about a day)
	Patience  time.Duration        // deadline of one attempt; 0 means 30 s
}

// An Addressee is a receiver and what it wants to hear of.
type Addressee struct {
	Receiver Receiver
	Policy   Policy
}

// Post puts news into the outbox for those of the named receivers that want to
// hear of them, once for each report, and returns their names. An unknown name is an
// error, and the others get theirs all the same.
func (o Office) Post(ctx context.Context, n News, names ...string) ([]string, error) {
	raw, err := json.Marshal(n)
	if err != nil {
		return nil, fmt.Errorf("news of %s: %w", n.Report, err)
	}
	var told []string
	var faults []error
	for _, name := range names {
		a, ok := o.Receivers[name]
		if !ok {
			faults = append(faults, fmt.Errorf("no receiver is called %q", name))
			continue
		}
		if !a.Policy.Wants(n) {
			continue
		}
		now := o.now()
		put, err := o.Outbox.Put(ctx, Letter{Key: key(n.Report, name), Receiver: name, Report: n.Report, News: raw, State: Waiting, Posted: now, Next: now})
		if err != nil {
			faults = append(faults, fmt.Errorf("receiver %s: %w", name, err))
		} else if put {
			told = append(told, name)
		}
	}
	return told, errors.Join(faults...)
}

// key is the identity of the letter about a report to a receiver.
func key(report, receiver string) string {
	sum := sha256.Sum256([]byte(report + "\x00" + receiver))
	return "ns-" + hex.EncodeToString(sum[:16])
}

// Flush tries every letter that is due, one after the other, and returns how
// each ended. Its error is one of the outbox or the end of ctx; that a receiver
// could not be reached is told in the letter.
func (o Office) Flush(ctx context.Context) ([]Letter, error) {
	due, err := o.Outbox.Due(ctx, o.now(), 100)
	if err != nil {
		return nil, fmt.Errorf("outbox: %w", err)
	}
	slices.SortStableFunc(due, func(a, b Letter) int { return a.Posted.Compare(b.Posted) })
	var out []Letter
	for _, l := range due {
		if err := ctx.Err(); err != nil {
			return out, err
		}
		l, err := o.attempt(ctx, l)
		if err != nil {
			return out, fmt.Errorf("outbox: %w", err)
		}
		out = append(out, l)
	}
	return out, nil
}

// attempt delivers l once and stores what came of it.
func (o Office) attempt(ctx context.Context, l Letter) (Letter, error) {
	repeat := l.State == Sending
	l.State, l.Attempts = Sending, l.Attempts+1
	if err := o.Outbox.Update(ctx, l); err != nil {
		return l, err
	}
	err := o.deliver(ctx, l, repeat)
	if ctx.Err() != nil && err != nil {
		return l, nil // stays Sending: nobody knows whether it arrived
	}
	o.judge(&l, err)
	return l, o.Outbox.Update(context.WithoutCancel(ctx), l)
}

func (o Office) deliver(ctx context.Context, l Letter, repeat bool) error {
	a, ok := o.Receivers[l.Receiver]
	if !ok {
		return &Refusal{Final: true, Err: fmt.Errorf("no receiver is called %q any more", l.Receiver)}
	}
	p := Parcel{Key: l.Key, Raw: l.News, Repeat: repeat}
	if err := json.Unmarshal(l.News, &p.News); err != nil {
		return &Refusal{Final: true, Err: fmt.Errorf("the letter is damaged: %w", err)}
	}
	patience := o.Patience
	if patience == 0 {
		patience = 30 * time.Second
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return a.Receiver.Deliver(ctx, p)
}

// judge sets how l stands after an attempt that ended with err.
func (o Office) judge(l *Letter, err error) {
	now, most := o.now(), o.Most
	if most == 0 {
		most = 12
	}
	switch {
	case err == nil:
		l.State, l.Done, l.Fault = Delivered, now, ""
		return
	case final(err) || l.Attempts >= most:
		l.State, l.Done = Dead, now
	case sure(err):
		l.State, l.Next = Waiting, now.Add(pause(l.Attempts, err))
	default: // stays Sending: the next attempt says that it may be a repeat
		l.Next = now.Add(pause(l.Attempts, err))
	}
	l.Fault = err.Error()
}

// pause is how long to wait after the nth failed attempt: 30 s, doubled each
// time up to four hours, and never less than the receiver asks for.
func pause(n int, err error) time.Duration {
	const most = 4 * time.Hour
	wait := 30 * time.Second
	for range n - 1 {
		wait = min(2*wait, most)
	}
	var r *Refusal
	if errors.As(err, &r) {
		wait = max(wait, min(r.After, 24*time.Hour))
	}
	return wait
}

func (o Office) now() time.Time {
	if o.Now == nil {
		return time.Now()
	}
	return o.Now()
}
