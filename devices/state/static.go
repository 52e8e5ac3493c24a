package state

import (
	"net/netip"
	"slices"
)

// A Static is a static route of a router.
type Static struct {
	D     *Device
	Route Route

	net *Network
}

// Statics returns the static routes of all routers.
func (n *Network) Statics() []Static {
	var out []Static
	for _, d := range n.Devices {
		if d.IsHost() {
			continue
		}
		for _, r := range d.RIB {
			if r.Protocol == "static" {
				out = append(out, Static{d, r, n})
			}
		}
	}
	return out
}

// Victim returns the device whose subnet the route's prefix is, or lies in;
// nil if no other device has it. A shorter prefix, an aggregate, is nobody's.
func (s Static) victim() (*Device, netip.Addr) {
	for _, d := range s.net.Devices {
		if d == s.D {
			continue
		}
		for _, i := range d.Interfaces {
			for _, a := range i.Addresses {
				if s.Route.Prefix.Contains(a.Prefix.Addr()) && s.Route.Prefix.Bits() >= a.Prefix.Bits() && s.Route.Prefix.Bits() > 0 && !managed(i.Name) {
					return d, a.Prefix.Addr()
				}
				if p := a.Prefix.Masked(); !p.IsSingleIP() && p.Contains(s.Route.Prefix.Addr()) && s.Route.Prefix.Bits() >= p.Bits() && !managed(i.Name) && !s.net.attached(s.D, p) {
					return d, s.Route.Prefix.Addr().Next()
				}
			}
		}
	}
	return nil, netip.Addr{}
}

// attached reports whether d has an interface in a subnet.
func (n *Network) attached(d *Device, p netip.Prefix) bool {
	return slices.ContainsFunc(d.Interfaces, func(i Interface) bool {
		return slices.ContainsFunc(i.Addresses, func(a Address) bool { return p.Contains(a.Prefix.Addr()) })
	})
}

// Victim names the device whose subnet the route takes; "" if none.
func (s Static) Victim() string {
	d, _ := s.victim()
	if d == nil {
		return ""
	}
	return d.Name
}

// Swallows reports whether the route discards what another device's subnet
// should get.
func (s Static) Swallows() bool {
	return s.Route.Discard != "" && s.Route.Selected && s.Victim() != ""
}

// walk follows the route to an address in its prefix.
func (s Static) walk() Path {
	_, to := s.victim()
	if !to.IsValid() {
		to = s.Route.Prefix.Masked().Addr().Next()
	}
	return s.net.walkOneWay(s.D.Name, Flow{Dst: to})
}

// Astray reports whether the route leads where nobody takes its packets on.
func (s Static) Astray() bool {
	if s.Route.Discard != "" || s.Route.Prefix.Bits() == 0 {
		return false
	}
	p := s.walk()
	return p.uses(s) && (p.Outcome == NoRoute && len(p.Hops) > 1 || p.Outcome == NoAnswer && len(p.Hops) == 1 || p.Outcome == Misdeliver) || s.inactive()
}

// inactive reports whether none of the next hops is usable.
func (s Static) inactive() bool {
	return len(s.Route.NextHops) > 0 && !slices.ContainsFunc(s.Route.NextHops, func(nh NextHop) bool { return nh.Active })
}

// Circles reports whether packets that follow the route come back.
func (s Static) Circles() bool {
	p := s.walk()
	return s.Route.Discard == "" && s.Route.Prefix.Bits() > 0 && p.uses(s) && p.Outcome == Loops
}

// uses reports whether the path's first hop follows the static route.
func (p Path) uses(s Static) bool {
	return len(p.Hops) > 0 && p.Hops[0].Route.Prefix.Masked() == s.Route.Prefix.Masked()
}

// Reason says in words where the route leads.
func (s Static) Reason() string {
	if s.inactive() {
		return "its next hop is not usable"
	}
	return s.walk().Reason
}

// Proof returns the lines of the walk.
func (s Static) Proof() []Ref { return s.walk().Proof }

// Config returns the line that configures the route.
func (s Static) Config() Ref {
	words := "ip route "
	if s.Route.Prefix.Addr().Is6() {
		words = "ipv6 route "
	}
	return s.D.ConfiguredUnder("", words+s.Route.Prefix.String())
}

// PlatformOf returns the platform of the device at a place.
func (s Static) PlatformOf(place string) string { return s.net.platformOf(place) }
