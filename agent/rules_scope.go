package agent

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/tools"
)

// complaint turns a case into what the rules are to explain: the devices to
// read, and the path, also where only the question names its ends. It returns
// the scope in words.
func (r *rulesRun) complaint() (tools.Complaint, string, error) {
	inv := r.Env.Inventory
	c := tools.Complaint{From: r.c.From, To: r.c.To, Flow: r.c.Flow, Config: r.c.Config, Device: r.c.Device}
	named := r.named(r.c.Question)
	for _, name := range []string{c.Device, c.From} {
		if _, ok := inv.Find(name); name != "" && !ok {
			return c, "", fmt.Errorf("%s: %w", name, devices.ErrUnknown)
		}
	}
	if c.From == "" && c.To == "" && len(named) >= 2 {
		if _, ok := inv.Find(named[0]); ok {
			c.From, c.To = named[0], named[1]
			if strings.Contains(r.c.Question, "behind "+c.To) {
				c.To = tools.Behind + c.To
			}
		}
	}
	if c.From == "" || c.To == "" {
		c.From, c.To = "", ""
	}
	c.Devices = r.around(slices.Concat([]string{c.Device, c.From, strings.TrimPrefix(c.To, tools.Behind)}, named))
	scope := fmt.Sprintf("%d of %d devices", len(c.Devices), len(inv.Devices))
	if len(c.Devices) == len(inv.Devices) {
		scope = fmt.Sprintf("all %d devices", len(inv.Devices))
	}
	return c, scope, nil
}

// named returns the devices and addresses that a question names, in order.
func (r *rulesRun) named(question string) []string {
	var out []string
	for _, w := range strings.FieldsFunc(question, func(c rune) bool { return strings.ContainsRune(" \t\n,;?!()'\"", c) }) {
		w = strings.TrimSuffix(strings.TrimRight(w, ".:"), "'s")
		_, isDevice := r.Env.Inventory.Find(w)
		_, err := netip.ParseAddr(w)
		_, errPrefix := netip.ParsePrefix(w)
		if (isDevice || err == nil || errPrefix == nil) && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

// around returns the devices to read: those that are named, and round after
// round their neighbours by the intended links, until there are enough. Without a
// known link, or where nothing is named, the inventory from its beginning.
func (r *rulesRun) around(names []string) []devices.Device {
	most := r.Most
	if most == 0 {
		most = 200
	}
	all := r.Env.Inventory.Devices
	if len(all) <= most {
		return all
	}
	near := map[string]bool{}
	for _, n := range names {
		if _, ok := r.Env.Inventory.Find(n); ok {
			near[n] = true
		}
	}
	for grown := true; grown && len(near) > 0 && len(near) < most; {
		grown = false
		for _, l := range r.Env.Inventory.Links {
			a, b, _ := strings.Cut(l, "--")
			a, _, _ = strings.Cut(a, ":")
			b, _, _ = strings.Cut(b, ":")
			if near[a] != near[b] && len(near) < most {
				near[a], near[b], grown = true, true, true
			}
		}
	}
	var out []devices.Device
	for _, d := range all {
		if len(out) < most && (near[d.Name] || len(near) == 0) {
			out = append(out, d)
		}
	}
	return out
}
