package state

import (
	"net/netip"
	"strings"
)

// An owner is an interface that has an address.
type owner struct {
	device *Device
	intf   *Interface
	prefix netip.Prefix
}

// index finds devices by what is unique of them.
type index struct {
	names  map[string]*Device
	owners map[netip.Addr][]owner
	macs   map[string]owner
	ends   map[string]int // place of an end -> index into Links
	routes map[string]*tables
}

func newIndex(ds []*Device) index {
	x := index{
		names: map[string]*Device{}, owners: map[netip.Addr][]owner{}, macs: map[string]owner{},
		ends: map[string]int{}, routes: map[string]*tables{},
	}
	for _, d := range ds {
		x.names[d.Name] = d
		x.routes[d.Name] = newTables(d)
		for i := range d.Interfaces {
			intf := &d.Interfaces[i]
			if intf.MAC != "" && intf.Kind != "bridge" {
				x.macs[strings.ToLower(intf.MAC)] = owner{device: d, intf: intf}
			}
			for _, a := range intf.Addresses {
				ip := a.Prefix.Addr()
				if ip.IsLoopback() || ip.IsLinkLocalUnicast() {
					continue
				}
				x.owners[ip] = append(x.owners[ip], owner{d, intf, a.Prefix})
			}
		}
	}
	return x
}

// Device returns the device of that name; nil if it was not read.
func (n *Network) Device(name string) *Device {
	if n == nil {
		return nil
	}
	return n.index.names[name]
}

// Owner returns the device that has the address ip, and the interface's name;
// nil where none or where several have it.
func (n *Network) Owner(ip netip.Addr) (*Device, string) {
	os := n.index.owners[ip.Unmap()]
	if len(os) != 1 {
		return nil, ""
	}
	return os[0].device, os[0].intf.Name
}

// neighborAt returns the device that answers for ip on the link of intf of d:
// the owner of the address, the one on d's own link first.
func (n *Network) neighborAt(d *Device, intf string, ip netip.Addr) (*Device, string) {
	far, ok := n.Far(d.Name, intf)
	os := n.index.owners[ip]
	if here := n.segment(far); here != "" {
		for _, o := range os {
			if n.segmentOf(o) == here {
				return o.device, o.intf.Name
			}
		}
		return nil, ""
	}
	if here := n.segment(End{Node: d, Interface: Interface{Name: intf, Master: intf}}); here != "" {
		for _, o := range os {
			if o.device != d && n.segmentOf(o) == here {
				return o.device, o.intf.Name
			}
		}
	}
	for _, o := range os {
		if ok && o.device.Name == far.Device {
			return o.device, o.intf.Name
		}
	}
	for _, o := range os {
		if o.device != d && o.intf.OperUp && !(ok && far.Node != nil) {
			return o.device, o.intf.Name
		}
	}
	if ok && far.Node != nil && ip.IsLinkLocalUnicast() {
		return far.Node, far.Interface.Name
	}
	return nil, ""
}

// Far returns the other end of the link at intf of device.
func (n *Network) Far(device, intf string) (End, bool) {
	i, ok := n.index.ends[device+":"+intf]
	if !ok {
		return End{}, false
	}
	l := n.Links[i]
	if l.A.Device == device && l.A.Interface.Name == intf {
		return l.B, l.B.Device != ""
	}
	return l.A, l.A.Device != ""
}

// LinkAt returns the link at intf of device.
func (n *Network) LinkAt(device, intf string) (Link, bool) {
	i, ok := n.index.ends[device+":"+intf]
	if !ok {
		return Link{}, false
	}
	return n.Links[i], true
}

// owns reports whether d has the address ip.
func (n *Network) owns(d *Device, ip netip.Addr) bool {
	for _, o := range n.index.owners[ip] {
		if o.device == d {
			return true
		}
	}
	return false
}

// Interface returns d's interface of that name; nil if it has none.
func (d *Device) Interface(name string) *Interface {
	if d == nil {
		return nil
	}
	for i := range d.Interfaces {
		if d.Interfaces[i].Name == name {
			return &d.Interfaces[i]
		}
	}
	return nil
}
