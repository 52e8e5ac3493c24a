package tools

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/netsonde/netsonde/policies"
)

// watchIn is what the watch tool takes.
type watchIn struct {
	Devices []string `json:"devices" jsonschema:"device names, globs, groups, or all"`
	Path    string   `json:"path,omitempty" jsonschema:"an OpenConfig path to sample over gNMI: /interfaces/interface/state/counters"`
	Command string   `json:"command,omitempty" jsonschema:"or one read-only command to repeat: show interface eth1"`
	Seconds int      `json:"seconds,omitempty" jsonschema:"how long to watch: 10 unless told, 120 at most"`
	Every   int      `json:"every,omitempty" jsonschema:"seconds between readings: 1 for a path, 2 for a command, unless told"`
}

const (
	defaultWatch = 10
	maxWatch     = 120
)

// newWatch makes the tool that reads something again and again for a while and
// says what moved.
func newWatch(e Env) (Tool, error) {
	return New("watch", func(ctx context.Context, in watchIn) (Result, error) {
		text, parse, err := in.query()
		if err != nil {
			return Result{}, err
		}
		asks, blocks, err := e.asksBy(in.Devices, text, parse)
		if err != nil {
			return Result{}, err
		}
		answers, err := fetch(ctx, e.Source, asks)
		if err != nil {
			return Result{}, err
		}
		for _, a := range answers {
			blocks = append(blocks, watchBlock(a))
		}
		return Result{Text: shape(blocks, e.Budget), Seen: seen(answers), Unread: missing(answers)}, nil
	})
}

// query checks the arguments and returns what is watched, and how it is parsed.
func (in watchIn) query() (string, func(*policies.Platform) (policies.Query, error), error) {
	window, every := in.Seconds, in.Every
	if window == 0 {
		window = defaultWatch
	}
	if every == 0 {
		every = 1
		if in.Command != "" {
			every = 2
		}
	}
	switch {
	case (in.Path == "") == (in.Command == ""):
		return "", nil, fmt.Errorf("give either a path or a command")
	case window < 1 || window > maxWatch:
		return "", nil, fmt.Errorf("seconds must be between 1 and %d", maxWatch)
	case every < 1 || every > window:
		return "", nil, fmt.Errorf("every must be between 1 and seconds (%d)", window)
	}
	length, step := time.Duration(window)*time.Second, time.Duration(every)*time.Second
	if in.Command != "" {
		return in.Command, func(p *policies.Platform) (policies.Query, error) { return p.Repeat(in.Command, step, length) }, nil
	}
	return in.Path, func(p *policies.Platform) (policies.Query, error) {
		return p.Watch(in.Path, policies.Sample, step, length)
	}, nil
}

// watchBlock reduces the course of a watch to a line a counter.
func watchBlock(a answer) block {
	b := block{title: a.device + ": " + a.query.String(), note: "watch something narrower, or recall on this observation for the course itself"}
	if a.err != nil {
		b.text = failure(a.err)
		if a.obs.Output == "" {
			return b
		}
	}
	var c course
	if a.query.Mode() == policies.Repeated {
		c = repeatedCourse(a.obs.Output, a.query.Filter())
	} else {
		c = sampledCourse(a.obs.Output)
	}
	text := c.text()
	if a.obs.Truncated {
		text += "[cut off by a limit: the course is not whole]\n"
	}
	b.text = joinLines(b.text, strings.TrimRight(text, "\n"))
	return b
}
