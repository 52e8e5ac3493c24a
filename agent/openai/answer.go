package openai

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	openai "github.com/sashabaranov/go-openai"

	"github.com/netsonde/netsonde/agent"
)

// Bounds of one answer: what goes beyond is no answer to a prompt of ours.
const (
	mostCalls = 64
	mostBytes = 8 << 20
)

// Faults of an answer that may pass by themselves.
var (
	errCutOff   = errors.New("the answer broke off")
	errNoChoice = errors.New("the answer has no choice")
	errNoStream = errors.New("the server does not stream")
)

// An answer is one completion, assembled.
type answer struct {
	text, refusal, finish, model string
	calls                        []agent.Call
	usage                        agent.Tokens
}

// A chunk is one event of a stream, as far as it is used. Servers differ in
// where they put things, so it is read by hand, not by the SDK's type.
type chunk struct {
	Model   string `json:"model"`
	Object  string `json:"object"`
	Message string `json:"message"` // of an error without an envelope
	Error   any    `json:"error"`
	Choices []struct {
		Delta        delta  `json:"delta"`
		Message      *delta `json:"message"` // a whole message, from a server that does not stream
		FinishReason string `json:"finish_reason"`
	} `json:"choices"`
	Usage *openai.Usage `json:"usage"`
}

type delta struct {
	Content   string      `json:"content"`
	Refusal   string      `json:"refusal"`
	ToolCalls []callDelta `json:"tool_calls"`
}

type callDelta struct {
	Index    *int   `json:"index"`
	ID       string `json:"id"`
	Function struct {
		Name      string          `json:"name"`
		Arguments json.RawMessage `json:"arguments"`
	} `json:"function"`
}

// streamedAnswer reads a stream to its end.
func (c *Client) streamedAnswer(ctx context.Context, request openai.ChatCompletionRequest) (answer, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := c.api.CreateChatCompletionStream(ctx, request)
	if err != nil {
		return answer{}, err
	}
	defer stream.Close()
	var a assembly
	for count := 0; ; count++ {
		raw, err := stream.RecvRaw()
		if errors.Is(err, io.EOF) && count == 0 && !strings.Contains(stream.Header().Get("Content-Type"), "event-stream") {
			return answer{}, errNoStream
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return answer{}, brokenStream(err)
		}
		var ch chunk
		if err := json.Unmarshal(raw, &ch); err != nil {
			return answer{}, fmt.Errorf("%w: a chunk is not JSON: %w", errCutOff, err)
		}
		if err := a.add(ch); err != nil {
			return answer{}, err
		}
	}
	return a.done()
}

// brokenStream tells an error that the server wrote into its stream from a
// stream that ended.
func brokenStream(err error) error {
	var said *openai.APIError
	if errors.As(err, &said) {
		return err
	}
	return fmt.Errorf("%w: %w", errCutOff, err)
}

// An assembly puts the pieces of an answer together. Pieces of calls come by
// index, interleaved; the index is the server's word and never trusted as a size.
type assembly struct {
	answer
	at    map[int]int // server's index to place in calls
	bytes int
}

func (a *assembly) add(ch chunk) error {
	if ch.Error != nil || ch.Object == "error" {
		return saidError(ch)
	}
	if ch.Model != "" {
		a.model = ch.Model
	}
	if ch.Usage != nil {
		a.usage = usageOf(*ch.Usage)
	}
	for _, choice := range ch.Choices {
		d := choice.Delta
		if choice.Message != nil {
			d = *choice.Message
		}
		a.text, a.refusal = a.text+d.Content, a.refusal+d.Refusal
		a.bytes += len(d.Content) + len(d.Refusal)
		for _, piece := range d.ToolCalls {
			if err := a.addCall(piece); err != nil {
				return err
			}
		}
		if choice.FinishReason != "" {
			a.finish = choice.FinishReason
		}
	}
	if a.bytes > mostBytes {
		return fmt.Errorf("the answer is longer than %d bytes", mostBytes)
	}
	return nil
}

// addCall adds a piece of a call. Servers that number every call 0 are told by
// a new id; a name that is repeated in each piece is taken once.
func (a *assembly) addCall(piece callDelta) error {
	if a.at == nil {
		a.at = map[int]int{}
	}
	index := len(a.calls)
	if piece.Index != nil {
		index = *piece.Index
	} else if piece.ID == "" && piece.Function.Name == "" && index > 0 {
		index-- // a bare piece continues the last call
	}
	i, known := a.at[index]
	arguments := argumentText(piece.Function.Arguments)
	if known && piece.ID != "" && a.calls[i].ID != "" && piece.ID != a.calls[i].ID {
		known = false
	}
	if !known {
		if len(a.calls) == mostCalls {
			return fmt.Errorf("the answer has more than %d calls", mostCalls)
		}
		i = len(a.calls)
		a.calls, a.at[index] = append(a.calls, agent.Call{}), i
	}
	call := &a.calls[i]
	if call.ID == "" {
		call.ID = piece.ID
	}
	if call.Name != piece.Function.Name {
		call.Name += piece.Function.Name
	}
	call.Arguments += arguments
	a.bytes += len(arguments) + len(piece.Function.Name)
	return nil
}

// argumentText returns arguments as text: most servers send a string, some the
// object itself.
func argumentText(raw json.RawMessage) string {
	var text string
	if len(raw) == 0 || string(raw) == "null" {
		return ""
	}
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	return string(raw)
}

// done checks that the answer is whole.
func (a *assembly) done() (answer, error) {
	switch {
	case a.finish == "" && !a.complete():
		return answer{}, errCutOff
	case a.finish == string(openai.FinishReasonContentFilter) && len(a.calls) == 0:
		return answer{}, fmt.Errorf("%w: the answer was withheld", agent.ErrFiltered)
	case a.refusal != "" && a.text == "" && len(a.calls) == 0:
		return answer{}, fmt.Errorf("%w: the model refused: %s", agent.ErrFiltered, short(a.refusal))
	}
	return a.answer, nil
}

// complete reports whether an answer whose end was not announced is one: all
// its calls have arguments that are JSON.
func (a *assembly) complete() bool {
	for _, call := range a.calls {
		if !json.Valid([]byte(call.Arguments)) {
			return false
		}
	}
	return len(a.calls) > 0
}

// wholeAnswer asks without streaming.
func (c *Client) wholeAnswer(ctx context.Context, request openai.ChatCompletionRequest) (answer, error) {
	request.Stream, request.StreamOptions = false, nil
	response, err := c.api.CreateChatCompletion(ctx, request)
	if err != nil {
		return answer{}, err
	}
	if len(response.Choices) == 0 {
		return answer{}, errNoChoice
	}
	choice := response.Choices[0]
	a := assembly{answer: answer{
		text: choice.Message.Content, refusal: choice.Message.Refusal, finish: string(choice.FinishReason),
		model: response.Model, usage: usageOf(response.Usage),
	}}
	if a.finish == "" {
		a.finish = "stop"
	}
	for _, call := range choice.Message.ToolCalls {
		a.calls = append(a.calls, agent.Call{ID: call.ID, Name: call.Function.Name, Arguments: call.Function.Arguments})
	}
	return a.done()
}

func usageOf(u openai.Usage) agent.Tokens {
	t := agent.Tokens{Input: u.PromptTokens, Output: u.CompletionTokens}
	if u.PromptTokensDetails != nil {
		t.Cached = u.PromptTokensDetails.CachedTokens
	}
	return t
}

// saidError is the error that a server wrote into its stream.
func saidError(ch chunk) error {
	e := &openai.APIError{Message: ch.Message}
	if raw, err := json.Marshal(ch.Error); err == nil && ch.Error != nil {
		if json.Unmarshal(raw, e) != nil {
			e.Message = string(raw)
		}
	}
	return e
}

// withoutThoughts takes out what a reasoning model wrote between think tags
// into its answer: it is not part of the conversation.
func withoutThoughts(text string) string {
	text = regexp.MustCompile(`(?s)<think(ing)?>.*?</think(ing)?>`).ReplaceAllString(text, "")
	if _, after, ok := strings.Cut(text, "</think>"); ok { // templates that open the tag themselves
		text = after
	}
	return strings.TrimSpace(text)
}
