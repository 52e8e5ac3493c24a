package state

import (
	"slices"
	"strings"
)

// Unoriginated returns the line of the configuration that asks for a default
// route to be announced in OSPF, where the device has none to announce.
func (x Node) Unoriginated() Ref {
	if x.D == nil || !x.complete(TableRIB) {
		return Ref{}
	}
	r := x.D.ConfiguredUnder("router ospf", "default-information originate")
	if r.Device == "" || x.D.ConfiguredUnder("router ospf", "default-information originate always").Device != "" {
		return Ref{}
	}
	if slices.ContainsFunc(x.D.RIB, func(r Route) bool { return r.Prefix.Bits() == 0 && r.Prefix.Addr().Is4() && r.Selected }) {
		return Ref{}
	}
	return r
}

// NoDefault returns that the device has no IPv4 default route, for citations.
func (x Node) NoDefault() []Absence { return []Absence{x.D.Lacks(TableRIB, "0.0.0.0/0")} }

// passes returns the lines in which the device passes routes from one protocol
// to another without a route map: "redistribute isis" under router ospf.
func (d *Device) passes(to, from string) Ref {
	if d == nil {
		return Ref{}
	}
	for _, begin := range [...]string{"redistribute " + from, "redistribute ipv4 " + from} { // FRR's IS-IS names the family
		for _, l := range d.Config.AllUnder("router "+to, begin) {
			if !strings.Contains(l.Text, "route-map") {
				return d.Config.ref(l)
			}
		}
	}
	return Ref{}
}

// Mutual returns the protocol that the device exchanges routes with OSPF in
// both directions without a filter, where another device does the same: each
// learns back what it passed on. "" where there is no such circle.
func (x Node) Mutual() string {
	for _, protocol := range []string{"isis", "bgp", "rip", "eigrp"} {
		if !x.D.mutual(protocol) {
			continue
		}
		for _, d := range x.net.Devices {
			if d != x.D && d.mutual(protocol) {
				return protocol
			}
		}
	}
	return ""
}

func (d *Device) mutual(protocol string) bool {
	return d != nil && d.Config != nil && d.passes("ospf", protocol).Device != "" && d.passes(protocol, "ospf").Device != ""
}

// MutualLines returns the lines of both directions.
func (x Node) MutualLines() []Ref {
	return []Ref{x.D.passes("ospf", x.Mutual()), x.D.passes(x.Mutual(), "ospf")}
}

// Leaked returns the routes that an external peer sent with the community
// that asks to discard their traffic (RFC 7999), for more than single
// addresses, and those that came from one marked not to leave its AS (RFC 1997).
func (s Session) Leaked() []BGPRoute {
	var out []BGPRoute
	for _, x := range s.sides() {
		if x.node == nil || !x.own.External {
			continue
		}
		for _, r := range x.node.BGPRoutes {
			if r.From != x.own.Peer || !r.Best || !r.Prefix.IsValid() {
				continue
			}
			wide := r.Prefix.Addr().Is4() && r.Prefix.Bits() <= 24 || r.Prefix.Addr().Is6() && r.Prefix.Bits() <= 48
			if wide && (slices.Contains(r.Communities, "blackhole") || slices.Contains(r.Communities, "65535:666")) ||
				slices.Contains(r.Communities, "no-export") || slices.Contains(r.Communities, "65535:65281") {
				out = append(out, r)
			}
		}
	}
	return out
}

// LeakedLines returns their lines.
func (s Session) LeakedLines() []Ref {
	var out []Ref
	for _, r := range s.Leaked() {
		out = append(out, r.Row)
	}
	return out[:min(len(out), 6)]
}

// LeakedAt returns the devices that take them.
func (s Session) LeakedAt() []string {
	var out []string
	for _, r := range s.Leaked() {
		if !slices.Contains(out, r.Row.Device) {
			out = append(out, r.Row.Device)
		}
	}
	return out
}

// LeakedPrefixes words their prefixes.
func (s Session) LeakedPrefixes() string {
	var out []string
	for _, r := range s.Leaked() {
		out = append(out, r.Prefix.String())
	}
	return strings.Join(out[:min(len(out), 4)], ", ")
}

// Valley returns the routes that came from one external peer although their
// path leads on through another AS that this network has a session with
// itself, to a third one: a customer or peer that passes on what it learned
// from another provider (RFC 7908).
func (s Session) Valley() []BGPRoute {
	var out []BGPRoute
	for _, x := range s.sides() {
		if x.node == nil || !x.own.External {
			continue
		}
		for _, r := range x.node.BGPRoutes {
			if r.From == x.own.Peer && r.Best && len(r.ASPath) > 2 && s.net.peersWith(x.own, r.ASPath[1]) {
				out = append(out, r)
			}
		}
	}
	return out
}

// peersWith reports whether a device of the AS of a session has another
// external session to an AS.
func (n *Network) peersWith(own BGPSession, as uint32) bool {
	for _, d := range n.Devices {
		for _, s := range d.BGPSessions {
			if s.External && established(s) && s.PeerAS == as && s.PeerAS != own.PeerAS && localAS(d, s) == own.LocalAS {
				return true
			}
		}
	}
	return false
}

// ValleyAt returns the devices that take them.
func (s Session) ValleyAt() []string {
	var out []string
	for _, r := range s.Valley() {
		if !slices.Contains(out, r.Row.Device) {
			out = append(out, r.Row.Device)
		}
	}
	return out
}

// ValleyLines returns their lines.
func (s Session) ValleyLines() []Ref {
	var out []Ref
	for _, r := range s.Valley() {
		out = append(out, r.Row)
	}
	return out[:min(len(out), 6)]
}

// Strayed returns the best paths that local preference or weight prefers over
// a path of the same prefix that is at least two AS hops shorter.
func (x Node) Strayed() []BGPRoute {
	if x.D == nil {
		return nil
	}
	var out []BGPRoute
	for _, best := range x.D.BGPRoutes {
		if !best.Best || !best.Prefix.IsValid() || len(best.ASPath) < 3 {
			continue
		}
		for _, o := range x.D.BGPRoutes {
			preferred := best.Weight > o.Weight || best.LocalPref > max(o.LocalPref, 100)
			if o.Prefix == best.Prefix && !o.Best && o.Valid && o.VRF == best.VRF && len(o.ASPath)+2 <= len(best.ASPath) && preferred {
				out = append(out, best)
				break
			}
		}
	}
	return out
}

// StrayedPrefixes words them.
func (x Node) StrayedPrefixes() string {
	var out []string
	for _, r := range x.Strayed() {
		out = append(out, r.Prefix.String())
	}
	return strings.Join(out[:min(len(out), 4)], ", ")
}

// StrayedLines returns the lines of the best paths.
func (x Node) StrayedLines() []Ref {
	var out []Ref
	for _, r := range x.Strayed() {
		out = append(out, r.Row)
	}
	return out[:min(len(out), 6)]
}

// BFDLost returns the BGP neighbours for which the configuration asks for BFD
// and of whom no BFD session is known.
func (x Node) BFDLost() []string {
	if x.D == nil || !x.complete(TableBFD) {
		return nil
	}
	var out []string
	for _, s := range x.D.BGPSessions {
		if x.D.ConfiguredUnder("router bgp", "neighbor "+s.PeerName()+" bfd").Device == "" {
			continue
		}
		if established(s) && !slices.ContainsFunc(x.D.BFD, func(b BFDPeer) bool { return b.Peer == s.Peer }) {
			out = append(out, s.PeerName())
		}
	}
	return out
}

// BFDLostLines returns the lines that ask for it, and where BFD was read.
func (x Node) BFDLostLines() []Ref {
	var out []Ref
	for _, p := range x.BFDLost() {
		out = append(out, x.D.ConfiguredUnder("router bgp", "neighbor "+p+" bfd"))
	}
	return append(out, x.D.From(TableBFD))
}

// LonelyVNIs returns the layer 2 VNIs that no other VTEP is known for, though
// another device has them.
func (x Node) LonelyVNIs() []VNI {
	if x.D == nil {
		return nil
	}
	var out []VNI
	for _, v := range x.D.l2() {
		other := slices.ContainsFunc(x.net.Devices, func(d *Device) bool {
			return d != x.D && slices.ContainsFunc(d.l2(), func(w VNI) bool { return w.ID == v.ID && len(w.RemoteVTEPs) > 0 })
		})
		if other && len(v.RemoteVTEPs) == 0 {
			out = append(out, v)
		}
	}
	return out
}

// LonelyLines returns their lines.
func (x Node) LonelyLines() []Ref {
	var out []Ref
	for _, v := range x.LonelyVNIs() {
		out = append(out, v.Row)
	}
	return out
}

// YoungMinutes is how many minutes the younger end of the adjacency had seen
// it up; a million where that is not known.
func (a Adjacency) YoungMinutes() float64 {
	least := 1e6
	for _, e := range a.Link.Ends() {
		if e.Node == nil || !a.Up {
			continue
		}
		for _, nb := range e.Node.OSPFNeighbors {
			at := e.Node.answered[nb.Row.Query]
			if a.Protocol == "ospf" && bareInterface(nb.Interface) == e.Interface.Name && !nb.Since.IsZero() && !at.IsZero() && !at.Before(nb.Since) {
				least = min(least, at.Sub(nb.Since).Minutes())
			}
		}
		for _, nb := range e.Node.ISISNeighbors {
			at := e.Node.answered[nb.Row.Query]
			if a.Protocol == "isis" && nb.Interface == e.Interface.Name && !nb.Since.IsZero() && !at.IsZero() && !at.Before(nb.Since) {
				least = min(least, at.Sub(nb.Since).Minutes())
			}
		}
	}
	return least
}

// OldestMinutes is how long the oldest adjacency of either end had been up: a
// device whose adjacencies are all young has just been started.
func (a Adjacency) OldestMinutes() float64 {
	oldest := 0.0
	for _, e := range a.Link.Ends() {
		if e.Node == nil {
			continue
		}
		for _, nb := range e.Node.OSPFNeighbors {
			if at := e.Node.answered[nb.Row.Query]; !nb.Since.IsZero() && !at.IsZero() {
				oldest = max(oldest, at.Sub(nb.Since).Minutes())
			}
		}
		for _, nb := range e.Node.ISISNeighbors {
			if at := e.Node.answered[nb.Row.Query]; !nb.Since.IsZero() && !at.IsZero() {
				oldest = max(oldest, at.Sub(nb.Since).Minutes())
			}
		}
	}
	return oldest
}
