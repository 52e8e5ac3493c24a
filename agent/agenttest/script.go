// Package agenttest lets tests run investigations without a language model: a
// [Script] is a Model with prepared replies, a [Network] is a handful of
// answers with a show tool over them, a [Server] is an OpenAI-compatible
// endpoint on loopback that answers, and misbehaves, as it is told, and
// [Trace] writes events as text for goldens.
package agenttest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"github.com/netsonde/netsonde/agent"
)

// A Step is what a Script does at one call: it reads the prompt and replies.
type Step func(p agent.Prompt) (agent.Reply, error)

// A Script is a Model that takes its Steps one after the other; the last is
// taken again and again if Loop is set, else a call too many is an error. It
// keeps the prompts it was given.
type Script struct {
	Steps []Step
	Loop  bool

	mu      sync.Mutex
	next    int
	prompts []agent.Prompt
}

var _ agent.Model = (*Script)(nil)

// Generate takes the next step.
func (s *Script) Generate(ctx context.Context, p agent.Prompt) (agent.Reply, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return agent.Reply{}, err
	}
	s.prompts = append(s.prompts, p)
	i := s.next
	if s.Loop {
		i = min(i, len(s.Steps)-1)
	}
	if i >= len(s.Steps) {
		return agent.Reply{}, errors.New("script is at its end")
	}
	s.next++
	return s.Steps[i](p)
}

// Prompts returns what the script was asked so far.
func (s *Script) Prompts() []agent.Prompt {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]agent.Prompt(nil), s.prompts...)
}

// Say replies in words and calls nothing.
func Say(text string) Step { return reply(agent.Message{Role: agent.Assistant, Text: text}) }

// Fail is a call to the model that fails.
func Fail(err error) Step {
	return func(agent.Prompt) (agent.Reply, error) { return agent.Reply{}, err }
}

// Calls replies with calls, given as name, arguments, name, arguments, ...
// Arguments that are not a string are marshalled.
func Calls(pairs ...any) Step {
	m := agent.Message{Role: agent.Assistant}
	for i := 0; i+1 < len(pairs); i += 2 {
		m.Calls = append(m.Calls, agent.Call{
			ID: fmt.Sprintf("c%d", len(m.Calls)), Name: fmt.Sprint(pairs[i]), Arguments: arguments(pairs[i+1]),
		})
	}
	return reply(m)
}

func arguments(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	b, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

func reply(m agent.Message) Step {
	return func(p agent.Prompt) (agent.Reply, error) {
		in := 0
		for _, pm := range p.Messages {
			in += agent.EstimateTokens(pm.Text)
		}
		return agent.Reply{Message: m, Model: "script", Usage: agent.Tokens{Input: in, Output: 50}}, nil
	}
}
