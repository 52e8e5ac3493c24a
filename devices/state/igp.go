package state

import (
	"net/netip"
	"time"
)

// An OSPFProcess is one OSPF instance (RFC 2328).
type OSPFProcess struct {
	Origin
	VRF, RouterID string
	Version       int // 2 or 3
	Areas         []OSPFArea
}

// An OSPFArea is one area of a process.
type OSPFArea struct {
	Origin
	ID   string // dotted quad
	Kind string // normal, stub, nssa
}

// An OSPFInterface is an interface as OSPF sees it. The zero value means that
// OSPF does not run on it.
type OSPFInterface struct {
	Origin
	Version         int    // 2, or 3 for IPv6 (RFC 5340)
	Name, VRF, Area string // Area as a dotted quad
	Up              bool
	Address         netip.Prefix
	MTU             int
	RouterID        string
	NetworkType     string // point-to-point, broadcast, nbma, point-to-multipoint, loopback
	Cost            int
	Hello, Dead     time.Duration
	Passive         bool
	Auth            string // none, simple, md5, ...; "" if not told
	AuthKeyID       int
	MTUIgnore       bool
	NeighborCount   int // -1 if not told
	AdjacentCount   int // -1 if not told
}

// An OSPFNeighbor is one neighbour of an OSPF interface.
type OSPFNeighbor struct {
	Origin
	Version                        int // 2, or 3 for IPv6 (RFC 5340)
	RouterID, Interface, VRF, Area string
	Address                        netip.Addr
	State                          string // RFC 2328 names: Down, Init, 2-Way, ExStart, Exchange, Loading, Full
	Since                          time.Time
}

// An ISISProcess is one IS-IS instance (ISO 10589).
type ISISProcess struct {
	Origin
	Tag, NET, SystemID, Area string // Area is the area address of the NET
	VRF                      string
	Level                    string // 1, 2, 1-2
	MetricStyle              string // narrow, wide, transition
}

// An ISISInterface is an interface as IS-IS sees it. The zero value means that
// IS-IS does not run on it.
type ISISInterface struct {
	Origin
	Name, Tag   string
	Up, Passive bool
	Level       string // 1, 2, 1-2
	NetworkType string // point-to-point, broadcast
	Auth        string
	Metric      int
	Hello       time.Duration
}

// An ISISNeighbor is one adjacency of an IS-IS interface.
type ISISNeighbor struct {
	Origin
	SystemID, Hostname, Interface, Tag string // SystemID or, where only that is told, Hostname
	State                              string // Up, Initializing, Down
	Level                              string
	Since                              time.Time
}
