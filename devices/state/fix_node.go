package state

import (
	"net/netip"
	"strings"
)

// AS returns the AS in which the device speaks BGP in the main table; 0 if not
// known.
func (x Node) AS() uint32 {
	if x.D != nil {
		for _, p := range x.D.BGP {
			if p.AS != 0 && (p.VRF == "default" || p.VRF == "") {
				return p.AS
			}
		}
	}
	return 0
}

// Loopback returns the first IPv4 address of the device's loopbacks that no
// other device has; "ID" where there is none.
func (x Node) Loopback() string {
	if x.D != nil {
		for _, i := range x.D.Interfaces {
			for _, a := range i.Addresses {
				if i.Loopback() && a.Prefix.Addr().Is4() && !a.Prefix.Addr().IsLoopback() && x.net.owners(a.Prefix.Addr()) == 1 {
					return a.Prefix.Addr().String()
				}
			}
		}
	}
	return "ID"
}

// ISISTag returns the tag of the device's IS-IS process; "TAG" if not known.
func (x Node) ISISTag() string {
	if x.D != nil && len(x.D.ISIS) > 0 && x.D.ISIS[0].Tag != "" {
		return x.D.ISIS[0].Tag
	}
	return "TAG"
}

// InternalPeers returns the internal BGP neighbours by the names that the
// device gives them.
func (x Node) InternalPeers() []string {
	var out []string
	if x.D != nil {
		for _, s := range x.D.BGPSessions {
			if !s.External && s.Peer.IsValid() {
				out = append(out, s.PeerName())
			}
		}
	}
	return out
}

// Via returns the next hop of the static route, or the interface; "" for a
// discard route.
func (x Static) Via() string {
	for _, h := range x.Route.NextHops {
		if h.IP.IsValid() {
			return h.IP.String()
		}
		if h.Interface != "" {
			return h.Interface
		}
	}
	return x.Route.Discard
}

// Router returns the IPv4 address of the router on the host's segment; "" if
// there is none.
func (h Host) Router() string {
	for _, p := range h.subnetsHere() {
		return p.Addr().String()
	}
	return ""
}

// Subnet returns the IPv4 subnet of the host's segment; "" if not known.
func (h Host) Subnet() string {
	for _, p := range h.subnetsHere() {
		return p.Masked().String()
	}
	return ""
}

// Own returns the host's first IPv4 address with its length; "" without one.
func (h Host) Own() string {
	for _, p := range h.subnets(true) {
		return p.String()
	}
	return ""
}

// Mended returns the host's address with the length that its router has.
func (h Host) Mended() string {
	for _, own := range h.subnets(true) {
		for _, p := range h.subnetsHere() {
			return netip.PrefixFrom(own.Addr(), p.Bits()).String()
		}
	}
	return ""
}

// OtherResolver returns the name server that most other hosts ask and that a
// device has; "" if there is none.
func (h Host) OtherResolver() string {
	count, best := map[string]int{}, ""
	for _, d := range h.net.Devices {
		for _, r := range d.Resolvers {
			if owner, _ := h.net.Owner(r.Server); d != h.Node && owner != nil {
				ip := r.Server.String()
				if count[ip]++; best == "" || count[ip] > count[best] {
					best = ip
				}
			}
		}
	}
	return best
}

// NFT names the chain that the rule stands in, as nft takes it: "inet filter
// forward".
func (x Drop) NFT() string {
	return strings.Join(strings.Fields(x.Rule.Family+" "+x.Rule.Table+" "+x.Rule.Chain), " ")
}

// Mask returns the route's prefix length as a mask: 255.255.255.0; "" for
// IPv6.
func (x Static) Mask() string {
	p := x.Route.Prefix
	if !p.IsValid() || !p.Addr().Is4() {
		return ""
	}
	var b [4]byte
	for i := range p.Bits() {
		b[i/8] |= 1 << (7 - i%8)
	}
	return netip.AddrFrom4(b).String()
}

// TroubleDevice returns the device at which the path, or the way back, ends.
func (p Path) TroubleDevice() string { return deviceOf(p.TroubleAt()) }

// TroubleInterface returns the interface there; "INTERFACE" if it is not known.
func (p Path) TroubleInterface() string {
	if _, name, ok := strings.Cut(p.TroubleAt(), ":"); ok {
		return name
	}
	return "INTERFACE"
}
