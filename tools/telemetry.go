package tools

import (
	"context"
	"strings"

	"github.com/netsonde/netsonde/policies"
)

// gnmiGetIn is what the gnmi_get tool takes.
type gnmiGetIn struct {
	Devices []string `json:"devices" jsonschema:"device names, globs such as r*, groups, or all"`
	Path    string   `json:"path" jsonschema:"an OpenConfig path; list keys in brackets or left out for all entries: /interfaces/interface[name=eth1]/state"`
}

// newGNMIGet makes the tool that reads a gNMI path of one or many devices.
func newGNMIGet(e Env) (Tool, error) {
	return New("gnmi_get", func(ctx context.Context, in gnmiGetIn) (Result, error) {
		asks, blocks, err := e.asksBy(in.Devices, in.Path, func(p *policies.Platform) (policies.Query, error) { return p.Get(in.Path) })
		if err != nil {
			return Result{}, err
		}
		answers, err := fetch(ctx, e.Source, asks)
		if err != nil {
			return Result{}, err
		}
		for _, a := range answers {
			b := answerBlock(a)
			b.text = hang(b.text)
			b.note = "ask for a narrower path, or recall on this observation"
			blocks = append(blocks, b)
		}
		return Result{Text: shape(blocks, e.Budget), Seen: seen(answers), Unread: missing(answers)}, nil
	})
}

// hang writes a path that several leaves share once, as a heading, and the
// leaves below it: full paths on every line would take most of a budget. What
// stands below a heading is still the end of a line of the observation, so
// that it can be quoted.
func hang(text string) string {
	var out strings.Builder
	heading := ""
	for line := range strings.Lines(text) {
		at := leafStart(line)
		if at <= 1 {
			heading = ""
			out.WriteString(line)
			continue
		}
		if line[:at] != heading {
			heading = line[:at]
			out.WriteString(heading + "\n")
		}
		out.WriteString("  " + line[at:])
	}
	return out.String()
}

// leafStart returns where the name of the leaf begins in "PATH/NAME: VALUE";
// 0 where line is no leaf.
func leafStart(line string) int {
	if !strings.HasPrefix(line, "/") {
		return 0
	}
	start, depth := 0, 0
	for i := 0; i+1 < len(line); i++ {
		switch line[i] {
		case '\\':
			i++
		case '[':
			depth++
		case ']':
			depth--
		case '/':
			if depth == 0 {
				start = i + 1
			}
		case ':':
			if depth == 0 && line[i+1] == ' ' {
				return start
			}
		}
	}
	return 0
}
