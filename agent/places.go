package agent

import (
	"slices"
	"strings"

	"github.com/netsonde/netsonde/devices"
)

// Places are the names that the location of a finding may use. A device is a
// place if the inventory, or the intended topology in it, names it; an
// interface is one if the topology or an observation of its device names it.
type Places struct {
	devices    map[string]bool
	interfaces map[string]bool // "r1:eth1"
}

// NewPlaces returns the places of an inventory. A nil inventory has none.
func NewPlaces(inv *devices.Inventory) Places {
	p := Places{devices: map[string]bool{}, interfaces: map[string]bool{}}
	if inv == nil {
		return p
	}
	for _, d := range inv.Devices {
		p.devices[d.Name] = true
	}
	for _, link := range inv.Links {
		for _, end := range strings.Split(link, "--") {
			if device, _, ok := strings.Cut(end, ":"); ok {
				p.devices[device], p.interfaces[end] = true, true
			}
		}
	}
	return p
}

// Devices returns the names of the devices, sorted.
func (p Places) Devices() []string {
	var names []string
	for name := range p.devices {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Interfaces returns the interfaces that the topology names, as "r1:eth1",
// sorted.
func (p Places) Interfaces() []string {
	var names []string
	for name := range p.interfaces {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// placeFault says why a location does not exist; "" if it does.
func (l *ledger) placeFault(location string) string {
	ends := strings.Split(location, "--")
	if location == "" || len(ends) > 2 {
		return quoted(location) + " is not a location: write r3, r3:eth1 or r3:eth1--r4:eth2"
	}
	for _, end := range ends {
		device, intf, ok := strings.Cut(end, ":")
		switch {
		case !l.places.devices[device]:
			return quoted(device) + " is not a device of the inventory; use one of " + strings.Join(shorten(l.places.Devices(), 40), ", ")
		case ok && intf == "", len(ends) == 2 && !ok:
			return quoted(location) + " lacks an interface: write r3:eth1 or r3:eth1--r4:eth2"
		case ok && !l.places.interfaces[end] && !l.named(device, intf):
			return "no observation of " + device + " names an interface " + quoted(intf)
		}
	}
	return ""
}

// named reports whether an observation of device contains word as a whole word.
func (l *ledger) named(device, word string) bool {
	for i, n := range l.seen {
		if n.Device == device && holds(l.text(i), fold(word)) {
			return true
		}
	}
	return false
}

// shorten keeps at most n of list and says how many more there were.
func shorten(list []string, n int) []string {
	if len(list) <= n {
		return list
	}
	return append(slices.Clone(list[:n]), "...")
}
