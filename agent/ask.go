package agent

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// ask has the model reply, with conclude as its only function if last. A
// prompt that is too long is cut down and sent again. It reports false if the
// run is over.
func (r *run) ask(ctx context.Context, last bool) (Message, bool) {
	functions := r.all
	if last {
		functions = []Function{ownFunctions()[2]}
	}
	for {
		r.fit()
		reply, err := r.Model.Generate(ctx, Prompt{Messages: r.talk.messages(), Functions: functions})
		event := Replied{Step: r.step, At: r.tick(), Reply: reply}
		if err != nil {
			event.Error, event.Kind = err.Error(), kindOf(ctx, err)
		}
		if r.outer.Err() == nil {
			r.emit(event)
		}
		if err == nil {
			return r.took(reply), !r.over
		}
		if !r.again(event.Kind, err) {
			return Message{}, false
		}
	}
}

// took accounts for a reply and adds it to the conversation. Calls without an
// id, or with one that another call has, are given one.
func (r *run) took(reply Reply) Message {
	u := &r.usage
	u.Steps, u.InputTokens, u.OutputTokens = r.step, u.InputTokens+reply.Usage.Input, u.OutputTokens+reply.Usage.Output
	if reply.Model != "" {
		u.Model = reply.Model
	}
	m := reply.Message
	m.Role = Assistant
	m.Calls = append([]Call(nil), m.Calls...)
	known := map[string]bool{}
	for _, t := range r.talk {
		for _, c := range t.Calls {
			known[c.ID] = true
		}
	}
	for i := range m.Calls {
		if c := &m.Calls[i]; c.ID == "" || known[c.ID] {
			c.ID = fmt.Sprintf("call_%d_%d", r.step, i+1)
		}
		known[m.Calls[i].ID] = true
	}
	if len(m.Calls) == 0 && m.Text == "" {
		m.Text = "(nothing)" // an empty message is refused by strict servers
	}
	r.talk = append(r.talk, turn{Message: m, step: r.step})
	return m
}

// kindOf says what a failed call to the model means for the run.
func kindOf(ctx context.Context, err error) Failure {
	var was replayedFailure
	switch {
	case errors.As(err, &was):
		return was.kind
	case ctx.Err() != nil:
		return TimeUp
	case errors.Is(err, ErrContextLength):
		return TooLong
	case errors.Is(err, ErrFiltered):
		return Refused
	}
	return Failed
}

// again says whether a failed call to the model is to be tried once more, and
// ends the run if not.
func (r *run) again(kind Failure, err error) bool {
	switch {
	case r.outer.Err() != nil:
		r.fail(r.outer.Err())
	case kind == TimeUp:
		r.giveUp("the run reached its limit: " + r.limits.Time.String())
	case kind == TooLong && r.shrunk < 3:
		r.shrunk++
		r.window = min(r.window, r.talk.tokens()) / 2
		r.note("the prompt is too long for the model: eliding older results")
		return !r.over
	case kind == Refused && r.shrunk < 1 && r.step > 1:
		r.shrunk++
		r.talk.elide(0, r.step)
		r.note("the model's service refused the prompt: eliding results")
		return !r.over
	case r.ledger.fromDevices() == 0:
		r.fail(err)
	default:
		r.giveUp("the model failed: " + strings.TrimPrefix(err.Error(), "model: "))
	}
	return false
}

// fit elides older results when the conversation outgrows the window, down to
// a half of it, so that it need not be done again soon. Where the results of
// the last step alone are too large, they go too.
func (r *run) fit() {
	size := r.talk.tokens()
	if size <= r.window {
		return
	}
	n := r.talk.elide(r.window/2, r.step-1)
	if r.talk.tokens() > r.window {
		n += r.talk.elide(r.window*3/4, r.step+1)
	}
	if n > 0 && r.Log != nil {
		r.Log.Debug("elided results", "count", n, "tokens", size)
	}
}
