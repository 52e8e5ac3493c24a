package tools

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/google/jsonschema-go/jsonschema"
)

//go:embed descriptions
var descriptions embed.FS

// New makes a Tool from a function of typed arguments: the schema comes from
// In (its json and jsonschema tags), the description from
// descriptions/NAME.md. Arguments that the schema does not know, or that have
// another type, are an error worded for the model.
func New[In any](name string, call func(context.Context, In) (Result, error)) (Tool, error) {
	text, err := descriptions.ReadFile("descriptions/" + name + ".md")
	if err != nil {
		return Tool{}, fmt.Errorf("tool %s has no description: %w", name, err)
	}
	schema, err := schemaOf[In]()
	if err != nil {
		return Tool{}, fmt.Errorf("tool %s: %w", name, err)
	}
	raw, err := json.Marshal(schema)
	if err != nil {
		return Tool{}, fmt.Errorf("tool %s: %w", name, err)
	}
	return Tool{
		Name: name, Description: strings.TrimSpace(string(text)), Schema: raw,
		Call: func(ctx context.Context, args json.RawMessage) (Result, error) {
			in, err := decode[In](args, schema)
			if err != nil {
				return Result{}, err
			}
			return call(ctx, in)
		},
	}, nil
}

// schemaOf derives the schema of In. Optional lists are plain arrays in it:
// models handle a union with null badly.
func schemaOf[In any]() (*jsonschema.Schema, error) {
	schema, err := jsonschema.For[In](nil)
	if err != nil {
		return nil, fmt.Errorf("schema: %w", err)
	}
	for _, p := range schema.Properties {
		if len(p.Types) == 2 && p.Types[0] == "null" {
			p.Type, p.Types = p.Types[1], nil
		}
	}
	return schema, nil
}

// decode reads args into In. The error names the argument and what there is.
func decode[In any](args json.RawMessage, schema *jsonschema.Schema) (In, error) {
	var in In
	if len(bytes.TrimSpace(args)) == 0 || string(args) == "null" {
		args = json.RawMessage("{}")
	}
	args = listed(args, schema)
	d := json.NewDecoder(bytes.NewReader(args))
	d.DisallowUnknownFields()
	if err := d.Decode(&in); err != nil {
		return in, fmt.Errorf("arguments do not fit: %s; this function takes %s", plain(err), arguments(schema))
	}
	if d.More() {
		return in, fmt.Errorf("arguments do not fit: more than one JSON value; this function takes %s", arguments(schema))
	}
	given := map[string]json.RawMessage{}
	if err := json.Unmarshal(args, &given); err != nil {
		return in, fmt.Errorf("arguments do not fit: %s", plain(err))
	}
	for _, name := range schema.Required {
		if _, ok := given[name]; !ok {
			return in, fmt.Errorf("argument %q is missing; this function takes %s", name, arguments(schema))
		}
	}
	return in, nil
}

// listed puts a lone string where a list of strings is wanted into one: models
// write "devices": "r1" for ["r1"], and there is no doubt what they mean.
func listed(args json.RawMessage, schema *jsonschema.Schema) json.RawMessage {
	given := map[string]json.RawMessage{}
	if json.Unmarshal(args, &given) != nil {
		return args
	}
	changed := false
	for name, value := range given {
		p := schema.Properties[name]
		if p == nil || p.Type != "array" || len(value) == 0 || value[0] != '"' {
			continue
		}
		given[name] = slices.Concat(json.RawMessage("["), value, json.RawMessage("]"))
		changed = true
	}
	if !changed {
		return args
	}
	out, err := json.Marshal(given)
	if err != nil {
		return args
	}
	return out
}

// plain words a JSON error without the names of Go types.
func plain(err error) string {
	s := strings.TrimPrefix(err.Error(), "json: ")
	if i := strings.Index(s, " into Go "); i > 0 {
		if j := strings.LastIndex(s, "field "); j > 0 {
			f := strings.Fields(s[j+len("field "):])[0]
			return s[:i] + fmt.Sprintf(" for %q", f[strings.LastIndexByte(f, '.')+1:])
		}
		return s[:i]
	}
	return s
}

// arguments lists what a schema takes: "device (string), limit (integer, optional)".
func arguments(s *jsonschema.Schema) string {
	required := map[string]struct{}{}
	for _, r := range s.Required {
		required[r] = struct{}{}
	}
	names := make([]string, 0, len(s.Properties))
	for name := range s.Properties {
		names = append(names, name)
	}
	sort.Strings(names)
	for i, name := range names {
		kind := s.Properties[name].Type
		if _, ok := required[name]; !ok {
			kind += ", optional"
		}
		names[i] = fmt.Sprintf("%s (%s)", name, kind)
	}
	if len(names) == 0 {
		return "no arguments"
	}
	return strings.Join(names, ", ")
}
