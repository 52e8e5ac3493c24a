package state

import (
	"net/netip"
	"time"
)

// A Route is one prefix of a RIB or FIB.
type Route struct {
	Origin
	VRF       string // "default" for the main table
	Prefix    netip.Prefix
	Protocol  string // connected, local, static, ospf, isis, bgp, kernel
	Distance  int    // administrative distance; -1 if not told
	Metric    int    // -1 if not told
	Selected  bool   // the best of its prefix in the RIB
	Installed bool   // in the FIB, as far as the device says
	Discard   string // blackhole, unreachable, prohibit, reject; "" for a forwarding route
	NextHops  []NextHop
	Since     time.Time
}

// A NextHop is where a route sends its packets.
type NextHop struct {
	IP        netip.Addr // zero for a connected route
	Interface string     // "" if the next hop is recursive or not resolved
	Recursive bool
	Active    bool // resolved and in use
	VRF       string
}

// A FilterRule is one rule of a packet filter (nftables, iptables, an ACL).
type FilterRule struct {
	Origin
	Family, Table, Chain string
	Hook                 string         // input, forward, output, prerouting, postrouting, ingress; "" for a plain chain
	Policy               string         // of the chain: accept or drop
	Text                 string         // the rule in the device's words
	Action               string         // accept, drop, reject, jump, count, other
	Protocol             string         // ip protocol name, "" any
	SrcPort, DstPort     string         // port, range or set in the device's words; "" any
	Src, Dst             []netip.Prefix // empty: any
	InIf, OutIf          string         // "" any
	ICMPType             string
	CTState              string
	Conditions           string  // further conditions, in the device's words, that no field here holds; "" none
	Share                float64 // the share of matching packets that the rule takes (numgen); 1 for all
	Rate                 string  // limit in the device's words; "" none
	Packets, Octets      int64   // counter; -1 without one
}

// A Queue is a queueing discipline of an interface (tc).
type Queue struct {
	Origin
	Interface, Kind string
	RateBits        int64 // bits a second; 0 unlimited
	Delay           time.Duration
	Loss            float64 // share
	Dropped         int64   // packets; -1 if not told
	Overlimits      int64
	Backlog         int64 // packets
}

// A VNI is one VXLAN network identifier on a device (RFC 7348, RFC 8365).
type VNI struct {
	Origin
	ID          int
	Layer       string // L2 or L3
	Interface   string // the vxlan device
	Bridge, VRF string
	LocalVTEP   netip.Addr
	RemoteVTEPs []netip.Addr
	Group       netip.Addr
	MACs, ARPs  int // entries known; -1 if not told
	RD          string
	ImportRTs   []string
	ExportRTs   []string
	Advertised  bool // advertised in BGP EVPN (advertise-all-vni)
}

// A MAC is one entry of a forwarding database.
type MAC struct {
	Origin
	Address, Interface, Bridge string
	VLAN                       int
	Remote                     netip.Addr // VTEP behind which it is; zero if local
	Local                      bool       // the device's own
}
