package state

import (
	"maps"
	"net/netip"
	"slices"
	"strings"
)

// joinAdjacencies makes a row for each link on which both ends run a protocol
// or on which one end sees a neighbour.
func (n *Network) joinAdjacencies() {
	for _, l := range n.Links {
		a, aSees := ospfSight(l.A, l.B)
		b, bSees := ospfSight(l.B, l.A)
		if a != "" || b != "" || (l.A.RunsOSPF() && l.B.RunsOSPF()) {
			n.Adjacencies = append(n.Adjacencies, adjacency("ospf", l, [2]string{a, b}, [2]Origin{aSees, bSees}))
		}
		a, aSees = isisSight(l.A, l.B)
		b, bSees = isisSight(l.B, l.A)
		if a != "" || b != "" || (l.A.RunsISIS() && l.B.RunsISIS()) {
			n.Adjacencies = append(n.Adjacencies, adjacency("isis", l, [2]string{a, b}, [2]Origin{aSees, bSees}))
		}
	}
}

func adjacency(protocol string, l Link, states [2]string, sees [2]Origin) Adjacency {
	x := Adjacency{Protocol: protocol, Link: l, AState: states[0], BState: states[1], ASees: sees[0], BSees: sees[1], net: l.net}
	table := TableOSPFNbrs
	if protocol == "isis" {
		table = TableISISNbrs
	}
	knowA, knowB := l.A.Node.Has(table), l.B.Node.Has(table)
	x.Unreported = !knowA && !knowB
	x.Up = (settled(x.AState) || !knowA) && (settled(x.BState) || !knowB) && (knowA || knowB)
	return x
}

// settled reports whether a neighbour's state is the goal of its protocol.
// 2-Way is: between two routers of a broadcast network neither of which is
// designated.
func settled(state string) bool {
	s, _, _ := strings.Cut(state, "/")
	return strings.EqualFold(s, "Full") || strings.EqualFold(s, "Up") || strings.EqualFold(s, "2-Way")
}

// ospfSight returns how e sees far.
func ospfSight(e, far End) (string, Origin) {
	if e.Node == nil {
		return "", Origin{}
	}
	for _, nb := range e.Node.OSPFNeighbors {
		if bareInterface(nb.Interface) == e.Interface.Name || far.has(nb.Address) {
			return nb.State, nb.Origin
		}
	}
	return "", Origin{}
}

func isisSight(e, _ End) (string, Origin) {
	if e.Node == nil {
		return "", Origin{}
	}
	for _, nb := range e.Node.ISISNeighbors {
		if nb.Interface == e.Interface.Name {
			return nb.State, nb.Origin
		}
	}
	return "", Origin{}
}

// has reports whether the end's interface has the address ip.
func (e End) has(ip netip.Addr) bool {
	return slices.ContainsFunc(e.Interface.Addresses, func(a Address) bool { return a.Prefix.Addr() == ip })
}

// joinSessions pairs each neighbour statement with the one of its peer.
func (n *Network) joinSessions() {
	type key struct {
		device string
		row    int
	}
	used := map[key]bool{}
	for _, d := range n.Devices {
		for i, s := range d.BGPSessions {
			if used[key{d.Name, i}] {
				continue
			}
			used[key{d.Name, i}] = true
			x := Session{ADevice: d.Name, A: s, ANode: d, net: n}
			peer := n.peerOf(d, s)
			if peer != nil && peer != d {
				x.BDevice, x.BNode = peer.Name, peer
				if j := n.statementFor(peer, d, s); j >= 0 && !used[key{peer.Name, j}] {
					used[key{peer.Name, j}] = true
					x.B = peer.BGPSessions[j]
				}
			}
			if x.candidate() {
				x.A, x.B = x.A.stateless(), x.B.stateless()
			}
			x.Up = established(x.A) && (established(x.B) || !x.B.Known())
			n.Sessions = append(n.Sessions, x)
		}
	}
}

// stateless returns s without what the device says of how it stands.
func (s BGPSession) stateless() BGPSession {
	s.State = ""
	fields := maps.Clone(s.Fields)
	delete(fields, "State")
	s.Fields = fields
	return s
}

func established(s BGPSession) bool { return strings.EqualFold(s.State, "Established") }

// peerOf returns the device at the other end of a neighbour statement.
func (n *Network) peerOf(d *Device, s BGPSession) *Device {
	if s.PeerInterface != "" {
		if far, ok := n.Far(d.Name, s.PeerInterface); ok {
			return far.Node
		}
	}
	owners := n.index.owners[s.Peer]
	for _, o := range owners { // of several with one address, the one next door
		for _, intf := range d.Interfaces {
			if far, ok := n.Far(d.Name, intf.Name); ok && len(owners) > 1 && far.Device == o.device.Name && far.has(s.Peer) {
				return o.device
			}
		}
	}
	for _, o := range owners {
		if o.device != d {
			return o.device
		}
	}
	return nil
}

// statementFor returns the index of peer's neighbour statement for d that fits
// s: the one for the address that s speaks from, else one for any address of d.
func (n *Network) statementFor(peer, d *Device, s BGPSession) int {
	best, score := -1, 0
	for j, t := range peer.BGPSessions {
		fit := 0
		switch {
		case t.PeerInterface != "" && n.peerOf(peer, t) == d:
			fit = 1
		case !n.owns(d, t.Peer):
			continue
		case t.Peer == s.Local:
			fit = 4
		case t.Local == s.Peer || n.sameSubnet(d, t.Peer, s.Peer):
			fit = 3
		default:
			fit = 2
		}
		if t.VRF == s.VRF && s.Peer.Is4() == t.Peer.Is4() && fit > score {
			best, score = j, fit
		}
	}
	return best
}

// sameSubnet reports whether d has an interface on whose subnet both
// addresses are.
func (n *Network) sameSubnet(d *Device, a, b netip.Addr) bool {
	for _, intf := range d.Interfaces {
		for _, x := range intf.Addresses {
			if p := x.Prefix.Masked(); p.Contains(a) && p.Contains(b) {
				return true
			}
		}
	}
	return false
}
