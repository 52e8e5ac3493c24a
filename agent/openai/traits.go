package openai

import (
	"errors"
	"net/http"
	"strings"

	openai "github.com/sashabaranov/go-openai"
)

// traits are what a server was found not to take.
type traits struct {
	prompted  bool // tools: functions go into the prompt
	whole     bool // streaming
	noOptions bool // stream_options
	noSystem  bool // the system role
	noEffort  bool // reasoning_effort
	oldLimit  bool // max_completion_tokens: it wants max_tokens
}

func (c *Client) known() traits {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.traits
}

// learn reads in an error what the server cannot take. It reports whether the
// request will look different now.
func (c *Client) learn(had traits, err error) bool {
	now := had
	switch text := refusedText(err); {
	case errors.Is(err, errNoStream):
		now.whole = true
	case errors.Is(err, openai.ErrReasoningToolsRequireResponses):
		now.prompted = c.config.Protocol != Native
	case text == "":
		return false
	case strings.Contains(text, "stream_options"):
		now.noOptions = true
	case strings.Contains(text, "max_completion_tokens") && !strings.Contains(text, "use 'max_completion_tokens'"):
		now.oldLimit = true
	case strings.Contains(text, "max_tokens") && had.oldLimit:
		now.oldLimit = false
	case strings.Contains(text, "reasoning_effort") || strings.Contains(text, "reasoning.effort"):
		now.noEffort = true
	case saysNo(text) && strings.Contains(text, "stream"):
		now.whole = true
	case aboutTools(text):
		now.prompted = c.config.Protocol != Native
	case strings.Contains(text, "system role") || saysNo(text) && strings.Contains(text, "'system'") ||
		strings.Contains(text, "roles must alternate") || strings.Contains(text, `"system"`) && saysNo(text):
		now.noSystem = true
	}
	if now == had {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.traits = now
	return true
}

// refusedText returns, in lower case, what a server said that refused the form
// of a request; "" for every other error.
func refusedText(err error) string {
	status, text := statusOf(err)
	switch status {
	case http.StatusBadRequest, http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusNotImplemented, http.StatusInternalServerError:
	default:
		return ""
	}
	text = strings.ToLower(text)
	if tooLong(text) || filtered(text) {
		return ""
	}
	return text
}

// statusOf returns the status and the words of a server's error; 0 if err is
// none.
func statusOf(err error) (int, string) {
	var said *openai.APIError
	if errors.As(err, &said) {
		code, _ := said.Code.(string)
		return said.HTTPStatusCode, strings.TrimSpace(said.Message + " " + code + " " + said.Type)
	}
	var other *openai.RequestError
	if errors.As(err, &other) {
		return other.HTTPStatusCode, string(other.Body)
	}
	return 0, ""
}

func saysNo(text string) bool {
	for _, no := range []string{"not support", "unsupported", "not allowed", "unrecognized", "unknown", "invalid role", "not permitted", "does not exist"} {
		if strings.Contains(text, no) {
			return true
		}
	}
	return false
}

// aboutTools reports whether a refusal is about tool calling: "does not support
// tools" (Ollama), "tool choice requires --enable-auto-tool-choice" (vLLM),
// "tools param requires --jinja flag" (llama.cpp), "no endpoints found that
// support tool use" (gateways).
func aboutTools(text string) bool {
	if !strings.Contains(text, "tool") && !strings.Contains(text, "function") {
		return false
	}
	for _, sign := range []string{"tool choice requires", "requires --jinja", "support tool use", "support function calling"} {
		if strings.Contains(text, sign) {
			return true
		}
	}
	return saysNo(text) && !strings.Contains(text, "schema") && !strings.Contains(text, "tool_call_id")
}
