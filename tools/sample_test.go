package tools

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/netsonde/netsonde/devices/state"
)

// A sample is a network written in a rule file: devices by name, with the
// tables and fields of state.Device, and the intended links.
type sample struct {
	Links   []string                  `yaml:"links"`
	Devices map[string]map[string]any `yaml:"devices"`
}

// build makes the network's devices. Every table counts as read completely,
// and every row is given a line of its own to be cited by.
func (s sample) build(t *testing.T) []*state.Device {
	t.Helper()
	var out []*state.Device
	for _, name := range sortedNames(s.Devices) {
		d := &state.Device{Name: name, Read: map[string]state.Status{}}
		for _, table := range []string{
			"interfaces", "addresses", "ospf", "ospf_interfaces", "ospf_neighbors", "isis", "isis_interfaces", "isis_neighbors", "bgp",
			"bgp_sessions", "bgp_routes", "rib", "fib", "filters", "listeners", "config",
		} {
			d.Read[table] = state.Status{Ref: state.Ref{Device: name, Query: "sample " + table}, Complete: true}
		}
		for _, field := range sortedNames(s.Devices[name]) {
			assign(t, d, field, s.Devices[name][field])
		}
		out = append(out, d)
	}
	return out
}

func sortedNames[V any](m map[string]V) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// assign sets a field of a device; the configuration is read from its text.
func assign(t *testing.T, d *state.Device, field string, value any) {
	t.Helper()
	if text, ok := value.(string); ok && field == "Config" {
		d.Config = nil
		if err := d.Add(state.Answer{Device: d.Name, Platform: "frr", Query: "show running-config", Output: text}); err != nil {
			t.Fatal(err)
		}
		return
	}
	v := reflect.ValueOf(d).Elem().FieldByName(field)
	if !v.IsValid() {
		t.Fatalf("%s: no field %s", d.Name, field)
	}
	fill(t, v, value, state.Ref{Device: d.Name, Query: "sample " + field, Line: 1})
}

// fill sets v from what YAML gave.
func fill(t *testing.T, v reflect.Value, value any, ref state.Ref) {
	t.Helper()
	if u, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok && v.Type() != reflect.TypeFor[time.Duration]() {
		if err := u.UnmarshalText([]byte(fmt.Sprint(value))); err != nil {
			t.Fatalf("%v: %v", value, err)
		}
		return
	}
	if v.Type() == reflect.TypeFor[time.Duration]() {
		d, err := time.ParseDuration(fmt.Sprint(value))
		if err != nil {
			t.Fatal(err)
		}
		v.SetInt(int64(d))
		return
	}
	switch v.Kind() {
	case reflect.Slice:
		items := value.([]any)
		v.Set(reflect.MakeSlice(v.Type(), len(items), len(items)))
		for i, item := range items {
			ref.Line = i + 1
			fill(t, v.Index(i), item, ref)
		}
	case reflect.Struct:
		cite(v, ref)
		fields := value.(map[string]any)
		for _, name := range sortedNames(fields) {
			f := v.FieldByName(name)
			if !f.IsValid() {
				t.Fatalf("%s has no field %s", v.Type(), name)
			}
			fill(t, f, fields[name], ref)
		}
	default:
		v.Set(reflect.ValueOf(value).Convert(v.Type()))
	}
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

// find walks "Interfaces.eth1.Addresses.0.Prefix": names of fields, indexes
// and keys of rows (which may hold dots). It returns the value, and the slice
// and index of the row where the path ends in one.
func find(t *testing.T, v reflect.Value, path string) (value, list reflect.Value, row int) {
	t.Helper()
	row = -1
	for words := strings.Split(path, "."); len(words) > 0; {
		used := 1
		switch v.Kind() {
		case reflect.Struct:
			list, row = reflect.Value{}, -1
			v = v.FieldByName(words[0])
		case reflect.Slice:
			list = v
			row, used = rowOf(v, words)
			if row < 0 {
				t.Fatalf("no row %s", path)
			}
			v = v.Index(row)
		case reflect.Map:
			return v, list, row
		}
		if !v.IsValid() {
			t.Fatalf("no such place: %s", path)
		}
		words = words[used:]
	}
	return v, list, row
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
