package agent

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/policies"
)

// A suspect is one pattern of prompts/suspicious.txt.
type suspect struct {
	words []string // a line that matches holds one of them, in lower case
	line  *regexp.Regexp
}

// suspects compiles prompts/suspicious.txt.
func suspects() []suspect {
	var list []suspect
	for line := range strings.Lines(promptText("suspicious.txt")) {
		words, expression, ok := strings.Cut(strings.TrimSpace(line), " => ")
		if ok && words[0] != '#' {
			list = append(list, suspect{strings.Split(words, "|"), regexp.MustCompile("(?i)" + expression)})
		}
	}
	return list
}

// mostSuspects is how many lines of one answer a pattern is tried on.
const mostSuspects = 1000

// starts returns where the lines begin that match s. Only lines that hold one
// of its words are tried: an expression alone would take seconds on a full
// table.
func (s suspect) starts(text, lower string) []int {
	var found []int
	tries := 0
	for _, word := range s.words {
		for from := 0; tries < mostSuspects; tries++ {
			at := strings.Index(lower[from:], word)
			if at < 0 {
				break
			}
			start := strings.LastIndexByte(text[:from+at], '\n') + 1
			line, _, more := strings.Cut(text[start:], "\n")
			if s.line.MatchString(line) {
				found = append(found, start)
			}
			if from = start + len(line) + 1; !more {
				break
			}
		}
	}
	return found
}

// asciiLower lowers the letters of ASCII and keeps every offset.
func asciiLower(text string) string {
	b := []byte(text)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// suspicious returns an observation for each line of o that reads like an
// instruction to its reader, at most five, and all such lines, folded: what
// somebody wrote into a banner, a description or a log to steer who reads it.
func suspicious(patterns []suspect, o devices.Observation) (places []devices.Observation, lines []string) {
	const most = 5
	text := policies.Printable(o.Output)
	lower := asciiLower(text)
	var starts []int
	for _, s := range patterns {
		starts = append(starts, s.starts(text, lower)...)
	}
	slices.Sort(starts)
	for _, start := range slices.Compact(starts) {
		line, _, _ := strings.Cut(text[start:], "\n")
		lines = append(lines, fold(line))
		if len(places) < most {
			places = append(places, devices.Observation{
				Device: o.Device, Query: SuspiciousText, At: o.At,
				Output: fmt.Sprintf("%s, line %d: %s", o.Query, strings.Count(text[:start], "\n")+1, strings.TrimSpace(line)),
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
