package policies

import (
	"fmt"
	"slices"
	"strings"
)

// leastSecret is how many letters of a secret word an expression must have to
// be taken for it.
const leastSecret = 4

// secretWord returns the word that secrets are filed under which text has or
// abbreviates; "" if none. A word of the file that ends in "$" counts only
// where no hyphen joins it to another (community, but not community-list).
func (g *grammar) secretWord(text string) string {
	text = strings.ToLower(text)
	for _, entry := range g.secrets {
		w, whole := strings.CutSuffix(entry, "$")
		at := strings.Index(text, w)
		if at >= 0 && (!whole || !strings.HasPrefix(text[at+len(w):], "-") && !strings.HasSuffix(text[:at], "-")) {
			return w
		}
		for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == '|' || r == '^' || r == '(' || r == '.' }) {
			if len(part) >= leastSecret && strings.HasPrefix(w, part) {
				return w
			}
		}
	}
	return ""
}

// secretFilter refuses a search of a configuration that aims at secrets. What
// leaves lines out aims at nothing.
func (g *grammar) secretFilter(f Filter) *Refusal {
	leaving := []string{"exclude", "except", "count", "last", "head", "tail", "wc", "sort", "uniq", "cut", "trim", "no-more"}
	for _, s := range f {
		if slices.Contains(leaving, s.Verb) || strings.HasPrefix(s.Arg, "-v ") || strings.HasPrefix(s.Arg, "exclude ") {
			continue
		}
		if w := g.secretWord(s.Arg); w != "" {
			return &Refusal{Near: s.Arg, Reason: fmt.Sprintf("searches a configuration for %q, where secrets are kept: ask for the part that the fault is in", w)}
		}
	}
	return nil
}
