package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/parser"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/policies"
)

// RulesConfig is the section "rules" of the configuration: either a list of
// directories, or all of it.
type RulesConfig struct {
	Directories []string          `yaml:"directories"` // with rules of the operator's own; relative to the configuration file
	Off         []string          `yaml:"off"`         // rules that are not held against anything
	Severity    map[string]string `yaml:"severity"`    // by rule, in the place of its own
}

// UnmarshalYAML takes a list of directories as well.
func (r *RulesConfig) UnmarshalYAML(decode func(any) error) error {
	if err := decode(&r.Directories); err == nil {
		return nil
	}
	type plain RulesConfig // without this method
	return decode((*plain)(r))
}

// ThresholdsConfig is the section "thresholds": by group or device ("all" for
// every one), by RULE.LIMIT, the value. What stands for a group holds against
// what stands for all, what stands for a device against both.
type ThresholdsConfig map[string]map[string]float64

// A fieldFault is what is wrong with a field of the configuration.
type fieldFault struct {
	path string // rules.off[0]
	err  error
}

func (f *fieldFault) Error() string { return f.path + ": " + f.err.Error() }
func (f *fieldFault) Unwrap() error { return f.err }

func faultAt(path, format string, args ...any) error {
	return &fieldFault{path, fmt.Errorf(format, args...)}
}

// fault words faults of the configuration's fields as "FILE:LINE: field: what"
// and makes them faults of usage; nil for none.
func (cfg Config) fault(err error) error {
	if err == nil {
		return nil
	}
	var out []error
	var each func(error)
	each = func(err error) {
		var f *fieldFault
		if all, ok := err.(interface{ Unwrap() []error }); ok {
			for _, e := range all.Unwrap() {
				each(e)
			}
		} else if errors.As(err, &f) {
			out = append(out, fmt.Errorf("%s: %w", cfg.lineOf(f.path), err))
		} else {
			out = append(out, err)
		}
	}
	each(err)
	return &usageError{errors.Join(out...)}
}

// lineOf returns FILE:LINE of a field of the configuration, or of the nearest
// section above it that stands in the file.
func (cfg Config) lineOf(path string) string {
	return lineIn(or(cfg.origin, "configuration"), cfg.text, path)
}

// lineIn returns FILE:LINE of a field of a YAML file.
func lineIn(file string, text []byte, path string) string {
	tree, err := parser.ParseBytes(text, 0)
	if err != nil {
		return file
	}
	for {
		if y, err := yaml.PathString("$." + path); err == nil {
			if n, err := y.FilterFile(tree); err == nil && n != nil && n.GetToken() != nil {
				return fmt.Sprintf("%s:%d", file, n.GetToken().Position.Line)
			}
		}
		i := strings.LastIndexAny(path, ".[")
		if i < 0 {
			return file
		}
		path = path[:i]
	}
}

// tuned returns the rules with the severities of r. A rule that does not exist
// is an error with what may have been meant.
func (r RulesConfig) tuned(rules []policies.Rule) ([]policies.Rule, error) {
	ids := make([]string, len(rules))
	for i := range rules {
		ids[i] = rules[i].ID
	}
	var faults []error
	for i, id := range r.Off {
		if !slices.Contains(ids, id) {
			faults = append(faults, faultAt(fmt.Sprintf("rules.off[%d]", i), "no rule is called %q%s", id, policies.Nearest(id, ids)))
		}
	}
	rules = slices.Clone(rules)
	for _, id := range slices.Sorted(maps.Keys(r.Severity)) {
		at := "rules.severity." + id
		i := slices.Index(ids, id)
		if i < 0 {
			faults = append(faults, faultAt(at, "no rule is called %q%s", id, policies.Nearest(id, ids)))
			continue
		}
		s, err := policies.ParseSeverity(r.Severity[id])
		if err != nil {
			faults = append(faults, faultAt(at, "%w", err))
		}
		rules[i].Severity = s
	}
	return rules, errors.Join(faults...)
}

// limit sets the thresholds of t on rules. Groups and devices are those of inv.
func (t ThresholdsConfig) limit(rules []policies.Rule, inv *devices.Inventory) error {
	groups := map[string]bool{}
	names := []string{"all"}
	for _, d := range inv.Devices {
		names = append(names, d.Name)
		for _, g := range d.Groups {
			groups[g] = true
		}
	}
	names = append(names, slices.Sorted(maps.Keys(groups))...)
	order := slices.SortedFunc(maps.Keys(t), func(a, b string) int { // what is set last wins
		rank := func(s string) int {
			switch {
			case s == "all":
				return 0
			case groups[s]:
				return 1
			}
			return 2
		}
		if d := rank(a) - rank(b); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	var faults []error
	for _, who := range order {
		if !slices.Contains(names, who) {
			if inv.Part {
				continue // it may be a group of the devices that were left out
			}
			faults = append(faults, faultAt("thresholds."+who, "neither a group nor a device%s", policies.Nearest(who, names)))
			continue
		}
		on := func(site string) bool {
			d, ok := inv.Find(site)
			return ok && (site == who || slices.Contains(d.Groups, who))
		}
		if who == "all" {
			on = nil
		}
		faults = append(faults, t.limitOn(rules, who, on)...)
	}
	return errors.Join(faults...)
}

func (t ThresholdsConfig) limitOn(rules []policies.Rule, who string, on func(string) bool) []error {
	var faults []error
	var ids []string
	for _, r := range rules {
		for name := range r.Limits {
			ids = append(ids, r.ID+"."+name)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(t[who])) {
		id, name, ok := strings.Cut(key, ".")
		i := slices.IndexFunc(rules, func(r policies.Rule) bool { return r.ID == id })
		if !ok || i < 0 {
			faults = append(faults, faultAt("thresholds."+who+"."+key, "is no RULE.LIMIT%s", policies.Nearest(key, ids)))
			continue
		}
		if err := rules[i].Limit(map[string]float64{name: t[who][key]}, on); err != nil {
			faults = append(faults, faultAt("thresholds."+who+"."+key, "%w", err))
		}
	}
	return faults
}

// limitErrors sets the shares of damaged frames that the intent allows.
func (in intention) limitErrors(rules []policies.Rule) error {
	for i := range rules {
		if !slices.Contains([]string{"errors-growing", "errors-sending", "interface-errors"}, rules[i].ID) {
			continue
		}
		for _, s := range in.shares {
			if err := rules[i].Limit(map[string]float64{"share": s.under}, s.on); err != nil {
				return err
			}
		}
	}
	return nil
}
