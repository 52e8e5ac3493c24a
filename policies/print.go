package policies

import (
	"fmt"
	"slices"
	"strings"
)

// An Arg is one typed token of a command, by the name of its type.
type Arg struct{ Type, Value string }

// arrange puts the items of any-order sets into the order of the file, and
// refuses an item that came more often than the file has it, or not at all
// where the file asks for it.
func arrange(g *grammar, steps []step) *Refusal {
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
		if r := arrangeSet(g.sets[set], steps[i:j]); r != nil {
			return r
		}
		i = j
	}
	return nil
}

// arrangeSet orders the steps of one run of a set.
func arrangeSet(items []setItem, run []step) *Refusal {
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
		if came[alt]++; came[alt] > items[alt].often {
			return &Refusal{Near: g[0].text, Reason: fmt.Sprintf("%q is given too often", g[0].text)}
		}
	}
	for alt, item := range items {
		if item.wanted && came[alt] == 0 {
			return &Refusal{Near: run[len(run)-1].text, Reason: "it must say " + item.text}
		}
	}
	if len(groups) > 1 {
		slices.SortStableFunc(groups, func(a, b []step) int { return a[0].sym.alt - b[0].sym.alt })
		copy(run, slices.Concat(groups...))
	}
	return nil
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
