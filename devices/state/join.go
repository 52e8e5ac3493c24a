package state

import (
	"net/netip"
	"slices"
	"strings"
)

// Join makes a network of devices: links from the intended ones ("r1:eth1--r2:eth1"),
// from LLDP, from shared subnets and from OSPF neighbours; adjacencies and
// sessions with both ends, also those that should exist and do not. The
// devices are not changed after. Devices that intended links name and that
// were not read become ends without a Node.
func Join(ds []*Device, intended []string) *Network { return JoinCandidate(ds, intended, "") }

// JoinCandidate is Join where one device stands as a configuration wants it:
// no session of that device is known to be up, and none to be down.
func JoinCandidate(ds []*Device, intended []string, candidate string) *Network {
	ds = slices.Clone(ds)
	slices.SortFunc(ds, func(a, b *Device) int { return strings.Compare(a.Name, b.Name) })
	n := &Network{Devices: ds, index: newIndex(ds), candidate: candidate}
	for _, l := range intended {
		a, b, ok := strings.Cut(l, "--")
		if ok {
			n.link(a, b, "topology")
		}
	}
	n.linkLLDP()
	n.linkSubnets()
	n.linkOSPF()
	n.completeLinks()
	n.joinAdjacencies()
	n.joinSessions()
	return n
}

// link notes that two places are joined. A place that has another partner
// already keeps it: the sources come in the order of their trust.
func (n *Network) link(a, b, by string) {
	i, okA := n.index.ends[a]
	j, okB := n.index.ends[b]
	if okA && okB && i == j {
		if !slices.Contains(n.Links[i].By, by) {
			n.Links[i].By = append(n.Links[i].By, by)
		}
		return
	}
	if okA || okB || a == b {
		return
	}
	if a > b {
		a, b = b, a
	}
	n.index.ends[a], n.index.ends[b] = len(n.Links), len(n.Links)
	n.Links = append(n.Links, Link{A: endOf(a), B: endOf(b), By: []string{by}, net: n})
}

func endOf(place string) End {
	device, intf, _ := strings.Cut(place, ":")
	return End{Device: device, Interface: Interface{Name: intf}}
}

func (n *Network) linkLLDP() {
	for _, d := range n.Devices {
		for _, l := range d.LLDP {
			if far := n.lldpPlace(l); far != "" && l.Interface != "" {
				n.link(d.Name+":"+l.Interface, far, "lldp")
			}
		}
	}
}

// lldpPlace finds who a neighbour is: by the address of its port, else by its
// chassis or management address and the name of its port. The name that it
// gives itself decides only where a single device of the inventory has it and
// nothing else is known.
func (n *Network) lldpPlace(l LLDPNeighbor) string {
	if o, ok := n.index.macs[strings.ToLower(l.PortID)]; ok {
		return o.device.Name + ":" + o.intf.Name
	}
	var d *Device
	if o, ok := n.index.macs[strings.ToLower(l.ChassisID)]; ok {
		d = o.device
	}
	for _, m := range l.Management {
		if d == nil {
			d, _ = n.Owner(m)
		}
	}
	if d == nil {
		d = n.index.names[l.SystemName]
		for _, other := range n.Devices {
			if other != d && other.System.Hostname == l.SystemName {
				d = nil
				break
			}
		}
	}
	for _, port := range []string{l.PortID, l.PortDesc} {
		if intf := d.Interface(port); intf != nil {
			return d.Name + ":" + intf.Name
		}
	}
	return ""
}

// linkSubnets joins the two interfaces that alone share a subnet.
func (n *Network) linkSubnets() {
	type subnet struct {
		prefix netip.Prefix
		vrf    string
	}
	in := map[subnet][]string{}
	var order []subnet
	for _, d := range n.Devices {
		for _, intf := range d.Interfaces {
			for _, a := range intf.Addresses {
				p := a.Prefix.Masked()
				if p.IsSingleIP() || p.Addr().IsLoopback() || p.Addr().IsLinkLocalUnicast() || managed(intf.Name) {
					continue
				}
				key := subnet{p, ""}
				if in[key] == nil {
					order = append(order, key)
				}
				in[key] = append(in[key], d.Name+":"+intf.Name)
			}
		}
	}
	for _, key := range order {
		if at := in[key]; len(at) == 2 && deviceOf(at[0]) != deviceOf(at[1]) {
			n.link(at[0], at[1], "subnet")
		}
	}
}

// managed reports whether an interface is for management by its name alone: a
// management network is no link between the devices on it.
func managed(name string) bool {
	for _, p := range []string{"mgmt", "Management", "management", "fxp", "em0", "me0", "ma1"} {
		if strings.HasPrefix(name, p) {
			return true
		}
	}
	return false
}

func (n *Network) linkOSPF() {
	for _, d := range n.Devices {
		for _, nb := range d.OSPFNeighbors {
			if far, intf := n.Owner(nb.Address); far != nil && far != d {
				n.link(d.Name+":"+bareInterface(nb.Interface), far.Name+":"+intf, "ospf")
			}
		}
	}
}

// bareInterface takes the address off FRR's "eth1:10.0.0.1".
func bareInterface(name string) string {
	bare, _, _ := strings.Cut(name, ":")
	return bare
}

// completeLinks fills in what is known of each end.
func (n *Network) completeLinks() {
	for i := range n.Links {
		n.complete(&n.Links[i].A)
		n.complete(&n.Links[i].B)
	}
}

func (n *Network) complete(e *End) {
	e.Node = n.index.names[e.Device]
	if e.Node == nil {
		return
	}
	if intf := e.Node.Interface(e.Interface.Name); intf != nil {
		e.Interface = *intf
	}
	for _, o := range e.Node.OSPFInterfaces {
		if o.Name == e.Interface.Name {
			e.OSPF = o
		}
	}
	for _, s := range e.Node.ISISInterfaces {
		if s.Name == e.Interface.Name {
			e.ISIS = s
		}
	}
}

func deviceOf(place string) string {
	device, _, _ := strings.Cut(place, ":")
	return device
}
