package agent

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/netsonde/netsonde/policies"
)

// Replayed is a Model that gives the answers of a recorded run in their order,
// whatever it is asked, and tells where the run it serves parts from the
// recorded one. It is safe for concurrent use, though one run at a time makes
// sense of it.
type Replayed struct {
	tell func(string)

	mu      sync.Mutex
	replies []Replied
	after   [][]Returned // results that followed each reply
	next    int
	parted  bool
}

var _ Model = (*Replayed)(nil)

// NewReplayed returns the model of a journal's events. tell, if not nil, is
// called once with a line that says where the paths part.
func NewReplayed(events []Event, tell func(string)) *Replayed {
	m := &Replayed{tell: tell}
	for _, e := range events {
		switch e := e.(type) {
		case Replied:
			m.replies, m.after = append(m.replies, e), append(m.after, nil)
		case Returned:
			if last := len(m.after) - 1; last >= 0 {
				m.after[last] = append(m.after[last], e)
			}
		}
	}
	return m
}

var errNoReply = errors.New("the recorded model has no more answers")

// replayedFailure is a failed call to a model, as a journal tells it.
type replayedFailure struct {
	text string
	kind Failure
}

func (f replayedFailure) Error() string { return f.text }

// Generate returns the next recorded answer.
func (m *Replayed) Generate(ctx context.Context, p Prompt) (Reply, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return Reply{}, err
	}
	if m.next > 0 && !m.parted {
		if where := m.differs(p.Messages); where != "" {
			m.parted = true
			if m.tell != nil {
				m.tell(where)
			}
		}
	}
	if m.next >= len(m.replies) {
		return Reply{}, errNoReply
	}
	r := m.replies[m.next]
	m.next++
	if r.Error != "" {
		return Reply{}, replayedFailure{r.Error, r.Kind}
	}
	return r.Reply, nil
}

// differs compares the results that the prompt ends in with the recorded ones
// and says where they part; "" if they do not.
func (m *Replayed) differs(messages []Message) string {
	tail := len(messages)
	for tail > 0 && messages[tail-1].Role == ToolReply {
		tail--
	}
	results, recorded := messages[tail:], m.after[m.next-1]
	step := m.replies[m.next-1].Step
	if len(results) != len(recorded) {
		return fmt.Sprintf("step %d: %d results, where the recorded run had %d", step, len(results), len(recorded))
	}
	for i, was := range recorded {
		text := strings.TrimRight(policies.Printable(was.Text), "\n")
		if !strings.Contains(results[i].Text, text) || was.Error != "" && !strings.Contains(results[i].Text, was.Error) {
			return fmt.Sprintf("step %d: %s %s was answered differently in the recorded run", step, was.Call.Name, was.Call.Arguments)
		}
	}
	return ""
}
