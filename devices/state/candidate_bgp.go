package state

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// bgp replaces the sessions of a process by its neighbour statements, with what
// their peer groups say. FRR prints no default: IPv4 unicast is active for a
// neighbour unless "no bgp default ipv4-unicast" stands.
func (c intention) bgp(s *ConfigLine) {
	head := strings.Fields(s.Text)
	if len(head) < 3 {
		return // without its number it is no process
	}
	as, _ := strconv.ParseUint(head[2], 10, 32)
	vrf := configVRF(s.Text)
	c.d.BGPSessions = slices.DeleteFunc(slices.Clone(c.d.BGPSessions), func(x BGPSession) bool { return x.VRF == vrf })
	ipv4 := true
	for _, l := range s.Children {
		switch f := strings.Fields(l.Text); {
		case l.Text == "no bgp default ipv4-unicast":
			ipv4 = false
		case len(f) > 2 && f[0] == "bgp" && f[1] == "router-id":
			c.bgpRouterID(l, vrf, f[2])
		}
	}
	groups := map[string][]*ConfigLine{}
	member := func(name string) *BGPSession {
		peer, err := netip.ParseAddr(name)
		if err != nil {
			return nil
		}
		for i := range c.d.BGPSessions {
			if x := &c.d.BGPSessions[i]; x.Peer == peer && x.VRF == vrf {
				return x
			}
		}
		return nil
	}
	for _, l := range s.Children {
		f := strings.Fields(l.Text)
		if len(f) < 3 || f[0] != "neighbor" {
			continue
		}
		peer, err := netip.ParseAddr(f[1])
		if err != nil {
			groups[f[1]] = append(groups[f[1]], l)
			continue
		}
		n := member(f[1])
		if n == nil {
			row := BGPSession{Origin: c.origin(l), VRF: vrf, Peer: peer, LocalAS: uint32(as)}
			if ipv4 {
				row.Families = []BGPFamily{{Name: "ipv4 unicast", Offered: true, Received: -1, Sent: -1, Ref: c.ref(l)}}
			}
			c.d.BGPSessions = append(c.d.BGPSessions, row)
			n = &c.d.BGPSessions[len(c.d.BGPSessions)-1]
		}
		if f[2] == "peer-group" && len(f) > 3 {
			n.PeerGroup = f[3]
			for _, of := range groups[f[3]] {
				c.neighbor(n, of, strings.Fields(of.Text)[2:])
			}
			continue
		}
		c.neighbor(n, l, f[2:])
	}
	c.bgpFamilies(s, vrf)
}

// bgpFamilies reads what the section's address families say of its neighbours.
func (c intention) bgpFamilies(s *ConfigLine, vrf string) {
	for _, family := range s.Children {
		name, ok := strings.CutPrefix(family.Text, "address-family ")
		if !ok {
			continue
		}
		for _, l := range family.Children {
			f := strings.Fields(l.Text)
			if len(f) < 3 || f[0] != "neighbor" {
				continue
			}
			for i := range c.d.BGPSessions {
				if x := &c.d.BGPSessions[i]; x.VRF == vrf && (x.Peer.String() == f[1] || x.PeerGroup == f[1]) {
					c.family(x, name, l, f[2:])
				}
			}
		}
	}
}

// bgpRouterID takes "bgp router-id ID".
func (c intention) bgpRouterID(l *ConfigLine, vrf, id string) {
	for i := range c.d.BGP {
		if c.d.BGP[i].VRF == vrf {
			c.d.BGP[i].RouterID = id
			c.cite(&c.d.BGP[i].Origin, l, "RouterID")
		}
	}
}

// family takes a neighbour's line of an address family.
func (c intention) family(n *BGPSession, name string, l *ConfigLine, f []string) {
	i := slices.IndexFunc(n.Families, func(x BGPFamily) bool { return x.Name == name })
	if i < 0 {
		i = len(n.Families)
		n.Families = append(n.Families, BGPFamily{Name: name, Received: -1, Sent: -1, Ref: c.ref(l)})
	}
	x := &n.Families[i]
	note := func(field string) {
		o := Origin{Fields: x.Fields}
		c.cite(&o, l, field)
		x.Fields = o.Fields
	}
	switch f[0] {
	case "activate":
		x.Offered = true
		note("Offered")
	case "next-hop-self":
		x.NextHopSelf = true
		note("NextHopSelf")
	case "route-reflector-client":
		x.ReflectorClient = true
		note("ReflectorClient")
	case "maximum-prefix":
		x.MaxPrefixes, _ = strconv.Atoi(f[min(1, len(f)-1)])
		note("MaxPrefixes")
	case "route-map", "prefix-list", "filter-list", "distribute-list":
		if len(f) < 3 {
			return
		}
		x.Ref = c.ref(l) // the line by which the policy is named
		if f[2] == "in" {
			x.ImportPolicy = f[1]
			note("ImportPolicy")
		} else {
			x.ExportPolicy = f[1]
			note("ExportPolicy")
		}
	}
}

// neighbor takes one "neighbor PEER ..." line.
func (c intention) neighbor(n *BGPSession, l *ConfigLine, f []string) {
	value := f[min(1, len(f)-1)]
	switch f[0] {
	case "remote-as":
		as, _ := strconv.ParseUint(value, 10, 32)
		n.PeerAS = uint32(as)
		if value == "internal" {
			n.PeerAS = n.LocalAS
		}
		n.External = value == "external" || as != 0 && n.PeerAS != n.LocalAS
		c.cite(&n.Origin, l, "PeerAS")
	case "shutdown":
		n.AdminDown = true
		c.cite(&n.Origin, l, "AdminDown")
	case "password":
		n.Password = true
		c.cite(&n.Origin, l, "Password")
	case "update-source":
		n.UpdateSource = value
		c.cite(&n.Origin, l, "UpdateSource")
	case "ebgp-multihop":
		n.Multihop = 255
		c.cite(&n.Origin, l, "Multihop")
	case "ttl-security":
		n.TTLSecurity, _ = strconv.Atoi(f[len(f)-1])
		c.cite(&n.Origin, l, "TTLSecurity")
	case "description":
		n.Description = strings.Join(f[1:], " ")
		c.cite(&n.Origin, l, "Description")
	}
}
