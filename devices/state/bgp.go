package state

import (
	"net/netip"
	"time"
)

// A BGPProcess is one BGP instance of a VRF (RFC 4271).
type BGPProcess struct {
	Origin
	VRF, RouterID string
	AS            uint32
	ClusterID     string
}

// A BGPSession is one end of a session, as this device sees it.
type BGPSession struct {
	Origin
	VRF              string
	LocalAS          uint32
	PeerAS           uint32     // as configured here
	Peer, Local      netip.Addr // Local is zero until the device knows it
	PeerInterface    string     // an unnumbered session
	PeerRouterID     string
	State            string // RFC 4271 names: Idle, Connect, Active, OpenSent, OpenConfirm, Established
	AdminDown        bool
	External         bool
	Description      string
	PeerGroup        string
	UpdateSource     string
	TTLSecurity      int // hops; 0 none
	Multihop         int // TTL allowed; 0 or 1 direct only
	Password         bool
	Since            time.Time // when the state began
	LastReset        string    // the device's words for the last reset
	NotificationSent string    // code of the last NOTIFICATION sent, in words
	NotificationRcvd string
	Families         []BGPFamily
}

// A BGPFamily is one address family of a session.
type BGPFamily struct {
	Name            string // ipv4 unicast, ipv6 unicast, l2vpn evpn, ...
	Active          bool   // negotiated with the peer
	Offered         bool   // this end offers it in its OPEN
	Received        int    // prefixes accepted; -1 if not told
	Sent            int    // prefixes sent; -1 if not told
	MaxPrefixes     int    // limit; 0 none
	NextHopSelf     bool
	ReflectorClient bool
	SoftInbound     bool
	ImportPolicy    string // route map, prefix list or filter list inbound; "" none
	ExportPolicy    string
	PolicyRequired  bool     // the device discards all for want of policy (RFC 8212)
	LimitExceeded   bool     // the session is held down because of MaxPrefixes
	UnknownPolicies []string // policies that the session names and the device does not have
	Ref             Ref
	Fields          map[string]Ref // lines of single fields, by field name, as in Origin
}

// Cite returns the line that field was read from, else the family's own line.
func (f BGPFamily) Cite(field string) Ref {
	if r, ok := f.Fields[field]; ok {
		return r
	}
	return f.Ref
}

// A BGPRoute is one path of the Loc-RIB (or, where the device tells them, an
// Adj-RIB-In entry).
type BGPRoute struct {
	Origin
	VRF         string
	Family      string
	Prefix      netip.Prefix
	NextHop     netip.Addr
	From        netip.Addr // peer; zero when originated here
	ASPath      []uint32
	LocalPref   int // -1 if not told
	MED         int // -1 if not told
	Weight      int
	OriginCode  string // igp, egp, incomplete
	Communities []string
	Valid, Best bool
	Internal    bool
	Text        string // EVPN route in the device's words
}
