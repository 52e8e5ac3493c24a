package state

// A Network is the state of several devices, joined. Devices are joined by
// address, router-id, system-id, LLDP chassis and subnet, never by the name
// that a device gives itself. Make one with [Join]; it is not changed after.
type Network struct {
	Devices     []*Device // sorted by name
	Links       []Link
	Adjacencies []Adjacency
	Sessions    []Session
	Silent      []string // devices that were asked and of which nothing was read

	index     index
	candidate string // the device that stands as a configuration wants it; "" for none

	// Intent and Past are what its operator wants of it and what was counted
	// before. They are set, if at all, before facts are asked for.
	Intent Intent
	Past   Past
}

// An End is one end of a link: the interface, and what the protocols say of
// it. Where the interface does not exist or was not read, Interface has a
// name only, and is not Known.
type End struct {
	Device    string
	Interface Interface
	OSPF      OSPFInterface // zero: OSPF does not run on it, or was not read
	ISIS      ISISInterface
	Node      *Device `json:"-"` // nil: not read
}

// A Link joins two interfaces. One end may be unknown (its Device is "").
type Link struct {
	A, B End
	By   []string // how it is known: topology, lldp, subnet, ospf

	net *Network
}

// An Adjacency joins the two ends of an OSPF or IS-IS adjacency that exists or
// that both ends' interfaces say should.
type Adjacency struct {
	Protocol   string // ospf or isis
	Link       Link
	AState     string // as A sees B; "" if A does not see B
	BState     string
	ASees      Origin // the row in which A sees B
	BSees      Origin
	Up         bool // both see each other Full (Up); one end alone where the other was not read
	Unreported bool // neither end's neighbours could be read

	net *Network
}

// A Session joins the two ends of a BGP session. One end may be missing or
// outside the inventory.
type Session struct {
	ADevice, BDevice string
	A, B             BGPSession // zero where the end has no statement for the other
	ANode, BNode     *Device    `json:"-"` // nil: not read
	Up               bool

	net *Network
}
