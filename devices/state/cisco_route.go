package state

import (
	"net/netip"
	"strings"
)

// ciscoRoutes reads `show ip route` of IOS and EOS.
func ciscoRoutes(d *Device, t *text) {
	t.dedent()
	var rows []Route
	vrf := t.vrf()
	bits := -1 // of "10.0.0.0/24 is subnetted": lines below leave it out
	for i, line := range t.lines {
		trimmed := strings.TrimSpace(line)
		if v, ok := strings.CutPrefix(line, "Routing Table: "); ok {
			vrf = vrfName(strings.TrimSpace(v))
		} else if v, ok := strings.CutPrefix(line, "VRF: "); ok {
			vrf = vrfName(strings.TrimSpace(v))
		}
		switch {
		case trimmed == "" || strings.HasPrefix(trimmed, "Gateway of last resort"):
		case strings.Contains(trimmed, " is subnetted"):
			if p, ok := prefix(after(trimmed, "")); ok {
				bits = p.Bits()
			}
		case strings.Contains(trimmed, "variably subnetted"):
			bits = -1
		case strings.HasPrefix(trimmed, "[") || strings.HasPrefix(trimmed, "via "):
			if hop, ok := ciscoHop(trimmed); ok && len(rows) > 0 {
				rows[len(rows)-1].NextHops = append(rows[len(rows)-1].NextHops, hop)
			}
		default:
			if row, ok := ciscoRouteLine(line, bits); ok {
				row.Origin, row.VRF = t.origin(i), vrf
				rows = append(rows, row)
			}
		}
	}
	d.rib(rows)
}

// ciscoRouteLine reads "O IA  10.0.0.0/8 [110/2] via 10.1.1.1, 00:00:10, Gi0/1".
func ciscoRouteLine(line string, bits int) (Route, bool) {
	f := strings.Fields(line)
	code := ""
	at := -1
	for i, w := range f[:min(len(f), 4)] {
		if p, ok := prefix(w); ok && (p.Addr().Is4() || strings.Contains(w, ":")) {
			at = i
			break
		}
		code += w + " "
	}
	if at < 1 {
		return Route{}, false
	}
	p, ok := classful(f[at])
	if !strings.Contains(f[at], "/") && bits >= 0 {
		p = netip.PrefixFrom(p.Addr(), bits)
	}
	row := Route{Prefix: p, Protocol: ciscoProtocol(code), Distance: -1, Metric: -1, Selected: true, Installed: true}
	if !ok || row.Protocol == "" {
		return Route{}, false
	}
	rest := strings.Join(f[at+1:], " ")
	if strings.HasPrefix(rest, "[") {
		distance, metric, _ := strings.Cut(strings.TrimPrefix(rest, "["), "/")
		row.Distance, row.Metric = count(distance), count(metric)
	} else {
		row.Distance, row.Metric = 0, 0
	}
	if hop, ok := ciscoHop(rest); ok {
		if hop.Interface == "Null0" {
			row.Discard = "blackhole"
		} else {
			row.NextHops = append(row.NextHops, hop)
		}
	}
	return row, true
}

// ciscoHop reads "[110/2] via 10.1.1.1, 00:00:10, Gi0/1" and "is directly connected, Gi0/1".
func ciscoHop(s string) (NextHop, bool) {
	hop := NextHop{Active: true}
	if name := after(s, "is directly connected, "); name != "" {
		hop.Interface = ciscoName(name)
		return hop, true
	}
	_, rest, ok := strings.Cut(s, "via ")
	if !ok {
		return hop, false
	}
	for _, w := range strings.Split(rest, ",") {
		w = strings.TrimSpace(w)
		_, isTime := span(w)
		switch {
		case address(w).IsValid():
			hop.IP = address(w)
		case w == "" || w == "receive" || isTime || strings.Contains(w, " "):
		default:
			hop.Interface = ciscoName(w)
		}
	}
	return hop, hop.IP.IsValid() || hop.Interface != ""
}

// ciscoProtocol gives the letters before a prefix their name.
func ciscoProtocol(code string) string {
	code = strings.TrimRight(strings.TrimSpace(code), "*%+& ")
	first, _, _ := strings.Cut(code, " ")
	switch strings.TrimRight(first, "*%+") {
	case "C":
		return "connected"
	case "L":
		return "local"
	case "S":
		return "static"
	case "R":
		return "rip"
	case "O":
		return "ospf"
	case "i", "I":
		return "isis"
	case "B":
		return "bgp"
	case "D":
		return "eigrp"
	case "K":
		return "kernel"
	}
	return ""
}
