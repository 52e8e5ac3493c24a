package agent

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/netsonde/netsonde/policies"
)

// recallArgs are the arguments of recall.
type recallArgs struct {
	Observation string `json:"observation"`
	Match       string `json:"match"`
	Context     int    `json:"context"`
	From        int    `json:"from"`
	Lines       int    `json:"lines"`
}

const recallSchema = `{"type":"object","additionalProperties":false,"required":["observation"],"properties":{
"observation":{"type":"string","description":"number of the observation, such as o7, or DEVICE: QUERY"},
"match":{"type":"string","description":"only lines that match this regular expression (RE2, letter case ignored)"},
"context":{"type":"integer","minimum":0,"maximum":20,"description":"lines to show around each match"},
"from":{"type":"integer","minimum":1,"description":"first line to show, or to match from (default 1)"},
"lines":{"type":"integer","minimum":1,"maximum":400,"description":"how many lines to show (default 120)"}}}`

// recall shows lines of an earlier observation. The error is for the model.
func (l *ledger) recall(args recallArgs) (text string, n Numbered, err error) {
	i := l.find(args.Observation)
	if i < 0 {
		return "", n, errors.New(l.unknown(args.Observation))
	}
	n = l.seen[i]
	lines := strings.Split(strings.TrimRight(policies.Printable(n.Output), "\n"), "\n")
	if args.Lines <= 0 || args.Lines > 400 {
		args.Lines = 120
	}
	from := max(args.From, 1) - 1
	if from >= len(lines) {
		return "", n, fmt.Errorf("%s has %d lines; there is no line %d", n.ID, len(lines), from+1)
	}
	if args.Match == "" {
		return page(lines, from, args.Lines), n, nil
	}
	re, err := regexp.Compile("(?i)" + args.Match)
	if err != nil {
		re = regexp.MustCompile("(?i)" + regexp.QuoteMeta(args.Match))
	}
	return matches(lines, re, args), n, nil
}

// page returns count lines and says where in the whole they stand.
func page(lines []string, from, count int) string {
	to := min(from+count, len(lines))
	text := strings.Join(lines[from:to], "\n")
	if from == 0 && to == len(lines) {
		return text
	}
	text = fmt.Sprintf("(lines %d-%d of %d)\n%s", from+1, to, len(lines), text)
	if to < len(lines) {
		text += fmt.Sprintf("\n(%d more lines: from=%d)", len(lines)-to, to+1)
	}
	return text
}

// matches returns the lines that re matches with context around them, each
// stretch under its line numbers, so that lines can be quoted as they stand.
func matches(lines []string, re *regexp.Regexp, args recallArgs) string {
	var b strings.Builder
	hits, shown, last, more := 0, 0, -1, 0
	for i := max(args.From, 1) - 1; i < len(lines); i++ {
		if !re.MatchString(lines[i]) {
			continue
		}
		hits++
		start, end := max(i-args.Context, last+1, 0), min(i+args.Context+1, len(lines))
		if shown >= args.Lines {
			if more == 0 {
				more = i + 1
			}
			continue
		}
		if start > last+1 || last < 0 {
			fmt.Fprintf(&b, "(line %d)\n", start+1)
		}
		for ; start < end; start++ {
			b.WriteString(lines[start] + "\n")
			last, shown = start, shown+1
		}
	}
	switch {
	case hits == 0:
		return fmt.Sprintf("(no line of %d matches)", len(lines))
	case more > 0:
		fmt.Fprintf(&b, "(more matches: from=%d)", more)
	}
	return strings.TrimRight(b.String(), "\n") + fmt.Sprintf("\n(%d of %d lines match)", hits, len(lines))
}
