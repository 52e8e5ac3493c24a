package agent

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"time"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/tools"
)

// An Agent investigates cases with a model. It holds no state of a run and
// may be used for many at once if its Model and Tools may.
type Agent struct {
	Model  Model
	Tools  tools.Set
	Places Places
	Causes Causes
	Limits Limits
	Source SourceInfo       // what the report is said to rest on
	Mark   string           // fences device text: random, at least eight characters, new for each run
	Now    func() time.Time // nil means time.Now
	Log    *slog.Logger     // nil means none
}

// Investigate works on c and yields what happens. The last event of a run
// that was not cut short is Concluded; an error ends the run and comes last.
// Leaving the range cancels what is under way. When ctx ends, so does the run,
// with its error.
func (a *Agent) Investigate(ctx context.Context, c Case) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		r, err := a.start(c, yield)
		if err != nil {
			yield(nil, err)
			return
		}
		r.outer = ctx
		ctx, cancel := context.WithTimeout(ctx, r.limits.Time)
		defer cancel()
		r.steps(ctx)
	}
}

// A run is one investigation under way. It belongs to one goroutine.
type run struct {
	*Agent
	yield  func(Event, error) bool
	over   bool            // the reader left, or the last event was yielded
	outer  context.Context // the caller's: its end is an interruption, not a limit
	c      Case
	limits Limits
	now    func() time.Time
	ledger *ledger
	talk   talk
	all    []Function
	made   map[string]madeCall // by name and canonical arguments
	tries  map[string]int      // failed calls, by the same
	draft  *Report             // the last conclusion that did not hold

	start, at      time.Time // times of the run, as its events tell them
	step           int
	usage          Usage
	planned        bool
	near           bool // the model was told that a limit nears
	falls          int  // conclusions that did not hold
	silent, alike  int  // replies without a call; replies of repeated calls only
	window, shrunk int  // prompt size in tokens; how often it was cut for the model
	unread         []string
	proven         []Finding // by the rules, of the results so far
}

// start checks the agent, numbers what came with the case and opens the
// conversation.
func (a *Agent) start(c Case, yield func(Event, error) bool) (*run, error) {
	if a.Model == nil {
		return nil, errors.New("agent without a model")
	}
	if len(a.Mark) < 8 {
		return nil, errors.New("agent without a mark of at least eight characters to fence device text with")
	}
	r := &run{
		Agent: a, yield: yield, c: c, limits: a.Limits.filled(), now: a.Now,
		ledger: newLedger(a.Places, a.Causes), made: map[string]madeCall{}, tries: map[string]int{},
	}
	if r.now == nil {
		r.now = time.Now
	}
	r.window = r.limits.Context
	r.all = ownFunctions()
	var names []string
	for _, t := range a.Tools {
		names = append(names, t.Name)
		r.all = append(r.all, Function{Name: t.Name, Description: t.Description, Schema: t.Schema})
	}
	if c.Config != "" {
		r.ledger.number(devices.Observation{Device: c.Device, Query: SuppliedConfig, Output: c.Config})
	}
	for _, o := range c.Given {
		r.ledger.number(o)
	}
	given := r.ledger.seen
	r.talk = talk{
		{Message: Message{Role: System, Text: systemPrompt(a.Mark, a.Causes)}},
		{Message: Message{Role: User, Text: casePrompt(c, a.Places, given, a.Mark)}},
	}
	r.start = r.tick()
	r.emit(Started{
		Version: 1, At: r.start, Case: c, Source: a.Source, Devices: a.Places.Devices(), Links: a.Places.Interfaces(),
		Causes: a.Causes, Limits: r.limits, Mark: a.Mark, Tools: names, Given: given,
	})
	return r, nil
}

// tick reads the clock. A run knows time only by its ticks, which stand in
// its events in whole milliseconds, so that a replayed run tells the same
// times.
func (r *run) tick() time.Time {
	r.at = r.now().UTC().Truncate(time.Millisecond)
	return r.at
}

// emit yields an event; it does nothing once the reader has left.
func (r *run) emit(e Event) {
	if !r.over && !r.yield(e, nil) {
		r.over = true
	}
}

func (r *run) note(format string, args ...any) { r.emit(Noted{Text: fmt.Sprintf(format, args...)}) }

// fail ends the run with an error.
func (r *run) fail(err error) {
	if !r.over {
		r.over = true
		r.yield(nil, err)
	}
}

// steps is the loop: ask the model, make the calls it asks for, and again,
// until it concludes or a limit is reached.
func (r *run) steps(ctx context.Context) {
	for !r.over {
		r.step++
		spent := r.spent()
		r.warn(spent)
		reply, ok := r.ask(ctx, spent != "")
		if !ok {
			return
		}
		if len(reply.Calls) == 0 {
			r.nudge()
		} else {
			r.answer(ctx, reply.Calls)
		}
		switch {
		case r.over:
		case spent != "":
			r.giveUp("the run reached its limit: " + spent)
		case r.silent > 2:
			r.giveUp("the model stopped calling functions without a conclusion")
		case r.alike > 3:
			r.giveUp("the model repeated itself: it asked for what it had already read")
		}
	}
}

// spent says which limit leaves no more than one reply; "" if none.
func (r *run) spent() string {
	switch elapsed := r.at.Sub(r.start); {
	case r.step >= r.limits.Steps:
		return fmt.Sprintf("%d steps", r.limits.Steps)
	case r.usage.InputTokens+r.usage.OutputTokens >= r.limits.Tokens:
		return fmt.Sprintf("%d tokens", r.limits.Tokens)
	case elapsed >= r.limits.Time*9/10:
		return r.limits.Time.String()
	}
	return ""
}

// warn tells the model once that a limit nears. The word goes with the last
// message, which is a result or the case.
func (r *run) warn(spent string) {
	what := spent
	used := r.usage.InputTokens + r.usage.OutputTokens
	switch {
	case what != "":
		what = "this is the last reply"
	case r.limits.Steps-r.step < min(3, r.limits.Steps/2):
		what = fmt.Sprintf("%d replies are left", r.limits.Steps-r.step+1)
	case used >= r.limits.Tokens*8/10:
		what = "the budget of tokens is nearly spent"
	case r.at.Sub(r.start) >= r.limits.Time*8/10:
		what = "the time is nearly over"
	}
	if what == "" || r.near {
		return
	}
	r.near = true
	r.say(promptText("near.md", "what", what))
	r.note("told the model that a limit is near: %s", what)
}

// say adds words of netsonde to the last message.
func (r *run) say(text string) {
	r.talk[len(r.talk)-1].Text += "\n\n[netsonde] " + text
}

// nudge answers a reply that called nothing.
func (r *run) nudge() {
	r.silent++
	r.note("the model called no function")
	r.talk = append(r.talk, turn{Message: Message{Role: User, Text: promptText("nudge.md")}, step: r.step})
}
