package notify

import (
	"fmt"
	"strings"
	"unicode"
)

// mostItems is how many findings a message tells; the report has them all.
const mostItems = 20

// inert makes text safe to show anywhere: one line of printable characters
// without those that turn or hide others, of at most n runes, and with no
// address that a reader's program would make a link of.
func inert(s string, n int) string {
	var b strings.Builder
	space, count := false, 0
	for _, r := range s {
		switch {
		case unicode.IsSpace(r) || unicode.IsControl(r):
			space = count > 0
			continue
		case r == unicode.ReplacementChar || !unicode.IsPrint(r): // bidirectional overrides and zero-width characters are not printable
			continue
		}
		if count >= n {
			return b.String() + "..."
		}
		if space {
			b.WriteByte(' ')
			count++
		}
		space = false
		b.WriteRune(r)
		count++
	}
	return strings.NewReplacer("://", ": //", "www.", "www .", "mailto:", "mailto :").Replace(b.String())
}

// headline is the news in one line: "FAULT core: 1 new, 2 standing: summary".
func headline(n News) string {
	var counts []string
	for _, c := range []Change{New, Worse, Flapping, Better, Standing, Resolved} {
		count := 0
		for _, i := range n.Items {
			if i.Change == c {
				count++
			}
		}
		if count > 0 {
			counts = append(counts, fmt.Sprintf("%d %s", count, c))
		}
	}
	out := strings.ToUpper(inert(n.Verdict, 20))
	if n.Schedule != "" {
		out += " " + inert(n.Schedule, 40)
	}
	if len(counts) > 0 {
		out += ": " + strings.Join(counts, ", ")
	}
	return out
}

// A line is one finding in words: what changed and how bad it is, what and
// where it is, what to do.
type line struct {
	Mark, Title, Where, Remedy string
	Change                     Change
	Item                       Item
}

// told returns the findings of n in words, and how many are left out.
func told(n News) (out []line, more int) {
	for i, x := range n.Items {
		if i == mostItems {
			return out, len(n.Items) - i
		}
		l := line{Mark: strings.ToUpper(string(x.Change)) + " " + x.Severity.String(), Title: inert(x.Title, 300), Remedy: inert(x.Remedy, 300), Change: x.Change, Item: x}
		l.Where = inert(strings.Join(x.Locations, ", "), 200)
		if x.Cause != "" && x.Cause != "other" {
			l.Where += " (" + inert(x.Cause, 60) + ")"
		}
		if x.Change == Standing && !x.Since.IsZero() {
			l.Where += ", since " + x.Since.UTC().Format("2006-01-02 15:04 MST")
		}
		if x.Change == Resolved {
			l.Remedy = ""
		}
		out = append(out, l)
	}
	return out, 0
}

// footer says what else a reader must know.
func footer(p Parcel) []string {
	var out []string
	if k := len(p.News.NotEvaluated); k > 0 {
		out = append(out, fmt.Sprintf("Not evaluated (%d): %s", k, inert(p.News.NotEvaluated[0], 200)))
	}
	if p.Repeat {
		out = append(out, "This may be a repeat: an earlier attempt to deliver it ended without an answer.")
	}
	return out
}

// stamp words when the report was made.
func stamp(n News) string { return n.At.UTC().Format("2006-01-02 15:04 MST") }
