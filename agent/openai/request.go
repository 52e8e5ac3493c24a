package openai

import (
	"encoding/json"
	"regexp"
	"strings"

	openai "github.com/sashabaranov/go-openai"

	"github.com/netsonde/netsonde/agent"
)

// request writes p for a server of which that much is known.
func (c *Client) request(p agent.Prompt, have traits) openai.ChatCompletionRequest {
	r := openai.ChatCompletionRequest{Model: c.config.Model}
	messages := p.Messages
	if have.prompted {
		messages = promptedMessages(p)
	} else {
		for _, f := range p.Functions {
			r.Tools = append(r.Tools, openai.Tool{Type: openai.ToolTypeFunction, Function: &openai.FunctionDefinition{
				Name: f.Name, Description: f.Description, Parameters: schema(f),
			}})
		}
	}
	if have.noSystem {
		messages = withoutSystem(messages)
	}
	if have.prompted || have.noSystem {
		messages = alternating(messages)
	}
	for _, m := range messages {
		r.Messages = append(r.Messages, wireMessage(m))
	}
	limit := p.MaxTokens
	if limit == 0 {
		limit = c.config.MaxTokens
	}
	if have.oldLimit {
		r.MaxTokens = limit
	} else {
		r.MaxCompletionTokens = limit
	}
	if !have.noEffort {
		r.ReasoningEffort = c.config.Effort
	}
	if !have.whole && !have.noOptions {
		r.StreamOptions = &openai.StreamOptions{IncludeUsage: true}
	}
	return r
}

func schema(f agent.Function) json.RawMessage {
	if len(f.Schema) == 0 {
		return json.RawMessage(`{"type":"object","properties":{}}`)
	}
	return f.Schema
}

// wireMessage writes one message so that strict servers take it: no empty
// content, calls only with a name they know the form of and with arguments
// that are an object, whatever the model itself had written.
func wireMessage(m agent.Message) openai.ChatCompletionMessage {
	out := openai.ChatCompletionMessage{Role: string(m.Role), Content: m.Text, ToolCallID: m.CallID}
	if out.Content == "" && len(m.Calls) == 0 {
		out.Content = "(no output)"
	}
	for _, call := range m.Calls {
		out.ToolCalls = append(out.ToolCalls, openai.ToolCall{
			ID: call.ID, Type: openai.ToolTypeFunction,
			Function: openai.FunctionCall{Name: plainName(call.Name), Arguments: objectArguments(call.Arguments)},
		})
	}
	return out
}

func plainName(name string) string {
	name = regexp.MustCompile(`[^a-zA-Z0-9_-]+`).ReplaceAllString(name, "_")
	if name == "" {
		return "unnamed"
	}
	return name[:min(len(name), 64)]
}

func objectArguments(text string) string {
	var object map[string]json.RawMessage
	if json.Unmarshal([]byte(text), &object) == nil && object != nil {
		return text
	}
	if strings.TrimSpace(text) == "" {
		return "{}"
	}
	out, err := json.Marshal(map[string]string{"malformed": text})
	if err != nil {
		return "{}"
	}
	return string(out)
}

// withoutSystem moves what the system says into the first words of the user.
func withoutSystem(messages []agent.Message) []agent.Message {
	var said []string
	var rest []agent.Message
	for _, m := range messages {
		if m.Role == agent.System {
			said = append(said, m.Text)
			continue
		}
		rest = append(rest, m)
	}
	return append([]agent.Message{{Role: agent.User, Text: strings.Join(said, "\n\n")}}, rest...)
}

// alternating joins messages of one role that follow each other: chat
// templates of some models take nothing else.
func alternating(messages []agent.Message) []agent.Message {
	var out []agent.Message
	for _, m := range messages {
		if last := len(out) - 1; last >= 0 && out[last].Role == m.Role && m.Role != agent.ToolReply && len(out[last].Calls)+len(m.Calls) == 0 {
			out[last].Text += "\n\n" + m.Text
			continue
		}
		out = append(out, m)
	}
	return out
}
