package state

import (
	"net/netip"
	"slices"
)

// A Host is one interface of an end system on a link, with what stands on the
// other end: its router, or the segment that its bridge makes.
type Host struct {
	End
	Far End

	net *Network
}

// Hosts returns the linked interfaces of all hosts.
func (n *Network) Hosts() []Host {
	var out []Host
	for _, l := range n.Links {
		for i, e := range l.Ends() {
			if e.Node.IsHost() && e.Known() {
				out = append(out, Host{End: e, Far: l.Ends()[1-i], net: n})
			}
		}
	}
	return out
}

// subnetsHere returns the IPv4 subnets of the routers on the host's segment.
func (h Host) subnetsHere() []netip.Prefix {
	if s := h.net.segment(h.Far); s != "" {
		var out []netip.Prefix
		for _, d := range h.net.Devices {
			for _, i := range d.Interfaces {
				if i.Kind == "bridge" && h.net.segmentOf(owner{device: d, intf: &i}) == s {
					out = append(out, End{Interface: i}.subnets(true)...)
				}
			}
		}
		return out
	}
	if h.Far.Node == nil || h.Far.Node.IsHost() {
		return nil
	}
	return h.Far.subnets(true)
}

// NoAddress reports whether the host has no IPv4 address where its router has.
func (h Host) NoAddress() bool {
	return h.Up() && h.Node.Has(TableAddresses) && len(h.subnets(true)) == 0 && len(h.subnetsHere()) > 0
}

// fits compares the host's addresses with the subnets of its segment.
func (h Host) fits() (inside, masked bool) {
	for _, a := range h.subnets(true) {
		for _, s := range h.subnetsHere() {
			if s.Masked().Contains(a.Addr()) {
				inside = true
				masked = masked || a.Bits() == s.Bits()
			}
		}
	}
	return inside, masked
}

// Outside reports whether none of the host's addresses is in its router's
// subnet.
func (h Host) Outside() bool {
	inside, _ := h.fits()
	return !inside && len(h.subnets(true)) > 0 && len(h.subnetsHere()) > 0
}

// Masked reports whether the host's address is in its router's subnet, with
// another prefix length.
func (h Host) Masked() bool {
	inside, same := h.fits()
	return inside && !same
}

// AddressLines returns the lines of the addresses of the host and its router.
func (h Host) AddressLines() []Ref {
	var out []Ref
	for _, e := range []End{h.End, h.Far} {
		for _, a := range e.Interface.Addresses {
			if a.Prefix.Addr().Is4() {
				out = append(out, a.cite(&e.Interface))
			}
		}
	}
	return out
}

// gateway returns the host's IPv4 default route.
func (h Host) gateway() (Route, bool) {
	for _, r := range h.Node.FIB {
		if r.Prefix.Bits() == 0 && r.Prefix.Addr().Is4() {
			return r, true
		}
	}
	return Route{}, false
}

// BadGateway reports whether the host has no default route, or one to an
// address that no router on its segment has.
func (h Host) BadGateway() bool {
	if !h.Node.Has(TableFIB) || len(h.subnetsHere()) == 0 {
		return false
	}
	r, ok := h.gateway()
	if !ok {
		return true
	}
	return slices.ContainsFunc(r.NextHops, func(nh NextHop) bool {
		if !nh.IP.IsValid() || nh.Interface != h.Interface.Name {
			return false
		}
		return !slices.ContainsFunc(h.subnetsHere(), func(p netip.Prefix) bool { return p.Addr() == nh.IP })
	})
}

// GatewayProof returns the line of the default route, or that there is none,
// and the gateway's entry in the neighbour table.
func (h Host) GatewayProof() []any {
	r, ok := h.gateway()
	if !ok {
		return []any{h.Node.Lacks(TableFIB, "default"), h.Node.Lacks(TableFIB, "0.0.0.0/0")}
	}
	out := []any{r.Row}
	for _, nh := range r.NextHops {
		if nb, ok := h.Node.neighbor(nh.IP, nh.Interface); ok {
			out = append(out, nb.Row)
		}
	}
	for _, e := range []End{h.Far} {
		for _, a := range e.Interface.Addresses {
			out = append(out, a.cite(&e.Interface))
		}
	}
	return out
}

// Gateway names the next hop of the default route, for texts.
func (h Host) Gateway() string {
	r, ok := h.gateway()
	if !ok || len(r.NextHops) == 0 {
		return "no default route"
	}
	return "default gateway " + r.NextHops[0].IP.String()
}

// resolvers returns the name servers beyond the host itself.
func (h Host) resolvers() []Resolver {
	return slices.DeleteFunc(slices.Clone(h.Node.Resolvers), func(r Resolver) bool { return r.Server.IsLoopback() })
}

// serves reports whether a device listens for DNS, as far as was read.
func (d *Device) serves(ip netip.Addr) bool {
	return slices.ContainsFunc(d.Listeners, func(l Listener) bool {
		at := l.Local.Addr().Unmap()
		return l.Local.Port() == 53 && (at.IsUnspecified() || !at.IsValid() || at == ip)
	})
}

// BadResolver reports whether none of the host's name servers is anybody's
// address, while another host has one that answers.
func (h Host) BadResolver() bool {
	rs := h.resolvers()
	for _, r := range rs {
		if d, _ := h.net.Owner(r.Server); d != nil {
			return false
		}
	}
	return len(rs) > 0 && slices.ContainsFunc(h.net.Hosts(), func(o Host) bool {
		return slices.ContainsFunc(o.resolvers(), func(r Resolver) bool {
			d, _ := h.net.Owner(r.Server)
			return d != nil && d.serves(r.Server)
		})
	})
}

// ResolverLines returns the lines that name the host's resolvers.
func (h Host) ResolverLines() []Ref {
	var out []Ref
	for _, r := range h.resolvers() {
		out = append(out, r.Row)
	}
	return out
}

// Contested returns the other devices that have one of the host's addresses on
// an interface that is up.
func (h Host) Contested() []End {
	var out []End
	for _, a := range h.subnets(true) {
		for _, o := range h.net.index.owners[a.Addr()] {
			if o.device != h.Node && o.intf.OperUp && o.intf.AdminUp {
				e := End{Device: o.device.Name, Interface: Interface{Name: o.intf.Name}}
				h.net.complete(&e)
				out = append(out, e)
			}
		}
	}
	return out
}

// ContestedFirst reports whether this host is the first of those hosts, by
// name: one finding tells of all.
func (h Host) ContestedFirst() bool {
	return !slices.ContainsFunc(h.Contested(), func(e End) bool { return e.Node.IsHost() && e.Device < h.Device })
}

// ContestedPlaces returns where they are.
func (h Host) ContestedPlaces() []string {
	var out []string
	for _, e := range h.Contested() {
		out = append(out, e.Place())
	}
	return out
}

// ContestedLines returns the address lines of all who have it.
func (h Host) ContestedLines() []Ref {
	var out []Ref
	for _, e := range append([]End{h.End}, h.Contested()...) {
		for _, a := range e.Interface.Addresses {
			if slices.ContainsFunc(h.subnets(true), func(p netip.Prefix) bool { return p.Addr() == a.Prefix.Addr() }) {
				out = append(out, a.cite(&e.Interface))
			}
		}
	}
	return out
}

// PlatformOf returns the platform of the device at a place.
func (h Host) PlatformOf(place string) string { return h.net.platformOf(place) }

// Silenced returns the addresses of this device that hosts ask for names and
// on which nothing listens.
func (x Node) Silenced() []string {
	var out []string
	if x.D == nil || !x.D.Has(TableListeners) {
		return nil
	}
	for _, h := range x.net.Hosts() {
		for _, r := range h.resolvers() {
			if d, _ := x.net.Owner(r.Server); d == x.D && !d.serves(r.Server) && !slices.Contains(out, r.Server.String()) {
				out = append(out, r.Server.String())
			}
		}
	}
	return out
}

// SilencedProof returns that nothing listens, and who asks.
func (x Node) SilencedProof() []any {
	out := []any{x.D.Lacks(TableListeners, ":53 ")}
	for _, h := range x.net.Hosts() {
		for _, r := range h.resolvers() {
			if d, _ := x.net.Owner(r.Server); d == x.D {
				out = append(out, r.Row)
			}
		}
	}
	return out
}
