package state

import (
	"slices"
	"strings"
)

// Undefined returns the route maps, prefix lists and filter lists that the
// neighbour statements refer to and that their devices do not define, as
// "device name".
func (s Session) Undefined() []string {
	var out []string
	for _, x := range s.sides() {
		for _, f := range x.own.Families {
			for _, name := range f.UnknownPolicies {
				out = append(out, x.device+" "+name)
			}
			for _, name := range []string{f.ImportPolicy, f.ExportPolicy} {
				if name != "" && x.node != nil && x.node.Config != nil && !x.node.defines(name) {
					out = append(out, x.device+" "+name)
				}
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// defines reports whether the configuration defines a policy of that name.
func (d *Device) defines(name string) bool {
	for _, head := range []string{"route-map ", "ip prefix-list ", "ipv6 prefix-list ", "access-list ", "ip access-list ", "bgp as-path access-list "} {
		if len(d.Config.Sections(head+name)) > 0 {
			return true
		}
	}
	return false
}

// UndefinedAt returns the devices that refer to what they do not define.
func (s Session) UndefinedAt() []string {
	var out []string
	for _, u := range s.Undefined() {
		device, _, _ := strings.Cut(u, " ")
		out = append(out, device)
	}
	return slices.Compact(out)
}

// FamilyPolicies returns the lines in which the ends tell the policies of
// their address families.
func (s Session) FamilyPolicies() []Ref {
	var out []Ref
	for _, x := range s.sides() {
		for _, f := range x.own.Families {
			if f.ImportPolicy+f.ExportPolicy != "" || len(f.UnknownPolicies) > 0 {
				out = append(out, f.Cite("UnknownPolicies"), f.Ref)
			}
		}
	}
	return out
}

// UnmatchedProof returns that the peer's table of sessions lacks this end.
func (s Session) UnmatchedProof() []Absence {
	if s.A.Local.IsValid() {
		return []Absence{s.BNode.Lacks(TableBGPNbrs, "BGP neighbor is "+s.A.Local.String())}
	}
	for _, i := range s.ANode.Interfaces {
		for _, a := range i.Addresses {
			if l, ok := s.Link(); ok && (l.A.Interface.Name == i.Name || l.B.Interface.Name == i.Name) && a.Prefix.Masked().Contains(s.A.Peer) {
				return []Absence{s.BNode.Lacks(TableBGPNbrs, "BGP neighbor is "+a.Prefix.Addr().String())}
			}
		}
	}
	return nil
}

// Planned reports whether the description of the end that is shut says that
// the session is not in use on purpose.
func (s Session) Planned() bool {
	for _, x := range s.sides() {
		if x.own.AdminDown && (Interface{Description: x.own.Description}).Planned() {
			return true
		}
	}
	return false
}

// LimitLines returns the lines that tell the limits and what was received.
func (s Session) LimitLines() []Ref {
	var out []Ref
	for _, x := range s.sides() {
		for _, f := range x.own.Families {
			o := Origin{Row: f.Ref, Fields: f.Fields}
			if f.MaxPrefixes > 0 {
				out = append(out, o.Cite("LimitExceeded"), o.Cite("MaxPrefixes"), o.Cite("Received"))
			}
		}
	}
	return out
}
