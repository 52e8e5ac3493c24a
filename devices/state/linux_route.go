package state

import (
	"net/netip"
	"strings"
)

// ipRoute reads `ip route`, of one table or of all. Rows of broadcast,
// multicast and anycast addresses forward nothing and are left out.
func ipRoute(d *Device, t *text) {
	rows := make([]Route, 0, len(t.lines))
	for i, line := range t.lines {
		f := strings.Fields(line)
		if len(f) == 0 {
			continue
		}
		if f[0] == "nexthop" && len(rows) > 0 {
			rows[len(rows)-1].NextHops = append(rows[len(rows)-1].NextHops, kernelHop(f[1:]))
			continue
		}
		row, ok := kernelRoute(f)
		if !ok {
			if !skippedRoute(f[0]) {
				t.miss(i)
			}
			continue
		}
		if strings.Contains(t.answer.Query, "-6") && !row.Prefix.IsValid() || row.Prefix.Bits() == 0 && isDefault(f) {
			row.Prefix = defaultPrefix(t.answer.Query, f)
		}
		row.Origin = t.origin(i)
		rows = append(rows, row)
	}
	d.fib(rows)
}

func skippedRoute(word string) bool {
	switch word {
	case "broadcast", "multicast", "anycast", "Error:", "RTNETLINK", "cache":
		return true
	}
	return false
}

func isDefault(f []string) bool { return f[0] == "default" || len(f) > 1 && f[1] == "default" }

// defaultPrefix tells 0.0.0.0/0 from ::/0: the word is the same.
func defaultPrefix(query string, f []string) netip.Prefix {
	six := strings.Contains(query, "-6")
	for i := range f {
		if f[i] == "via" && i+1 < len(f) {
			six = address(f[i+1]).Is6()
		}
		if f[i] == "pref" {
			six = true
		}
	}
	if six {
		return netip.PrefixFrom(netip.IPv6Unspecified(), 0)
	}
	return netip.PrefixFrom(netip.IPv4Unspecified(), 0)
}

// kernelRoute reads "10.1.5.0/30 nhid 45 via 10.1.1.2 dev eth1 proto ospf metric 20".
func kernelRoute(f []string) (Route, bool) {
	row := Route{VRF: mainVRF, Distance: -1, Metric: 0, Selected: true, Installed: true}
	kind := "unicast"
	switch f[0] {
	case "local", "blackhole", "unreachable", "prohibit", "throw", "unicast":
		kind, f = f[0], f[1:]
	case "broadcast", "multicast", "anycast":
		return row, false
	}
	if len(f) == 0 {
		return row, false
	}
	p, ok := prefix(f[0])
	if f[0] == "default" {
		p, ok = netip.PrefixFrom(netip.IPv4Unspecified(), 0), true
	}
	if !ok {
		return row, false
	}
	row.Prefix = p
	proto := kernelRouteWords(&row, f[1:])
	switch kind {
	case "blackhole", "unreachable", "prohibit":
		row.Discard = kind
	case "local", "unicast":
		if hop := kernelHop(f[1:]); hop.IP.IsValid() || hop.Interface != "" {
			row.NextHops = append(row.NextHops, hop)
		}
	}
	row.Protocol = kernelProtocol(proto, kind, row.NextHops)
	return row, true
}

// kernelRouteWords reads the words behind the prefix; it returns the protocol.
func kernelRouteWords(row *Route, f []string) string {
	proto := ""
	for i := 0; i+1 < len(f); i++ {
		switch f[i] {
		case "proto":
			proto = f[i+1]
		case "metric":
			row.Metric, _ = number(f[i+1])
		case "table":
			if f[i+1] != "local" && f[i+1] != "main" && f[i+1] != "254" && f[i+1] != "255" {
				row.VRF = f[i+1]
			}
		}
	}
	return proto
}

// kernelHop reads "via 10.1.1.2 dev eth1 weight 1 linkdown".
func kernelHop(f []string) NextHop {
	hop := NextHop{Active: true}
	for i, w := range f {
		switch {
		case w == "dead" || w == "linkdown":
			hop.Active = false
		case i+1 == len(f):
		case w == "via":
			hop.IP = address(f[i+1])
			if !hop.IP.IsValid() && i+2 < len(f) { // via inet6 fe80::1
				hop.IP = address(f[i+2])
			}
		case w == "dev":
			hop.Interface = f[i+1]
		}
	}
	return hop
}

// kernelProtocol names who set a route. A route without a protocol was set by
// hand or at boot.
func kernelProtocol(proto, kind string, hops []NextHop) string {
	switch {
	case kind == "local":
		return "local"
	case proto == "kernel" && len(hops) > 0 && !hops[0].IP.IsValid():
		return "connected"
	case proto == "" || proto == "boot" || proto == "static" || proto == "zebra":
		return "static"
	}
	return proto
}

// ipNeigh reads `ip neigh`.
func ipNeigh(d *Device, t *text) {
	var rows []Neighbor
	for i, line := range t.lines {
		f := strings.Fields(line)
		if len(f) == 0 {
			continue
		}
		ip := address(f[0])
		if !ip.IsValid() {
			t.miss(i)
			continue
		}
		row := Neighbor{Origin: t.origin(i), IP: ip, Interface: after(line, " dev "), MAC: after(line, " lladdr ")}
		for _, w := range f[1:] {
			if w == strings.ToUpper(w) && w[0] >= 'A' && w[0] <= 'Z' {
				row.State = w
			}
		}
		if row.State == "NOARP" {
			continue // multicast and the device's own
		}
		rows = append(rows, row)
	}
	d.neighbors(rows)
}

func (d *Device) neighbors(rows []Neighbor) {
	d.Neighbors = mergeRows(d.Neighbors, rows, func(x *Neighbor) string { return x.IP.String() + " " + x.Interface })
}

// arpTable reads `arp -n` and `arp -an`.
func arpTable(d *Device, t *text) {
	var rows []Neighbor
	for i, line := range t.lines {
		f := strings.Fields(line)
		switch {
		case len(f) >= 5 && address(f[0]).IsValid(): // 10.0.0.1 ether 02:00:00:00:00:01 C eth0
			rows = append(rows, Neighbor{Origin: t.origin(i), IP: address(f[0]), MAC: f[2], Interface: f[len(f)-1], State: "REACHABLE"})
		case len(f) >= 3 && address(f[0]).IsValid(): // 10.0.0.7 (incomplete) eth0
			rows = append(rows, Neighbor{Origin: t.origin(i), IP: address(f[0]), Interface: f[len(f)-1], State: "INCOMPLETE"})
		case len(f) >= 6 && f[2] == "at": // ? (10.0.0.1) at 02:00:00:00:00:01 [ether] on eth0
			row := Neighbor{Origin: t.origin(i), IP: address(strings.Trim(f[1], "()")), MAC: f[3], Interface: f[len(f)-1], State: "REACHABLE"}
			if strings.HasPrefix(f[3], "<") {
				row.MAC, row.State = "", "INCOMPLETE"
			}
			rows = append(rows, row)
		}
	}
	d.neighbors(rows)
}
