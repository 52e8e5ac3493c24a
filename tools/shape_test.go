package tools

import (
	"fmt"
	"strings"
	"testing"
)

// numbered is a text of n lines.
func numbered(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "line %d of the answer\n", i)
	}
	return b.String()
}

func TestShapeStaysInBudgetAndSaysWhatItCut(t *testing.T) {
	for _, budget := range []int{100, 300, 3000} {
		text := shape([]block{
			{title: "r1: show a", text: numbered(500), note: "narrow it"},
			{title: "r2: show a", text: "short\n"},
			{title: "r3: show a", text: numbered(40), note: "narrow it"},
		}, budget)
		if len(text) > budget*charsPerToken {
			t.Errorf("budget %d: %d characters, want at most %d", budget, len(text), budget*charsPerToken)
		}
		if !strings.Contains(text, "short") {
			t.Errorf("budget %d: a short answer was cut although it fits:\n%s", budget, text)
		}
		if !strings.Contains(text, "of 500 lines not shown: narrow it]") {
			t.Errorf("budget %d: the cut is not said:\n%s", budget, text)
		}
	}
}

func TestShapeKeepsWhatFits(t *testing.T) {
	text := shape([]block{{title: "r1: show a", text: numbered(10)}}, 1000)
	if want := "r1: show a\n" + numbered(10); text != want {
		t.Errorf("got\n%s\nwant\n%s", text, want)
	}
	if got := shape([]block{{title: "r1: show a"}}, 1000); got != "r1: show a\n(no output)\n" {
		t.Errorf("an empty answer reads %q", got)
	}
}
