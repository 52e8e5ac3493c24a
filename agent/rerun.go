package agent

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strings"
	"sync"
	"time"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/policies"
	"github.com/netsonde/netsonde/tools"
)

// Rerun runs a recorded investigation again from its journal, without a model
// and without a network: the model's answers and the tools' results are the
// recorded ones, the loop and the checks are real, and the report is the same
// byte for byte. Events of a run of the rules, which has no model, are yielded
// as they were.
func Rerun(ctx context.Context, events []Event) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		started, ok := opening(events)
		if !ok || started.Mark == "" {
			for _, e := range events {
				if !yield(e, ctx.Err()) || ctx.Err() != nil {
					return
				}
			}
			return
		}
		a := &Agent{
			Model: NewReplayed(events, nil), Tools: recordedTools(started, events), Places: placesOf(started), Causes: started.Causes,
			Limits: started.Limits, Source: started.Source, Mark: started.Mark, Now: recordedClock(events),
		}
		c := started.Case
		for _, n := range started.Given {
			if fromDevice(n) {
				c.Given = append(c.Given, n.Observation)
			}
		}
		for e, err := range a.Investigate(ctx, c) {
			if r, ok := e.(Replied); ok && r.Error == errNoReply.Error() {
				yield(nil, errors.New("the journal ends here: the run was cut short"))
				return
			}
			if !yield(e, err) {
				return
			}
		}
	}
}

func opening(events []Event) (Started, bool) {
	if len(events) == 0 {
		return Started{}, false
	}
	s, ok := events[0].(Started)
	return s, ok
}

// placesOf returns the places that a run started with.
func placesOf(s Started) Places {
	p := NewPlaces(nil)
	for _, d := range s.Devices {
		p.devices[d] = true
	}
	for _, i := range s.Links {
		p.interfaces[i] = true
	}
	return p
}

// recordedClock tells the times of the recorded ticks in their order: the
// start, each reply, and the results of each reply.
func recordedClock(events []Event) func() time.Time {
	var times []time.Time
	results := false
	for _, e := range events {
		switch e := e.(type) {
		case Started:
			times = append(times, e.At)
		case Replied:
			times, results = append(times, e.At), false
		case Returned:
			if !results {
				times = append(times, e.At)
			}
			results = true
		}
	}
	next := 0
	return func() time.Time {
		at := times[min(next, len(times)-1)]
		next++
		return at
	}
}

// recordedTools answers calls with what the journal says that they returned.
func recordedTools(s Started, events []Event) tools.Set {
	var mu sync.Mutex
	seen := map[string]devices.Observation{}
	for _, n := range s.Given {
		seen[n.ID] = n.Observation
	}
	results := map[string][]Returned{}
	for _, e := range events {
		r, ok := e.(Returned)
		if !ok {
			continue
		}
		for _, n := range r.Seen {
			seen[n.ID] = n.Observation
		}
		if args, err := arguments(r.Call.Arguments); err == nil {
			key := strings.TrimPrefix(strings.TrimSpace(r.Call.Name), "functions.") + " " + canonical(args)
			results[key] = append(results[key], r)
		}
	}
	var set tools.Set
	for _, name := range s.Tools {
		set = append(set, tools.Tool{Name: name, Call: func(_ context.Context, args json.RawMessage) (tools.Result, error) {
			mu.Lock()
			defer mu.Unlock()
			key := name + " " + canonical(args)
			list := results[key]
			if len(list) == 0 {
				return tools.Result{}, fmt.Errorf("%s: %w", name, devices.ErrNotRecorded)
			}
			results[key] = list[1:]
			return recordedResult(list[0], seen)
		}})
	}
	return set
}

func recordedResult(r Returned, seen map[string]devices.Observation) (tools.Result, error) {
	result := tools.Result{Text: r.Text, Core: r.Core}
	if r.Proven != nil {
		result.Facts = r.Proven
	}
	for _, id := range r.Cited {
		result.Seen = append(result.Seen, seen[id])
	}
	switch {
	case r.Denied:
		return result, recordedRefusal(r.Error)
	case r.Error != "" && len(r.Missing) > 0:
		return result, recordedUnread(r.Error)
	case r.Error != "":
		return result, errors.New(r.Error)
	}
	result.Unread = r.Missing
	return result, nil
}

// recordedRefusal is a refusal with the words that it had.
type recordedRefusal string

func (e recordedRefusal) Error() string { return string(e) }

func (e recordedRefusal) Unwrap() error { return &policies.Refusal{Reason: string(e)} }

// recordedUnread is a failed read with the words that it had.
type recordedUnread string

func (e recordedUnread) Error() string { return string(e) }

func (e recordedUnread) Unwrap() error { return devices.ErrNotRecorded }
