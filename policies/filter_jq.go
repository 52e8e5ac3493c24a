package policies

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// jq follows a path into JSON: ".", ".a.b", ".a[0]", ".a[]", '.["a b"]', keys,
// length, and these piped with "|" between quotes. It is a path language, not
// the whole of jq.
func (s Stage) jq() (lineFilter, error) {
	flags, rest, err := s.arguments("rcS", "")
	if err != nil {
		return nil, err
	}
	if len(rest) > 1 {
		return nil, fmt.Errorf("jq takes one expression, in quotes where it has blanks")
	}
	program := "."
	if len(rest) == 1 {
		program = rest[0]
	}
	steps, err := jqSteps(program)
	if err != nil {
		return nil, err
	}
	_, raw := flags['r']
	_, compact := flags['c']
	return func(ls []string) ([]string, error) {
		var v any
		d := json.NewDecoder(strings.NewReader(strings.Join(ls, "\n")))
		d.UseNumber()
		if err := d.Decode(&v); err != nil {
			return nil, fmt.Errorf("the answer is no JSON: %w", err)
		}
		values := []any{v}
		for _, step := range steps {
			var next []any
			for _, v := range values {
				out, err := step(v)
				if err != nil {
					return nil, err
				}
				next = append(next, out...)
			}
			values = next
		}
		return jqPrint(values, raw, compact)
	}, nil
}

// jqStep turns one value into none, one or several.
type jqStep func(any) ([]any, error)

func jqPrint(values []any, raw, compact bool) (out []string, err error) {
	for _, v := range values {
		if s, ok := v.(string); ok && raw {
			out = append(out, strings.Split(s, "\n")...)
			continue
		}
		b, err := json.MarshalIndent(v, "", "  ")
		if compact {
			b, err = json.Marshal(v)
		}
		if err != nil {
			return nil, fmt.Errorf("print: %w", err)
		}
		out = append(out, strings.Split(string(b), "\n")...)
	}
	return out, nil
}

// jqSteps reads a path.
func jqSteps(program string) (steps []jqStep, err error) {
	for _, part := range strings.Split(program, "|") {
		part = strings.TrimSpace(part)
		switch part {
		case "keys":
			steps = append(steps, jqKeys)
			continue
		case "length":
			steps = append(steps, jqLength)
			continue
		}
		if !strings.HasPrefix(part, ".") {
			return nil, fmt.Errorf("jq: %q is no path such as .a.b[0], keys or length", part)
		}
		for rest := part; rest != "" && rest != "."; {
			var step jqStep
			if step, rest, err = jqElement(rest); err != nil {
				return nil, err
			}
			steps = append(steps, step)
		}
	}
	return steps, nil
}

// jqElement reads one element off the front of a path.
func jqElement(path string) (jqStep, string, error) {
	if rest, ok := strings.CutPrefix(path, ".["); ok {
		path = "[" + rest
	}
	if inside, ok := strings.CutPrefix(path, "["); ok {
		text, rest, ok := strings.Cut(inside, "]")
		rest = strings.TrimPrefix(rest, "?")
		switch i, err := strconv.Atoi(text); {
		case !ok:
			return nil, "", fmt.Errorf("jq: a [ without its ]")
		case text == "":
			return jqEach, rest, nil
		case err == nil:
			return jqIndex(i), rest, nil
		default:
			return jqField(unquoted(text)), rest, nil
		}
	}
	path = strings.TrimPrefix(path, ".")
	if strings.HasPrefix(path, `"`) {
		text, rest, ok := strings.Cut(path[1:], `"`)
		if !ok {
			return nil, "", fmt.Errorf("jq: a quote without its end")
		}
		return jqField(text), rest, nil
	}
	end := strings.IndexAny(path, ".[")
	if end < 0 {
		end = len(path)
	}
	key := strings.TrimSuffix(path[:end], "?")
	if key == "" || strings.ContainsAny(key, " ()=<>,+*/;") {
		return nil, "", fmt.Errorf("jq: %q is no path such as .a.b[0]", path)
	}
	return jqField(key), path[end:], nil
}

func jqField(key string) jqStep {
	return func(v any) ([]any, error) {
		switch v := v.(type) {
		case map[string]any:
			return []any{v[key]}, nil
		case nil:
			return []any{nil}, nil
		}
		return nil, fmt.Errorf("jq: .%s of something that is no object", key)
	}
}

func jqIndex(i int) jqStep {
	return func(v any) ([]any, error) {
		list, ok := v.([]any)
		if !ok {
			return nil, fmt.Errorf("jq: [%d] of something that is no array", i)
		}
		if i < 0 {
			i += len(list)
		}
		if i < 0 || i >= len(list) {
			return []any{nil}, nil
		}
		return []any{list[i]}, nil
	}
}

func jqEach(v any) (out []any, err error) {
	switch v := v.(type) {
	case []any:
		return v, nil
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			out = append(out, v[k])
		}
		return out, nil
	}
	return nil, fmt.Errorf("jq: [] of something that is neither array nor object")
}

func jqKeys(v any) ([]any, error) {
	m, ok := v.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("jq: keys of something that is no object")
	}
	keys := []any{}
	for _, k := range slices.Sorted(maps.Keys(m)) {
		keys = append(keys, k)
	}
	return []any{keys}, nil
}

func jqLength(v any) ([]any, error) {
	switch v := v.(type) {
	case []any:
		return []any{len(v)}, nil
	case map[string]any:
		return []any{len(v)}, nil
	case string:
		return []any{len(v)}, nil
	case nil:
		return []any{0}, nil
	}
	return nil, fmt.Errorf("jq: length of a number or a boolean")
}
