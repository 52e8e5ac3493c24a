package agent

import (
	"fmt"
	"regexp"
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
// instruction to its reader, at most five: what somebody wrote into a banner,
// a description or a log to steer who reads it. Nothing follows from them.
func suspicious(pattern *regexp.Regexp, o devices.Observation) []devices.Observation {
	const most = 5
	text, last := policies.Printable(o.Output), -1
	var found []devices.Observation
	for _, at := range pattern.FindAllStringIndex(text, 4*most) {
		number := strings.Count(text[:at[0]], "\n")
		if number == last || len(found) == most {
			continue
		}
		last = number
		start := strings.LastIndexByte(text[:at[0]], '\n') + 1
		line, _, _ := strings.Cut(text[start:], "\n")
		found = append(found, devices.Observation{
			Device: o.Device, Query: SuspiciousText, At: o.At,
			Output: fmt.Sprintf("%s, line %d: %s", o.Query, number+1, strings.TrimSpace(line)),
		})
	}
	return found
}
