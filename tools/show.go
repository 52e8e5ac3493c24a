package tools

import (
	"context"
	"errors"
	"fmt"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/policies"
)

// showIn is what the show tool takes.
type showIn struct {
	Devices []string `json:"devices" jsonschema:"device names, globs such as r*, groups, or all"`
	Command string   `json:"command" jsonschema:"one read-only command in the devices' own grammar, optionally with a filter: show ip route | include 10.4"`
}

// newShow makes the tool that runs one show command on one or many devices.
func newShow(e Env) (Tool, error) {
	return New("show", func(ctx context.Context, in showIn) (Result, error) {
		asks, blocks, err := e.asks(in.Devices, in.Command)
		if err != nil {
			return e.named(in, err)
		}
		answers, err := fetch(ctx, e.Source, asks)
		if err != nil {
			return Result{}, err
		}
		for _, a := range answers {
			blocks = append(blocks, answerBlock(a))
		}
		return Result{Text: shape(blocks, e.Budget), Seen: seen(answers), Unread: missing(answers)}, nil
	})
}

// named gives the file of a recording that a call names instead of a command;
// without one, the refusal of the command stands.
func (e Env) named(in showIn, refused error) (Result, error) {
	ds, err := e.pick(in.Devices)
	if err != nil || e.Files == nil {
		return Result{}, refused
	}
	var blocks []block
	var found []devices.Observation
	for _, d := range ds {
		if o, err := e.Files(d.Name, in.Command); err == nil {
			blocks = append(blocks, block{title: d.Name + ": file " + o.Query, text: o.Output})
			found = append(found, o)
		}
	}
	if len(found) == 0 {
		return Result{}, refused
	}
	return Result{Text: shape(blocks, e.Budget), Seen: found}, nil
}

// asks parses command by each device's own grammar.
func (e Env) asks(names []string, command string) ([]ask, []block, error) {
	return e.asksBy(names, command, func(p *policies.Platform) (policies.Query, error) { return p.Show(command) })
}

// asksBy makes the query of each device, by its own grammar. A device whose
// grammar refuses the text gets a block that says why; if all refuse, that is
// the error.
func (e Env) asksBy(names []string, text string, parse func(*policies.Platform) (policies.Query, error)) ([]ask, []block, error) {
	ds, err := e.pick(names)
	if err != nil {
		return nil, nil, err
	}
	var asks []ask
	var refused []block
	var last error
	for _, d := range ds {
		p, err := e.platform(d)
		if err != nil {
			return nil, nil, err
		}
		q, err := parse(p)
		if err == nil && q.Class() == policies.Probe && !e.Probes {
			err = &policies.Refusal{Line: text, Reason: "it sends traffic, and the operator has not turned probes on"}
		}
		var refusal *policies.Refusal
		switch {
		case errors.As(err, &refusal):
			last = fmt.Errorf("%s (%s): %w", d.Name, d.Platform, refusal)
			refused = append(refused, block{title: d.Name + ": " + text, text: refusal.Error()})
		case err != nil:
			return nil, nil, err
		default:
			asks = append(asks, ask{d.Name, q})
		}
	}
	if len(asks) == 0 {
		return nil, nil, last
	}
	return asks, refused, nil
}

// answerBlock shows one answer, with the query's filter applied.
func answerBlock(a answer) block {
	b := block{title: a.device + ": " + a.query.String()}
	if a.obs.From != "" {
		b.title += " (cut from the recorded " + a.obs.From + ")"
	}
	if a.err != nil {
		b.text = failure(a.err)
		if a.obs.Output == "" {
			return b
		}
	}
	out, err := a.query.Filter().Apply(a.obs.Output)
	if err != nil {
		out = "filter not applied: " + err.Error() + "\n" + a.obs.Output
	}
	if out == "" && a.obs.Output != "" {
		out = "(no line matches the filter)"
	}
	if a.obs.Truncated {
		out += "\n[cut off by a limit: incomplete]"
	}
	b.text = joinLines(b.text, out)
	b.note = "use a filter (| include, | section), a narrower command, or recall on this observation"
	return b
}

// joinLines joins two texts by a newline where both say something.
func joinLines(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "\n" + b
}
