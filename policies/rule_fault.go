package policies

import (
	"errors"
	"fmt"
	"io/fs"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

// yamlFault words a fault of a YAML file as "file:line: what", with what would
// fit in the place of a misspelt key.
func yamlFault(name string, text []byte, err error) error {
	var at yaml.Error
	if !errors.As(err, &at) || at.GetToken() == nil || at.GetToken().Position == nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	what, line := at.GetMessage(), at.GetToken().Position.Line
	if m := unknownKey.FindStringSubmatch(what); m != nil {
		what += Nearest(m[1], ruleKeys())
		if i := slices.IndexFunc(strings.Split(string(text), "\n"), func(l string) bool { return hasKey(l, m[1]) }); i >= 0 {
			line = i + 1 // the parser miscounts after a quoted scalar with escapes
		}
	}
	return fmt.Errorf("%s:%d: %s", name, line, what)
}

var (
	unknownKey   = regexp.MustCompile(`unknown field "([^"]+)"`)
	unknownName  = regexp.MustCompile(`unknown name (\w+)`)
	unknownField = regexp.MustCompile(`type \S+ has no (?:field|method) (\w+)`)
)

// ruleKeys returns the keys that may stand in a rule file.
func ruleKeys() []string {
	var out []string
	for _, t := range []reflect.Type{reflect.TypeFor[ruleFile](), reflect.TypeFor[ruleText](), reflect.TypeFor[RuleSample]()} {
		for i := range t.NumField() {
			out = append(out, t.Field(i).Tag.Get("yaml"))
		}
	}
	return out
}

// exprFault adds to a fault of an expression what would fit in the place of
// an unknown name: the nearest field or method of the fact and of the types
// that it leads to.
func exprFault(err error, fact reflect.Type) string {
	text := strings.Join(strings.Fields(strings.ReplaceAll(err.Error(), "\n", " ")), " ")
	if i := strings.Index(text, " | "); i > 0 {
		text = text[:i]
	}
	for _, re := range []*regexp.Regexp{unknownName, unknownField} {
		if m := re.FindStringSubmatch(text); m != nil {
			return text + Nearest(m[1], Fields(fact, 3)) + " (netsonde rules facts " + strings.ToLower(fact.Name()) + " lists them all)"
		}
	}
	return text
}

// Fields returns the names of the fields and methods of t and, depth levels
// down, of the types that its fields have: what an expression may say.
func Fields(t reflect.Type, depth int) []string {
	seen := map[reflect.Type]bool{}
	var out []string
	var walk func(reflect.Type, int)
	walk = func(t reflect.Type, depth int) {
		for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
			t = t.Elem()
		}
		if seen[t] || depth == 0 {
			return
		}
		seen[t] = true
		for i := range t.NumMethod() {
			out = append(out, t.Method(i).Name)
		}
		if t.Kind() != reflect.Struct {
			return
		}
		for i := range t.NumField() {
			if f := t.Field(i); f.IsExported() {
				out = append(out, f.Name)
				walk(f.Type, depth-1)
			}
		}
	}
	walk(t, depth)
	slices.Sort(out)
	return slices.Compact(out)
}

// Nearest words which of names is nearest to one that is not among them:
// "; did you mean X?", or "" if none is near.
func Nearest(name string, names []string) string {
	best, least := "", max(2, len(name)/3)+1
	for _, n := range names {
		if d := distance(strings.ToLower(name), strings.ToLower(n)); d < least {
			best, least = n, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %s?", best)
}

// hasKey reports whether a line of YAML begins with a key, or has it in a flow
// mapping.
func hasKey(line, key string) bool {
	return regexp.MustCompile(`(^\s*(- )?|[{,]\s*)` + regexp.QuoteMeta(key) + `:(\s|$)`).MatchString(line)
}

// ruleBlock returns the lines of the nth rule of a file, as a half-open range
// from 0: from its "- " to the next that stands as far left.
func ruleBlock(lines []string, n int) (from, to int) {
	at, indent := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, "rules:") }), -1
	if at < 0 {
		return 0, len(lines)
	}
	for i := at + 1; i < len(lines); i++ {
		text := strings.TrimLeft(lines[i], " ")
		left := len(lines[i]) - len(text)
		switch {
		case text == "" || strings.HasPrefix(text, "#"):
			continue
		case indent < 0:
			indent = left
		case left > indent:
			continue
		}
		if left < indent || !strings.HasPrefix(text, "-") { // the list has ended
			if n < 0 {
				return from, i
			}
			return 0, len(lines)
		}
		if n < 0 {
			return from, i
		}
		if n == 0 {
			from = i
		}
		n--
	}
	return from, len(lines)
}

// ruleLine returns the line, from 1, of a part (".when", ".evidence[1]") of the
// nth rule of a file; of the rule itself where the part does not stand there.
func ruleLine(lines []string, n int, part string) int {
	from, to := ruleBlock(lines, n)
	key, item, isItem := strings.Cut(strings.TrimPrefix(part, "."), "[")
	key, sub, _ := strings.Cut(key, ".")
	for i := from; i < to; i++ {
		if !hasKey(lines[i], key) {
			continue
		}
		for j := i; j < to && (isItem || sub != ""); j++ {
			if sub != "" && hasKey(lines[j], sub) {
				return j + 1
			}
			if isItem && j > i && strings.HasPrefix(strings.TrimSpace(lines[j]), "- ") {
				if strings.HasPrefix(item, "0]") {
					return j + 1
				}
				nth := 0
				fmt.Sscanf(item, "%d", &nth)
				item = fmt.Sprintf("%d]", nth-1)
			}
		}
		return i + 1
	}
	return from + 1
}

// RuleText returns a rule as its file has it.
func RuleText(fsys fs.FS, r Rule) (string, error) {
	i := max(strings.LastIndex(r.Source, ":"), 0)
	text, err := fs.ReadFile(fsys, r.Source[:i])
	if err != nil {
		return "", fmt.Errorf("rule %s: %w", r.ID, err)
	}
	lines := strings.Split(string(text), "\n")
	for n := 0; ; n++ {
		from, to := ruleBlock(lines, n)
		if from == 0 && to == len(lines) {
			return "", fmt.Errorf("rule %s does not stand in %s any more", r.ID, r.Source)
		}
		block := strings.TrimRight(strings.Join(lines[from:to], "\n"), "\n ") + "\n"
		for _, l := range lines[from:to] {
			if _, id, _ := strings.Cut(l, "id:"); hasKey(l, "id") && strings.Trim(id, ` "'`) == r.ID {
				return block, nil
			}
		}
		if to == len(lines) {
			return block, nil // the only one left
		}
	}
}
