package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"iter"
	"strings"

	"github.com/spf13/cobra"

	"github.com/netsonde/netsonde/agent"
	"github.com/netsonde/netsonde/agent/openai"
	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/policies"
)

// modelFlags say who leads: the rules, or a language model.
type modelFlags struct {
	name    string
	baseURL string
	noTools bool
	once    bool // a failed request is not tried again
	steps   int
	tokens  int
}

func (f *modelFlags) add(cmd *cobra.Command) {
	fs := cmd.Flags()
	fs.StringVarP(&f.name, "model", "m", "", `who leads: "rules" (default), the name of a model, or replay:RUN`)
	fs.StringVar(&f.baseURL, "base-url", "", "OpenAI-compatible endpoint up to and including /v1 (default $OPENAI_BASE_URL)")
	fs.BoolVar(&f.noTools, "no-tool-calls", false, "the model has no tool calling: use a JSON protocol in the prompt")
	fs.IntVar(&f.steps, "max-steps", 0, "replies of the model at most (default 30)")
	fs.IntVar(&f.tokens, "max-tokens", 0, "tokens of the whole run at most (default 400000)")
}

// rulesLead is the name under which the built-in rules lead.
const rulesLead = "rules"

// An investigator works on a case and yields what happens.
type investigator func(context.Context, agent.Case) iter.Seq2[agent.Event, error]

// investigator makes the one that the flags, the environment or the
// configuration name.
func (c *console) investigator(n *network, f modelFlags) (investigator, error) {
	cfg := n.cfg
	if f.name != "" {
		cfg.Model = f.name
	}
	if cfg.Model == rulesLead || cfg.Model == "" {
		return c.rules(n)
	}
	model, err := c.model(n, cfg, f)
	if err != nil {
		return nil, err
	}
	set, err := n.tools()
	if err != nil {
		return nil, err
	}
	causes, err := policies.LoadCauses(policies.Files)
	if err != nil {
		return nil, err
	}
	var mark [8]byte
	if _, err := rand.Read(mark[:]); err != nil {
		return nil, err
	}
	limits := agent.Limits{Steps: cfg.Limits.Steps, Time: cfg.Limits.Time, Tokens: cfg.Limits.Tokens}
	if f.steps > 0 {
		limits.Steps = f.steps
	}
	if f.tokens > 0 {
		limits.Tokens = f.tokens
	}
	a := &agent.Agent{
		Model: model, Tools: set, Places: agent.NewPlaces(n.inv), Causes: meanings(causes),
		Limits: limits, Source: n.info, Mark: hex.EncodeToString(mark[:]), Now: n.clock,
	}
	return a.Investigate, nil
}

// meanings is the vocabulary as the agent takes it.
func meanings(causes policies.Causes) agent.Causes {
	out := agent.Causes{}
	for _, label := range causes.Labels() {
		out[label] = causes.Meaning(label)
	}
	return out
}

// model makes the client of an endpoint, or the answers of a past run.
func (c *console) model(n *network, cfg Config, f modelFlags) (agent.Model, error) {
	if id, ok := strings.CutPrefix(cfg.Model, "replay:"); ok {
		events, err := c.pastRun(id)
		if err != nil {
			return nil, err
		}
		return agent.NewReplayed(events, func(s string) { n.progress.line("   " + clean(s)) }), nil
	}
	cfg.BaseURL = or(f.baseURL, cfg.BaseURL)
	m, err := c.endpoint(cfg, f)
	if err != nil {
		return nil, err
	}
	return n.trace.model(m, cfg), nil
}

// endpoint makes the client of the endpoint that flags, environment or
// configuration name.
func (c *console) endpoint(cfg Config, f modelFlags) (*openai.Client, error) {
	if f.baseURL != "" {
		cfg.BaseURL = f.baseURL
	}
	key, err := c.secret(cfg.APIKey)
	if err != nil {
		return nil, usagef("api_key: %w", err)
	}
	if key == "" && cfg.BaseURL == "" {
		return nil, hint(usagef("model %s: no endpoint and no key", cfg.Model),
			"set OPENAI_API_KEY for OpenAI, or OPENAI_BASE_URL (--base-url) for an endpoint of your own, which needs no key",
			"without --model the built-in rules diagnose")
	}
	protocol := openai.Auto
	if f.noTools || cfg.NoTools {
		protocol = openai.Prompt
	}
	retries := 0 // the client's own number
	if f.once {
		retries = -1
	}
	m, err := openai.New(openai.Config{
		Retries: retries, Model: cfg.Model, BaseURL: cfg.BaseURL, Key: devices.NewSecret(key), APIVersion: cfg.Azure, Protocol: protocol,
	})
	if err != nil {
		return nil, &usageError{fmt.Errorf("model %s: %w", cfg.Model, err)}
	}
	return m, nil
}
