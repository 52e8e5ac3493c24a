package state

import (
	"net/netip"
	"time"
)

// A Device is the operational state of one device, as far as it was read.
// Tables that were not read are empty and have no entry in Read.
type Device struct {
	Name, Platform string
	System         System
	Interfaces     []Interface
	LLDP           []LLDPNeighbor
	OSPF           []OSPFProcess
	OSPFInterfaces []OSPFInterface
	OSPFNeighbors  []OSPFNeighbor
	ISIS           []ISISProcess
	ISISInterfaces []ISISInterface
	ISISNeighbors  []ISISNeighbor
	BGP            []BGPProcess
	BGPSessions    []BGPSession
	BGPRoutes      []BGPRoute
	RIB            []Route // what the routing process selected or knows
	FIB            []Route // what the forwarding plane uses
	Neighbors      []Neighbor
	Filters        []FilterRule
	VNIs           []VNI
	MACs           []MAC
	BFD            []BFDPeer
	Queues         []Queue
	Listeners      []Listener
	Resolvers      []Resolver
	Parameters     []Parameter
	Daemons        []Daemon
	Load           Load
	Memory         Memory
	Disks          []Disk
	TimeSync       TimeSync
	Sensors        []Sensor
	VRRP           []VirtualRouter
	Config         *Config // running configuration; nil if not read
	Startup        *Config // what it would start with; nil if not read
	Logs           []LogLine
	Probes         []ProbeResult

	Read map[string]Status // by table name: see Tables

	answered map[string]time.Time // by query; zero if unknown
	Unparsed []Unparsed
}

// Table names, as platform files use them in their "reads" section and as the
// state tool offers them.
const (
	TableSystem     = "system"
	TableInterfaces = "interfaces"
	TableAddresses  = "addresses"
	TableLLDP       = "lldp"
	TableOSPF       = "ospf"
	TableOSPFIfs    = "ospf_interfaces"
	TableOSPFNbrs   = "ospf_neighbors"
	TableOSPF6      = "ospf6" // OSPFv3: rows of Version 3 in the tables of OSPF
	TableOSPF6Ifs   = "ospf6_interfaces"
	TableOSPF6Nbrs  = "ospf6_neighbors"
	TableISIS       = "isis"
	TableISISIfs    = "isis_interfaces"
	TableISISNbrs   = "isis_neighbors"
	TableBGP        = "bgp"
	TableBGPNbrs    = "bgp_sessions"
	TableBGPRoutes  = "bgp_routes"
	TableBGPRoutes6 = "bgp_routes6"
	TableEVPN       = "bgp_evpn"
	TableRIB        = "rib"
	TableRIB6       = "rib6"
	TableFIB        = "fib"
	TableFIB6       = "fib6"
	TableNeighbors  = "neighbors"
	TableFilters    = "filters"
	TableVNIs       = "vnis"
	TableBGPVNIs    = "bgp_vnis" // what BGP announces and imports of the VNIs: fills rows of VNIs
	TableMACs       = "macs"
	TableBFD        = "bfd"
	TableQueues     = "queues"
	TableListeners  = "listeners"
	TableResolvers  = "resolvers"
	TableParameters = "parameters"
	TableDaemons    = "daemons"
	TableConfig     = "config"
	TableLogs       = "logs"
)

// Status says how the reading of a table ended.
type Status struct {
	Ref      Ref
	Complete bool   // the whole table was read: a missing row is absent on the device
	Err      string // why the table could not be read; "" if it was
	Inactive bool   // the device says that the process is not running or not configured
}

// Unparsed is an answer, or a part of one, that no reader understood.
type Unparsed struct {
	Ref  Ref
	Text string // the first line that did not parse, or why
}

// System is what a device says of itself.
type System struct {
	Origin
	Hostname, Version, Model, Software string
	Booted                             time.Time
	Clock                              time.Time // the device's own clock at the answer's time
}

// An Interface is one interface with its addresses and counters (RFC 8343).
// FRR, the kernel and gNMI may each have told a part of it.
type Interface struct {
	Origin
	Name, VRF, Description string
	Kind                   string // veth, loopback, bridge, vxlan, vlan, bond, ... ; "" if unknown
	AdminUp, OperUp        bool
	NoCarrier              bool // up here, but the other side or the medium is down
	MTU                    int  // bytes, L3 payload; 0 if unknown
	MAC                    string
	Addresses              []Address
	Master                 string // bridge, bond or VRF device that it belongs to
	Duplex                 string
	SpeedMbps              int
	Counters               Counters
	LinkUps, LinkDowns     int       // transitions counted by the device; -1 if unknown
	LastChange             time.Time // zero if unknown
}

// KindPseudo is the Kind of an interface that is configured and does not exist.
const KindPseudo = "pseudo"

// An Address is one address of an interface.
type Address struct {
	Prefix    netip.Prefix // address and length, host bits kept
	Duplicate bool         // another node has it too: duplicate address detection failed (RFC 4862)
	Ref       Ref
}

// Counters are an interface's counters since an unknown start: only
// differences of two reads are rates. Fields that were not told are -1.
type Counters struct {
	InOctets, OutOctets, InPackets, OutPackets          int64
	InErrors, OutErrors, InDiscards, OutDiscards, InCRC int64
}

// Neighbor is one entry of the ARP or neighbour discovery table.
type Neighbor struct {
	Origin
	IP        netip.Addr
	MAC       string // "" if unresolved
	Interface string
	State     string // REACHABLE, STALE, FAILED, PERMANENT, ... (Linux NUD names)
}

// LLDPNeighbor is one neighbour heard on an interface (IEEE 802.1AB).
type LLDPNeighbor struct {
	Origin
	Interface                               string // local
	ChassisID, SystemName, PortID, PortDesc string
	Management                              []netip.Addr
}

// BFDPeer is one BFD session (RFC 5880).
type BFDPeer struct {
	Origin
	Peer, Local netip.Addr
	Interface   string
	Up          bool
	State       string
}
