package policies

import (
	"fmt"
	"strings"
)

// secretWord returns the word that secrets are filed under which text has or
// abbreviates; "" if none.
func (g *grammar) secretWord(text string) string {
	text = strings.ToLower(text)
	for _, w := range g.secrets {
		if strings.Contains(text, w) {
			return w
		}
	}
	return ""
}

// secretFilter refuses a search of a configuration that aims at secrets.
func (g *grammar) secretFilter(f Filter) *Refusal {
	for _, s := range f {
		if w := g.secretWord(s.Arg); w != "" {
			return &Refusal{Near: s.Arg, Reason: fmt.Sprintf("searches a configuration for %q, where secrets are kept: ask for the part that the fault is in", w)}
		}
	}
	return nil
}
