package policies

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// The filters of routers' command lines. An expression is everything behind
// the filter's name, as on the routers; it is RE2, so no expression can take
// more than linear time.

// expression compiles the whole argument, without the quotes around it.
func (s Stage) expression() (*regexp.Regexp, error) {
	text := s.Arg
	if s.Verb == "match" { // Nokia: match expression "a|b"
		text = strings.TrimSpace(strings.TrimPrefix(text, "expression "))
	}
	text = unquoted(text)
	if text == "" {
		return nil, fmt.Errorf("%s wants an expression", s.Verb)
	}
	return compileExpression(text)
}

// compileExpression compiles an expression; where it is none ("*>" is what
// people type for best routes), its characters are taken as they are.
func compileExpression(text string) (*regexp.Regexp, error) {
	re, err := regexp.Compile(text)
	if err != nil {
		re, err = regexp.Compile(regexp.QuoteMeta(text))
	}
	return re, err
}

func unquoted(text string) string {
	if n := len(text); n >= 2 && (text[0] == '"' || text[0] == '\'') && text[n-1] == text[0] {
		return text[1 : n-1]
	}
	return text
}

func (s Stage) matching(run func(*regexp.Regexp, []string) []string) (lineFilter, error) {
	re, err := s.expression()
	if err != nil {
		return nil, err
	}
	return func(ls []string) ([]string, error) { return run(re, ls), nil }, nil
}

func keepMatching(re *regexp.Regexp, ls []string) (out []string) {
	for _, l := range ls {
		if re.MatchString(l) {
			out = append(out, l)
		}
	}
	return out
}

func dropMatching(re *regexp.Regexp, ls []string) (out []string) {
	for _, l := range ls {
		if !re.MatchString(l) {
			out = append(out, l)
		}
	}
	return out
}

func fromMatch(re *regexp.Regexp, ls []string) []string {
	for i, l := range ls {
		if re.MatchString(l) {
			return ls[i:]
		}
	}
	return nil
}

// section keeps each matching line with the lines indented below it; "section
// exclude X" leaves those out.
func (s Stage) section() (lineFilter, error) {
	mode, rest, _ := strings.Cut(s.Arg, " ")
	exclude := mode == "exclude"
	if exclude || mode == "include" && rest != "" {
		s.Arg = strings.TrimSpace(rest)
	}
	re, err := s.expression()
	if err != nil {
		return nil, err
	}
	return func(ls []string) ([]string, error) {
		var out []string
		depth := -1 // indentation of the line that opened the section; -1 outside
		for _, l := range ls {
			indent := len(l) - len(strings.TrimLeft(l, " \t"))
			if depth >= 0 && indent <= depth {
				depth = -1
			}
			if depth < 0 && re.MatchString(l) {
				depth = indent
			}
			if depth >= 0 != exclude {
				out = append(out, l)
			}
		}
		return out, nil
	}, nil
}

// count counts lines, or those that match.
func (s Stage) count() (lineFilter, error) {
	if s.Arg == "" {
		return func(ls []string) ([]string, error) {
			return []string{"Count: " + strconv.Itoa(len(ls)) + " lines"}, nil
		}, nil
	}
	re, err := s.expression()
	if err != nil {
		return nil, err
	}
	return func(ls []string) ([]string, error) {
		return []string{"Number of lines which match regexp = " + strconv.Itoa(len(keepMatching(re, ls)))}, nil
	}, nil
}

// maxKept bounds the numbers that filters take.
const maxKept = 1_000_000

// number reads a filter's number.
func number(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > maxKept {
		return 0, fmt.Errorf("%q is no number up to %d", text, maxKept)
	}
	return n, nil
}

// last keeps the last lines: 10 where no number is given, as on NX-OS.
func (s Stage) last() (lineFilter, error) {
	n := 10
	if s.Arg != "" {
		var err error
		if n, err = number(s.Arg); err != nil {
			return nil, err
		}
	}
	return func(ls []string) ([]string, error) { return ls[max(0, len(ls)-n):], nil }, nil
}

// trim cuts so many columns off the front of each line (Junos).
func (s Stage) trim() (lineFilter, error) {
	n, err := number(s.Arg)
	if err != nil {
		return nil, err
	}
	return func(ls []string) ([]string, error) {
		out := make([]string, len(ls))
		for i, l := range ls {
			out[i] = l[min(n, len(l)):]
		}
		return out, nil
	}, nil
}

// nonZero keeps the lines that hold a number other than zero.
func nonZero(ls []string) []string {
	return keepMatching(regexp.MustCompile(`(^|[^\d.:])0*[1-9]\d*`), ls)
}
