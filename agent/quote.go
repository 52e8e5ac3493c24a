package agent

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/netsonde/netsonde/policies"
)

// fold brings text into the form in which quotes are compared: printable,
// runs of blanks as one, lines trimmed, blank lines dropped.
func fold(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	for line := range strings.Lines(policies.Printable(text)) {
		start := b.Len()
		for word := range strings.FieldsSeq(line) {
			if b.Len() > start {
				b.WriteByte(' ')
			} else if start > 0 {
				b.WriteByte('\n')
			}
			b.WriteString(word)
		}
	}
	return b.String()
}

// holds reports whether quote stands in text, both folded, without cutting a
// word or a number in two: 10.0.0.1 is not in 10.0.0.12.
func holds(text, quote string) bool {
	if quote == "" {
		return false
	}
	for from := 0; ; {
		i := strings.Index(text[from:], quote)
		if i < 0 {
			return false
		}
		i += from
		end := i + len(quote)
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		first, _ := utf8.DecodeRuneInString(quote)
		last, _ := utf8.DecodeLastRuneInString(quote)
		after, _ := utf8.DecodeRuneInString(text[end:])
		if (i == 0 || !cuts(before, first)) && (end == len(text) || !cuts(last, after)) {
			return true
		}
		_, size := utf8.DecodeRuneInString(text[i:])
		from = i + size
	}
}

func cuts(a, b rune) bool { return wordy(a) && wordy(b) }

func wordy(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// nearest returns the line of a folded text that shares the most words with
// quote's first line, the shorter of two that share as many; "" if none shares
// a third of them.
func nearest(text, quote string) string {
	first, _, _ := strings.Cut(quote, "\n")
	want := map[string]bool{}
	for w := range strings.FieldsSeq(strings.ToLower(first)) {
		want[strings.Trim(w, ",.;:")] = true
	}
	best, score := "", 0
	for line := range strings.SplitSeq(text, "\n") {
		hits := 0
		for w := range strings.FieldsSeq(strings.ToLower(line)) {
			if want[strings.Trim(w, ",.;:")] {
				hits++
			}
		}
		if hits > score || hits == score && hits > 0 && len(line) < len(best) {
			best, score = line, hits
		}
	}
	if score*3 < len(want) {
		return ""
	}
	return best
}

// quoted returns text in quotation marks, shortened for a message to the model.
func quoted(text string) string {
	const most = 160
	if len(text) > most {
		cut := most
		for cut > 0 && !utf8.RuneStart(text[cut]) {
			cut--
		}
		text = text[:cut] + "..."
	}
	return strconv.Quote(text)
}
