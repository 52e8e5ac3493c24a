package agent

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/policies"
)

// suspectPattern compiles prompts/suspicious.txt into one expression.
func suspectPattern() *regexp.Regexp {
	var list []string
	for line := range strings.Lines(promptText("suspicious.txt")) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			list = append(list, line)
		}
	}
	return regexp.MustCompile("(?im)" + strings.Join(list, "|"))
}

// suspicious returns an observation for each line of o that reads like an
// instruction to its reader, at most five, and all such lines, folded: what
// somebody wrote into a banner, a description or a log to steer who reads it.
func suspicious(pattern *regexp.Regexp, o devices.Observation) (places []devices.Observation, lines []string) {
	const most, mostLines = 5, 200
	text, last := policies.Printable(o.Output), -1
	for _, at := range pattern.FindAllStringIndex(text, 4*mostLines) {
		number := strings.Count(text[:at[0]], "\n")
		if number == last || len(lines) == mostLines {
			continue
		}
		last = number
		start := strings.LastIndexByte(text[:at[0]], '\n') + 1
		line, _, _ := strings.Cut(text[start:], "\n")
		lines = append(lines, fold(line))
		if len(places) < most {
			places = append(places, devices.Observation{
				Device: o.Device, Query: SuspiciousText, At: o.At,
				Output: fmt.Sprintf("%s, line %d: %s", o.Query, number+1, strings.TrimSpace(line)),
			})
		}
	}
	return places, lines
}

// steered reports whether quote stands in the i-th observation only in lines
// that read like an instruction.
func (l *ledger) steered(i int, quote string) bool {
	lines := l.tainted[i]
	if l.seen[i].Query == SuspiciousText {
		return true
	}
	if !slices.ContainsFunc(lines, func(line string) bool { return holds(line, quote) }) {
		return false
	}
	var rest []string
	for line := range strings.SplitSeq(l.text(i), "\n") {
		if !slices.Contains(lines, line) {
			rest = append(rest, line)
		}
	}
	return !holds(strings.Join(rest, "\n"), quote)
}
