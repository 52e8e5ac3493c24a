package tools

import (
	"errors"
	"io/fs"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"github.com/netsonde/netsonde/devices/state"
	"github.com/netsonde/netsonde/policies"
)

func sampleNetworks(t *testing.T) map[string]sample {
	t.Helper()
	text, err := fs.ReadFile(policies.Files, "rules/networks.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Networks map[string]sample `yaml:"networks"`
	}
	if err := yaml.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	return file.Networks
}

func shippedRules(t *testing.T) []policies.Rule {
	t.Helper()
	rules, err := LoadRules(policies.Files)
	if err != nil {
		t.Fatal(err)
	}
	return rules
}

// spoil changes the sample's devices as a rule says, and joins them.
func (s sample) spoil(t *testing.T, changes map[string]any, lost []string) *state.Network {
	t.Helper()
	ds := s.build(t)
	for _, path := range lost {
		name, rest, deep := strings.Cut(path, ".")
		i := slices.IndexFunc(ds, func(d *state.Device) bool { return d.Name == name })
		if !deep {
			ds = slices.Delete(ds, i, i+1)
			continue
		}
		_, list, row := find(t, reflect.ValueOf(ds[i]).Elem(), rest)
		list.Set(reflect.AppendSlice(list.Slice(0, row), list.Slice(row+1, list.Len())))
	}
	for _, path := range slices.Sorted(maps.Keys(changes)) {
		name, rest, _ := strings.Cut(path, ".")
		i := slices.IndexFunc(ds, func(d *state.Device) bool { return d.Name == name })
		if i < 0 {
			t.Fatalf("no device %s", name)
		}
		change(t, ds[i], rest, changes[path])
	}
	return state.Join(ds, s.Links)
}

func change(t *testing.T, d *state.Device, path string, value any) {
	t.Helper()
	if table, ok := strings.CutPrefix(path, "Read."); ok {
		table, _, _ = strings.Cut(table, ".")
		d.Read[table] = state.Status{Ref: state.Ref{Device: d.Name, Query: "sample " + table}, Inactive: true}
		return
	}
	if path == "Answered" {
		at, err := time.Parse(time.RFC3339, value.(string))
		if err != nil {
			t.Fatal(err)
		}
		// No reader takes the query; that it was answered is noted all the same.
		if err := d.Add(state.Answer{Device: d.Name, Query: d.Interfaces[0].Row.Query, At: at}); !errors.Is(err, state.ErrNoReader) {
			t.Fatal(err)
		}
		return
	}
	if !strings.Contains(path, ".") {
		assign(t, d, path, value)
		return
	}
	v, _, _ := find(t, reflect.ValueOf(d).Elem(), path)
	fill(t, v, value, state.Ref{Device: d.Name, Query: "sample " + path, Line: 1})
}

func eval(t *testing.T, r policies.Rule, n *state.Network) []policies.Match {
	t.Helper()
	ms, err := r.Eval(n.Facts(n.Probes(100))[r.Each])
	if err != nil {
		t.Fatal(err)
	}
	return ms
}

// Each rule is silent on every healthy network, finds its sample's fault where
// the sample says, with evidence, and is silent on its near miss.
func TestRuleSamples(t *testing.T) {
	networks := sampleNetworks(t)
	for _, r := range shippedRules(t) {
		t.Run(r.ID, func(t *testing.T) {
			base, ok := networks[r.Sample.On]
			if !ok {
				t.Fatalf("%s: no network %q", r.Source, r.Sample.On)
			}
			for name, s := range networks {
				for _, m := range eval(t, r, s.spoil(t, nil, nil)) {
					t.Errorf("on the healthy network %s: %s at %v", name, m.Title, m.Locations)
				}
			}
			if r.Sample.Healthy != nil {
				for _, m := range eval(t, r, base.spoil(t, r.Sample.Healthy, nil)) {
					t.Errorf("on its healthy sample: %s at %v", m.Title, m.Locations)
				}
			}
			ms := eval(t, r, base.spoil(t, r.Sample.Unhealthy, r.Sample.Lost))
			if len(ms) == 0 {
				t.Fatalf("%s: silent on its unhealthy sample", r.Source)
			}
			m := ms[0]
			if d := cmp.Diff(r.Sample.Where, m.Locations); d != "" {
				t.Errorf("%s: where: %s", r.Source, d)
			}
			if len(m.Evidence) == 0 {
				t.Errorf("%s: no evidence", r.Source)
			}
			if m.Title == "" || m.Remedy == "" || m.Explanation == "" || strings.Contains(m.Title+m.Remedy, "<no value>") {
				t.Errorf("%s: words are missing: %+v", r.Source, m)
			}
		})
	}
}

// A network that is well as a whole has no finding at all, whatever the rules.
func TestRulesAreSilentOnHealth(t *testing.T) {
	for name, s := range sampleNetworks(t) {
		x, err := Env{Rules: shippedRules(t)}.judge(Collection{Network: s.spoil(t, nil, nil)}, Complaint{})
		if err != nil || len(x.Faults) > 0 {
			t.Fatal(err, x.Faults)
		}
		for _, m := range x.Matches {
			t.Errorf("%s: %s", name, m.Title)
		}
	}
}

func TestRulesCoverTheVocabulary(t *testing.T) {
	causes := map[string]bool{}
	for _, r := range shippedRules(t) {
		causes[r.RootCause] = true
	}
	if len(causes) < 55 {
		t.Errorf("rules for %d causes; there were 55", len(causes))
	}
}
