package state

import (
	"slices"
	"strings"
	"time"
)

// AllShut reports whether every interface that links the device to another is
// administratively down, two of them at least.
func (x Node) AllShut() bool {
	own, _ := x.links()
	for _, e := range own {
		if !e.Known() || e.Interface.AdminUp {
			return false
		}
	}
	return x.D != nil && len(own) > 1
}

// ShutLines returns the lines of those interfaces.
func (x Node) ShutLines() []Ref {
	own, _ := x.links()
	var out []Ref
	for _, e := range own {
		out = append(out, e.Interface.Cite("AdminUp"))
	}
	return out
}

// PolicyMissing returns the devices that discard all routes of the session for
// want of a policy (RFC 8212).
func (s Session) PolicyMissing() []string {
	return s.where(func(x side) bool {
		return slices.ContainsFunc(x.own.Families, func(f BGPFamily) bool { return f.PolicyRequired })
	})
}

// PolicyMissingLines returns the lines that say so.
func (s Session) PolicyMissingLines() []Ref {
	var out []Ref
	for _, x := range s.sides() {
		for _, f := range x.own.Families {
			if f.PolicyRequired {
				out = append(out, f.Ref)
			}
		}
	}
	return out
}

// DearEnds returns the ends whose OSPF cost is out of all proportion to that
// of the other end, without a description that says why.
func (l Link) DearEnds() []string {
	return l.where(func(e, far End) bool {
		return e.RunsOSPF() && far.RunsOSPF() && far.OSPF.Cost > 0 && e.OSPF.Cost >= 10*far.OSPF.Cost && !meant(e.Interface.Description)
	})
}

// meant reports whether a description says that something unusual is on
// purpose.
func meant(description string) bool {
	d := strings.ToLower(description)
	return slices.ContainsFunc([]string{"by design", "on purpose", "backup", "high cost", "drain", "maintenance", "planned", "last resort"}, func(w string) bool { return strings.Contains(d, w) })
}

// Flaps reports whether an interface went down three times or more, and lately:
// within seconds of the answer that says so. Of the two ends of a link it is the
// one that went down more often, for it is the one that is switched.
func (p Port) Flaps() bool {
	if !p.flaps() || p.Config("shutdown").Device != "" {
		return false
	}
	far := Port{End: p.Far}
	return !p.Linked || p.Far.Node == nil || !far.flaps() || p.Interface.LinkDowns > p.Far.Interface.LinkDowns ||
		p.Interface.LinkDowns == p.Far.Interface.LinkDowns && p.Place() < p.Far.Place()
}

func (p Port) flaps() bool {
	const lately = 10 * time.Second
	at := p.Node.answered[p.Interface.Cite("LastChange").Query]
	if p.Interface.LinkDowns < 3 || p.Interface.LastChange.IsZero() || at.IsZero() {
		return false
	}
	return at.Sub(p.Interface.LastChange).Abs() < lately
}

// BFDDown returns the lines of the BFD sessions that are down.
func (x Node) BFDDown() []Ref {
	var out []Ref
	if x.D == nil {
		return nil
	}
	for _, b := range x.D.BFD {
		if !b.Up && b.State != "" && !strings.EqualFold(b.State, "AdminDown") {
			out = append(out, b.Cite("State"))
		}
	}
	return out
}

// StoppedBy reports whether the flow, or its answers, end at a device for a
// reason: filter, blackhole, forwarding, rp_filter, down.
func (p Path) StoppedBy(reason string) bool {
	b := p.broken()
	return b != nil && b.By == reason
}

// SubnetsApart reports whether both ends are routers with IPv4 addresses and
// share no subnet.
func (l Link) SubnetsApart() bool {
	a, b := l.A.subnets(true), l.B.subnets(true)
	if !l.Known() || l.A.Node.IsHost() || l.B.Node.IsHost() || len(a) == 0 || len(b) == 0 || !l.A.Up() || !l.B.Up() {
		return false
	}
	for _, p := range a {
		for _, q := range b {
			if p.Masked().Contains(q.Addr()) || q.Masked().Contains(p.Addr()) {
				return false
			}
		}
	}
	return true
}

// SubnetOdd returns both ends: what is wrong with either cannot be told from
// the two alone.
func (l Link) SubnetOdd() []string { return []string{l.A.Place(), l.B.Place()} }

// AddressLines returns the lines of the IPv4 addresses of both ends.
func (l Link) AddressLines() []Ref {
	var out []Ref
	for _, e := range l.Ends() {
		for _, a := range e.Interface.Addresses {
			if a.Prefix.Addr().Is4() {
				out = append(out, a.cite(&e.Interface))
			}
		}
	}
	return out
}
