package devices

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/netsonde/netsonde/policies"
)

// Select returns the devices that a limit names: device names, globs ("r*"),
// groups, and "all", separated by commas or spaces; a term that begins with
// "!" takes devices away. An empty limit, or one of exclusions only, starts
// from all devices. A term that matches nothing is an error, so that a typing
// mistake never reads as "nothing wrong".
func (inv *Inventory) Select(limit string) ([]Device, error) {
	terms := strings.FieldsFunc(limit, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' })
	var in, out []string
	for _, t := range terms {
		if x, ok := strings.CutPrefix(t, "!"); ok {
			out = append(out, x)
		} else {
			in = append(in, t)
		}
	}
	if len(in) == 0 {
		in = []string{"all"}
	}
	chosen := map[string]bool{}
	for _, t := range slices.Concat(in, out) {
		if matches, err := inv.matching(t); err != nil {
			return nil, err
		} else if len(matches) == 0 {
			return nil, fmt.Errorf("limit %q: %w%s", t, ErrUnknown, policies.Nearest(t, inv.selectable()))
		}
	}
	for _, t := range in {
		matches, _ := inv.matching(t)
		for _, name := range matches {
			chosen[name] = true
		}
	}
	for _, t := range out {
		matches, _ := inv.matching(t)
		for _, name := range matches {
			delete(chosen, name)
		}
	}
	if len(chosen) == 0 {
		return nil, fmt.Errorf("limit %q leaves no device", limit)
	}
	return slices.DeleteFunc(slices.Clone(inv.Devices), func(d Device) bool { return !chosen[d.Name] }), nil
}

// matching returns the names of the devices that one term means: a device's
// name, else a group's, else a glob over both.
func (inv *Inventory) matching(term string) ([]string, error) {
	if _, err := path.Match(term, ""); err != nil {
		return nil, fmt.Errorf("limit %q: not a glob: %w", term, err)
	}
	if _, ok := inv.Find(term); ok {
		return []string{term}, nil
	}
	var names []string
	for _, d := range inv.Devices {
		ok, _ := path.Match(term, d.Name)
		for _, g := range d.Groups {
			if in, _ := path.Match(term, g); in {
				ok = true
			}
		}
		if ok || term == "all" {
			names = append(names, d.Name)
		}
	}
	return names, nil
}

// selectable returns every name that a limit may hold.
func (inv *Inventory) selectable() []string {
	var names []string
	for _, d := range inv.Devices {
		names = append(append(names, d.Name), d.Groups...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}
