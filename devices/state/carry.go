package state

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// A Carry is a prefix on its way over one direction of a BGP session that is
// up: To should have it from From, which has it, and does not.
type Carry struct {
	Session  Session
	From, To string
	Prefix   netip.Prefix
	Route    BGPRoute // as From has it
	Export   ruling
	Import   ruling

	sender, receiver side
	net              *Network
}

// Carries returns what is not carried: for each external session, the prefixes
// that one end has, that are somebody's subnet, and that the other end has not
// in any table.
func (n *Network) Carries() []Carry {
	var out []Carry
	for _, s := range n.Sessions {
		if !s.Paired() || !s.Up || !s.A.External || !s.ANode.Has(TableBGPRoutes) || !s.BNode.Has(TableBGPRoutes) {
			continue
		}
		ends := s.sides()
		for i := range ends {
			out = append(out, n.carries(s, ends[i], ends[1-i])...)
		}
	}
	return out
}

func (n *Network) carries(s Session, from, to side) []Carry {
	var out []Carry
	for _, r := range from.node.BGPRoutes {
		if !r.Best || !r.Prefix.IsValid() || r.Prefix.Addr().Is4() != from.own.carriesV4() || n.attached(to.node, r.Prefix) || !n.inhabited(r.Prefix) {
			continue
		}
		if r.From == from.own.Peer || r.NextHop == from.own.Peer || slices.Contains(r.ASPath, localAS(to.node, to.own)) || to.node.hasBGP(r.Prefix) {
			continue
		}
		c := Carry{Session: s, From: from.device, To: to.device, Prefix: r.Prefix, Route: r, sender: from, receiver: to, net: n}
		c.Export = from.node.ruling(from.policy(exportOf), r.Prefix)
		c.Import = to.node.ruling(to.policy(importOf), r.Prefix)
		out = append(out, c)
	}
	return out
}

// carriesV4 reports whether the session carries IPv4 routes.
func (s BGPSession) carriesV4() bool {
	_, ok := s.Family("ipv4 unicast")
	return ok
}

func exportOf(f BGPFamily) string { return f.ExportPolicy }
func importOf(f BGPFamily) string { return f.ImportPolicy }

func (x side) policy(which func(BGPFamily) string) string {
	f, _ := x.own.Family("ipv4 unicast")
	return which(f)
}

// hasBGP reports whether a device has a prefix in its BGP table.
func (d *Device) hasBGP(p netip.Prefix) bool {
	return slices.ContainsFunc(d.BGPRoutes, func(r BGPRoute) bool { return r.Prefix == p })
}

// inhabited reports whether a device has an address in the prefix.
func (n *Network) inhabited(p netip.Prefix) bool {
	return slices.ContainsFunc(n.Devices, func(d *Device) bool { return n.attached(d, p) })
}

// ExportDenied reports whether the sender's policy denies the prefix in so
// many words, or where other sessions of the same kind may have it.
func (c Carry) ExportDenied() bool {
	return !c.Export.permit && c.Export.undef == "" && (c.Export.explicit || c.siblingPermits())
}

// siblingPermits reports whether policy lets the prefix out to another
// external peer of the network and not to this one.
func (c Carry) siblingPermits() bool {
	for _, s := range c.net.Sessions {
		for _, x := range s.sides() {
			if !x.own.Known() || !x.own.External || x.device == c.To || x.device == c.From && x.own.Peer == c.sender.own.Peer || localAS(x.node, x.own) != localAS(c.sender.node, c.sender.own) {
				continue
			}
			if p := x.policy(exportOf); p != "" && x.node.ruling(p, c.Prefix).permit && !slices.Contains(c.Route.ASPath, x.own.PeerAS) {
				return true
			}
		}
	}
	return false
}

// ImportDenied reports whether the receiver's policy denies the prefix in so
// many words.
func (c Carry) ImportDenied() bool {
	return c.Export.permit && !c.Import.permit && c.Import.undef == "" && c.Import.explicit
}

// ListMissing returns the device whose policy for the prefix refers to a list
// that does not exist.
func (c Carry) ListMissing() string {
	switch {
	case c.Export.undef != "":
		return c.From
	case c.Import.undef != "":
		return c.To
	}
	return ""
}

// List names that list.
func (c Carry) List() string { return c.Export.undef + c.Import.undef }

// PolicyLines returns the lines of the policies that decide.
func (c Carry) PolicyLines() []Ref { return []Ref{c.Export.line, c.Import.line} }

// Prepended reports whether the sender's policy puts the receiver's AS into
// the path, which the receiver must refuse.
func (c Carry) Prepended() bool { return c.prepends().Device != "" }

func (c Carry) prepends() Ref {
	d := c.sender.node
	if d.Config == nil {
		return Ref{}
	}
	as := fmt.Sprint(localAS(c.receiver.node, c.receiver.own))
	for _, m := range d.Config.Sections("route-map " + strings.TrimPrefix(c.sender.policy(exportOf), "*")) {
		for _, l := range within(m.Children, "set as-path prepend") {
			if slices.Contains(strings.Fields(l.Text), as) {
				return d.Config.ref(l)
			}
		}
	}
	return Ref{}
}

// PrependLine returns the line that does.
func (c Carry) PrependLine() Ref { return c.prepends() }

// Missing returns that the receiver's BGP table lacks the prefix.
func (c Carry) Missing() Absence { return c.receiver.node.Lacks(TableBGPRoutes, c.Prefix.String()) }

// PlatformOf returns the platform of the device at a place.
func (c Carry) PlatformOf(place string) string { return c.net.platformOf(place) }

// Unexplained reports whether nothing that was read keeps the prefix from
// being carried.
func (c Carry) Unexplained() bool {
	return c.Export.permit && c.Import.permit && c.ListMissing() == "" && !c.Prepended() &&
		len(c.Session.PolicyMissing()) == 0 && len(c.Session.Undefined()) == 0 && len(c.Session.OverLimit()) == 0
}
