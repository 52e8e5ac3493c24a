package state

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

func (p *Path) end(o Outcome, at, reason string) *Path {
	p.Outcome, p.At, p.Reason = o, at, reason
	return p
}

func (p *Path) drop(by, at, reason string, proof Ref) *Path {
	p.By = by
	if proof.Device != "" {
		p.Proof = append([]Ref{proof}, p.Proof...)
	}
	return p.end(DroppedBy, at, reason)
}

func (p *Path) dropBy(d *Device, r FilterRule, where string) *Path {
	p.Proof = nil
	return p.drop("filter", d.Name, fmt.Sprintf("a packet filter of %s drops %s at %s%s: %s", d.Name, p.Flow, where, r.stands(), r.Text), r.Row)
}

func (p *Path) noRoute(d *Device) *Path {
	table := TableFIB
	if len(d.FIB) == 0 {
		table = TableRIB
	}
	p.Proof = nil
	if !d.Has(table) {
		return p.end(Unknown, d.Name, fmt.Sprintf("the routes of %s were not read completely", d.Name))
	}
	p.Lacking = &Absence{d.From(table), p.net.subnetOf(p.Flow.Dst)}
	return p.end(NoRoute, d.Name, fmt.Sprintf("%s has no route to %s", d.Name, p.Flow.Dst))
}

// subnetOf words where ip is, as a routing table would: the subnet of the device
// that has it, for a table holds no address; ip itself where nobody has it.
func (n *Network) subnetOf(ip netip.Addr) string {
	for _, o := range n.index.owners[ip.Unmap()] {
		if !o.prefix.IsSingleIP() {
			return o.prefix.Masked().String()
		}
	}
	return ip.String()
}

// visited reports whether an earlier hop was at device.
func (p *Path) visited(device string) bool {
	for _, h := range p.Hops[:len(p.Hops)-1] {
		if h.Device == device {
			return true
		}
	}
	return false
}

// circle returns the devices of a loop that closes at device.
func (p *Path) circle(device string) []string {
	var out []string
	for _, h := range p.Hops[:len(p.Hops)-1] {
		if h.Device == device || len(out) > 0 {
			out = append(out, h.Device)
		}
	}
	return out
}

func (p *Path) routesFrom(device string) []Ref {
	var out []Ref
	in := p.circle(device)
	for _, h := range p.Hops {
		if slices.Contains(in, h.Device) && h.Route.Origin.Known() {
			out = append(out, h.Route.Row)
		}
	}
	return out
}

// Circle returns the devices between which the path loops; nil if it does not.
func (p Path) Circle() []string {
	if p.Outcome != Loops {
		return nil
	}
	return p.circle(p.At)
}

// Devices returns the devices on the path, in order.
func (p Path) Devices() []string {
	var out []string
	for _, h := range p.Hops {
		if !slices.Contains(out, h.Device) {
			out = append(out, h.Device)
		}
	}
	return out
}

// String returns the path as a line: "h1 > r1:eth1 > r2 ... delivered".
func (p Path) String() string {
	var b strings.Builder
	for i, h := range p.Hops {
		if i > 0 {
			b.WriteString(" > ")
		}
		b.WriteString(h.Device)
		if h.Out != "" {
			b.WriteString("[" + h.Out + "]")
		}
	}
	fmt.Fprintf(&b, ": %s", p.Outcome)
	if p.Reason != "" {
		b.WriteString(" (" + p.Reason + ")")
	}
	return b.String()
}

// PlatformOf returns the platform of the device at a place.
func (p Path) PlatformOf(place string) string { return p.net.platformOf(place) }

// uses reports whether one of the route's next hops leaves by intf.
func (r Route) uses(intf string) bool {
	return slices.ContainsFunc(r.NextHops, func(nh NextHop) bool { return nh.Interface == intf })
}

// neighbor returns d's ARP or ND entry for ip on intf.
func (d *Device) neighbor(ip netip.Addr, intf string) (Neighbor, bool) {
	for _, nb := range d.Neighbors {
		if nb.IP == ip && (intf == "" || nb.Interface == intf) {
			return nb, true
		}
	}
	return Neighbor{}, false
}

// sourceOf returns the address by which d sends to dst: for a router that has
// a subnet of its own on a loopback, the one there, for it speaks for it.
func (n *Network) sourceOf(d *Device, dst netip.Addr) netip.Addr {
	for _, e := range n.endpoints() {
		if e.device == d && !d.IsHost() && e.ip.Is4() == dst.Is4() {
			return e.ip
		}
	}
	if r, ok := n.Lookup(d, "default", dst); ok {
		for _, nh := range r.NextHops {
			if ip := d.addressOn(nh.Interface, dst); ip.IsValid() {
				return ip
			}
		}
	}
	for _, intf := range d.Interfaces {
		if ip := d.addressOn(intf.Name, dst); ip.IsValid() && !managed(intf.Name) {
			return ip
		}
	}
	return netip.Addr{}
}

// addressOn returns the address of an interface in dst's family, not one of
// the link alone.
func (d *Device) addressOn(name string, dst netip.Addr) netip.Addr {
	intf := d.Interface(name)
	if intf == nil {
		return netip.Addr{}
	}
	for _, a := range intf.Addresses {
		if ip := a.Prefix.Addr(); ip.Is4() == dst.Is4() && !ip.IsLoopback() && !ip.IsLinkLocalUnicast() {
			return ip
		}
	}
	return netip.Addr{}
}

// Parameter returns a system parameter's row; not Known if it was not read.
func (d *Device) Parameter(name string) Parameter {
	if d != nil {
		for _, p := range d.Parameters {
			if p.Name == name {
				return p
			}
		}
	}
	return Parameter{}
}

// forwarding reports whether d forwards packets: true unless it says no.
func (d *Device) forwarding(dst netip.Addr) bool {
	return d.forwardingParameter(dst).Value != "0"
}

func (d *Device) forwardingParameter(dst netip.Addr) Parameter {
	if dst.Is4() {
		return d.Parameter("net.ipv4.ip_forward")
	}
	return d.Parameter("net.ipv6.conf.all.forwarding")
}

func (d *Device) forwardingRef(dst netip.Addr) Ref { return d.forwardingParameter(dst).Row }

// reversePathStrict reports whether strict reverse-path filtering (RFC 3704)
// is on at an interface; the kernel takes the greater of "all" and its own.
func (d *Device) reversePathStrict(intf string) (Ref, bool) {
	all, own := d.Parameter("net.ipv4.conf.all.rp_filter"), d.Parameter("net.ipv4.conf."+intf+".rp_filter")
	switch {
	case own.Value == "2" || all.Value == "2":
		return Ref{}, false
	case own.Value == "1":
		return own.Row, true
	case all.Value == "1":
		return all.Row, true
	}
	return Ref{}, false
}

// IsHost reports whether d is an end system: it runs no routing protocol and
// does not forward.
func (d *Device) IsHost() bool {
	if d == nil {
		return false
	}
	routes := len(d.OSPF)+len(d.ISIS)+len(d.BGP)+len(d.OSPFInterfaces)+len(d.BGPSessions)+len(d.ISISInterfaces) > 0
	return !routes && d.Platform == "linux" && d.Parameter("net.ipv4.ip_forward").Value != "1"
}

// stands says in which table and chain a rule is: " (inet guard, chain forward)".
func (r FilterRule) stands() string {
	if r.Table == "" {
		return ""
	}
	return fmt.Sprintf(" (%s, chain %s)", strings.TrimSpace(r.Family+" "+r.Table), r.Chain)
}
