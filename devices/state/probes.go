package state

import "net/netip"

// Probes walks, without sending anything, what a network is for: an echo
// request from every end system to every other one's addresses; at most limit
// paths, in a fixed order. End systems are hosts, and routers with a subnet of
// their own on a loopback.
func (n *Network) Probes(limit int) []Path {
	ends := n.endpoints()
	var out []Path
	for _, a := range ends {
		for _, b := range ends {
			if a.device == b.device || a.ip.Is4() != b.ip.Is4() || len(out) >= limit {
				continue
			}
			out = append(out, n.Walk(a.device.Name, Flow{Protocol: "icmp", ICMPType: "echo-request", Src: a.ip, Dst: b.ip}))
		}
	}
	return out
}

type endpoint struct {
	device *Device
	ip     netip.Addr
}

// endpoints returns the addresses of end systems.
func (n *Network) endpoints() []endpoint {
	var out []endpoint
	for _, d := range n.Devices {
		host := d.IsHost()
		for _, i := range d.Interfaces {
			if managed(i.Name) || !host && !i.Loopback() {
				continue
			}
			for _, a := range i.Addresses {
				ip := a.Prefix.Addr()
				if ip.IsLoopback() || ip.IsLinkLocalUnicast() || a.Prefix.IsSingleIP() {
					continue
				}
				out = append(out, endpoint{d, ip})
			}
		}
	}
	return out
}

// AddressOf returns the address by which a device is called: that of its
// loopback, else of its first interface; IPv4 first.
func (n *Network) AddressOf(d *Device) netip.Addr {
	var best netip.Addr
	for _, i := range d.Interfaces {
		for _, a := range i.Addresses {
			ip := a.Prefix.Addr()
			if ip.IsLoopback() || ip.IsLinkLocalUnicast() || managed(i.Name) {
				continue
			}
			if !best.IsValid() || ip.Is4() && (!best.Is4() || i.Loopback()) {
				best = ip
			}
		}
	}
	return best
}

// HostsBehind returns the addresses of the hosts that are linked to a device,
// IPv4 where they have it.
func (n *Network) HostsBehind(device string) []netip.Addr {
	var out []netip.Addr
	for _, l := range n.Links {
		own, far := l.A, l.B
		if far.Device == device {
			own, far = l.B, l.A
		}
		if own.Device != device || !far.Node.IsHost() {
			continue
		}
		for _, a := range far.Interface.Addresses {
			if ip := a.Prefix.Addr(); ip.Is4() {
				out = append(out, ip)
			}
		}
	}
	return out
}
