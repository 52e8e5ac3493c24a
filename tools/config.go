package tools

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// configIn is what the config tool takes.
type configIn struct {
	Devices []string `json:"devices" jsonschema:"device names, globs, groups, or all"`
	Section string   `json:"section,omitempty" jsonschema:"beginning of a top-level line: router ospf, interface eth1; empty for the whole"`
}

// newConfig makes the tool that reads the running configuration.
func newConfig(e Env) (Tool, error) {
	return New("config", func(ctx context.Context, in configIn) (Result, error) {
		ds, err := e.pick(in.Devices)
		if err != nil {
			return Result{}, err
		}
		var asks []ask
		var blocks []block
		for _, d := range ds {
			p, err := e.platform(d)
			if err != nil {
				return Result{}, err
			}
			q, ok := tableQuery(p, "config")
			if !ok {
				blocks = append(blocks, block{title: d.Name, text: fmt.Sprintf("a %s device has no running configuration to read", d.Platform)})
				continue
			}
			asks = append(asks, ask{d.Name, q})
		}
		answers, err := fetch(ctx, e.Source, asks)
		if err != nil {
			return Result{}, err
		}
		for _, a := range answers {
			b := answerBlock(a)
			if in.Section != "" && a.err == nil {
				b.title += ", section " + in.Section
				b.text = sections(a.obs.Output, in.Section)
				if b.text == "" {
					b.text = fmt.Sprintf("no top-level line begins with %q; there are: %s", in.Section, strings.Join(topLines(a.obs.Output), "; "))
				}
			}
			b.note = "name a section"
			blocks = append(blocks, b)
		}
		return Result{Text: shape(blocks, e.Budget), Seen: seen(answers), Unread: missing(answers)}, nil
	})
}

// sections returns the top-level lines of an indented configuration that begin
// with prefix (in any letter case), each with the lines under it.
func sections(config, prefix string) string {
	var out []string
	inside := false
	for _, line := range strings.Split(config, "\n") {
		if line != "" && line[0] != ' ' && line[0] != '\t' {
			inside = len(line) >= len(prefix) && strings.EqualFold(line[:len(prefix)], prefix)
		}
		if inside && line != "!" {
			out = append(out, line)
		}
	}
	return strings.Join(out, "\n")
}

// topLines lists the top-level lines of a configuration: those that open a
// section whole, the others by their first words, each once.
func topLines(config string) []string {
	var out []string
	lines := strings.Split(config, "\n")
	for i, line := range lines {
		if line == "" || line[0] == ' ' || line[0] == '!' || line == "end" || line == "exit" {
			continue
		}
		if words := strings.Fields(line); i+1 < len(lines) && !strings.HasPrefix(lines[i+1], " ") && len(words) > 2 && words[0] != "route-map" {
			line = strings.Join(words[:2], " ") + " ..."
		}
		if !slices.Contains(out, line) {
			out = append(out, line)
		}
	}
	return out
}
