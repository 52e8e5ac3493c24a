package tools

import (
	"encoding"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/netsonde/netsonde/devices/state"
	"github.com/netsonde/netsonde/policies"
)

// assign sets a field of a device; the configuration is read from its text.
func assign(d *state.Device, field string, value any) error {
	if text, ok := value.(string); ok && field == "Config" {
		d.Config = nil
		return d.Add(state.Answer{Device: d.Name, Platform: "frr", Query: "show running-config", Output: text})
	}
	v := reflect.ValueOf(d).Elem().FieldByName(field)
	if !v.IsValid() {
		return fmt.Errorf("%s: a device has no table %s%s", d.Name, field, near(field, reflect.TypeFor[state.Device]()))
	}
	return fill(v, value, state.Ref{Device: d.Name, Query: "sample " + field, Line: 1})
}

// near says which field of t a misspelt name may have meant.
func near(name string, t reflect.Type) string { return policies.Nearest(name, policies.Fields(t, 1)) }

// fill sets v from what YAML gave.
func fill(v reflect.Value, value any, ref state.Ref) error {
	if v.Type() == reflect.TypeFor[time.Duration]() {
		d, err := time.ParseDuration(fmt.Sprint(value))
		if err != nil {
			return err
		}
		v.SetInt(int64(d))
		return nil
	}
	if text, ok := value.(string); ok && v.Type() == reflect.TypeFor[*state.Config]() {
		v.Set(reflect.ValueOf(state.NewConfig(text, ref)))
		return nil
	}
	if u, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		return u.UnmarshalText([]byte(fmt.Sprint(value)))
	}
	switch v.Kind() {
	case reflect.Slice:
		return fillRows(v, value, ref)
	case reflect.Map:
		return fillMap(v, value, ref)
	case reflect.Struct:
		fields, ok := value.(map[string]any)
		if !ok {
			return fmt.Errorf("a row of %s is {Field: value}, not %v", v.Type().Name(), value)
		}
		cite(v, ref)
		for _, name := range slices.Sorted(maps.Keys(fields)) {
			f := v.FieldByName(name)
			if !f.IsValid() {
				return fmt.Errorf("%s has no field %s%s", v.Type().Name(), name, near(name, v.Type()))
			}
			if err := fill(f, fields[name], ref); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		return nil
	}
	x := reflect.ValueOf(value)
	if value == nil || !x.CanConvert(v.Type()) || x.Kind() != v.Kind() && (x.Kind() == reflect.String || v.Kind() == reflect.String) {
		return fmt.Errorf("%v is no %s", value, v.Type())
	}
	v.Set(x.Convert(v.Type()))
	return nil
}

func fillRows(v reflect.Value, value any, ref state.Ref) error {
	items, ok := value.([]any)
	if !ok {
		return fmt.Errorf("want a list, not %v", value)
	}
	v.Set(reflect.MakeSlice(v.Type(), len(items), len(items)))
	for i, item := range items {
		ref.Line = i + 1
		if err := fill(v.Index(i), item, ref); err != nil {
			return fmt.Errorf("%d: %w", i, err)
		}
	}
	return nil
}

func fillMap(v reflect.Value, value any, ref state.Ref) error {
	items, ok := value.(map[string]any)
	if !ok {
		return fmt.Errorf("want keys and values, not %v", value)
	}
	v.Set(reflect.MakeMap(v.Type()))
	for _, key := range slices.Sorted(maps.Keys(items)) {
		x := reflect.New(v.Type().Elem()).Elem()
		if err := fill(x, items[key], ref); err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
		v.SetMapIndex(reflect.ValueOf(key), x)
	}
	return nil
}

// cite gives a row the line that it is said to be read from, and values that
// mean "not told" where the type has such.
func cite(v reflect.Value, ref state.Ref) {
	if o := v.FieldByName("Origin"); o.IsValid() {
		o.Set(reflect.ValueOf(state.Origin{Row: ref}))
	}
	if r := v.FieldByName("Ref"); r.IsValid() && r.Type() == reflect.TypeFor[state.Ref]() {
		r.Set(reflect.ValueOf(ref))
	}
	if vrf := v.FieldByName("VRF"); vrf.IsValid() && vrf.Kind() == reflect.String {
		vrf.SetString("default")
	}
}

// A spot is where a path of a sample leads: a value, and the table and index
// of the row where the path ends in one.
type spot struct {
	value, list reflect.Value
	row         int
}

// find walks "Interfaces.eth1.Addresses.0.Prefix": names of fields, indexes
// and keys of rows (which may hold dots).
func find(v reflect.Value, path string) (spot, error) {
	s := spot{row: -1}
	for words := strings.Split(path, "."); len(words) > 0; {
		used := 1
		switch v.Kind() {
		case reflect.Struct:
			s.list, s.row = reflect.Value{}, -1
			t := v.Type()
			if v = v.FieldByName(words[0]); !v.IsValid() {
				return s, fmt.Errorf("%s: %s has no field %s%s", path, t.Name(), words[0], near(words[0], t))
			}
		case reflect.Slice:
			s.list = v
			s.row, used = rowOf(v, words)
			if s.row < 0 {
				return s, fmt.Errorf("%s: the network has no such row", path)
			}
			v = v.Index(s.row)
		case reflect.Map:
			s.value = v
			return s, nil
		default:
			return s, fmt.Errorf("%s: nothing is below %s", path, v.Type())
		}
		words = words[used:]
	}
	s.value = v
	return s, nil
}

// rowOf finds the row that the longest run of words names.
func rowOf(v reflect.Value, words []string) (row, used int) {
	for used := len(words); used > 0; used-- {
		key := strings.Join(words[:used], ".")
		for i := range v.Len() {
			if fmt.Sprint(i) == key {
				return i, used
			}
			for _, name := range []string{"Name", "Interface", "Peer", "ID", "Prefix"} {
				if f := v.Index(i).FieldByName(name); f.IsValid() && fmt.Sprint(f.Interface()) == key {
					return i, used
				}
			}
		}
	}
	return -1, 1
}
