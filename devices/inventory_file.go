package devices

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/printer"

	"github.com/netsonde/netsonde/policies"
)

// ParseInventory reads an inventory file. The error joins every fault found,
// each with file, line and column; the warnings are for the user to read and
// stop nothing.
func ParseInventory(text []byte, l Loading) (inv *Inventory, warnings []string, err error) {
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %s", l.File, strings.TrimSpace(yaml.FormatError(err, false, true)))
	}
	r := &inventoryReader{Loading: l, inv: &Inventory{}, groups: map[string]ast.Node{}}
	if len(file.Docs) != 1 || file.Docs[0].Body == nil {
		return nil, nil, fmt.Errorf("%s: want one YAML document with version, devices and perhaps defaults, groups, jumps, links", l.File)
	}
	r.file(file.Docs[0].Body)
	if len(r.faults) > 0 {
		return nil, r.warnings, errors.Join(r.faults...)
	}
	return r.inv, r.warnings, nil
}

// inventoryReader gathers what a file holds and what is wrong with it.
type inventoryReader struct {
	Loading
	inv      *Inventory
	defaults ast.Node
	groups   map[string]ast.Node
	faults   []error
	warnings []string
}

// fault notes what is wrong at n, with an excerpt of the file.
func (r *inventoryReader) fault(n ast.Node, format string, args ...any) {
	msg := fmt.Sprintf(format, args...)
	if n == nil {
		r.faults = append(r.faults, fmt.Errorf("%s: %s", r.File, msg))
		return
	}
	tk := n.GetToken()
	var p printer.Printer
	r.faults = append(r.faults, fmt.Errorf("%s:%d:%d: %s\n%s",
		r.File, tk.Position.Line, tk.Position.Column, msg, p.PrintErrorToken(tk, false)))
}

// decode reads n into v strictly; a fault is noted.
func (r *inventoryReader) decode(n ast.Node, v any) bool {
	err := yaml.NodeToValue(n, v, yaml.Strict())
	if err == nil {
		return true
	}
	var at yaml.Error
	if !errors.As(err, &at) {
		r.fault(n, "%v", err)
		return false
	}
	tk := at.GetToken()
	var p printer.Printer
	r.faults = append(r.faults, fmt.Errorf("%s:%d:%d: %s\n%s",
		r.File, tk.Position.Line, tk.Position.Column, at.GetMessage(), p.PrintErrorToken(tk, false)))
	return false
}

// pairs returns the keys and values of a mapping; anything else is a fault.
func (r *inventoryReader) pairs(n ast.Node, what string) []*ast.MappingValueNode {
	switch n := n.(type) {
	case *ast.MappingNode:
		return n.Values
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}
	case *ast.NullNode:
		return nil
	}
	r.fault(n, "%s must be a mapping", what)
	return nil
}

func (r *inventoryReader) file(body ast.Node) {
	sections := map[string]ast.Node{}
	known := []string{"version", "defaults", "groups", "jumps", "devices", "links"}
	for _, kv := range r.pairs(body, "an inventory") {
		name := kv.Key.GetToken().Value
		if !slices.Contains(known, name) {
			r.fault(kv.Key, "unknown key %q%s (an inventory holds %s)", name, policies.Nearest(name, known), strings.Join(known, ", "))
			continue
		}
		sections[name] = kv.Value
	}
	r.version(sections["version"])
	r.defaults = sections["defaults"]
	if r.defaults != nil {
		r.decode(r.defaults, &settings{})
	}
	if n := sections["groups"]; n != nil {
		for _, kv := range r.pairs(n, "groups") {
			r.groups[kv.Key.GetToken().Value] = kv.Value
			if kv.Value.Type() != ast.NullType {
				r.decode(kv.Value, &settings{})
			}
		}
	}
	if len(r.faults) > 0 {
		return // each device would repeat the fault of its defaults or group
	}
	if n := sections["jumps"]; n != nil {
		r.inv.Jumps = r.devices(n, "jumps")
	}
	if n := sections["devices"]; n != nil {
		r.inv.Devices = r.devices(n, "devices")
	}
	if len(r.inv.Devices) == 0 && len(r.faults) == 0 {
		r.fault(sections["devices"], "no devices: give at least one under devices, such as \"r1: {address: 192.0.2.1, platform: frr}\"")
	}
	r.jumps(sections)
	if n := sections["links"]; n != nil {
		r.links(n)
	}
}

func (r *inventoryReader) version(n ast.Node) {
	var v int
	if n == nil {
		r.fault(nil, "version is missing: write \"version: 1\"")
	} else if r.decode(n, &v) && v != 1 {
		r.fault(n, "version %d is not known: this program reads version 1", v)
	}
}

// validName is what a device may be called: it becomes part of locations
// (r1:eth1), limits and file names.
var validName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9._-]{0,62}[A-Za-z0-9])?$`)

func (r *inventoryReader) devices(n ast.Node, section string) []Device {
	var all []Device
	for _, kv := range r.pairs(n, section) {
		name := kv.Key.GetToken().Value
		if !validName.MatchString(name) || strings.Contains(name, "--") {
			r.fault(kv.Key, "%q cannot be a device's name: use letters, digits, dot, hyphen and underscore", name)
			continue
		}
		if _, taken := r.groups[name]; taken || name == "all" {
			r.fault(kv.Key, "%q is the name of a group too: a limit could not tell them apart", name)
		}
		if _, ok := (&Inventory{Devices: r.inv.Jumps}).Find(name); ok {
			r.fault(kv.Key, "%q stands under jumps and under devices", name)
		}
		if d, ok := r.device(name, kv, section); ok {
			all = append(all, d)
		}
	}
	slices.SortFunc(all, func(a, b Device) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// jumps checks that every jump names a host, and that none leads in a circle.
func (r *inventoryReader) jumps(sections map[string]ast.Node) {
	for _, d := range slices.Concat(r.inv.Jumps, r.inv.Devices) {
		seen := []string{d.Name}
		for via := d.SSH.Jump; via != ""; {
			if slices.Contains(seen, via) {
				r.fault(sections["devices"], "%s: its jump hosts lead in a circle: %s", d.Name, strings.Join(append(seen, via), " -> "))
				break
			}
			seen = append(seen, via)
			next, ok := r.inv.FindJump(via)
			if !ok && !strings.ContainsAny(via, "@:") {
				r.fault(sections["devices"], "%s: jump host %q is neither under jumps nor under devices, nor user@host:port", d.Name, via)
			}
			via = next.SSH.Jump
		}
	}
}

// links reads the intended links, "r1:eth1--r2:eth1".
func (r *inventoryReader) links(n ast.Node) {
	var links []string
	if !r.decode(n, &links) {
		return
	}
	for _, link := range links {
		if why := r.inv.faultyLink(link); why != "" {
			r.fault(n, "link %q: %s", link, why)
		}
	}
	r.inv.Links = links
}

// faultyLink says what is wrong with a link; "" when nothing is.
func (inv *Inventory) faultyLink(link string) string {
	a, b, ok := strings.Cut(link, "--")
	if !ok {
		return "want \"r1:eth1--r2:eth1\""
	}
	for _, end := range []string{a, b} {
		name, port, ok := strings.Cut(end, ":")
		if !ok || port == "" {
			return "want \"r1:eth1--r2:eth1\""
		}
		if _, err := inv.Found(name); err != nil {
			return err.Error()
		}
	}
	return ""
}
