package openai

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/netsonde/netsonde/agent"
)

// An Endpoint is what a check of the model's endpoint found out.
type Endpoint struct {
	Models []string // as the server lists them; nil where it does not
	Known  bool     // the configured model is among them
	Tools  bool     // the model called a function when it was asked to
	Model  string   // as the server names the one that answered

	Context int // tokens that the server says it takes; 0 where it does not say
}

// Check asks the endpoint for its models, and the model for one call of a
// function that does nothing. The error says why the endpoint cannot be used.
func (c *Client) Check(ctx context.Context) (Endpoint, error) {
	var e Endpoint
	if list, err := c.api.ListModels(ctx); err == nil { // many servers list none
		for _, m := range list.Models {
			e.Models = append(e.Models, m.ID)
		}
		e.Known = slices.Contains(e.Models, c.config.Model)
	}
	reply, err := c.Generate(ctx, agent.Prompt{
		Messages:  []agent.Message{{Role: agent.User, Text: "Call the function ready, once, to show that you can."}},
		Functions: []agent.Function{{Name: "ready", Description: "Say that you are ready.", Schema: json.RawMessage(`{"type":"object","properties":{}}`)}},
		MaxTokens: 2000,
	})
	if err != nil {
		return e, fmt.Errorf("check of the endpoint: %w", err)
	}
	e.Model = reply.Model
	e.Context = c.contextSize(ctx)
	e.Tools = len(reply.Message.Calls) > 0 && !c.known().prompted
	return e, nil
}

// contextSize reads from the endpoint's list of models how many tokens the
// configured one takes, by the names that servers have for it (vLLM, gateways,
// llama.cpp); 0 where the list does not say.
func (c *Client) contextSize(ctx context.Context) int {
	if c.config.BaseURL == "" {
		return 0
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(c.config.BaseURL, "/")+"/models", nil)
	if err != nil {
		return 0
	}
	if !c.config.Key.IsZero() {
		req.Header.Set("Authorization", "Bearer "+c.config.Key.Reveal())
	}
	resp, err := retrying(c.config).Do(req)
	if err != nil {
		return 0
	}
	defer resp.Body.Close()
	var list struct {
		Data []struct {
			ID      string `json:"id"`
			VLLM    int    `json:"max_model_len"`
			Gateway int    `json:"context_length"`
			Window  int    `json:"context_window"`
			Most    int    `json:"max_context_length"`
			Meta    struct {
				Context int `json:"n_ctx"`
				Trained int `json:"n_ctx_train"`
			} `json:"meta"`
		} `json:"data"`
	}
	if json.NewDecoder(io.LimitReader(resp.Body, 16<<20)).Decode(&list) != nil {
		return 0
	}
	for _, m := range list.Data {
		if m.ID == c.config.Model || len(list.Data) == 1 {
			return cmp.Or(m.VLLM, m.Gateway, m.Window, m.Most, m.Meta.Context, m.Meta.Trained)
		}
	}
	return 0
}
