package agent

import (
	"context"
	"encoding/json"
	"errors"
)

// A Model is a language model that can call tools. How it streams, retries
// and authenticates is its own affair. An error that the loop can act on wraps
// [ErrContextLength] or [ErrFiltered].
type Model interface {
	Generate(ctx context.Context, p Prompt) (Reply, error)
}

// Errors of a Model that the loop acts on.
var (
	ErrContextLength = errors.New("prompt too long for the model")
	ErrFiltered      = errors.New("content filter refused")
)

// A Prompt is what a model is asked: the conversation so far and the functions
// that it may call.
type Prompt struct {
	Messages  []Message
	Functions []Function
	MaxTokens int // of the reply; 0 means the model's own limit
}

// A Function is a function that a model may call.
type Function struct {
	Name, Description string
	Schema            json.RawMessage
}

// Role says who speaks.
type Role string

// The roles of a conversation.
const (
	System    Role = "system"
	User      Role = "user"
	Assistant Role = "assistant"
	ToolReply Role = "tool"
)

// A Message is one turn of the conversation.
type Message struct {
	Role   Role   `json:"role"`
	Text   string `json:"text,omitempty"`
	Calls  []Call `json:"calls,omitempty"`   // of an assistant
	CallID string `json:"call_id,omitempty"` // of a tool reply
}

// A Call is a model's wish to have a function called.
type Call struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Arguments string `json:"arguments"` // JSON as the model wrote it: not yet checked
}

// A Reply is what a model answered.
type Reply struct {
	Message Message `json:"message"`
	Usage   Tokens  `json:"usage"`
	Model   string  `json:"model,omitempty"` // as the server names it
}

// Tokens counts what a call to a model used.
type Tokens struct {
	Input     int  `json:"input"`
	Output    int  `json:"output"`
	Cached    int  `json:"cached,omitempty"`
	Estimated bool `json:"estimated,omitempty"` // the server did not say; counted from the text
}

// EstimateTokens returns about how many tokens text is: a quarter of its
// bytes, which holds within a third for device output and JSON.
func EstimateTokens(text string) int { return (len(text) + 3) / 4 }
