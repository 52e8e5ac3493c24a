package policies

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// A Filter is what an engineer types behind a pipe ("| include up"), applied
// by netsonde to the bare answer.
type Filter []Stage

// A Stage is one filter of a pipe: its full name, and the text behind it.
type Stage struct{ Verb, Arg string }

// filterNames are the filters that are understood on every platform.
func filterNames() []string {
	return []string{"include", "exclude", "begin", "section", "count", "match", "except", "find", "last", "trim", "no-more", "nz",
		"grep", "egrep", "head", "tail", "wc", "sort", "uniq", "cut", "utility"}
}

// Apply runs text through the stages in order. An error names the stage and
// why it cannot be applied (such as a bad regular expression).
func (f Filter) Apply(text string) (string, error) {
	if len(f) == 0 {
		return text, nil
	}
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	for _, s := range f {
		run, err := s.compile()
		if err != nil {
			return "", fmt.Errorf("| %s %s: %w", s.Verb, s.Arg, err)
		}
		lines = run(lines)
	}
	if len(lines) == 0 {
		return "", nil
	}
	return strings.Join(lines, "\n") + "\n", nil
}

// lineFilter takes the lines of an answer and returns those that stay.
type lineFilter func([]string) []string

func (s Stage) check() error {
	_, err := s.compile()
	return err
}

// compile reads the stage's argument.
func (s Stage) compile() (lineFilter, error) {
	switch s.Verb {
	case "include", "match":
		return s.lines(func(re *regexp.Regexp, l string) bool { return re.MatchString(l) })
	case "exclude", "except":
		return s.lines(func(re *regexp.Regexp, l string) bool { return !re.MatchString(l) })
	case "no-more":
		return func(ls []string) []string { return ls }, nil
	}
	return nil, fmt.Errorf("filter not built")
}

// lines keeps the lines for which keep says so.
func (s Stage) lines(keep func(*regexp.Regexp, string) bool) (lineFilter, error) {
	re, err := s.regexp()
	if err != nil {
		return nil, err
	}
	return func(ls []string) []string {
		return slices.DeleteFunc(ls, func(l string) bool { return !keep(re, l) })
	}, nil
}

// regexp compiles the whole argument, without the quotes around it.
func (s Stage) regexp() (*regexp.Regexp, error) {
	text := s.Arg
	if n := len(text); n >= 2 && (text[0] == '"' || text[0] == '\'') && text[n-1] == text[0] {
		text = text[1 : n-1]
	}
	if text == "" {
		return nil, fmt.Errorf("wants an expression")
	}
	return regexp.Compile(text)
}
