package policies

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"

	"github.com/itchyny/gojq"
)

// Bounds of a jq program: what people type ends at once.
const (
	jqTime   = time.Second
	jqValues = 100_000
	jqBytes  = 32 << 20
)

// jq runs a jq program over an answer in JSON, or over several that follow each
// other: -r, -c, -S, -e, -s and -n. A program sees that answer alone: no file, no
// module, no variable of the environment.
func (s Stage) jq() (lineFilter, error) {
	flags, rest, err := s.arguments("rcSeMsjn", "")
	if err != nil {
		return nil, err
	}
	if len(rest) > 1 {
		return nil, fmt.Errorf("jq takes one program, in quotes where it has blanks")
	}
	program := "."
	if len(rest) == 1 {
		program = rest[0]
	}
	query, err := gojq.Parse(program)
	if err != nil {
		return nil, fmt.Errorf("jq: %q is no program: %w", program, err)
	}
	code, err := gojq.Compile(query)
	if err != nil {
		return nil, fmt.Errorf("jq: %q: %w", program, err)
	}
	return func(ls []string) ([]string, error) {
		inputs, err := jqInputs(ls, flags)
		if err != nil {
			return nil, err
		}
		ctx, stop := context.WithTimeout(context.Background(), jqTime)
		defer stop()
		out := &jqOutput{flags: flags}
		for _, in := range inputs {
			if err := out.run(code.RunWithContext(ctx, in)); err != nil {
				return nil, err
			}
		}
		return out.lines, nil
	}, nil
}

// jqInputs reads the values that the program runs over.
func jqInputs(ls []string, flags map[byte]string) ([]any, error) {
	if _, none := flags['n']; none {
		return []any{nil}, nil
	}
	d := json.NewDecoder(strings.NewReader(strings.Join(ls, "\n")))
	d.UseNumber()
	var all []any
	for d.More() {
		var v any
		if err := d.Decode(&v); err != nil {
			return nil, fmt.Errorf("the answer is no JSON: %w", err)
		}
		all = append(all, jqNumbers(v))
	}
	if _, slurp := flags['s']; slurp {
		return []any{append([]any{}, all...)}, nil
	}
	if len(all) == 0 {
		return nil, errors.New("the answer is no JSON: it is empty")
	}
	return all, nil
}

// jqNumbers puts the numbers that gojq knows in place of the decoder's, so that
// large integers keep their digits.
func jqNumbers(v any) any {
	switch v := v.(type) {
	case json.Number:
		if i, err := v.Int64(); err == nil {
			return int(i)
		}
		if i, ok := new(big.Int).SetString(v.String(), 10); ok {
			return i
		}
		f, _ := v.Float64() // the decoder has seen that it is a number
		return f
	case map[string]any:
		for k := range v {
			v[k] = jqNumbers(v[k])
		}
	case []any:
		for i := range v {
			v[i] = jqNumbers(v[i])
		}
	}
	return v
}

// jqOutput collects what a program yields.
type jqOutput struct {
	flags map[byte]string
	lines []string
	bytes int
}

func (o *jqOutput) run(values gojq.Iter) error {
	for {
		v, ok := values.Next()
		if !ok {
			return nil
		}
		if err, failed := v.(error); failed {
			var halt *gojq.HaltError
			if errors.As(err, &halt) && halt.Value() == nil {
				return nil
			}
			return fmt.Errorf("jq: %w", err)
		}
		text, err := o.print(v)
		if err != nil {
			return err
		}
		if o.bytes += len(text); o.bytes > jqBytes || len(o.lines) >= jqValues {
			return fmt.Errorf("jq: more than %d values or %d bytes", jqValues, jqBytes)
		}
		o.lines = append(o.lines, strings.Split(text, "\n")...)
	}
}

func (o *jqOutput) print(v any) (string, error) {
	has := func(c byte) bool { _, ok := o.flags[c]; return ok }
	if s, ok := v.(string); ok && (has('r') || has('j')) {
		return s, nil
	}
	b, err := gojq.Marshal(v)
	if err != nil || has('c') {
		return string(b), err
	}
	var indented bytes.Buffer
	if err := json.Indent(&indented, b, "", "  "); err != nil {
		return "", fmt.Errorf("jq: print: %w", err)
	}
	return indented.String(), nil
}
