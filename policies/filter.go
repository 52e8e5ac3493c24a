package policies

import (
	"fmt"
	"strings"
)

// A Filter is what an engineer types behind a pipe ("| include up"), applied
// by netsonde to the bare answer. It is never sent.
type Filter []Stage

// A Stage is one filter of a pipe: its full name, and the text behind it as it
// was typed.
type Stage struct{ Verb, Arg string }

// String writes s as it is typed.
func (s Stage) String() string { return strings.TrimSpace("| " + s.Verb + " " + s.Arg) }

// filterNames are the filters that are understood on every platform. They are
// those of Cisco (include, exclude, begin, section, count), Junos (match,
// except, find, last, trim, no-more), MikroTik and RouterOS-like (nz: lines
// with a count other than zero), and Unix.
func filterNames() []string {
	return []string{"include", "exclude", "begin", "section", "count", "match", "except", "find", "last", "trim", "no-more", "nz",
		"grep", "egrep", "head", "tail", "wc", "sort", "uniq", "cut", "jq", "utility"}
}

// Apply runs text through the stages in order. An error names the stage and
// why it cannot be applied (such as text that is no JSON before jq).
func (f Filter) Apply(text string) (string, error) {
	if len(f) == 0 {
		return text, nil
	}
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	for _, s := range f {
		run, err := s.compile()
		if err == nil {
			lines, err = run(lines)
		}
		if err != nil {
			return "", fmt.Errorf("filter %q: %w", s.String(), err)
		}
	}
	if len(lines) == 0 {
		return "", nil
	}
	return strings.Join(lines, "\n") + "\n", nil
}

// lineFilter takes the lines of an answer and returns those that stay.
type lineFilter func([]string) ([]string, error)

// compile reads the stage's argument. The error is a wrong argument.
func (s Stage) compile() (lineFilter, error) {
	switch s.Verb {
	case "include", "match":
		return s.matching(keepMatching)
	case "exclude", "except":
		return s.matching(dropMatching)
	case "begin", "find":
		return s.matching(fromMatch)
	case "section":
		return s.section()
	case "count":
		return s.count()
	case "last":
		return s.last()
	case "trim":
		return s.trim()
	case "no-more":
		return s.bare(func(ls []string) []string { return ls })
	case "nz":
		return s.bare(nonZero)
	case "grep", "egrep":
		return s.grep()
	case "head", "tail":
		return s.ends()
	case "wc":
		return s.wc()
	case "sort":
		return s.sort()
	case "uniq":
		return s.uniq()
	case "cut":
		return s.cut()
	case "jq":
		return s.jq()
	}
	return nil, fmt.Errorf("no such filter")
}

// bare is a filter that takes no argument.
func (s Stage) bare(run func([]string) []string) (lineFilter, error) {
	if s.Arg != "" {
		return nil, fmt.Errorf("%s takes no argument", s.Verb)
	}
	return func(ls []string) ([]string, error) { return run(ls), nil }, nil
}
