package state

import (
	"fmt"
	"slices"
	"strings"
)

// A side is one end of a session with what stands on the other.
type side struct {
	device     string
	node       *Device
	own, other BGPSession
	otherNode  *Device
}

func (s Session) sides() []side {
	return []side{{s.ADevice, s.ANode, s.A, s.B, s.BNode}, {s.BDevice, s.BNode, s.B, s.A, s.ANode}}
}

// where returns the devices of the ends for which bad holds. Ends without a
// neighbour statement are not asked.
func (s Session) where(bad func(side) bool) []string {
	var out []string
	for _, x := range s.sides() {
		if x.own.Known() && bad(x) {
			out = append(out, x.device)
		}
	}
	return out
}

// candidate reports whether one end stands as a configuration wants it.
func (s Session) candidate() bool {
	return s.net.candidate != "" && slices.Contains(s.Devices(), s.net.candidate)
}

// Paired reports whether both ends have a neighbour statement for the other.
func (s Session) Paired() bool { return s.A.Known() && s.B.Known() }

// Devices returns the devices of both ends.
func (s Session) Devices() []string {
	if s.BDevice == "" {
		return []string{s.ADevice}
	}
	return []string{s.ADevice, s.BDevice}
}

// Touches returns the places that the session leans on: both devices and,
// between neighbours on one link, its ends.
func (s Session) Touches() []string {
	out := s.Devices()
	if l, ok := s.Link(); ok {
		out = append(out, l.A.Place(), l.B.Place())
	}
	return out
}

// Link returns the link on whose subnet the session stands; false for one
// between loopbacks.
func (s Session) Link() (Link, bool) {
	for _, l := range s.net.Links {
		for _, e := range l.Ends() {
			if e.Device != s.ADevice {
				continue
			}
			for _, a := range e.Interface.Addresses {
				if !a.Prefix.IsSingleIP() && a.Prefix.Masked().Contains(s.A.Peer) || s.A.PeerInterface == e.Interface.Name && s.A.PeerInterface != "" {
					return l, true
				}
			}
		}
	}
	return Link{}, false
}

// State returns both ends' states: "r1 Active, r2 Idle".
func (s Session) State() string {
	out := s.ADevice + " " + s.A.State
	if s.B.Known() {
		out += ", " + s.BDevice + " " + s.B.State
	}
	return out
}

// localAS returns the AS in which a device speaks BGP; 0 if not known.
func localAS(d *Device, s BGPSession) uint32 {
	if s.LocalAS != 0 {
		return s.LocalAS
	}
	if d != nil {
		for _, p := range d.BGP {
			if p.AS != 0 && (p.VRF == s.VRF || s.VRF == "") {
				return p.AS
			}
		}
	}
	return 0
}

// WrongAS returns the devices whose neighbour statement has not the peer's AS.
func (s Session) WrongAS() []string {
	return s.where(func(x side) bool {
		as := localAS(x.otherNode, x.other)
		return as != 0 && x.own.PeerAS != 0 && as != x.own.PeerAS
	})
}

// ShutDown returns the devices on which the session is shut.
func (s Session) ShutDown() []string {
	return s.where(func(x side) bool { return x.own.AdminDown })
}

// Lines returns the lines of a field at both ends.
func (s Session) Lines(field string) []Ref {
	var out []Ref
	for _, x := range s.sides() {
		if x.own.Known() {
			out = append(out, x.own.Cite(field))
		}
	}
	return out
}

// LinesAt returns the lines of a field at the named devices.
func (s Session) LinesAt(devices []string, field string) []Ref {
	var out []Ref
	for _, x := range s.sides() {
		if x.own.Known() && slices.Contains(devices, x.device) {
			out = append(out, x.own.Cite(field))
		}
	}
	return out
}

// Config returns the lines of the running configurations of both ends that
// begin "neighbor PEER words".
func (s Session) Config(words string) []Ref {
	var out []Ref
	for _, x := range s.sides() {
		if x.own.Known() {
			if r := x.node.ConfiguredUnder("router bgp", x.statement(words)); r.Device != "" {
				out = append(out, r)
			}
		}
	}
	return out
}

func (x side) statement(words string) string {
	return strings.TrimSpace("neighbor " + x.own.PeerName() + " " + words)
}

// PeerName returns how the device's configuration names the peer.
func (s BGPSession) PeerName() string {
	if s.PeerInterface != "" {
		return s.PeerInterface
	}
	return s.Peer.String()
}

// words returns what follows "neighbor PEER begin" in the configuration.
func (x side) words(begin string) string {
	if x.node == nil {
		return ""
	}
	head := x.statement(begin)
	for _, l := range x.node.Config.AllUnder("router bgp", head) {
		return strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(l.Text), head))
	}
	if x.own.PeerGroup != "" {
		head = "neighbor " + x.own.PeerGroup + " " + begin
		for _, l := range x.node.Config.AllUnder("router bgp", head) {
			return strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(l.Text), head))
		}
	}
	return ""
}

// PasswordsDiffer reports whether one end authenticates with another key than
// the other, or one alone authenticates. Keys are compared by their tags.
func (s Session) PasswordsDiffer() bool {
	if !s.Paired() {
		return false
	}
	ends := s.sides()
	a, b := ends[0], ends[1]
	if a.own.Password != b.own.Password && a.node.Has(TableBGPNbrs) && b.node.Has(TableBGPNbrs) {
		return a.words("password") != b.words("password") || a.node.Config == nil || b.node.Config == nil
	}
	return a.words("password") != b.words("password") && a.node.Config != nil && b.node.Config != nil
}

// PasswordOdd returns the device whose password deviates: the one without
// where the other has one. Where both have one, and differ, nothing decides
// but what each uses towards others.
func (s Session) PasswordOdd() []string {
	ends := s.sides()
	a, b := ends[0].words("password"), ends[1].words("password")
	switch {
	case a == "" && b != "":
		return []string{s.ADevice}
	case b == "" && a != "":
		return []string{s.BDevice}
	}
	usedA, usedB := s.net.secretUsed(a), s.net.secretUsed(b)
	switch {
	case usedA > usedB:
		return []string{s.BDevice}
	case usedB > usedA:
		return []string{s.ADevice}
	}
	return []string{s.ADevice, s.BDevice}
}

// secretUsed counts the BGP passwords that have this tag.
func (n *Network) secretUsed(tag string) int {
	count := 0
	for _, d := range n.Devices {
		for _, l := range d.Config.AllUnder("router bgp", "neighbor") {
			if f := strings.Fields(l.Text); len(f) > 3 && f[2] == "password" && strings.Join(f[3:], " ") == tag {
				count++
			}
		}
	}
	return count
}

// WrongTTL returns the devices whose TTL settings do not let the session come
// up: TTL security at one end alone, or an external session between loopbacks
// without multihop.
func (s Session) WrongTTL() []string {
	if !s.Paired() || len(s.WrongAS()) > 0 { // with the wrong AS an internal session looks external
		return nil
	}
	if (s.A.TTLSecurity > 0) != (s.B.TTLSecurity > 0) {
		return s.where(func(x side) bool { return x.own.TTLSecurity > 0 })
	}
	_, direct := s.Link()
	return s.where(func(x side) bool {
		return x.own.External && !direct && x.own.Multihop <= 1 && x.own.TTLSecurity <= 1 && x.other.Multihop > 1
	})
}

// Unsourced returns the devices that speak from another address than the one
// that the peer's statement names, for want of an update source.
func (s Session) Unsourced() []string {
	if !s.Paired() {
		return nil
	}
	return s.where(func(x side) bool {
		i := x.node.loopbackOf(x.other.Peer.String())
		return i != "" && !sourcedFrom(x, i)
	})
}

func sourcedFrom(x side, loopback string) bool {
	return x.own.UpdateSource == loopback || x.own.UpdateSource == x.other.Peer.String() || x.words("update-source") == loopback || x.words("update-source") == x.other.Peer.String()
}

// loopbackOf returns the name of the loopback interface that has an address.
func (d *Device) loopbackOf(ip string) string {
	if d == nil {
		return ""
	}
	for _, i := range d.Interfaces {
		for _, a := range i.Addresses {
			if i.Loopback() && a.Prefix.Addr().String() == ip {
				return i.Name
			}
		}
	}
	return ""
}

// OverLimit returns the devices that closed the session because of their
// prefix limit.
func (s Session) OverLimit() []string {
	return s.where(func(x side) bool {
		if slices.ContainsFunc(x.own.Families, func(f BGPFamily) bool {
			return f.LimitExceeded || f.MaxPrefixes > 0 && f.Received > f.MaxPrefixes
		}) {
			return true
		}
		if established(x.own) {
			return false
		}
		text := strings.ToLower(x.own.LastReset + " " + x.own.NotificationSent + " " + x.own.State)
		return strings.Contains(text, "maximum number of prefixes") || strings.Contains(text, "pfxct") || strings.Contains(text, "maximum-prefix") || strings.Contains(text, "prefix overflow")
	})
}

// Unmatched reports whether the peer was read and has no neighbour statement
// for this end, although BGP runs there.
func (s Session) Unmatched() bool {
	return s.A.Known() && !s.B.Known() && s.BNode.Has(TableBGPNbrs) && !s.BNode.Read[TableBGPNbrs].Inactive &&
		(len(s.BNode.BGP)+len(s.BNode.BGPSessions) > 0 || s.BNode.IsConfigured("router bgp"))
}

// Family returns a family of a session; false where it is not configured.
func (s BGPSession) Family(name string) (BGPFamily, bool) {
	for _, f := range s.Families {
		if f.Name == name {
			return f, true
		}
	}
	return BGPFamily{}, false
}

// LackFamily returns the devices that lack an address family which the other
// end has for this session.
func (s Session) LackFamily() []string {
	if !s.Paired() || !s.Up && !s.candidate() {
		return nil
	}
	return s.where(func(x side) bool { return len(x.lacking()) > 0 })
}

// lacking returns the families that the other end offers and this one does
// not.
func (x side) lacking() []string {
	var out []string
	for _, f := range x.other.Families {
		own, _ := x.own.Family(f.Name)
		if (f.Offered || f.Active) && !own.Offered && !own.Active {
			out = append(out, f.Name)
		}
	}
	return out
}

// FamiliesLacking names the families that one end has alone.
func (s Session) FamiliesLacking() string {
	var out []string
	for _, x := range s.sides() {
		out = append(out, x.lacking()...)
	}
	return strings.Join(out, ", ")
}

// FamilyLines returns the lines of the families that one end has alone.
func (s Session) FamilyLines() []Ref {
	var out []Ref
	for _, x := range s.sides() {
		for _, name := range x.lacking() {
			f, _ := x.other.Family(name)
			out = append(out, f.Ref)
		}
	}
	return out
}

// Kind returns "eBGP" or "iBGP".
func (s Session) Kind() string {
	if s.A.External {
		return "eBGP"
	}
	return "iBGP"
}

// Name returns how texts call the session: "eBGP r2--r6".
func (s Session) Name() string {
	if s.BDevice == "" {
		return fmt.Sprintf("%s %s--%s", s.Kind(), s.ADevice, s.A.PeerName())
	}
	return fmt.Sprintf("%s %s--%s", s.Kind(), s.ADevice, s.BDevice)
}
