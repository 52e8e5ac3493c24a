package tools

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/netsonde/netsonde/devices/state"
	"github.com/netsonde/netsonde/policies"
)

// Samples are the healthy networks that the samples of rules start from, by
// name.
type Samples map[string]policies.SampleNetwork

// LoadSamples reads the networks of rules/*.yaml of fsys.
func LoadSamples(fsys fs.FS) (Samples, error) { return policies.LoadSamples(fsys) }

// Check runs the samples of a rule: it is silent on every healthy network and
// on its near miss, and finds its fault where the sample says, with evidence and
// all its words. It returns what does not hold; nothing where all does.
func (s Samples) Check(r *policies.Rule) []error {
	base, ok := s[r.Sample.On]
	if !ok {
		return []error{fmt.Errorf("sample: no network is called %q: use one of %s, or add one under the key networks", r.Sample.On, strings.Join(slices.Sorted(maps.Keys(s)), ", "))}
	}
	var faults []error
	silent := func(what string, n policies.SampleNetwork, changes map[string]any) {
		ms, err := matches(r, n, changes, nil)
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", what, err))
		}
		for _, m := range ms {
			faults = append(faults, fmt.Errorf("%s: it should be silent and says %q at %s", what, m.Title, strings.Join(m.Locations, ", ")))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s)) {
		silent("on the healthy network "+name, s[name], nil)
	}
	if r.Sample.Healthy != nil {
		silent("on its healthy sample", base, r.Sample.Healthy)
	}
	return append(faults, unhealthy(r, base)...)
}

// unhealthy runs the unhealthy sample of a rule.
func unhealthy(r *policies.Rule, base policies.SampleNetwork) []error {
	ms, err := matches(r, base, r.Sample.Unhealthy, r.Sample.Lost)
	if err != nil {
		return []error{fmt.Errorf("on its unhealthy sample: %w", err)}
	}
	if len(ms) == 0 {
		return []error{errors.New("on its unhealthy sample: it is silent")}
	}
	var faults []error
	m := ms[0]
	if !slices.Equal(r.Sample.Where, m.Locations) {
		faults = append(faults, fmt.Errorf("on its unhealthy sample: it is found at %v, not at %v", m.Locations, r.Sample.Where))
	}
	if len(m.Evidence) == 0 {
		faults = append(faults, errors.New("on its unhealthy sample: no evidence: the expressions give no line"))
	}
	for part, text := range map[string]string{"title": m.Title, "remedy": m.Remedy, "explanation": m.Explanation} {
		if text == "" || strings.Contains(text, "<no value>") {
			faults = append(faults, fmt.Errorf("on its unhealthy sample: %s: words are missing: %q", part, text))
		}
	}
	for _, platform := range slices.Sorted(maps.Keys(r.Remedy)) {
		ms, err := matches(r.For(platform), base, r.Sample.Unhealthy, r.Sample.Lost)
		if err != nil {
			faults = append(faults, fmt.Errorf("remedy: %s: %w", platform, err))
		} else if words := ms[0].Remedy; words == "" || strings.Contains(words, "<no value>") || strings.Contains(words, "%!") {
			faults = append(faults, fmt.Errorf("remedy: %s: words are missing: %q", platform, words))
		}
	}
	return faults
}

// matches changes a healthy network as a sample says and holds the rule
// against it.
func matches(r *policies.Rule, n policies.SampleNetwork, changes map[string]any, lost []string) ([]policies.Match, error) {
	net, err := spoil(n, changes, lost)
	if err != nil {
		return nil, err
	}
	return r.Eval(net.Facts(net.Probes(100))[r.Each])
}

// spoil changes the network's devices as a sample says, and joins them.
func spoil(n policies.SampleNetwork, changes map[string]any, lost []string) (*state.Network, error) {
	ds, err := sampleDevices(n)
	if err != nil {
		return nil, err
	}
	for _, path := range lost {
		if ds, err = lose(ds, path); err != nil {
			return nil, err
		}
	}
	var b background
	for _, path := range slices.Sorted(maps.Keys(changes)) {
		name, rest, _ := strings.Cut(path, ".")
		if known, err := b.set(name, rest, changes[path]); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		} else if known {
			continue
		}
		i := slices.IndexFunc(ds, func(d *state.Device) bool { return d.Name == name })
		if i < 0 {
			return nil, fmt.Errorf("%s: the network has no device %s", path, name)
		}
		if err := change(ds[i], rest, changes[path]); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	net := state.Join(ds, n.Links)
	for _, path := range lost {
		if !strings.Contains(path, ".") { // a whole device: it was asked, and does not answer
			net.Silent = append(net.Silent, path)
		}
	}
	net.Intent, net.Past = b.intent, b.past()
	return net, nil
}

// background is what a sample says beside the devices: what is intended, and
// what was counted an hour before 2026-01-01 01:00 UTC.
type background struct {
	intent  state.Intent
	figures map[string]float64
}

// set takes "Intent.Field" and "Past.PLACE.FIGURE"; it reports whether the
// name is one of them.
func (b *background) set(name, rest string, value any) (bool, error) {
	switch name {
	case "Intent":
		v := reflect.ValueOf(&b.intent).Elem()
		at, err := find(v, rest)
		if err != nil {
			return true, err
		}
		return true, fill(at.value, value, state.Ref{Query: "sample Intent", Line: 1})
	case "Past":
		if b.figures == nil {
			b.figures = map[string]float64{}
		}
		var x float64
		err := fill(reflect.ValueOf(&x).Elem(), value, state.Ref{})
		b.figures[rest] = x
		return true, err
	}
	return false, nil
}

func (b *background) past() state.Past {
	if b.figures == nil {
		return nil
	}
	return func(place, name string) (state.Figure, bool) {
		v, ok := b.figures[place+"."+name]
		return state.Figure{Place: place, Name: name, Value: v, At: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}, ok
	}
}

// sampleDevices makes the network's devices. Every table counts as read
// completely, and every row is given a line of its own to be cited by.
func sampleDevices(n policies.SampleNetwork) ([]*state.Device, error) {
	var out []*state.Device
	for _, name := range slices.Sorted(maps.Keys(n.Devices)) {
		d := &state.Device{Name: name, Read: map[string]state.Status{}}
		for _, table := range []string{
			"interfaces", "addresses", "ospf", "ospf_interfaces", "ospf_neighbors", "isis", "isis_interfaces", "isis_neighbors", "bgp",
			"bgp_sessions", "bgp_routes", "rib", "fib", "filters", "listeners", "config", "lldp", "bfd",
		} {
			d.Read[table] = state.Status{Ref: state.Ref{Device: name, Query: "sample " + table}, Complete: true}
		}
		for _, field := range slices.Sorted(maps.Keys(n.Devices[name])) {
			if err := assign(d, field, n.Devices[name][field]); err != nil {
				return nil, fmt.Errorf("%s: %s: %w", n.Source, name, err)
			}
		}
		out = append(out, d)
	}
	return out, nil
}

// lose takes a device, or a row of it, away.
func lose(ds []*state.Device, path string) ([]*state.Device, error) {
	name, rest, deep := strings.Cut(path, ".")
	i := slices.IndexFunc(ds, func(d *state.Device) bool { return d.Name == name })
	if i < 0 {
		return nil, fmt.Errorf("lost: %s: the network has no device %s", path, name)
	}
	if !deep {
		return slices.Delete(ds, i, i+1), nil
	}
	at, err := find(reflect.ValueOf(ds[i]).Elem(), rest)
	if err != nil {
		return nil, fmt.Errorf("lost: %w", err)
	}
	if at.row < 0 {
		return nil, fmt.Errorf("lost: %s: is no row", path)
	}
	at.list.Set(reflect.AppendSlice(at.list.Slice(0, at.row), at.list.Slice(at.row+1, at.list.Len())))
	return ds, nil
}

// change sets what a path of a sample names: a table, a field of a row, the
// state of a table (Read.NAME: inactive), or when the device answered.
func change(d *state.Device, path string, value any) error {
	if table, ok := strings.CutPrefix(path, "Read."); ok {
		table, _, _ = strings.Cut(table, ".")
		d.Read[table] = state.Status{Ref: state.Ref{Device: d.Name, Query: "sample " + table}, Inactive: true}
		return nil
	}
	if path == "Answered" {
		at, err := time.Parse(time.RFC3339, fmt.Sprint(value))
		if err != nil {
			return fmt.Errorf("%v is no time: write 2026-01-01T00:00:00Z", value)
		}
		// No reader takes the queries; that they were answered is noted all the same.
		for i := range reflect.TypeFor[state.Device]().NumField() {
			q := "sample " + reflect.TypeFor[state.Device]().Field(i).Name
			if err := d.Add(state.Answer{Device: d.Name, Query: q, At: at}); !errors.Is(err, state.ErrNoReader) {
				return err
			}
		}
		return nil
	}
	if !strings.Contains(path, ".") {
		return assign(d, path, value)
	}
	at, err := find(reflect.ValueOf(d).Elem(), path)
	if err != nil {
		return err
	}
	return fill(at.value, value, state.Ref{Device: d.Name, Query: "sample " + path, Line: 1})
}
