package openai

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	openai "github.com/sashabaranov/go-openai"

	"github.com/netsonde/netsonde/agent"
)

// tooLong reports whether a server's words, in lower case, say that the prompt
// does not fit the model's context.
func tooLong(text string) bool {
	for _, sign := range []string{
		"context_length_exceeded", "maximum context length", "context window", "context length", "context size",
		"exceed_context_size", "prompt is too long", "prompt too long", "input is too long", "too many tokens", "reduce the length",
		"input length", "exceeds the limit of", "tokens in request more than",
	} {
		if strings.Contains(text, sign) {
			return true
		}
	}
	return false
}

// filtered reports whether a server's words, in lower case, say that a content
// filter refused.
func filtered(text string) bool {
	for _, sign := range []string{"content_filter", "content filter", "content management policy", "responsibleaipolicyviolation", "content_policy", "safety system", "flagged"} {
		if strings.Contains(text, sign) {
			return true
		}
	}
	return false
}

// passing reports whether what went wrong may go well the next time: a broken
// or empty answer, or an error that came in the middle of a stream.
func passing(err error) bool {
	if errors.Is(err, errCutOff) || errors.Is(err, errNoChoice) || errors.Is(err, errSilent) {
		return true
	}
	var said *openai.APIError
	if !errors.As(err, &said) || said.HTTPStatusCode != 0 {
		return false
	}
	text := strings.ToLower(said.Message + " " + said.Type)
	return !tooLong(text) && !filtered(text)
}

// failure words an error for the run and its operator: what happened, and what
// to do next where that is known.
func (c *Client) failure(err error) error {
	if errors.Is(err, agent.ErrFiltered) || errors.Is(err, agent.ErrContextLength) {
		return err
	}
	status, said := statusOf(err)
	text := strings.ToLower(said)
	short := c.hide(short(said))
	where := c.config.BaseURL
	if where == "" {
		where = "the endpoint"
	}
	switch {
	case status == http.StatusRequestEntityTooLarge || said != "" && tooLong(text):
		return fmt.Errorf("%w: %s", agent.ErrContextLength, short)
	case said != "" && filtered(text):
		return fmt.Errorf("%w: %s", agent.ErrFiltered, short)
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return fmt.Errorf("model: %s refused the key (status %d): check OPENAI_API_KEY and who it is for: %s", where, status, short)
	case status == http.StatusNotFound:
		return fmt.Errorf("model: %s knows no model %q, or no chat completions there (status 404; a base address ends in /v1): %s", where, c.config.Model, short)
	case status == http.StatusTooManyRequests && strings.Contains(text, "quota"):
		return fmt.Errorf("model: the account's quota is spent (status 429): %s", short)
	case status == http.StatusTooManyRequests:
		return fmt.Errorf("model: still limited after %d retries (status 429): wait, or ask for a higher limit: %s", max(c.config.Retries, 0), short)
	case status != 0:
		return fmt.Errorf("model: status %d: %s", status, short)
	case said != "":
		return fmt.Errorf("model: %s", short)
	}
	return &unreached{text: c.hide(fmt.Sprintf("model: %s: %v", where, err)), err: err}
}

// unreached is a failure below HTTP, with the key taken out of its words.
type unreached struct {
	text string
	err  error
}

func (u *unreached) Error() string { return u.text }
func (u *unreached) Unwrap() error { return u.err }

// hide takes the key out of words that a server may have echoed it in.
func (c *Client) hide(text string) string {
	key := c.config.Key.Reveal()
	if len(key) < 4 {
		return text
	}
	return strings.ReplaceAll(text, key, "<key>")
}

// short makes one line of at most 300 bytes of a server's words, which may be
// a page of HTML.
func short(text string) string {
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "")), " ")
	if len(text) > 300 {
		text = strings.ToValidUTF8(text[:300], "") + "..."
	}
	if text == "" {
		return "(no words)"
	}
	return text
}
