package agent

import (
	"fmt"
	"slices"
	"strings"
)

// Causes is the closed vocabulary of root causes: label to description.
type Causes map[string]string

// Labels returns the labels, sorted.
func (c Causes) Labels() []string {
	labels := make([]string, 0, len(c))
	for label := range c {
		labels = append(labels, label)
	}
	slices.Sort(labels)
	return labels
}

// fault says why label is no root cause, with the nearest that are.
func (c Causes) fault(label string) string {
	if _, ok := c[label]; ok {
		return ""
	}
	words := strings.FieldsFunc(strings.ToLower(label), func(r rune) bool { return r == '_' || r == ' ' || r == '-' })
	type scored struct {
		label string
		score int
	}
	var near []scored
	for _, l := range c.Labels() {
		n := 0
		for _, w := range words {
			if strings.Contains(l, w) {
				n++
			}
		}
		if n > 0 {
			near = append(near, scored{l, n})
		}
	}
	slices.SortStableFunc(near, func(a, b scored) int { return b.score - a.score })
	msg := fmt.Sprintf("%s is not a root cause of the vocabulary", quoted(label))
	if len(near) == 0 {
		return msg + `; if none fits use "other"`
	}
	var names []string
	for _, s := range near[:min(5, len(near))] {
		names = append(names, s.label)
	}
	return msg + "; nearest: " + strings.Join(names, ", ")
}
