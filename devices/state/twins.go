package state

import (
	"net/netip"
	"slices"
)

// Twins returns the other devices whose OSPF (version 2) or IS-IS process has
// the router-id of this one.
func (x Node) twins(same func(a, b *Device) bool) []string {
	var out []string
	if x.D == nil {
		return nil
	}
	for _, d := range x.net.Devices {
		if d != x.D && same(x.D, d) {
			out = append(out, d.Name)
		}
	}
	return out
}

// OSPFTwins returns the other devices with this one's OSPF router-id.
func (x Node) OSPFTwins() []string {
	return x.twins(func(a, b *Device) bool { return a.OSPFRouterID() != "" && a.OSPFRouterID() == b.OSPFRouterID() })
}

// BGPTwins returns the other devices with this one's BGP router-id.
func (x Node) BGPTwins() []string {
	return x.twins(func(a, b *Device) bool { return a.BGPRouterID() != "" && a.BGPRouterID() == b.BGPRouterID() })
}

// OSPFRouterID returns the router-id of the OSPF process; "" without one.
func (d *Device) OSPFRouterID() string {
	for _, p := range d.OSPF {
		if p.Version != 3 && p.RouterID != "" && p.RouterID != "0.0.0.0" {
			return p.RouterID
		}
	}
	return ""
}

// BGPRouterID returns the router-id of the BGP instance; "" without one.
func (d *Device) BGPRouterID() string {
	for _, p := range d.BGP {
		if p.RouterID != "" && p.RouterID != "0.0.0.0" {
			return p.RouterID
		}
	}
	return ""
}

// Stranger reports whether this device is the one of several with a router-id
// that should not have it: the id is no address of its own, or, where that
// tells nothing, every one of them is.
func (x Node) Stranger(id string, others []string) bool {
	if id == "" || len(others) == 0 {
		return false
	}
	own := x.hasAddress(id)
	if !own {
		return true
	}
	return !slices.ContainsFunc(others, func(o string) bool { return !(Node{Name: o, D: x.net.Device(o), net: x.net}).hasAddress(id) })
}

func (x Node) hasAddress(id string) bool {
	ip, err := netip.ParseAddr(id)
	return err == nil && x.D != nil && x.net.owns(x.D, ip)
}

// RouterIDProof returns the lines in which this device and its twins tell
// their OSPF router-id.
func (x Node) RouterIDProof(names []string) []Ref {
	var out []Ref
	for _, name := range append([]string{x.Name}, names...) {
		for _, p := range x.net.Device(name).OSPF {
			out = append(out, p.Cite("RouterID"))
		}
	}
	return out
}

// BGPRouterIDProof is RouterIDProof for BGP.
func (x Node) BGPRouterIDProof(names []string) []Ref {
	var out []Ref
	for _, name := range append([]string{x.Name}, names...) {
		for _, p := range x.net.Device(name).BGP {
			out = append(out, p.Cite("RouterID"))
		}
	}
	return out
}

// SharedLoopbacks returns the addresses of loopback interfaces that another
// device has on a loopback too.
func (x Node) SharedLoopbacks() []string {
	var out []string
	for _, a := range x.loopbacks() {
		for _, o := range x.net.index.owners[a.Prefix.Addr()] {
			if o.device != x.D && o.intf.Loopback() {
				out = append(out, a.Prefix.Addr().String())
			}
		}
	}
	return out
}

func (x Node) loopbacks() []Address {
	var out []Address
	if x.D == nil {
		return nil
	}
	for _, i := range x.D.Interfaces {
		if i.Loopback() {
			out = append(out, i.Addresses...)
		}
	}
	return out
}

// LoopbackIntruder reports whether this device is the one that should not have
// a shared loopback address: its own router-ids are other addresses, and those
// of the other device are not.
func (x Node) LoopbackIntruder() bool {
	for _, text := range x.SharedLoopbacks() {
		if x.named(text) {
			continue
		}
		return true
	}
	shared := x.SharedLoopbacks()
	if len(shared) == 0 {
		return false
	}
	for _, o := range x.net.index.owners[netip.MustParseAddr(shared[0])] {
		if o.device != x.D && !(Node{Name: o.device.Name, D: o.device, net: x.net}).named(shared[0]) {
			return false // the other one is the intruder
		}
	}
	return true
}

// named reports whether an address is a router-id of the device.
func (x Node) named(ip string) bool {
	return x.D != nil && (x.D.OSPFRouterID() == ip || x.D.BGPRouterID() == ip)
}

// LoopbackProof returns the lines that tell the shared addresses, of every
// device that has them.
func (x Node) LoopbackProof() []Ref {
	var out []Ref
	for _, text := range x.SharedLoopbacks() {
		for _, o := range x.net.index.owners[netip.MustParseAddr(text)] {
			for _, a := range o.intf.Addresses {
				if a.Prefix.Addr().String() == text {
					out = append(out, a.cite(o.intf))
				}
			}
		}
	}
	return out
}

// cite returns the line of an address, else that of its interface.
func (a Address) cite(i *Interface) Ref {
	if a.Ref.Device != "" {
		return a.Ref
	}
	return i.Row
}
