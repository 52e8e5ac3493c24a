package policies

import (
	"slices"
	"strings"
)

// An Arg is one typed token of a command, by the name of its type.
type Arg struct{ Type, Value string }

// arrange puts the items of any-order sets into the order of the file, and
// reports an item that came more often than the file has it.
func arrange(g *grammar, steps []step) (twice string) {
	for i := 0; i < len(steps); {
		set := steps[i].sym.set
		if set == "" {
			i++
			continue
		}
		j := i
		for j < len(steps) && steps[j].sym.set == set {
			j++
		}
		if twice = arrangeSet(g.sets[set], steps[i:j]); twice != "" {
			return twice
		}
		i = j
	}
	return ""
}

// arrangeSet orders the steps of one run of a set.
func arrangeSet(items []string, run []step) (twice string) {
	if len(run) == 1 {
		return ""
	}
	var groups [][]step
	for i, s := range run {
		if i == 0 || s.sym.first || s.sym.alt != run[i-1].sym.alt {
			groups = append(groups, nil)
		}
		last := len(groups) - 1
		groups[last] = append(groups[last], s)
	}
	came := make([]int, len(items))
	for _, g := range groups {
		alt := g[0].sym.alt
		came[alt]++
		often := 0
		for _, item := range items {
			if item == items[alt] {
				often++
			}
		}
		if came[alt] > often {
			return g[0].text
		}
	}
	slices.SortStableFunc(groups, func(a, b []step) int { return a[0].sym.alt - b[0].sym.alt })
	copy(run, slices.Concat(groups...))
	return ""
}

// printSteps writes a parse as the line that is sent, and its typed tokens.
func printSteps(steps []step) (string, []Arg) {
	var b strings.Builder
	size := len(steps)
	for _, s := range steps {
		size += len(s.text)
	}
	b.Grow(size)
	var args []Arg
	for i, s := range steps {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(s.text)
		if s.sym.kind != "" {
			args = append(args, Arg{s.sym.kind, s.text})
		}
	}
	return b.String(), args
}
