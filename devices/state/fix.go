package state

import (
	"slices"
	"strconv"
	"strings"
)

// A Fix is what a remedy needs to know of one end: where it is to be applied
// and with which value, that of the other end.
type Fix struct {
	Device, Interface string
	Own, Value        string // what it has, and what it should have; "" where not known
	Far               string // the place of the other end
	Process           string // of the routing process: the tag of IS-IS
}

// Fix returns how the end that deviates in a field (see [Link.Odd]) is made
// like the other; where nothing decides, the first end. A duration is told in
// seconds.
func (l Link) Fix(field string) Fix {
	odd := l.Odd(field)
	e, far := l.A, l.B
	if len(odd) == 1 && odd[0] == l.B.Place() {
		e, far = far, e
	}
	return fixOf(e, far, field)
}

// FixAt returns how the end at the first of the places is made like the other.
func (l Link) FixAt(places []string, field string) Fix {
	if len(places) > 0 && places[0] == l.B.Place() {
		return fixOf(l.B, l.A, field)
	}
	return fixOf(l.A, l.B, field)
}

func fixOf(e, far End, field string) Fix {
	x := Fix{Device: e.Device, Interface: e.Interface.Name, Far: far.Place(), Process: e.isis().Tag}
	if x.Process == "" {
		x.Process = far.isis().Tag
	}
	word := func(e End) string {
		v, _ := e.value(field)
		if field == "OSPF.Hello" || field == "OSPF.Dead" {
			v = inSeconds(v)
		}
		return v
	}
	x.Own, x.Value = word(e), word(far)
	return x
}

// inSeconds words a duration ("1m30s") as a number of seconds.
func inSeconds(v string) string {
	d, ok := span(v)
	if !ok {
		return strings.TrimSuffix(v, "s")
	}
	return strconv.Itoa(int(d.Seconds()))
}

// A Statement is what a remedy needs to know of one end of a BGP session.
type Statement struct {
	Device, OtherDevice string
	AS, OtherAS         uint32 // the AS of either end; 0 if not known
	Peer                string // as the device names its peer
	Address             string // the peer's own address for the session; "" if not known
	Group               string // peer group; "" for none
	Family              string // of what the rule is about: ipv4 unicast
	Import, Export      string // policies of that family
	Limit               int    // prefix limit of that family; 0 none
	Received            int
	Hops                int    // of TTL security at the other end; 0 none
	Loopback            string // interface whose address the peer's statement names; "" if none
}

// Statement returns the end at the first of the named devices.
func (s Session) Statement(at []string) Statement {
	ends := s.sides()
	x := ends[0]
	if len(at) > 0 && slices.Contains(at, ends[1].device) && !slices.Contains(at, ends[0].device) {
		x = ends[1]
	}
	out := Statement{
		Device: x.device, OtherDevice: s.ADevice, AS: localAS(x.node, x.own), OtherAS: localAS(x.otherNode, x.other), Peer: x.own.PeerName(),
		Group: x.own.PeerGroup, Hops: x.other.TTLSecurity, Family: "ipv4 unicast",
	}
	if out.OtherDevice == x.device {
		out.OtherDevice = s.BDevice
	}
	if x.other.Local.IsValid() {
		out.Address = x.other.Local.String()
	}
	if !x.own.Known() && x.other.Known() { // it has no statement: the peer's own says how to call it
		out.Peer = out.Address
		if out.OtherAS == 0 {
			out.OtherAS = x.other.LocalAS
		}
		if out.AS == 0 {
			out.AS = x.other.PeerAS
		}
	}
	if x.node != nil && x.other.Known() {
		out.Loopback = x.node.loopbackOf(x.other.Peer.String())
	}
	if lacking := x.lacking(); len(lacking) > 0 {
		out.Family = lacking[0]
	}
	for _, f := range x.own.Families {
		if f.Name == out.Family {
			out.Import, out.Export, out.Limit, out.Received = f.ImportPolicy, f.ExportPolicy, f.MaxPrefixes, f.Received
		}
	}
	return out
}

// ISISArea returns the area address of the IS-IS process at the end; "" if not
// known.
func (e End) ISISArea() string { return e.isis().Area }
