package state

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// Poisoned returns the entries of the device's ARP and neighbour tables that
// give an address of another device that was read a MAC address which that
// device has not.
func (x Node) Poisoned() []Neighbor {
	if x.D == nil {
		return nil
	}
	var out []Neighbor
	for _, nb := range x.D.Neighbors {
		if nb.MAC == "" || nb.State == "FAILED" || nb.State == "INCOMPLETE" || nb.State == "PERMANENT" || nb.State == "NOARP" || !nb.IP.Is4() {
			continue
		}
		owner, name := x.net.Owner(nb.IP)
		if owner == nil || owner == x.D || x.net.virtual(nb) {
			continue
		}
		intf := owner.Interface(name)
		here := x.D.towards(nb.IP)
		if intf == nil || intf.MAC == "" || !intf.OperUp || here != nb.Interface || owner.hasMAC(nb.MAC) || intf.Master != "" || intf.Kind == "bridge" {
			continue
		}
		if others := x.net.owners(nb.IP); others == 1 {
			out = append(out, nb)
		}
	}
	return out
}

// virtual reports whether a MAC address is one of a virtual router (RFC 5798).
func (n *Network) virtual(nb Neighbor) bool {
	return strings.HasPrefix(strings.ToLower(nb.MAC), "00:00:5e:00:0")
}

// owners counts the devices that have an address.
func (n *Network) owners(ip netip.Addr) int {
	count := 0
	for _, d := range n.Devices {
		if n.owns(d, ip) {
			count++
		}
	}
	return count
}

func (d *Device) hasMAC(mac string) bool {
	return slices.ContainsFunc(d.Interfaces, func(i Interface) bool { return strings.EqualFold(i.MAC, mac) })
}

// PoisonedWords tells them: "10.1.0.1 is at 02:.. on eth1".
func (x Node) PoisonedWords() string {
	var out []string
	for _, nb := range x.Poisoned() {
		out = append(out, fmt.Sprintf("%s is at %s on %s", nb.IP, nb.MAC, nb.Interface))
	}
	return strings.Join(out[:min(len(out), 3)], ", ")
}

// PoisonedLines returns their lines, and those in which the owners tell their
// own.
func (x Node) PoisonedLines() []Ref {
	var out []Ref
	for _, nb := range x.Poisoned() {
		out = append(out, nb.Row)
		if d, name := x.net.Owner(nb.IP); d != nil {
			out = append(out, d.Interface(name).Cite("MAC"))
		}
	}
	return out
}

// Answerers returns the devices that have the MAC addresses of the poisoned
// entries, else this one: it is where it shows.
func (x Node) Answerers() []string {
	var out []string
	for _, nb := range x.Poisoned() {
		for _, d := range x.net.Devices {
			if d.hasMAC(nb.MAC) && !slices.Contains(out, d.Name) {
				out = append(out, d.Name)
			}
		}
	}
	if len(out) == 0 {
		return []string{x.Name}
	}
	return out
}

// MACTwins returns the places on the same link or segment that have the
// interface's MAC address.
func (p Port) MACTwins() []string {
	if p.Interface.MAC == "" || p.Node == nil || !p.Up() || !p.Linked || p.Far.Node == nil {
		return nil
	}
	if strings.EqualFold(p.Far.Interface.MAC, p.Interface.MAC) && p.Place() < p.Far.Place() && p.Interface.MAC != "00:00:00:00:00:00" {
		return []string{p.Far.Place()}
	}
	return nil
}

// MACLines returns the lines that tell the address at both ends.
func (p Port) MACLines() []Ref { return []Ref{p.Interface.Cite("MAC"), p.Far.Interface.Cite("MAC")} }

// SelfAssigned reports whether the host's only IPv4 addresses are ones that it
// gave itself for want of a server (RFC 3927).
func (h Host) SelfAssigned() bool {
	own, others := false, false
	for _, a := range h.Interface.Addresses {
		if ip := a.Prefix.Addr(); ip.Is4() {
			own = own || ip.IsLinkLocalUnicast()
			others = others || !ip.IsLinkLocalUnicast()
		}
	}
	return h.Up() && own && !others
}

// SelfLines returns the lines of those addresses.
func (h Host) SelfLines() []Ref {
	var out []Ref
	for _, a := range h.Interface.Addresses {
		if a.Prefix.Addr().Is4() {
			out = append(out, a.cite(&h.Interface))
		}
	}
	return out
}

// DHCPServers returns the devices that serve DHCP (UDP port 67) on the segment
// of the interface: the router and the hosts on its link.
func (p Port) DHCPServers() []string {
	var out []string
	for _, e := range []End{p.End, p.Far} {
		if e.Node == nil {
			continue
		}
		if slices.ContainsFunc(e.Node.Listeners, func(l Listener) bool { return l.Protocol == "udp" && l.Local.Port() == 67 }) {
			out = append(out, e.Device)
		}
	}
	return out
}

// DHCPLines returns the lines of their sockets.
func (p Port) DHCPLines() []Ref {
	var out []Ref
	for _, e := range []End{p.End, p.Far} {
		if e.Node == nil {
			continue
		}
		for _, l := range e.Node.Listeners {
			if l.Protocol == "udp" && l.Local.Port() == 67 {
				out = append(out, l.Row)
			}
		}
	}
	return out
}

// DeadNAT returns the rules that translate addresses towards an interface that
// does not exist or is down.
func (x Node) DeadNAT() []FilterRule {
	if x.D == nil || !x.D.Has(TableInterfaces) {
		return nil
	}
	var out []FilterRule
	for _, r := range x.D.Filters {
		name := strings.Trim(r.OutIf, `"`)
		if name == "" || strings.ContainsAny(name, "*{!") || !strings.Contains(r.Text, "masquerade") && !strings.Contains(r.Text, "snat") {
			continue
		}
		if i := x.D.Interface(name); i == nil || !i.OperUp {
			out = append(out, r)
		}
	}
	return out
}

// DeadNATWords tells where they lead.
func (x Node) DeadNATWords() string {
	var out []string
	for _, r := range x.DeadNAT() {
		out = append(out, strings.Trim(r.OutIf, `"`))
	}
	return strings.Join(out, ", ")
}

// filterLines returns the lines of rules.
func filterLines(rs []FilterRule) []Ref {
	var out []Ref
	for _, r := range rs {
		out = append(out, r.Row)
	}
	return out
}

// DeadNATLines returns their lines.
func (x Node) DeadNATLines() []Ref { return filterLines(x.DeadNAT()) }

// GrowingLines returns the lines of the rules that drop more and more.
func (x Node) GrowingLines(perSecond float64) []Ref { return filterLines(x.GrowingDrops(perSecond)) }

// Miscabled returns the place that LLDP hears on an interface, where the
// intended topology has another there; "" else.
func (p Port) Miscabled() string {
	if p.Node == nil || !p.Linked || !p.net.intended(p.Place()) {
		return ""
	}
	heard := p.heard()
	if len(heard) == 0 {
		return ""
	}
	for _, h := range heard {
		if far := p.net.lldpPlace(h); far == "" || far == p.Far.Place() {
			return "" // a neighbour outside the inventory may share the segment
		}
	}
	return p.net.lldpPlace(heard[0])
}

func (p Port) heard() []LLDPNeighbor {
	var out []LLDPNeighbor
	for _, h := range p.Node.LLDP {
		if h.Interface == p.Interface.Name {
			out = append(out, h)
		}
	}
	return out
}

// HeardLines returns the lines of what LLDP hears on the interface.
func (p Port) HeardLines() []Ref {
	var out []Ref
	for _, h := range p.heard() {
		out = append(out, h.Row)
	}
	return out
}

// Unheard reports whether LLDP hears nobody on an intended link that is up,
// though both ends hear others on other interfaces.
func (p Port) Unheard() bool {
	return p.Node != nil && p.Linked && p.net.intended(p.Place()) && p.Up() && p.Far.Up() && p.Far.Node != nil && len(p.heard()) == 0 &&
		len(p.Node.LLDP) > 0 && len(p.Far.Node.LLDP) > 0 && p.Node.Has(TableLLDP)
}

// intended reports whether the design has a link at a place.
func (n *Network) intended(place string) bool {
	return slices.ContainsFunc(n.Links, func(l Link) bool { return l.Intended() && (l.A.Place() == place || l.B.Place() == place) })
}
