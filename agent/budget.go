package agent

import (
	"fmt"
	"strings"
	"time"
)

// Limits bound a run. A zero field takes the default; see [Limits.filled].
type Limits struct {
	Steps   int           `json:"steps"`   // replies of the model
	Time    time.Duration `json:"time"`    // of the whole run
	Tokens  int           `json:"tokens"`  // input and output of the whole run together
	Context int           `json:"context"` // tokens of one prompt; older results are elided to stay below
	Calls   int           `json:"calls"`   // calls of one reply that are answered
}

// filled returns l with defaults in place of zeros: 40 steps, 20 minutes, two
// million tokens, prompts of 96,000 tokens and 32 calls a reply.
func (l Limits) filled() Limits {
	set := func(field *int, value int) {
		if *field <= 0 {
			*field = value
		}
	}
	set(&l.Steps, 40)
	set(&l.Tokens, 2_000_000)
	set(&l.Context, 96_000)
	set(&l.Calls, 32)
	if l.Time <= 0 {
		l.Time = 20 * time.Minute
	}
	return l
}

// A turn is a message of the conversation and what it may be elided to.
type turn struct {
	Message
	brief string // the line that may take its place; "" if it stays
	step  int
	gone  bool // elided
}

// A talk is the conversation of a run.
type talk []turn

// messages returns the conversation as the model reads it.
func (t talk) messages() []Message {
	ms := make([]Message, len(t))
	for i, one := range t {
		ms[i] = one.Message
		if one.gone {
			ms[i].Text = one.brief
		}
	}
	return ms
}

// tokens estimates the size of the conversation.
func (t talk) tokens() int {
	n := 0
	for _, m := range t.messages() {
		n += EstimateTokens(m.Text) + 4
		for _, c := range m.Calls {
			n += EstimateTokens(c.Arguments) + 12
		}
	}
	return n
}

// elide shortens results to a line each, the oldest first, until the
// conversation is estimated at no more than target tokens. Results of step
// keep and later stay whole. It returns how many it shortened. It shortens
// many at a time because each time makes a server's cache of the prompt void.
func (t talk) elide(target, keep int) int {
	count, size := 0, t.tokens()
	for i := range t {
		if size <= target {
			break
		}
		one := &t[i]
		if one.gone || one.brief == "" || one.step >= keep || len(one.brief) >= len(one.Text) {
			continue
		}
		one.gone = true
		size -= EstimateTokens(one.Text) - EstimateTokens(one.brief)
		count++
	}
	return count
}

// briefOf is the line that stands in for an elided result.
func briefOf(r Returned) string {
	what := r.Call.Name + " " + quoted(r.Call.Arguments)
	switch {
	case len(r.Cited) > 0:
		return fmt.Sprintf("(elided: %s; recall rereads %s)", what, strings.Join(shorten(r.Cited, 40), " "))
	case r.Error != "":
		return fmt.Sprintf("(elided: %s; error: %s)", what, quoted(r.Error))
	}
	return "(elided: " + what + ")"
}
