package state

import (
	"net/netip"
	"slices"
	"strings"
)

// A Drop is a rule of a packet filter that takes packets away which the
// network needs, always or sometimes.
type Drop struct {
	D     *Device
	Rule  FilterRule
	Takes Traffic
	From  []Ref // lines of what it cuts off: sessions, neighbours

	net *Network
}

// Traffic says which traffic a filter takes.
type Traffic string

// The traffic that a filter may take.
const (
	TakesLoss   Traffic = "loss"         // a share of all packets, both ways
	TakesOneWay Traffic = "one-way loss" // a share of the packets of one direction
	TakesARP    Traffic = "arp"
	TakesOSPF   Traffic = "ospf"
	TakesBGP    Traffic = "bgp"
	TakesBFD    Traffic = "bfd"
	TakesFrag   Traffic = "frag" // fragmentation needed, packet too big
	TakesICMP   Traffic = "icmp"
	TakesDNS    Traffic = "dns"
	TakesHTTP   Traffic = "http"
	TakesReply  Traffic = "replies" // answers of services that are asked for
	TakesFlows  Traffic = "flows"   // more than one kind
)

// Drops returns the filter rules that take traffic which something in the
// network needs: an adjacency, a session, a service that a host offers. A rule
// that takes what nobody sends is no Drop.
func (n *Network) Drops(limit int) []Drop {
	taken := n.takenFlows(limit)
	var out []Drop
	for _, d := range n.Devices {
		for _, r := range d.Filters {
			x := Drop{D: d, Rule: r, net: n}
			switch {
			case !r.Drops() && r.Policy != "drop":
				continue
			case r.Drops() && r.Share > 0 && r.Share < 1:
				x.Takes = d.lossKind(r)
			case r.Drops() && r.Family == "arp":
				x.Takes = TakesARP
			case r.Drops():
				x.Takes, x.From = n.protocolTaken(d, r)
			}
			if x.Takes == "" {
				x.Takes = kindOf(r, taken[r.Row])
			}
			if x.Takes != "" {
				out = append(out, x)
			}
		}
	}
	return out
}

// lossKind tells loss in both directions of an interface from loss in one.
func (d *Device) lossKind(r FilterRule) Traffic {
	if r.InIf == "" && r.OutIf == "" && len(r.Src)+len(r.Dst) == 0 {
		return TakesLoss
	}
	mirrored := func(o FilterRule) bool {
		return o.Drops() && o.Share > 0 && o.Share < 1 && (r.InIf != "" && o.OutIf == r.InIf || r.OutIf != "" && o.InIf == r.OutIf || len(r.Src) > 0 && slices.Equal(o.Dst, r.Src))
	}
	if slices.ContainsFunc(d.Filters, mirrored) {
		return TakesLoss
	}
	return TakesOneWay
}

// Place returns where the loss is: the interface that the rule names, if it
// names one, else the device.
func (x Drop) Place() string {
	one := x.Rule.InIf
	if one == "" || x.Rule.OutIf != "" {
		one = x.Rule.OutIf
	}
	one = strings.Trim(one, `"`)
	if x.Takes == TakesLoss && one != "" && x.D.Interface(one) != nil && (x.Rule.InIf == "" || x.Rule.OutIf == "") {
		return x.D.Name + ":" + one
	}
	return x.D.Name
}

// Touches returns the places that feel it: the device and the ends of its
// links.
func (x Drop) Touches() []string {
	out := []string{x.D.Name}
	for _, i := range x.D.Interfaces {
		if far, ok := x.net.Far(x.D.Name, i.Name); ok && (x.Rule.InIf == "" || matchName(x.Rule.InIf, i.Name)) {
			out = append(out, x.D.Name+":"+i.Name, far.Place())
		}
	}
	return out
}

// protocolTaken finds a routing protocol that the rule cuts off on d.
func (n *Network) protocolTaken(d *Device, r FilterRule) (Traffic, []Ref) {
	for _, l := range n.Links {
		for i, e := range l.Ends() {
			if e.Device != d.Name || !e.RunsOSPF() {
				continue
			}
			f := Flow{Protocol: "ospf", Src: anyAddress(l.Ends()[1-i]), Dst: netip.MustParseAddr("224.0.0.5")}
			if r.Protocol != "" && r.takesAt(f, e.Interface.Name) {
				return TakesOSPF, []Ref{e.OSPF.Cite("NeighborCount")}
			}
		}
	}
	for _, s := range d.BGPSessions {
		in := n.interfaceTo(d, s.Peer)
		for _, f := range []Flow{{Protocol: "tcp", Src: s.Peer, Dst: s.Local, DstPort: 179}, {Protocol: "tcp", Src: s.Peer, Dst: s.Local, SrcPort: 179, Reply: true}} {
			if r.Protocol == "tcp" && r.takesAt(f, in) {
				return TakesBGP, []Ref{s.Cite("State")}
			}
		}
	}
	for _, b := range d.BFD {
		f := Flow{Protocol: "udp", Src: b.Peer, Dst: b.Local, DstPort: 3784}
		if r.Protocol == "udp" && r.takesAt(f, n.interfaceTo(d, b.Peer)) {
			return TakesBFD, []Ref{b.Cite("State")}
		}
	}
	return "", nil
}

// takesAt reports whether the rule takes packets of f that the device itself
// receives on intf, or with ends swapped sends by it.
func (r FilterRule) takesAt(f Flow, intf string) bool {
	switch r.Hook {
	case "input", "prerouting", "ingress":
		return r.matches(f, intf, "")
	case "output", "postrouting", "egress":
		return r.matches(f.Back(), "", intf) || r.matches(Flow{Protocol: f.Protocol, Src: f.Dst, Dst: f.Src, DstPort: f.DstPort}, "", intf)
	}
	return false
}

func anyAddress(e End) netip.Addr {
	for _, p := range e.subnets(true) {
		return p.Addr()
	}
	return netip.Addr{}
}

// interfaceTo returns the interface by which d sends to ip.
func (n *Network) interfaceTo(d *Device, ip netip.Addr) string {
	r, ok := n.Lookup(d, "default", ip)
	if !ok || len(r.NextHops) == 0 {
		return ""
	}
	return r.NextHops[0].Interface
}

// takenFlows walks what hosts need of each other, and returns the flows that
// each filter rule ends.
func (n *Network) takenFlows(limit int) map[Ref][]Flow {
	out := map[Ref][]Flow{}
	for _, f := range n.needs(limit) {
		p := n.Walk(f.from, f.Flow)
		for _, q := range []*Path{&p, p.Back} {
			if q != nil && q.By == "filter" && len(q.Proof) > 0 {
				out[q.Proof[0]] = append(out[q.Proof[0]], q.Flow)
			}
		}
	}
	return out
}

type need struct {
	Flow
	from string
}

// needs returns what hosts need: an echo of each other, the names that they
// resolve, and the services that others listen for.
func (n *Network) needs(limit int) []need {
	var out []need
	for _, a := range n.endpoints() {
		if !a.device.IsHost() {
			continue
		}
		for _, b := range n.endpoints() {
			if a.device == b.device || a.ip.Is4() != b.ip.Is4() || !b.device.IsHost() || len(out) >= limit {
				continue
			}
			out = append(out, need{Flow{Protocol: "icmp", ICMPType: "echo-request", Src: a.ip, Dst: b.ip}, a.device.Name})
			for _, l := range b.device.services(b.ip) {
				out = append(out, need{Flow{Protocol: l.Protocol, DstPort: int(l.Local.Port()), SrcPort: 50000, Src: a.ip, Dst: b.ip}, a.device.Name})
			}
		}
	}
	return out
}

// services returns what d listens for on ip, without its own management.
func (d *Device) services(ip netip.Addr) []Listener {
	var out []Listener
	for _, l := range d.Listeners {
		at := l.Local.Addr()
		if l.Local.Port() == 22 || l.Local.Port() > 9000 || at.IsLoopback() || at.IsValid() && !at.IsUnspecified() && at.Unmap() != ip {
			continue
		}
		out = append(out, l)
	}
	return out
}

// kindOf names what a rule takes by the flows that ended at it.
func kindOf(r FilterRule, flows []Flow) Traffic {
	if strings.Contains(r.Text, "frag-needed") || strings.Contains(r.Text, "fragmentation-needed") || strings.Contains(r.Text, "packet-too-big") {
		return TakesFrag
	}
	if len(flows) == 0 {
		return ""
	}
	kinds := map[Traffic]bool{}
	requests := false
	for _, f := range flows {
		port := max(min(f.SrcPort, f.DstPort), f.DstPort%50000)
		if f.Reply {
			port = f.SrcPort
		}
		switch {
		case strings.Contains(f.Protocol, "icmp"):
			kinds[TakesICMP] = true
			continue
		case port == 53:
			kinds[TakesDNS] = true
		case port == 80 || port == 443 || port == 8080:
			kinds[TakesHTTP] = true
		default:
			kinds[TakesFlows] = true
		}
		requests = requests || !f.Reply
	}
	switch {
	case len(kinds) == 1:
		for k := range kinds {
			return k
		}
	case !requests:
		return TakesReply
	}
	return TakesFlows
}

// PlatformOf returns the platform of the device at a place.
func (x Drop) PlatformOf(place string) string { return x.net.platformOf(place) }
