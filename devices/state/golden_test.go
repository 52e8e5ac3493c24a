package state_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netsonde/netsonde/devices/state"
)

var update = flag.Bool("update", false, "write the golden files anew")

// captured is the moment at which the fixtures say that they were read.
var captured = time.Date(2026, 11, 23, 17, 0, 0, 0, time.UTC)

// fixture reads testdata/PLATFORM/COMMAND[@VARIANT].txt as an answer.
func fixture(t testing.TB, file string) state.Answer {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	name := strings.TrimSuffix(filepath.Base(file), ".txt")
	name, _, _ = strings.Cut(name, "@")
	query, err := url.PathUnescape(strings.ReplaceAll(name, "_", " "))
	if err != nil {
		t.Fatal(err)
	}
	platform := filepath.Base(filepath.Dir(file))
	return state.Answer{Device: "r1", Platform: platform, Query: query, At: captured, Output: string(text)}
}

func fixtures(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/*/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no fixtures: %v", err)
	}
	return files
}

func TestGolden(t *testing.T) {
	for _, file := range fixtures(t) {
		t.Run(strings.TrimPrefix(file, "testdata/"), func(t *testing.T) {
			d := &state.Device{}
			if err := d.Add(fixture(t, file)); err != nil {
				t.Fatal(err)
			}
			got := dump(t, d)
			golden := strings.TrimSuffix(file, ".txt") + ".json"
			if *update {
				if err := os.WriteFile(golden, got, 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("facts differ from %s (-want +got):\n%s", golden, diff)
			}
		})
	}
}

// dump prints what d holds: rows one a line, zero fields left out, references
// as line numbers.
func dump(t testing.TB, d *state.Device) []byte {
	t.Helper()
	out := map[string]any{}
	v := reflect.ValueOf(*d)
	for i := range v.NumField() {
		if !v.Type().Field(i).IsExported() {
			continue
		}
		if x := plain(v.Field(i)); x != nil {
			out[v.Type().Field(i).Name] = x
		}
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	b.WriteString("{\n")
	for i := range v.NumField() {
		if !v.Type().Field(i).IsExported() {
			continue
		}
		name := v.Type().Field(i).Name
		x, ok := out[name]
		if !ok {
			continue
		}
		rows, many := x.([]any)
		if !many {
			rows = []any{x}
		}
		fmt.Fprintf(&b, "%q: [\n", name)
		for j, r := range rows {
			b.WriteString("  ")
			if err := enc.Encode(r); err != nil {
				t.Fatal(err)
			}
			if j < len(rows)-1 {
				b.Truncate(b.Len() - 1)
				b.WriteString(",\n")
			}
		}
		b.WriteString("],\n")
	}
	return append(bytes.TrimSuffix(b.Bytes(), []byte(",\n")), "\n}\n"...)
}

// plain turns a value into what its JSON shall hold; nil for nothing.
func plain(v reflect.Value) any {
	if v.IsZero() {
		return nil
	}
	switch x := v.Interface().(type) {
	case state.Ref:
		return x.Line
	case time.Time:
		return x.Format(time.RFC3339)
	case time.Duration:
		return x.String()
	case netip.Addr, netip.Prefix, netip.AddrPort:
		return fmt.Sprint(x)
	}
	switch v.Kind() {
	case reflect.Pointer:
		return plain(v.Elem())
	case reflect.Slice:
		return plainList(v)
	case reflect.Map:
		m := map[string]any{}
		for _, k := range v.MapKeys() {
			m[k.String()] = plain(v.MapIndex(k))
		}
		return m
	case reflect.Struct:
		m := map[string]any{}
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if !f.IsExported() {
				continue
			}
			x := plain(v.Field(i))
			if inner, ok := x.(map[string]any); ok && f.Anonymous {
				for k, y := range inner {
					m["@"+k] = y
				}
			} else if x != nil {
				m[f.Name] = x
			}
		}
		return m
	}
	return v.Interface()
}

func plainList(v reflect.Value) any {
	l := []any{}
	for i := range v.Len() {
		l = append(l, plain(v.Index(i)))
	}
	return l
}
