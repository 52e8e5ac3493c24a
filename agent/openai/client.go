// Package openai is an [agent.Model] over any endpoint that speaks OpenAI's
// chat completions: OpenAI, Azure, vLLM, llama.cpp, Ollama, LM Studio and the
// gateways in front of others. It is the only importer of that SDK.
//
// The rules it keeps: answers are streamed inside, so that a slow connection
// stays alive, and come back whole. What may pass by itself is tried again:
// 429, 5xx and broken streams, with the server's Retry-After honoured up to a
// limit. What a server does not understand is left out from then on (stream
// options, streaming, the system role, tools), which its own error decides; a
// model without tool calling is served by a JSON protocol in the prompt. A
// prompt that is too long and a content filter are told apart by the errors of
// package agent. The key is never in an error.
package openai

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	openai "github.com/sashabaranov/go-openai"

	"github.com/netsonde/netsonde/agent"
	"github.com/netsonde/netsonde/devices"
)

// Protocol says how a model is given functions.
type Protocol string

// The protocols.
const (
	Auto   Protocol = ""       // Native until the server says that it cannot
	Native Protocol = "native" // the API's tools
	Prompt Protocol = "prompt" // JSON in the text of prompt and reply
)

// Config says which model is asked, where and how. Zero fields take defaults.
type Config struct {
	Model      string         // as the endpoint names it; needed
	BaseURL    string         // up to and including /v1; "" means OpenAI's own
	Key        devices.Secret // zero: no Authorization header is sent
	APIVersion string         // of Azure; "" means 2024-10-21
	Protocol   Protocol
	Effort     string // reasoning effort; "" leaves it to the model
	MaxTokens  int    // of one reply; 0 leaves it to the model

	Retries   int               // of a failed request; 0 means 4, negative none
	Wait      time.Duration     // the longest wait between tries, also where Retry-After says more; 0 means 60 s
	First     time.Duration     // for the first byte of an answer; 0 means 5 min
	Idle      time.Duration     // between bytes of an answer; 0 means 90 s
	Transport http.RoundTripper // nil means a pooled one
	Log       *slog.Logger      // nil means none
}

// A Client is a model behind an endpoint. It is safe for concurrent use.
type Client struct {
	config Config
	api    *openai.Client

	mu     sync.Mutex
	traits traits
}

var _ agent.Model = (*Client)(nil)

// New returns a client for c. It sends nothing yet.
func New(c Config) (*Client, error) {
	if c.Model == "" {
		return nil, errors.New("no model named")
	}
	switch c.Protocol {
	case Auto, Native, Prompt:
	default:
		return nil, fmt.Errorf("unknown model protocol %q: use native or prompt", c.Protocol)
	}
	setDefault(&c.Wait, time.Minute)
	setDefault(&c.First, 5*time.Minute)
	setDefault(&c.Idle, 90*time.Second)
	if c.Retries == 0 {
		c.Retries = 4
	}
	config, err := sdkConfig(c)
	if err != nil {
		return nil, err
	}
	config.HTTPClient = retrying(c)
	config.EmptyMessagesLimit = 100_000 // comment lines that keep a connection alive count
	return &Client{config: c, api: openai.NewClientWithConfig(config), traits: traits{prompted: c.Protocol == Prompt}}, nil
}

func setDefault(d *time.Duration, value time.Duration) {
	if *d <= 0 {
		*d = value
	}
}

// sdkConfig chooses between OpenAI's and Azure's way of addressing.
func sdkConfig(c Config) (openai.ClientConfig, error) {
	if c.BaseURL == "" {
		return openai.DefaultConfig(c.Key.Reveal()), nil
	}
	u, err := url.Parse(c.BaseURL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return openai.ClientConfig{}, fmt.Errorf("model endpoint %q is not a web address: write http://HOST:PORT/v1", c.BaseURL)
	}
	base := strings.TrimRight(c.BaseURL, "/")
	if strings.HasSuffix(u.Hostname(), ".openai.azure.com") && !strings.HasSuffix(base, "/openai/v1") {
		config := openai.DefaultAzureConfig(c.Key.Reveal(), base)
		config.APIVersion = "2024-10-21"
		if c.APIVersion != "" {
			config.APIVersion = c.APIVersion
		}
		config.AzureModelMapperFunc = func(model string) string { return model } // the name is the deployment's
		return config, nil
	}
	config := openai.DefaultConfig(c.Key.Reveal())
	config.BaseURL = strings.TrimSuffix(base, "/chat/completions")
	return config, nil
}

// attempts is how often one prompt is sent while the client learns what the
// server takes, and after streams that broke off or said nothing.
const attempts = 8

// Generate sends the prompt and returns the model's whole answer. What the
// server cannot take is left out and the prompt sent again.
func (c *Client) Generate(ctx context.Context, p agent.Prompt) (agent.Reply, error) {
	broken := 0
	for range attempts {
		have := c.known()
		answer, err := c.once(ctx, p, have)
		if err == nil {
			return c.reply(p, answer, have), nil
		}
		if ctx.Err() != nil {
			return agent.Reply{}, fmt.Errorf("model: %w", ctx.Err())
		}
		if c.learn(have, err) {
			c.debug("the model's server takes less than was sent", "error", c.hide(err.Error()))
			continue
		}
		if passing(err) && broken < 2 {
			broken++
			c.debug("an answer of the model broke off", "error", c.hide(err.Error()))
			continue
		}
		return agent.Reply{}, c.failure(err)
	}
	return agent.Reply{}, errors.New("model: the endpoint refused every form of the request")
}

// once sends one request, streamed unless the server cannot.
func (c *Client) once(ctx context.Context, p agent.Prompt, have traits) (answer, error) {
	request := c.request(p, have)
	if have.whole {
		return c.wholeAnswer(ctx, request)
	}
	return c.streamedAnswer(ctx, request)
}

// reply turns an answer into a Reply: calls written as text are read, and
// usage that the server did not tell is estimated.
func (c *Client) reply(p agent.Prompt, a answer, have traits) agent.Reply {
	text := withoutThoughts(a.text)
	message := agent.Message{Role: agent.Assistant, Text: text, Calls: a.calls}
	if len(a.calls) == 0 {
		if calls, rest := writtenCalls(text, p.Functions); len(calls) > 0 {
			message.Calls, message.Text = calls, rest
		}
	}
	usage := a.usage
	if usage.Input == 0 && usage.Output == 0 {
		usage = estimate(p, a)
	}
	model := a.model
	if model == "" {
		model = c.config.Model
	}
	return agent.Reply{Message: message, Usage: usage, Model: model}
}

// estimate counts the tokens of a prompt and its answer from their text.
func estimate(p agent.Prompt, a answer) agent.Tokens {
	usage := agent.Tokens{Estimated: true, Output: agent.EstimateTokens(a.text)}
	for _, call := range a.calls {
		usage.Output += agent.EstimateTokens(call.Name + call.Arguments)
	}
	for _, m := range p.Messages {
		usage.Input += agent.EstimateTokens(m.Text)
		for _, call := range m.Calls {
			usage.Input += agent.EstimateTokens(call.Arguments)
		}
	}
	for _, f := range p.Functions {
		usage.Input += agent.EstimateTokens(f.Description) + agent.EstimateTokens(string(f.Schema))
	}
	return usage
}

func (c *Client) debug(text string, args ...any) {
	if c.config.Log != nil {
		c.config.Log.Debug(text, args...)
	}
}
