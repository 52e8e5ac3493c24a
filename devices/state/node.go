package state

import (
	"slices"
	"strings"
)

// Ends returns the ends of links at this device, and of each the other end.
func (x Node) links() (own, far []End) {
	for _, l := range x.net.Links {
		switch x.Name {
		case l.A.Device:
			own, far = append(own, l.A), append(far, l.B)
		case l.B.Device:
			own, far = append(own, l.B), append(far, l.A)
		}
	}
	return own, far
}

// Lost reports whether a device that was asked and did not answer is gone from
// the view of all its neighbours that were read: no link to it is up, or nobody
// on it answers. Of a device that nobody asked, nothing is said.
func (x Node) Lost() bool {
	if x.D != nil || !slices.Contains(x.net.Silent, x.Name) {
		return false
	}
	_, far := x.links()
	seen := 0
	for _, e := range far {
		if e.Node == nil {
			continue
		}
		seen++
		if e.Up() && !x.silent(e) {
			return false
		}
	}
	return seen > 0
}

// silent reports whether nobody is heard on an interface that is up: each
// neighbour that ARP asked for failed, or a protocol that runs there has none.
func (x Node) silent(e End) bool {
	for _, nb := range e.Node.Neighbors {
		if nb.Interface == e.Interface.Name && nb.MAC != "" && !nb.IP.IsLinkLocalUnicast() && (nb.State == "REACHABLE" || nb.State == "DELAY" || nb.State == "PERMANENT") {
			return false
		}
	}
	for _, s := range e.Node.BGPSessions {
		for _, a := range e.Interface.Addresses {
			if a.Prefix.Masked().Contains(s.Peer) && established(s) {
				return false
			}
		}
	}
	sees, _ := ospfSight(e, End{})
	up, _ := isisSight(e, End{})
	return !settled(sees) && !settled(up)
}

// LostProof returns the lines in which the neighbours show it.
func (x Node) LostProof() []Ref {
	_, far := x.links()
	var out []Ref
	for _, e := range far {
		if e.Node == nil {
			continue
		}
		switch {
		case e.Interface.Origin.Known():
			out = append(out, e.Interface.Cite("OperUp"))
		default:
			out = append(out, e.Node.From(TableInterfaces))
		}
		for _, s := range e.Node.BGPSessions {
			for _, a := range e.Interface.Addresses {
				if a.Prefix.Masked().Contains(s.Peer) {
					out = append(out, s.Cite("State"))
				}
			}
		}
	}
	return out
}

// Neighbours returns the ends of the devices that it is linked to: places that
// have to do with it.
func (x Node) Neighbours() []string {
	own, far := x.links()
	var out []string
	for i := range own {
		out = append(out, own[i].Place(), far[i].Place())
	}
	return out
}

// Stopped returns the routing processes that do not run here although a
// neighbour waits for them: ospfd, isisd, bgpd, zebra.
func (x Node) Stopped() []string {
	if x.D == nil {
		return nil
	}
	var out []string
	if x.inactive("ospfd", TableOSPFIfs) && x.wanted(End.RunsOSPF) {
		out = append(out, "ospfd")
	}
	if x.inactive("isisd", TableISISIfs) && x.wanted(End.RunsISIS) {
		out = append(out, "isisd")
	}
	if x.inactive("bgpd", TableBGPNbrs) && len(x.callers()) > 0 {
		out = append(out, "bgpd")
	}
	if x.inactive("zebra", TableRIB) {
		out = append(out, "zebra")
	}
	return out
}

func (x Node) inactive(daemon, table string) bool {
	if slices.ContainsFunc(x.D.Daemons, func(d Daemon) bool { return d.Name == daemon && d.Running }) {
		return false
	}
	down := slices.ContainsFunc(x.D.Daemons, func(d Daemon) bool { return d.Name == daemon && !d.Running })
	return down || x.D.Read[table].Inactive
}

// wanted reports whether a neighbour runs a protocol on its link to here.
func (x Node) wanted(runs func(End) bool) bool {
	_, far := x.links()
	return slices.ContainsFunc(far, func(e End) bool { return runs(e) && e.Up() })
}

// callers returns the neighbour statements of others for an address of this
// device.
func (x Node) callers() []BGPSession {
	var out []BGPSession
	for _, d := range x.net.Devices {
		for _, s := range d.BGPSessions {
			if d != x.D && x.net.owns(x.D, s.Peer) {
				out = append(out, s)
			}
		}
	}
	return out
}

// StoppedProof returns the lines that say that the processes do not run, and
// those in which neighbours wait for them.
func (x Node) StoppedProof() []Ref {
	var out []Ref
	stopped := x.Stopped()
	for _, d := range x.D.Daemons {
		if slices.Contains(stopped, d.Name) {
			out = append(out, d.Row)
		}
	}
	_, far := x.links()
	for _, e := range far {
		if slices.Contains(stopped, "ospfd") && e.RunsOSPF() {
			out = append(out, e.OSPF.Cite("NeighborCount"))
		}
		if slices.Contains(stopped, "isisd") && e.RunsISIS() {
			out = append(out, e.ISIS.Row)
		}
	}
	if slices.Contains(stopped, "bgpd") {
		for _, s := range x.callers() {
			out = append(out, s.Cite("State"))
		}
	}
	return out
}

// StoppedNames returns the stopped processes as words.
func (x Node) StoppedNames() string { return strings.Join(x.Stopped(), ", ") }

// Forwarding returns the parameter that says whether IPv4 is forwarded.
func (x Node) Forwarding() Parameter { return x.D.Parameter("net.ipv4.ip_forward") }

// Router reports whether the device takes part in routing or is linked to
// several others.
func (x Node) Router() bool {
	if x.D == nil || x.D.IsHost() {
		return false
	}
	own, _ := x.links()
	return x.D.Platform != "linux" || len(own) > 1
}
