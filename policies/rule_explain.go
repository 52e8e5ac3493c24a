package policies

import (
	"slices"
	"strings"
)

// Explain folds each match that another one explains under its cause, and
// returns the causes, the worst first. A match is explained by one whose rule
// says so where the two are near enough: as the cause's reach or the
// consequence's own allows. Where several could explain it, one that rests on
// the same line does (the filter that a path ends in), else the nearest, then
// the worst. A warning explains nothing; one that rests on a line of a cause is
// folded under it. Two matches that explain each other both stand. Matches of
// one rule at one place are told once.
func Explain(ms []Match) []Match {
	ms = distinct(ms)
	parent := slices.Repeat([]int{-1}, len(ms))
	for i := range ms {
		best := 0
		for j := range ms {
			if i == j || under(parent, j, i) || !explains(&ms[j], &ms[i]) || explains(&ms[i], &ms[j]) {
				continue
			}
			score := 10*nearness(&ms[j], &ms[i]) + int(ms[j].Rule.Severity)
			if !ms[j].Rule.Symptom {
				score += 5
			}
			if sameLine(&ms[j], &ms[i]) {
				score += 100
			}
			if parent[i] < 0 || score > best {
				parent[i], best = j, score
			}
		}
	}
	out := []Match{}
	for i := range ms {
		if r := root(parent, i); r != i {
			ms[r].Explained = append(ms[r].Explained, ms[i])
		}
	}
	for i := range ms {
		if root(parent, i) == i {
			out = append(out, ms[i])
		}
	}
	slices.SortStableFunc(out, func(a, b Match) int {
		if s := int(b.Rule.Severity) - int(a.Rule.Severity); s != 0 {
			return s
		}
		return strings.Compare(strings.Join(a.Locations, " ")+a.Rule.ID, strings.Join(b.Locations, " ")+b.Rule.ID)
	})
	return out
}

// under reports whether i is among the causes of j, also where i has got one
// itself by now.
func under(parent []int, j, i int) bool {
	for ; j >= 0; j = parent[j] {
		if j == i {
			return true
		}
	}
	return false
}

// root follows the causes of i to the one that has none. Explain makes no
// circle: a match that has i among its causes is never made i's cause.
func root(parent []int, i int) int {
	for parent[i] >= 0 {
		i = parent[i]
	}
	return i
}

func distinct(ms []Match) []Match {
	seen := map[string]bool{}
	var out []Match
	for _, m := range ms {
		key := m.Rule.ID + "\x00" + strings.Join(m.Locations, "\x00")
		if m.Rule.Symptom {
			key += "\x00" + m.Title
		}
		if !seen[key] {
			seen[key] = true
			out = append(out, m)
		}
	}
	return out
}

// explains reports whether by's rule names m's, and reaches it.
func explains(by, m *Match) bool {
	if by.Rule.ID == m.Rule.ID && len(by.Locations) > 0 && len(m.Locations) > 0 {
		return false
	}
	named := slices.ContainsFunc(by.Rule.Explains, func(e string) bool {
		return e == m.Rule.ID || e == "cause:"+m.Rule.RootCause || (e == "*" && m.Rule.Symptom)
	})
	if m.Rule.Severity == Warning && by.Rule.Severity > Warning && sameLine(by, m) {
		return true // "it is not saved" of the very line that is the fault
	}
	near := need(by.Rule.Reach)
	if m.Rule.Symptom {
		near = min(near, need(m.Rule.Reach))
	}
	return named && by.Rule.Severity > Warning && nearness(by, m) >= near
}

// need is the nearness that a reach asks for.
func need(r Reach) int {
	switch r {
	case ReachNetwork:
		return 0
	case ReachDevice:
		return 1
	}
	return 2
}

// nearness is 2 where the two have a place in common, 1 where they have a
// device in common, else 0.
func nearness(a, b *Match) int {
	best := 0
	for _, x := range slices.Concat(a.Locations, a.Touches) {
		for _, y := range slices.Concat(b.Locations, b.Touches) {
			best = max(best, common(x, y))
		}
	}
	return best
}

// sameLine reports whether the two rest on one line of what a device said.
func sameLine(a, b *Match) bool {
	return slices.ContainsFunc(a.Evidence, func(c Citation) bool { return c.Line > 0 && slices.Contains(b.Evidence, c) })
}

func common(x, y string) int {
	if x == y {
		return 2
	}
	best := 0
	for _, p := range strings.Split(x, "--") {
		for _, q := range strings.Split(y, "--") {
			if p == q {
				best = 2
			}
			if deviceOf(p) == deviceOf(q) {
				best = max(best, 1)
			}
		}
	}
	return best
}

func deviceOf(place string) string {
	device, _, _ := strings.Cut(place, ":")
	return device
}
