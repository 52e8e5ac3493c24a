package state

import (
	"math/bits"
	"net/netip"
	"strings"
	"time"
)

// junosOSPF reads `show ospf overview`.
func junosOSPF(d *Device, t *text) {
	var rows []OSPFProcess
	vrf := mainVRF
	for i, line := range t.lines {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "Instance: "):
			vrf = vrfName(after(line, "Instance: "))
		case strings.HasPrefix(line, "Router ID: "):
			rows = append(rows, OSPFProcess{Origin: t.origin(i), VRF: vrf, RouterID: after(line, "ID: "), Version: 2})
		case strings.HasPrefix(line, "Area: ") && len(rows) > 0:
			p := &rows[len(rows)-1]
			p.Areas = append(p.Areas, OSPFArea{Origin: t.origin(i), ID: after(line, "Area: "), Kind: "normal"})
		case strings.HasPrefix(line, "Stub type: ") && len(rows) > 0 && len(rows[len(rows)-1].Areas) > 0:
			as := rows[len(rows)-1].Areas
			if !strings.Contains(line, "Not Stub") {
				as[len(as)-1].Kind = areaKind(line)
			}
		}
	}
	d.ospf(rows)
}

// junosOSPFNeighbors reads `show ospf neighbor [detail]`.
func junosOSPFNeighbors(d *Device, t *text) {
	var rows []OSPFNeighbor
	vrf := t.vrf()
	for i, line := range t.lines {
		f := strings.Fields(line)
		if len(f) == 2 && f[0] == "Instance:" {
			vrf = vrfName(f[1])
		}
		if len(f) >= 5 && address(f[0]).Is4() && address(f[3]).Is4() {
			rows = append(rows, OSPFNeighbor{Origin: t.origin(i), Version: 2, VRF: vrf, Address: address(f[0]), Interface: f[1], State: ospfState(f[2]), RouterID: f[3]})
			continue
		}
		if len(rows) == 0 {
			continue
		}
		row := &rows[len(rows)-1]
		if id := after(line, "Area "); strings.Count(id, ".") == 3 {
			row.Area = id
			row.note(t.ref(i), "Area")
		}
		if _, up, ok := strings.Cut(line, "adjacent "); ok {
			if ago, ok := junosSpan(up); ok {
				row.Since = t.ago(ago, true)
				row.note(t.ref(i), "Since")
			}
		}
	}
	d.ospfNeighbors(rows)
}

// junosSpan reads "3w0d 16:50:35", "29w5d 22:42:36" and "16:50".
func junosSpan(s string) (time.Duration, bool) {
	var total time.Duration
	found := false
	for i, w := range strings.Fields(s) {
		w = strings.TrimSuffix(w, ",")
		if i > 1 {
			break
		}
		if strings.Count(w, ":") == 1 {
			w += ":00"
		}
		d, ok := span(w)
		total, found = total+d, found || ok
	}
	return total, found
}

// junosOSPFInterfaces reads `show ospf interface [detail]`.
func junosOSPFInterfaces(d *Device, t *text) {
	var rows []OSPFInterface
	vrf := t.vrf()
	for i, line := range t.lines {
		f := strings.Fields(line)
		if len(f) == 2 && f[0] == "Instance:" {
			vrf = vrfName(f[1])
		}
		if len(f) >= 6 && strings.Count(f[2], ".") == 3 && address(f[3]).Is4() {
			rows = append(rows, OSPFInterface{Origin: t.origin(i), Version: 2, VRF: vrf, Name: f[0], Up: f[1] != "Down", Area: f[2], NeighborCount: count(f[5]), AdjacentCount: -1})
			continue
		}
		if len(rows) == 0 || len(f) == 0 {
			continue
		}
		row, ref := &rows[len(rows)-1], t.ref(i)
		if kind := after(line, "Type: "); kind != "" {
			row.NetworkType = junosNetworkType(kind)
			if p, ok := prefix(after(line, "Address: ")); ok {
				row.Address = netip.PrefixFrom(p.Addr(), maskBits(address(after(line, "Mask: "))))
			}
			row.MTU, _ = number(after(line, "MTU: "))
			row.Cost, _ = number(after(line, "Cost: "))
			row.note(ref, "NetworkType", "Address", "MTU", "Cost")
		}
		if n, ok := number(after(line, "Hello: ")); ok {
			dead, _ := number(after(line, "Dead: "))
			row.Hello, row.Dead = time.Duration(n)*time.Second, time.Duration(dead)*time.Second
			row.note(ref, "Hello", "Dead")
		}
		if kind := after(line, "Auth type: "); kind != "" {
			row.Auth = strings.ToLower(kind)
			row.note(ref, "Auth")
		}
		if strings.Contains(line, "Passive") {
			row.Passive = true
			row.note(ref, "Passive")
		}
	}
	d.ospfInterfaces(rows)
}

// maskBits counts the bits of a mask: 255.255.255.252 has 30.
func maskBits(mask netip.Addr) int {
	n := 0
	for _, b := range mask.AsSlice() {
		n += bits.OnesCount8(b)
	}
	return n
}

func junosNetworkType(s string) string {
	switch s {
	case "LAN":
		return "broadcast"
	case "P2P":
		return "point-to-point"
	}
	return networkType(s)
}

// junosISIS reads `show isis adjacency`.
func junosISIS(d *Device, t *text) {
	var rows []ISISNeighbor
	for i, line := range t.lines {
		f := strings.Fields(line)
		if len(f) < 5 || f[0] == "Interface" || isisLevel(f[2]) == "" {
			continue
		}
		row := ISISNeighbor{Origin: t.origin(i), Interface: f[0], Level: isisLevel(f[2]), State: isisState(f[3])}
		row.SystemID, row.Hostname = systemID(f[1])
		rows = append(rows, row)
	}
	d.isisNeighbors(rows)
}

// junosRoutes reads `show route`.
func junosRoutes(d *Device, t *text) {
	t.dedent()
	var rows []Route
	table, p := "", netip.Prefix{}
	for i, line := range t.lines {
		trimmed := strings.TrimSpace(line)
		if name, rest, ok := strings.Cut(trimmed, ": "); ok && strings.Contains(rest, " destinations, ") {
			table = name
			continue
		}
		word, rest, _ := strings.Cut(trimmed, " ")
		if q, ok := prefix(word); ok && strings.Contains(word, "/") {
			p, trimmed = q, strings.TrimSpace(rest)
		}
		vrf, unicast := junosTable(table)
		if !unicast || !p.IsValid() {
			continue
		}
		if at := strings.Index(trimmed, "["); at >= 0 && at <= 1 {
			row := junosRoute(trimmed)
			row.Origin, row.VRF, row.Prefix = t.origin(i), vrf, p
			_, age, _ := strings.Cut(trimmed, "] ")
			ago, ok := junosSpan(age)
			row.Since = t.ago(ago, ok)
			rows = append(rows, row)
			continue
		}
		if len(rows) > 0 {
			junosNextHop(&rows[len(rows)-1], trimmed)
		}
	}
	d.rib(rows)
}

// junosTable tells the VRF of a table of unicast routes: "red.inet.0".
func junosTable(name string) (vrf string, unicast bool) {
	for _, kind := range []string{"inet.0", "inet6.0"} {
		if head, ok := strings.CutSuffix(name, kind); ok {
			return vrfName(strings.TrimSuffix(head, ".")), true
		}
	}
	return "", name == ""
}

// junosRoute reads "*[OSPF/10] 3w5d 18:30:36, metric 2".
func junosRoute(s string) Route {
	active := s[0] == '*' || s[0] == '+'
	_, in, _ := strings.Cut(s, "[")
	in, rest, _ := strings.Cut(in, "]")
	name, preference, _ := strings.Cut(in, "/")
	row := Route{Protocol: junosProtocol(name), Distance: count(preference), Metric: -1, Selected: active, Installed: active}
	if n, ok := number(after(rest, "metric ")); ok {
		row.Metric = n
	}
	return row
}

func junosProtocol(s string) string {
	s = strings.ToLower(s)
	switch {
	case s == "direct":
		return "connected"
	case s == "is-is":
		return "isis"
	case s == "aggregate", s == "access", s == "access-internal":
		return "static"
	case strings.HasPrefix(s, "ospf"):
		return "ospf"
	}
	return s
}

// junosNextHop reads "> to 10.0.0.1 via ge-0/0/1.0", "via lo0.0", "Discard".
func junosNextHop(row *Route, s string) {
	switch strings.ToLower(s) {
	case "discard":
		row.Discard = "blackhole"
		return
	case "reject":
		row.Discard = "unreachable"
		return
	case "local via":
		return
	}
	hop := NextHop{Active: strings.HasPrefix(s, ">"), IP: address(after(s, "to ")), Interface: after(s, "via ")}
	if hop.IP.IsValid() || hop.Interface != "" {
		hop.Active = hop.Active || row.Installed && len(row.NextHops) == 0
		row.NextHops = append(row.NextHops, hop)
	}
}
