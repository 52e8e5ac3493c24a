package report

import (
	"slices"
	"strings"
)

// A shown line of an answer, for evidence in its context.
type shownLine struct {
	Number int
	Text   string
	Quoted bool
}

// around is how many lines before and after a quote are shown with it.
const around = 4

// excerpt returns the lines of an answer around a quote; nil where the quote
// does not stand in it as it is, or is all of it.
func excerpt(output, quote string) []shownLine {
	lines := strings.Split(strings.TrimRight(output, "\n"), "\n")
	want := strings.Split(strings.Trim(quote, "\n"), "\n")
	for i := range want {
		want[i] = strings.TrimSpace(want[i])
	}
	at := -1
	for i := 0; i+len(want) <= len(lines) && at < 0; i++ {
		if slices.EqualFunc(want, lines[i:i+len(want)], func(w, l string) bool { return strings.Contains(l, w) }) {
			at = i
		}
	}
	if at < 0 || len(lines) == len(want) || strings.TrimSpace(quote) == "" {
		return nil
	}
	var out []shownLine
	for i := max(at-around, 0); i < min(at+len(want)+around, len(lines)); i++ {
		out = append(out, shownLine{i + 1, lines[i], i >= at && i < at+len(want)})
	}
	return out
}
