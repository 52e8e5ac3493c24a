package state

import (
	"fmt"
	"slices"
)

// A Volume is one file system of a device.
type Volume struct {
	Disk
	D *Device

	net *Network
}

// Volumes returns the file systems that can fill up.
func (n *Network) Volumes() []Volume {
	var out []Volume
	for _, d := range n.Devices {
		for _, x := range d.Disks {
			if x.Fixed() {
				out = append(out, Volume{x, d, n})
			}
		}
	}
	return out
}

// Site returns the device whose limits hold.
func (v Volume) Site() string { return v.D.Name }

// PlatformOf returns the platform of the device at a place.
func (v Volume) PlatformOf(place string) string { return v.net.platformOf(place) }

// A Gauge is one sensor of a device.
type Gauge struct {
	Sensor
	D *Device

	net *Network
}

// Gauges returns the sensors of all devices.
func (n *Network) Gauges() []Gauge {
	var out []Gauge
	for _, d := range n.Devices {
		for _, s := range d.Sensors {
			out = append(out, Gauge{s, d, n})
		}
	}
	return out
}

// Site returns the device whose limits hold.
func (g Gauge) Site() string { return g.D.Name }

// PlatformOf returns the platform of the device at a place.
func (g Gauge) PlatformOf(place string) string { return g.net.platformOf(place) }

// A Gateway is a virtual router with all devices that take part in it: those
// of one number that share an address.
type Gateway struct {
	ID      int
	Address string // the first that it stands for
	Members []Member

	net *Network
}

// A Member is a device that takes part in a virtual router.
type Member struct {
	D   *Device
	Row VirtualRouter
}

// Gateways returns the virtual routers of the network.
func (n *Network) Gateways() []Gateway {
	var out []Gateway
	for _, d := range n.Devices {
		for _, r := range d.VRRP {
			if len(r.Addresses) == 0 {
				continue
			}
			m := Member{d, r}
			i := slices.IndexFunc(out, func(g Gateway) bool { return g.ID == r.ID && g.Address == r.Addresses[0].String() })
			if i < 0 {
				out = append(out, Gateway{ID: r.ID, Address: r.Addresses[0].String(), Members: []Member{m}, net: n})
				continue
			}
			out[i].Members = append(out[i].Members, m)
		}
	}
	return out
}

// In returns the places of the members that are in a state (Master, Backup,
// Initialize).
func (g Gateway) In(state string) []string {
	var out []string
	for _, m := range g.Members {
		if m.Row.State == state && !m.Row.Shutdown {
			out = append(out, m.place())
		}
	}
	return out
}

// Places returns the places of all members.
func (g Gateway) Places() []string {
	var out []string
	for _, m := range g.Members {
		out = append(out, m.place())
	}
	return out
}

// Lines returns the lines that tell the states.
func (g Gateway) Lines() []Ref {
	var out []Ref
	for _, m := range g.Members {
		out = append(out, m.Row.Cite("State"))
	}
	return out
}

// Name words the virtual router.
func (g Gateway) Name() string { return fmt.Sprintf("VRRP %d (%s)", g.ID, g.Address) }

func (m Member) place() string { return m.D.Name + ":" + m.Row.Interface }

// Site returns the device whose limits hold: the first member.
func (g Gateway) Site() string { return g.Members[0].D.Name }

// PlatformOf returns the platform of the device at a place.
func (g Gateway) PlatformOf(place string) string { return g.net.platformOf(place) }
