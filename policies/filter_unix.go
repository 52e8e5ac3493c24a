package policies

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// The filters of Unix, with their common flags.

// arguments cuts the argument into flags and the rest. A flag that takes a
// value is in valued; its value may be attached (-n5) or follow.
func (s Stage) arguments(plain, valued string) (flags map[byte]string, rest []string, err error) {
	flags = map[byte]string{}
	words := shellWords(s.Arg)
	for len(words) > 0 {
		w := words[0]
		words = words[1:]
		if len(w) < 2 || w[0] != '-' {
			return flags, append([]string{w}, words...), nil
		}
		for i := 1; i < len(w); i++ {
			switch c := w[i]; {
			case strings.IndexByte(plain, c) >= 0:
				flags[c] = ""
			case strings.IndexByte(valued, c) >= 0:
				value := w[i+1:]
				if value == "" && len(words) > 0 {
					value, words = words[0], words[1:]
				}
				flags[c], i = value, len(w)
			case i == 1 && (s.Verb == "head" || s.Verb == "tail") && c >= '0' && c <= '9':
				flags['n'], i = w[1:], len(w) // head -5
			default:
				return nil, nil, fmt.Errorf("%s takes no flag -%c", s.Verb, c)
			}
		}
	}
	return flags, nil, nil
}

// shellWords cuts text at blanks outside quotes and takes the quotes away.
func shellWords(text string) []string {
	var words []string
	var b strings.Builder
	var quote byte
	open := false
	for i := range len(text) {
		switch c := text[i]; {
		case quote != 0 && c == quote:
			quote = 0
		case quote != 0:
			b.WriteByte(c)
		case c == '\'' || c == '"':
			quote, open = c, true
		case c == ' ':
			if open {
				words = append(words, b.String())
				b.Reset()
				open = false
			}
		default:
			b.WriteByte(c)
			open = true
		}
	}
	if open {
		words = append(words, b.String())
	}
	return words
}

// grep is grep and egrep: -i -v -c -n -w -o -F -E -x, -A, -B, -C, -m, -e. It takes
// extended expressions; several words are one expression, as on routers.
func (s Stage) grep() (lineFilter, error) {
	flags, rest, err := s.arguments("ivcnwoFExP", "ABCme")
	if err != nil {
		return nil, err
	}
	text := strings.Join(rest, " ")
	if e, ok := flags['e']; ok && text == "" {
		text = e
	}
	if text == "" {
		return nil, fmt.Errorf("%s wants an expression", s.Verb)
	}
	var before, after, most int
	for flag, to := range map[byte][]*int{'A': {&after}, 'B': {&before}, 'C': {&before, &after}, 'm': {&most}} {
		if v, ok := flags[flag]; ok {
			for _, t := range to {
				if *t, err = number(v); err != nil {
					return nil, err
				}
			}
		}
	}
	re, err := grepExpression(text, flags)
	if err != nil {
		return nil, err
	}
	has := func(c byte) bool { _, ok := flags[c]; return ok }
	return func(ls []string) ([]string, error) {
		var hits []int
		for i, l := range ls {
			if re.MatchString(l) != has('v') && (most == 0 || len(hits) < most) {
				hits = append(hits, i)
			}
		}
		if has('c') {
			return []string{strconv.Itoa(len(hits))}, nil
		}
		return grepLines{ls, before, after, has('n'), has('o') && !has('v')}.print(hits, re), nil
	}, nil
}

// grepExpression compiles text under the flags of grep. A basic expression's
// \| means what | means here.
func grepExpression(text string, flags map[byte]string) (*regexp.Regexp, error) {
	has := func(c byte) bool { _, ok := flags[c]; return ok }
	if has('F') {
		text = regexp.QuoteMeta(text)
	}
	text = strings.ReplaceAll(text, `\|`, "|")
	if has('w') {
		text = `\b(?:` + text + `)\b`
	}
	if has('x') {
		text = `^(?:` + text + `)$`
	}
	if has('i') {
		text = "(?i)" + text
	}
	return compileExpression(text)
}

type grepLines struct {
	lines         []string
	before, after int
	number, only  bool
}

// print writes the lines that were hit, and those around them, once each.
func (g grepLines) print(hits []int, re *regexp.Regexp) (out []string) {
	next := 0 // first line not yet written
	for _, h := range hits {
		from, to := max(h-g.before, next), min(h+g.after, len(g.lines)-1)
		if next > 0 && from > next && g.before+g.after > 0 {
			out = append(out, "--")
		}
		for i := from; i <= to; i++ {
			texts := []string{g.lines[i]}
			if g.only {
				texts = re.FindAllString(g.lines[i], -1)
			}
			for _, t := range texts {
				if g.number {
					t = strconv.Itoa(i+1) + ":" + t
				}
				out = append(out, t)
			}
		}
		next = max(next, to+1)
	}
	return out
}

// ends is head and tail: -n N, -N, lines N, count N; tail also -n +N.
func (s Stage) ends() (lineFilter, error) {
	flags, rest, err := s.arguments("", "n")
	if err != nil {
		return nil, err
	}
	text := "10"
	if v, ok := flags['n']; ok {
		text = v
	} else if len(rest) == 1 || len(rest) == 2 && (rest[0] == "lines" || rest[0] == "count") { // NX-OS, IOS XR
		text = rest[len(rest)-1]
	} else if len(rest) > 1 {
		return nil, fmt.Errorf("%s reads no file here", s.Verb)
	}
	from := s.Verb == "tail" && strings.HasPrefix(text, "+")
	n, err := number(strings.TrimPrefix(text, "+"))
	if err != nil {
		return nil, err
	}
	return func(ls []string) ([]string, error) {
		switch {
		case from:
			return ls[min(max(n-1, 0), len(ls)):], nil
		case s.Verb == "tail":
			return ls[max(0, len(ls)-n):], nil
		}
		return ls[:min(n, len(ls))], nil
	}, nil
}

// wc counts lines, words and bytes; -l, -w, -c one of them.
func (s Stage) wc() (lineFilter, error) {
	flags, rest, err := s.arguments("lwc", "")
	if err != nil || len(rest) > 0 {
		return nil, fmt.Errorf("wc takes -l, -w or -c")
	}
	return func(ls []string) ([]string, error) {
		text := strings.Join(ls, "\n") + "\n"
		if len(ls) == 0 {
			text = ""
		}
		var out []string
		for _, f := range []struct {
			flag  byte
			count int
		}{{'l', len(ls)}, {'w', len(strings.Fields(text))}, {'c', len(text)}} {
			if _, ok := flags[f.flag]; ok || len(flags) == 0 {
				out = append(out, strconv.Itoa(f.count))
			}
		}
		return []string{strings.Join(out, " ")}, nil
	}, nil
}

// uniq drops repeated neighbours; -c counts, -d keeps repeated ones, -u single ones.
func (s Stage) uniq() (lineFilter, error) {
	flags, rest, err := s.arguments("cdui", "")
	if err != nil || len(rest) > 0 {
		return nil, fmt.Errorf("uniq takes -c, -d, -u or -i")
	}
	has := func(c byte) bool { _, ok := flags[c]; return ok }
	return func(ls []string) (out []string, _ error) {
		for i := 0; i < len(ls); {
			j := i + 1
			for j < len(ls) && (ls[j] == ls[i] || has('i') && strings.EqualFold(ls[j], ls[i])) {
				j++
			}
			if n := j - i; !(has('d') && n == 1 || has('u') && n > 1) {
				line := ls[i]
				if has('c') {
					line = fmt.Sprintf("%7d %s", n, line)
				}
				out = append(out, line)
			}
			i = j
		}
		return out, nil
	}, nil
}

// sort sorts lines; -r, -n, -u, -V, -h, -b, -f and -k N with -t C.
func (s Stage) sort() (lineFilter, error) {
	flags, rest, err := s.arguments("rnuVhbf", "kt")
	if err != nil || len(rest) > 0 {
		return nil, fmt.Errorf("sort takes -r, -n, -u, -f, -k N and -t C")
	}
	key := 0
	if v, ok := flags['k']; ok {
		v = strings.TrimRight(strings.Split(v, ",")[0], "nrVhbf")
		if key, err = number(v); err != nil || key == 0 {
			return nil, fmt.Errorf("sort: -k wants the number of a field")
		}
	}
	has := func(c byte) bool { _, ok := flags[c]; return ok }
	numeric := has('n') || has('V') || has('h') || strings.ContainsAny(flags['k'], "nVh")
	return func(ls []string) ([]string, error) {
		out := slices.Clone(ls)
		slices.SortStableFunc(out, func(a, b string) int {
			a, b = field(a, key, flags['t']), field(b, key, flags['t'])
			if has('f') {
				a, b = strings.ToLower(a), strings.ToLower(b)
			}
			c := strings.Compare(a, b)
			if numeric {
				c = compareNumbers(a, b)
			}
			if has('r') {
				c = -c
			}
			return c
		})
		if has('u') {
			out = slices.Compact(out)
		}
		return out, nil
	}, nil
}
