package state

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// Outcome says how the walk of a path ended.
type Outcome string

// The outcomes of a walk.
const (
	Delivered  Outcome = "delivered"
	DroppedBy  Outcome = "dropped"
	NoRoute    Outcome = "no route"
	Loops      Outcome = "loops"
	NoAnswer   Outcome = "no answer"      // nobody on the last link has the address
	Unknown    Outcome = "unknown beyond" // the next device was not read
	Misdeliver Outcome = "misdelivered"   // a host that is not the target received it
)

// A Path is the walk of a flow through forwarding tables, hop by hop, without
// a packet being sent.
type Path struct {
	From    string
	Asked   bool // the complaint is about it
	Flow    Flow
	Hops    []Hop
	Outcome Outcome
	At      string   // the place where it ended
	Reason  string   // in words
	By      string   // what dropped it: filter, blackhole, forwarding, rp_filter, down, gateway, arp, address; "" else
	Proof   []Ref    // the lines that show it
	Lacking *Absence // the table that lacks a route
	Lossy   []Ref    // filter rules on the way that take a share of the packets
	MTU     int      // the smallest on the way; 0 unknown
	Back    *Path    // the way of the answers; nil if not walked

	net *Network
}

// A Hop is one device on a path.
type Hop struct {
	Device, In, Out string
	NextHop         netip.Addr
	Route           Route // zero at the last hop
}

const maxHops = 32

// Walk follows flow from a device through the forwarding tables, and its
// answers back. The flow's source may be the zero address: then it is the
// address of the interface by which the device sends.
func (n *Network) Walk(from string, flow Flow) Path {
	p := n.walkOneWay(from, flow)
	if p.Outcome == Delivered {
		end := p.Hops[len(p.Hops)-1].Device
		if n.Device(end).Forwards() && p.Flow.Src.IsValid() {
			back := n.walkOneWay(end, p.Flow.Back())
			p.Back = &back
		}
	}
	return p
}

func (n *Network) walkOneWay(from string, flow Flow) Path {
	p := Path{From: from, Flow: flow, net: n}
	d := n.Device(from)
	if d == nil || !d.Forwards() {
		return *p.end(Unknown, from, fmt.Sprintf("the routes of %s were not read", from))
	}
	if !p.Flow.Src.IsValid() {
		p.Flow.Src = n.sourceOf(d, flow.Dst)
	}
	w := walker{n: n, seen: map[string]bool{}, budget: 64}
	return w.step(p, d, "", "default")
}

// walker follows equal paths one after the other and keeps the first that
// does not arrive.
type walker struct {
	n      *Network
	seen   map[string]bool
	budget int
}

// step forwards the packet at d, which it entered by in.
func (w *walker) step(p Path, d *Device, in, vrf string) Path {
	p.Hops = append(p.Hops[:len(p.Hops):len(p.Hops)], Hop{Device: d.Name, In: in})
	hop := &p.Hops[len(p.Hops)-1]
	if in != "" && p.stopAtEntry(d, in) {
		return p
	}
	if w.n.owns(d, p.Flow.Dst) {
		if r, dropped := d.filtered(p.Flow, in, "", "input"); dropped && in != "" {
			return *p.dropBy(d, r, "input")
		}
		return *p.end(Delivered, d.Name, "")
	}
	if in != "" && (d.IsHost() || !d.forwarding(p.Flow.Dst)) {
		if d.IsHost() {
			return *p.end(Misdeliver, d.Name+":"+in, fmt.Sprintf("%s is a host and does not have %s", d.Name, p.Flow.Dst))
		}
		return *p.drop("forwarding", d.Name, d.Name+" does not forward packets", d.forwardingRef(p.Flow.Dst))
	}
	if len(p.Hops) > maxHops || p.visited(d.Name) {
		p.Proof = p.routesFrom(d.Name)
		return *p.end(Loops, d.Name, "packets circle between "+strings.Join(p.circle(d.Name), ", "))
	}
	r, ok := w.n.Lookup(d, vrf, p.Flow.Dst)
	if !ok {
		return *p.noRoute(d)
	}
	hop.Route = r
	p.Proof = []Ref{r.Row}
	if r.Discard != "" {
		return *p.drop("blackhole", d.Name, fmt.Sprintf("%s discards %s (%s route)", d.Name, r.Prefix, r.Discard), r.Row)
	}
	return w.fan(p, d, in, r)
}

// fan follows every next hop of r.
func (w *walker) fan(p Path, d *Device, in string, r Route) Path {
	var first *Path
	hops := r.NextHops
	if len(hops) == 0 {
		return *p.end(Unknown, d.Name, fmt.Sprintf("%s names no next hop for %s", d.Name, r.Prefix))
	}
	for _, nh := range hops {
		if w.budget--; w.budget < 0 {
			break
		}
		q := w.hand(p, d, in, nh)
		if q.Outcome != Delivered {
			return q
		}
		if first == nil {
			first = &q
		}
	}
	if first == nil {
		return *p.end(Unknown, d.Name, "too many equal paths to follow")
	}
	return *first
}

// hand gives the packet to the next hop.
func (w *walker) hand(p Path, d *Device, in string, nh NextHop) Path {
	p.Hops = append([]Hop(nil), p.Hops...)
	hop := &p.Hops[len(p.Hops)-1]
	target := nh.IP
	if !target.IsValid() {
		target = p.Flow.Dst
	}
	hop.Out, hop.NextHop = nh.Interface, target
	if nh.Interface == "" {
		r, ok := w.n.Lookup(d, "default", target)
		if !ok || len(r.NextHops) == 0 || r.NextHops[0].Interface == "" {
			return *p.end(NoRoute, d.Name, fmt.Sprintf("%s cannot resolve the next hop %s", d.Name, target))
		}
		nh = r.NextHops[0]
		hop.Out = nh.Interface
		if nh.IP.IsValid() {
			target = nh.IP
		}
	}
	if p.stopAtExit(d, in, hop.Out) {
		return p
	}
	next, intf := w.n.neighborAt(d, hop.Out, target)
	if next == nil {
		return p.nobody(d, hop.Out, target)
	}
	if !next.Forwards() && !w.n.owns(next, p.Flow.Dst) {
		return *p.end(Unknown, next.Name, fmt.Sprintf("the routes of %s were not read", next.Name))
	}
	return w.step(p, next, intf, next.vrfOf(intf))
}

// stopAtEntry applies what a device does with a packet that comes in.
func (p *Path) stopAtEntry(d *Device, in string) bool {
	if r, dropped := d.filtered(p.Flow, in, "", "ingress", "prerouting"); dropped {
		p.dropBy(d, r, "ingress")
		return true
	}
	if ref, strict := d.reversePathStrict(in); strict && p.Flow.Src.IsValid() && p.Flow.Dst.Is4() {
		back, ok := p.net.Lookup(d, "default", p.Flow.Src)
		if !ok || !back.uses(in) {
			p.drop("rp_filter", d.Name+":"+in, fmt.Sprintf("%s drops packets from %s on %s: its way back to them is not that interface", d.Name, p.Flow.Src, in), ref)
			if ok {
				p.Proof = append(p.Proof, back.Row)
			}
			return true
		}
	}
	return false
}

func (p *Path) stopAtExit(d *Device, in, out string) bool {
	hooks := []string{"forward", "postrouting", "egress"}
	if in == "" {
		hooks = []string{"output", "postrouting", "egress"}
	}
	for _, r := range d.Filters {
		if r.Drops() && r.Share > 0 && r.Share < 1 && r.Family != "arp" && r.matches(p.Flow, in, out) && (r.Hook == "forward" || in == "" && r.Hook == "output") {
			p.Lossy = append(p.Lossy, r.Row)
		}
	}
	if r, dropped := d.filtered(p.Flow, in, out, hooks...); dropped {
		p.dropBy(d, r, "forward")
		return true
	}
	if intf := d.Interface(out); intf != nil {
		if intf.MTU > 0 && (p.MTU == 0 || intf.MTU < p.MTU) {
			p.MTU = intf.MTU
		}
		if d.Has(TableInterfaces) && intf.Origin.Known() && (!intf.AdminUp || !intf.OperUp && intf.NoCarrier) {
			p.drop("down", d.Name+":"+out, fmt.Sprintf("%s of %s is down", out, d.Name), intf.Row)
			return true
		}
	}
	return false
}

// nobody ends a walk at a next hop that no device which was read has.
func (p Path) nobody(d *Device, out string, target netip.Addr) Path {
	far, ok := p.net.Far(d.Name, out)
	nb, asked := d.neighbor(target, out)
	bridge := ok && far.Interface.Cite("Master").Untold && !far.Interface.routed() // perhaps: who is behind its port was not told
	failed := asked && (nb.State == "FAILED" || nb.State == "INCOMPLETE" || nb.MAC == "")
	switch {
	case failed || ok && !bridge && far.Node != nil && far.Node.Has(TableInterfaces) && !target.IsLinkLocalUnicast():
		if asked {
			p.Proof = append(p.Proof, nb.Row)
		}
		return *p.end(NoAnswer, d.Name+":"+out, fmt.Sprintf("nobody on %s of %s has %s", out, d.Name, target))
	case ok && far.Node == nil && far.Device != "":
		return *p.end(Unknown, far.Device, fmt.Sprintf("%s was not read", far.Device))
	case target == p.Flow.Dst && asked && nb.MAC != "":
		return *p.end(Delivered, d.Name+":"+out, "")
	}
	return *p.end(Unknown, d.Name+":"+out, fmt.Sprintf("who has %s behind %s of %s is not known", target, out, d.Name))
}

// routed reports whether the interface has an address of its own.
func (x Interface) routed() bool {
	return slices.ContainsFunc(x.Addresses, func(a Address) bool { return !a.Prefix.Addr().IsLinkLocalUnicast() })
}
