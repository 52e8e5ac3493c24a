package policies

import (
	"fmt"
	"slices"
	"strings"
)

// pipeWord is the pipe as a word of a command, where an output format that the
// platform file spells follows it.
const pipeWord = "|"

// pipe reads what follows a command: output formats, which join the words that
// are parsed, and filters, which netsonde applies itself.
func (p *Platform) pipe(g *grammar, words []word, rest string) ([]word, Filter, *Refusal) {
	var filter Filter
	for _, text := range stages(rest) {
		text = strings.TrimSpace(text)
		if text == "" {
			return nil, nil, &Refusal{Near: "|", Reason: "nothing follows the pipe"}
		}
		if p.isFormat(text) && !slices.ContainsFunc(filter, func(s Stage) bool { return s.Verb != "no-more" }) {
			words = append(words, word{text: pipeWord, lower: pipeWord})
			var r *Refusal
			if words, r = lexWords(words, text, g.fold); r != nil {
				return nil, nil, r
			}
			continue
		}
		stage, r := p.stage(text)
		if r != nil {
			return nil, nil, r
		}
		filter = append(filter, stage)
	}
	return words, filter, nil
}

// isFormat reports whether text begins like one of the platform's formats.
func (p *Platform) isFormat(text string) bool {
	first, _, _ := strings.Cut(strings.ToLower(text), " ")
	return slices.ContainsFunc(p.tails, func(t string) bool {
		return first == t || p.file.Abbreviate && len(first) > 1 && strings.HasPrefix(t, first)
	})
}

// stages cuts what follows a command at its pipes. A "|" inside quotes, or
// inside an expression ("a|b", "a| b"), is none: one that ends a stage has a
// blank before it, or a filter's name behind it.
func stages(rest string) []string {
	var out []string
	var quote byte
	from := 1
	for i := 1; i < len(rest); i++ {
		switch c := rest[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == '|' && (rest[i-1] == ' ' || startsFilter(rest[i+1:])):
			out = append(out, rest[from:i])
			from = i + 1
		}
	}
	return append(out, rest[from:])
}

// startsFilter reports whether text begins with a blank and the full name of a
// filter.
func startsFilter(text string) bool {
	fields := strings.Fields(text)
	return strings.HasPrefix(text, " ") && len(fields) > 0 && slices.Contains(filterNames(), fields[0])
}

// redirects says why the words behind a pipe that are no filters are refused.
func redirects() map[string]string {
	const file = "writes a file"
	return map[string]string{"redirect": file, "append": file, "tee": file, "save": file, "copy": file, "xargs": "runs commands",
		"sh": "runs commands", "bash": "runs commands", "awk": "runs commands", "sed": "runs commands", "more": "is a pager", "less": "is a pager",
		"ssh": "opens a session elsewhere", "nc": "opens a session elsewhere", "vsh": "runs commands", "start": "runs commands"}
}

// stage reads one filter.
func (p *Platform) stage(text string) (Stage, *Refusal) {
	verb, arg, _ := strings.Cut(text, " ")
	arg = strings.TrimSpace(arg)
	full := p.filterName(verb)
	if full == "utility" { // IOS XR: utility egrep
		return p.stage(arg)
	}
	if full == "" {
		if why := redirects()[strings.ToLower(verb)]; why != "" {
			return Stage{}, &Refusal{Near: verb, Reason: fmt.Sprintf("%q %s: only filters may follow a pipe", verb, why)}
		}
		return Stage{}, &Refusal{Near: verb, Reason: "no filter: use " + strings.Join(filterNames(), ", ")}
	}
	if near := shellMark(arg); near != "" {
		return Stage{}, &Refusal{Near: near, Reason: "redirect or second command behind a filter: put an expression that needs it in quotes"}
	}
	s := Stage{Verb: full, Arg: arg}
	if _, err := s.compile(); err != nil {
		return Stage{}, &Refusal{Near: text, Reason: err.Error()}
	}
	return s, nil
}

// filterName returns the filter that verb names or, in the order of the
// platform's own filters, abbreviates.
func (p *Platform) filterName(verb string) string {
	verb = strings.ToLower(verb)
	if slices.Contains(filterNames(), verb) {
		return verb
	}
	for _, f := range p.file.Filters {
		if verb != "" && strings.HasPrefix(f, verb) {
			return f
		}
	}
	return ""
}

// shellMark returns the first unquoted word of arg that redirects, or that
// starts another command.
func shellMark(arg string) string {
	var quote byte
	start := true
	for i := range len(arg) {
		c := arg[i]
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == ';' || c == '`' || start && (c == '>' || c == '<' || c == '&') || strings.HasPrefix(arg[i:], "&&") || strings.HasPrefix(arg[i:], "$("):
			return arg[i:]
		}
		start = c == ' '
	}
	if quote != 0 {
		return arg
	}
	return ""
}
