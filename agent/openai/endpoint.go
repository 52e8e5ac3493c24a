package openai

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/netsonde/netsonde/agent"
)

// An Endpoint is what a check of the model's endpoint found out.
type Endpoint struct {
	Models []string // as the server lists them; nil where it does not
	Known  bool     // the configured model is among them
	Tools  bool     // the model called a function when it was asked to
	Model  string   // as the server names the one that answered
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
	e.Tools = len(reply.Message.Calls) > 0 && !c.known().prompted
	return e, nil
}
