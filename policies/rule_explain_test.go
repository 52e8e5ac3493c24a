package policies

import "testing"

// Rules that explain one another in a ring, with one outside that explains a
// part of it: every match is told once, under one cause.
func TestExplainOfARing(t *testing.T) {
	rule := func(id string, s Severity, explains ...string) *Rule {
		return &Rule{ID: id, Severity: s, Reach: ReachNetwork, Explains: explains}
	}
	ms := []Match{}
	for _, r := range []*Rule{rule("outside", Minor, "a"), rule("c", Critical, "a"), rule("b", Major, "c"), rule("a", Major, "b")} {
		ms = append(ms, Match{Rule: r, Locations: []string{"r1"}, Title: r.ID})
	}
	for turn := range ms { // in whatever order they come
		told := 0
		for _, m := range Explain(append(append([]Match{}, ms[turn:]...), ms[:turn]...)) { // a circle of causes would not end
			told += 1 + len(m.Explained)
		}
		if told != len(ms) {
			t.Errorf("turn %d: %d of %d matches are told", turn, told, len(ms))
		}
	}
}
