package state

import (
	"net/netip"
	"slices"
	"strings"
)

// ForeignNextHops returns the external next hops that this device passes on
// inside its AS and that its internal peers cannot resolve.
func (x Node) ForeignNextHops() []BGPRoute {
	var out []BGPRoute
	if x.D == nil {
		return nil
	}
	for _, s := range x.D.BGPSessions {
		if !s.External {
			continue
		}
		for _, d := range x.net.Devices {
			if d == x.D || !x.peersInside(d) {
				continue
			}
			for _, r := range d.BGPRoutes {
				if r.NextHop == s.Peer && !r.Valid && !x.net.resolves(d, r.NextHop) {
					out = append(out, r)
				}
			}
		}
	}
	return out
}

// resolves reports whether d has a route to a next hop that is not a default
// route.
func (n *Network) resolves(d *Device, ip netip.Addr) bool {
	r, ok := n.Lookup(d, "default", ip)
	return ok && r.Prefix.Bits() > 0
}

// peersInside reports whether the two speak BGP in one AS.
func (x Node) peersInside(d *Device) bool {
	a, b := localAS(x.D, BGPSession{}), localAS(d, BGPSession{})
	return a != 0 && a == b
}

// ForeignLines returns the lines of those routes.
func (x Node) ForeignLines() []Ref {
	var out []Ref
	for _, r := range x.ForeignNextHops() {
		out = append(out, r.Row)
	}
	return out
}

// Unreflected returns the address families in which this device has internal
// peers that have no session with each other and of which none is its client:
// it must reflect and does not.
func (x Node) Unreflected() []string {
	var out []string
	for _, family := range []string{"ipv4 unicast", "ipv6 unicast", "l2vpn evpn"} {
		peers := x.insidePeers(family)
		if slices.ContainsFunc(peers, func(s BGPSession) bool {
			f, _ := s.Family(family)
			return f.ReflectorClient || f.Ref.leaf() // OpenConfig's leaves do not say who is a client
		}) {
			continue
		}
		if x.strangers(peers) && !slices.Contains(out, family) {
			out = append(out, family)
		}
	}
	return out
}

// insidePeers returns the internal sessions that carry a family.
func (x Node) insidePeers(family string) []BGPSession {
	var out []BGPSession
	if x.D == nil {
		return nil
	}
	for _, s := range x.D.BGPSessions {
		if _, ok := s.Family(family); ok && !s.External && established(s) {
			out = append(out, s)
		}
	}
	return out
}

// strangers reports whether two of the peers have no session with each other.
func (x Node) strangers(peers []BGPSession) bool {
	for i, a := range peers {
		for _, b := range peers[i+1:] {
			d, e := x.net.peerOf(x.D, a), x.net.peerOf(x.D, b)
			if d == nil || e == nil || d == e {
				continue
			}
			if !slices.ContainsFunc(d.BGPSessions, func(s BGPSession) bool { return x.net.owns(e, s.Peer) }) {
				return true
			}
		}
	}
	return false
}

// PeerLines returns the lines of the internal sessions.
func (x Node) PeerLines() []Ref {
	var out []Ref
	for _, s := range x.D.BGPSessions {
		if !s.External {
			out = append(out, s.Cite("Peer"))
		}
	}
	return out
}

// networks returns the prefixes of "network" statements, with their lines.
func (d *Device) networks() map[netip.Prefix]Ref {
	out := map[netip.Prefix]Ref{}
	if d == nil || d.Config == nil {
		return out
	}
	for _, l := range d.Config.AllUnder("router bgp", "network") {
		if f := strings.Fields(l.Text); len(f) > 1 {
			if p, err := netip.ParsePrefix(f[1]); err == nil {
				out[p.Masked()] = d.Config.ref(l)
			}
		}
	}
	return out
}

// routed reports whether d's RIB has the very prefix.
func (d *Device) routed(p netip.Prefix) bool {
	return slices.ContainsFunc(d.RIB, func(r Route) bool { return r.Prefix.Masked() == p && (r.Protocol != "bgp") })
}

// Unrouted returns the prefixes that a "network" statement announces and for
// which the RIB has no route, so that they are not announced.
func (x Node) Unrouted() []string {
	var out []string
	if !x.D.Has(TableRIB) {
		return nil
	}
	for p := range x.D.networks() {
		if p.Addr().Is4() && !x.D.routed(p) {
			out = append(out, p.String())
		}
	}
	slices.Sort(out)
	return out
}

// UnroutedNext reports whether a device next door has an address in one of
// those prefixes: a static route to it is missing.
func (x Node) UnroutedNext() bool {
	for _, text := range x.Unrouted() {
		p := netip.MustParsePrefix(text)
		_, far := x.links()
		if slices.ContainsFunc(far, func(e End) bool { return e.Node != nil && x.net.attached(e.Node, p) }) {
			return true
		}
	}
	return false
}

// UnroutedProof returns the statements, and that the RIB lacks their prefixes.
func (x Node) UnroutedProof() []any {
	var out []any
	for p, ref := range x.D.networks() {
		if slices.Contains(x.Unrouted(), p.String()) {
			out = append(out, ref, x.D.Lacks(TableRIB, p.String()))
		}
	}
	return out
}

// Unannounced returns the subnets of this device that policy elsewhere names,
// so that they are meant to be announced, and that no BGP table holds.
func (x Node) Unannounced() []string {
	var out []string
	if x.D == nil || len(x.D.BGP) == 0 || x.D.Config == nil || !x.D.IsConfigured("router bgp") {
		return nil
	}
	for _, i := range x.D.Interfaces {
		for _, p := range (End{Interface: i}).subnets(true) {
			p = p.Masked()
			if !p.IsSingleIP() && i.OperUp && len(x.policyLines(p)) > 0 && !x.announced(p) {
				out = append(out, p.String())
			}
		}
	}
	return out
}

// policyLines returns the lines of prefix lists on other devices that permit
// the very prefix.
func (x Node) policyLines(p netip.Prefix) []Ref {
	var out []Ref
	for _, d := range x.net.Devices {
		if d == x.D || d.Config == nil {
			continue
		}
		for _, l := range slices.Concat(d.Config.Sections("ip prefix-list"), d.Config.Sections("ipv6 prefix-list")) {
			if strings.HasSuffix(l.Text, " permit "+p.String()) {
				out = append(out, d.Config.ref(l))
			}
		}
	}
	return out
}

// announced reports whether any BGP table that was read holds the prefix.
func (x Node) announced(p netip.Prefix) bool {
	read := false
	for _, d := range x.net.Devices {
		read = read || d.Has(TableBGPRoutes) && len(d.BGPRoutes) > 0
		if d.hasBGP(p) {
			return true
		}
	}
	return !read
}

// UnannouncedProof returns the policy lines, and that the device's own table
// and configuration lack the prefix.
func (x Node) UnannouncedProof() []any {
	var out []any
	for _, text := range x.Unannounced() {
		p := netip.MustParsePrefix(text)
		out = append(out, x.D.Lacks(TableConfig, "network "+text), x.D.Lacks(TableBGPRoutes, text))
		for _, r := range x.policyLines(p) {
			out = append(out, r)
		}
	}
	return out
}

// Hijacks returns the prefixes that this device originates in BGP and that lie
// in a subnet of a device of another AS.
func (x Node) Hijacks() []BGPRoute {
	var out []BGPRoute
	if x.D == nil {
		return nil
	}
	own := localAS(x.D, BGPSession{})
	for p := range x.D.networks() {
		for _, r := range x.D.BGPRoutes {
			if r.Prefix == p && len(r.ASPath) == 0 && !x.net.attached(x.D, p) && x.ownedElsewhere(p, own) {
				out = append(out, r)
			}
		}
	}
	return out
}

// ownedElsewhere reports whether a device that speaks for another AS has a
// subnet that covers the prefix.
func (x Node) ownedElsewhere(p netip.Prefix, as uint32) bool {
	for _, d := range x.net.Devices {
		other := localAS(d, BGPSession{})
		if d == x.D || other == 0 || other == as {
			continue
		}
		for _, i := range d.Interfaces {
			for _, q := range (End{Interface: i}).subnets(p.Addr().Is4()) {
				if q.Masked().Contains(p.Addr()) && p.Bits() >= q.Bits() {
					return true
				}
			}
		}
	}
	return false
}

// HijackLines returns the routes, and the statements that originate them.
func (x Node) HijackLines() []Ref {
	var out []Ref
	for _, r := range x.Hijacks() {
		out = append(out, r.Row, x.D.networks()[r.Prefix])
	}
	return out
}

// HijackNames lists the prefixes, for texts.
func (x Node) HijackNames() string {
	var out []string
	for _, r := range x.Hijacks() {
		out = append(out, r.Prefix.String())
	}
	return strings.Join(out, ", ")
}

// OneWay returns the prefixes that this device learned by IS-IS, and does not
// pass on to OSPF, although it tells IS-IS the way out: the devices beyond can
// ask and get no answer.
func (x Node) OneWay() []Route {
	if x.D == nil || len(x.D.ISIS) == 0 || len(x.D.OSPF) == 0 || x.D.Config == nil || x.D.ConfiguredUnder("router ospf", "redistribute isis").Device != "" {
		return nil
	}
	if x.D.ConfiguredUnder("router isis", "default-information originate").Device == "" && x.D.ConfiguredUnder("router isis", "redistribute").Device == "" {
		return nil
	}
	var out []Route
	for _, r := range x.D.RIB {
		if r.Protocol == "isis" && r.Selected && r.Prefix.Addr().Is4() && x.unknownToNeighbours(r.Prefix) {
			out = append(out, r)
		}
	}
	return out
}

// unknownToNeighbours reports whether no OSPF neighbour has a route to it.
func (x Node) unknownToNeighbours(p netip.Prefix) bool {
	_, far := x.links()
	asked := false
	for _, e := range far {
		if e.Node == nil || !e.RunsOSPF() {
			continue
		}
		asked = true
		if x.net.resolves(e.Node, p.Addr().Next()) {
			return false
		}
	}
	return asked
}

// OneWayProof returns those routes, and that the statement is missing.
func (x Node) OneWayProof() []any {
	out := []any{x.D.Lacks(TableConfig, "redistribute isis")}
	for i, r := range x.OneWay() {
		if i < 4 {
			out = append(out, r.Row)
		}
	}
	return append(out, x.D.ConfiguredUnder("router isis", "default-information originate"))
}
