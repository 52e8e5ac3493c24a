package state

import (
	"net/netip"
	"slices"
	"strings"
)

// ocHop is one next hop of the abstract forwarding table.
type ocHop struct {
	NextHop
	told bool
}

// ocFIB reads openconfig-aft: a prefix points at a group, the group at its
// next hops. Where the answer holds prefixes only, the next hops stay unknown.
func ocFIB(d *Device, lines []ocLine) {
	var routes ocRows[Route]
	groupOf := map[string]string{}
	groups := map[string][]string{}
	hops := map[string]*ocHop{}
	for _, l := range lines {
		at, ok := l.under(ocInstance + "/afts")
		if !ok {
			continue
		}
		vrf := vrfName(l.key(1, "name"))
		switch rest := l.names(at); {
		case under(rest, "ipv4-unicast/ipv4-entry") || under(rest, "ipv6-unicast/ipv6-entry"):
			p, err := netip.ParsePrefix(l.key(at+1, "prefix"))
			if err != nil {
				continue
			}
			key := vrf + " " + p.String()
			row := routes.at(key, l, func(o Origin) Route {
				return Route{Origin: o, VRF: vrf, Prefix: p, Distance: -1, Metric: -1, Selected: true, Installed: true}
			})
			switch l.names(at + 2) {
			case "state/origin-protocol":
				row.Protocol = ocProtocol(l.value)
				row.note(l.ref, "Protocol")
			case "state/next-hop-group":
				groupOf[key] = vrf + " " + l.value
				row.note(l.ref, "NextHops", "Discard")
			}
		case under(rest, "next-hop-groups/next-hop-group/next-hops/next-hop"):
			g := vrf + " " + l.key(at+1, "id")
			if hop := vrf + " " + l.key(at+3, "index"); !slices.Contains(groups[g], hop) {
				groups[g] = append(groups[g], hop)
			}
		case under(rest, "next-hops/next-hop"):
			key := vrf + " " + l.key(at+1, "index")
			if hops[key] == nil {
				hops[key] = &ocHop{NextHop: NextHop{VRF: vrf, Active: true}}
			}
			hops[key].read(l, l.names(at+2))
		}
	}
	for _, key := range routes.order {
		routes.rows[key].resolve(groups[groupOf[key]], hops)
	}
	d.fib(routes.all())
}

func (h *ocHop) read(l ocLine, rest string) {
	h.told = true
	switch rest {
	case "state/ip-address":
		h.IP = address(l.value)
	case "interface-ref/state/interface":
		h.Interface = l.value
	}
}

// resolve gives a route the next hops of its group. One of neither address
// nor interface discards.
func (r *Route) resolve(group []string, hops map[string]*ocHop) {
	for _, key := range group {
		h := hops[key]
		switch {
		case h == nil || !h.told:
		case !h.IP.IsValid() && h.Interface == "":
			r.Discard = "blackhole"
		case strings.HasPrefix(strings.ToLower(h.Interface), "null"):
			r.Discard = "blackhole"
		default:
			r.NextHops = append(r.NextHops, h.NextHop)
		}
	}
}

// ocProtocol gives an origin its name in this package.
func ocProtocol(s string) string {
	switch s = ocWord(s); s {
	case "directly-connected":
		return "connected"
	case "local-aggregate":
		return "aggregate"
	case "ospf3":
		return "ospf"
	}
	return s
}
