package devices

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// cutJSON cuts what s selects out of a JSON text: members whose name it is,
// and entries of lists that have it as one of their values, with what leads
// there.
func cutJSON(text string, s selector) (out string, found bool) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return "", false
	}
	kept, found := keep(v, s, 0)
	if !found {
		return "", false
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(kept); err != nil {
		return "", false
	}
	return b.String(), true
}

// maxLevels bounds how deep a selected entry is looked for.
const maxLevels = 6

// keep returns the part of v that s selects.
func keep(v any, s selector, depth int) (any, bool) {
	if depth > maxLevels {
		return nil, false
	}
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for name, child := range v {
			if s.matches(name) {
				out[name] = child
			}
		}
		if len(out) > 0 {
			return out, true
		}
		for name, child := range v {
			if part, ok := keep(child, s, depth+1); ok {
				out[name] = part
			}
		}
		return out, len(out) > 0
	case []any:
		var out []any
		for _, child := range v {
			if entryIs(child, s) {
				out = append(out, child)
			} else if part, ok := keep(child, s, depth+1); ok {
				out = append(out, part)
			}
		}
		return out, len(out) > 0
	}
	return nil, false
}

// entryIs reports whether one of the scalars of a list's entry is what s
// selects.
func entryIs(v any, s selector) bool {
	entry, ok := v.(map[string]any)
	if !ok {
		return false
	}
	for _, x := range entry {
		switch x := x.(type) {
		case string:
			if s.matches(x) {
				return true
			}
		case json.Number:
			if x.String() == s.value {
				return true
			}
		}
	}
	return false
}

// cutPath cuts the leaves under a gNMI path out of the recorded leaves of a
// path above it, which stand one a line as "path: value".
func cutPath(path, text string) (out string, found bool) {
	want := steps(path)
	var b strings.Builder
	for _, line := range strings.SplitAfter(text, "\n") {
		at, _, ok := strings.Cut(line, ": ")
		if strings.HasPrefix(line, "#") {
			b.WriteString(line)
		} else if ok && under(steps(at), want) {
			b.WriteString(line)
			found = true
		}
	}
	return b.String(), found
}

// A step is one element of a gNMI path: its name and its keys, "k=v" each.
type step struct {
	name string
	keys []string
}

// steps reads a gNMI path, without its origin.
func steps(path string) []step {
	if i := strings.IndexByte(path, '/'); i > 0 && path[i-1] == ':' {
		path = path[i:]
	}
	var out []step
	depth, start := 0, 0
	flush := func(end int) {
		if end > start {
			out = append(out, newStep(path[start:end]))
		}
		start = end + 1
	}
	for i := 0; i < len(path); i++ {
		switch path[i] {
		case '\\':
			i++
		case '[':
			depth++
		case ']':
			depth--
		case '/':
			if depth <= 0 {
				flush(i)
			}
		}
	}
	flush(len(path))
	return out
}

func newStep(element string) step {
	name, rest, _ := strings.Cut(element, "[")
	if i := strings.IndexByte(name, ':'); i >= 0 {
		name = name[i+1:] // a module's name
	}
	s := step{name: name}
	for rest != "" {
		key, more, _ := strings.Cut(rest, "]")
		s.keys = append(s.keys, key)
		rest = strings.TrimPrefix(more, "[")
	}
	return s
}

// under reports whether the path at lies at or below want, whose missing and
// "*" keys stand for any.
func under(at, want []step) bool {
	if len(at) < len(want) {
		return false
	}
	for i, w := range want {
		if w.name != at[i].name && w.name != "*" {
			return false
		}
		for _, k := range w.keys {
			if !strings.HasSuffix(k, "=*") && !slices.Contains(at[i].keys, k) {
				return false
			}
		}
	}
	return true
}
