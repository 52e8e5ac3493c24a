package state

import "strings"

// rib and fib join rows; a device may hold several routes of one prefix.
func (d *Device) rib(rows []Route) { d.RIB = mergeRows(d.RIB, rows, routeKey) }

func (d *Device) fib(rows []Route) { d.FIB = mergeRows(d.FIB, rows, routeKey) }

func routeKey(x *Route) string { return x.VRF + " " + x.Prefix.String() + " " + x.Protocol }

// frrProtocols are the letters of the legend of `show ip route`.
const frrProtocols = "K kernel C connected L local S static R rip O ospf I isis B bgp E eigrp N nhrp T table D sharp A babel F pbr f openfabric v vnc V vnc"

// routeProtocol gives the letter of the legend its name.
func routeProtocol(letter string) string {
	f := strings.Fields(frrProtocols)
	for i := 0; i+1 < len(f); i += 2 {
		if f[i] == letter {
			return f[i+1]
		}
	}
	return ""
}

// frrRoutes reads `show ip route` and `show ipv6 route`.
func frrRoutes(d *Device, t *text) { d.rib(frrRouteTable(t)) }

// frrFIB reads `show ip fib` and `show ipv6 fib`.
func frrFIB(d *Device, t *text) { d.fib(frrRouteTable(t)) }

func frrRouteTable(t *text) []Route {
	rows := make([]Route, 0, len(t.lines))
	vrf, legend := t.vrf(), false
	for i, line := range t.lines {
		switch {
		case strings.HasPrefix(line, "Codes:"):
			legend = true
			continue
		case legend && strings.HasPrefix(line, "       "):
			continue
		case strings.HasPrefix(line, "VRF ") || strings.HasPrefix(line, "% "):
			if v, ok := vrfLine(line); ok {
				vrf = v
			}
			continue
		case strings.TrimSpace(line) == "":
			legend = false
			continue
		}
		if line[0] == ' ' {
			if hop, ok := frrHop(line); ok && len(rows) > 0 {
				row := &rows[len(rows)-1]
				row.NextHops = append(row.NextHops, hop)
				row.Installed = row.Installed || hop.Active // what a recursive next hop resolves to
			}
			continue
		}
		row, ok := frrRouteLine(line)
		if !ok {
			t.miss(i)
			continue
		}
		row.Origin, row.VRF = t.origin(i), vrf
		if at := strings.LastIndex(line, ", "); at >= 0 {
			up, ok := span(line[at+2:])
			row.Since = t.ago(up, ok)
		}
		rows = append(rows, row)
	}
	return rows
}

// frrRouteLine reads "O>* 10.1.5.0/30 [110/20] via 10.1.1.2, eth1, weight 1, 00:00:45".
func frrRouteLine(line string) (Route, bool) {
	if len(line) < 5 {
		return Route{}, false
	}
	row := Route{Protocol: routeProtocol(line[:1]), Distance: -1, Metric: -1}
	flags, rest, ok := strings.Cut(line[1:], " ")
	for ok && !strings.ContainsAny(flags, "./:") { // flags stand in up to three columns
		row.Selected = row.Selected || strings.Contains(flags, ">")
		row.Installed = row.Installed || strings.Contains(flags, "*")
		rest = strings.TrimLeft(rest, " ")
		flags, rest, ok = strings.Cut(rest, " ")
	}
	p, valid := prefix(flags)
	if !valid || row.Protocol == "" {
		return Route{}, false
	}
	row.Prefix = p
	if after, ok := strings.CutPrefix(rest, "["); ok {
		distance, metric, _ := strings.Cut(after, "/")
		row.Distance, row.Metric = count(distance), count(metric)
		if _, tail, ok := strings.Cut(after, "] "); ok {
			rest = tail
		}
	}
	if row.Protocol == "connected" && row.Distance < 0 {
		row.Distance, row.Metric = 0, 0
	}
	if hop, ok := frrHopWords(rest); ok {
		hop.Active = hop.Active && row.Installed
		row.NextHops = append(row.NextHops, hop)
	}
	row.Discard = discard(rest)
	return row, true
}

// discard recognises "unreachable (blackhole)", "unreachable (ICMP unreachable)"
// and "unreachable (ICMP admin-prohibited)".
func discard(s string) string {
	if !strings.HasPrefix(s, "unreachable") {
		return ""
	}
	switch {
	case strings.Contains(s, "blackhole"):
		return "blackhole"
	case strings.Contains(s, "prohibited"):
		return "prohibit"
	case strings.Contains(s, "reject"):
		return "reject"
	}
	return "unreachable"
}

// frrHop reads a further next hop's line: "  *  via 10.1.1.2, eth1, weight 1, 00:00:45".
func frrHop(line string) (NextHop, bool) {
	s := strings.TrimSpace(line)
	active := strings.HasPrefix(s, "*")
	hop, ok := frrHopWords(strings.TrimLeft(s, "*brqt> "))
	hop.Active = hop.Active && active
	return hop, ok
}

// frrHopWords reads "via 10.1.1.2, eth1 inactive" or "is directly connected, eth1".
func frrHopWords(s string) (NextHop, bool) {
	hop := NextHop{Active: !strings.Contains(s, "inactive")}
	rest, direct := strings.CutPrefix(s, "is directly connected, ")
	if direct {
		hop.Interface = after(rest, "")
	} else {
		rest, ok := strings.CutPrefix(s, "via ")
		if !ok {
			return NextHop{}, false
		}
		hop.IP = address(after(rest, ""))
		hop.Recursive = strings.Contains(rest, "(recursive)")
		if _, tail, ok := strings.Cut(rest, ", "); ok {
			if word := after(tail, ""); word != "weight" && !strings.Contains(word, ":") {
				hop.Interface = word
			}
		}
		if hop.Interface == "inactive" {
			hop.Interface = ""
		}
	}
	hop.VRF = strings.TrimRight(after(s, "(vrf "), "),")
	return hop, true
}

// frrRouteEntry reads `show ip route PREFIX`: the entries of one prefix.
func frrRouteEntry(d *Device, t *text) {
	var rows []Route
	for i, line := range t.lines {
		if rest, ok := strings.CutPrefix(line, "Routing entry for "); ok {
			p, ok := prefix(after(rest, ""))
			if !ok {
				t.miss(i)
				continue
			}
			rows = append(rows, Route{Origin: t.origin(i), VRF: t.vrf(), Prefix: p, Distance: -1, Metric: -1})
			continue
		}
		if len(rows) > 0 {
			frrRouteEntryLine(&rows[len(rows)-1], t, i)
		}
	}
	d.rib(rows)
}

func frrRouteEntryLine(row *Route, t *text, i int) {
	line, ref := strings.TrimSpace(t.lines[i]), t.ref(i)
	switch {
	case strings.HasPrefix(line, "Known via "):
		row.Protocol = strings.Trim(after(line, "Known via "), `"`)
		row.Distance, row.Metric = count(after(line, "distance ")), count(after(line, "metric "))
		row.Selected = strings.HasSuffix(line, ", best")
		if v := after(line, "vrf "); v != "" {
			row.VRF = vrfName(v)
		}
		row.note(ref, "Protocol", "Distance", "Metric", "Selected")
	case strings.HasPrefix(line, "Last update "):
		up, ok := span(after(line, "update "))
		row.Since = t.ago(up, ok)
	case line != "":
		frrEntryHop(row, line, ref)
	}
}

// frrEntryHop reads "* 10.1.1.2, via eth1, weight 1", "directly connected, eth1"
// or "10.255.0.2 inactive" below a routing entry.
func frrEntryHop(row *Route, line string, ref Ref) {
	active := strings.HasPrefix(line, "*")
	s := strings.TrimLeft(line, "*> ")
	hop := NextHop{Active: active, Interface: after(s, "via ")}
	switch word := after(s, ""); {
	case address(word).IsValid():
		hop.IP = address(word)
		hop.Recursive = strings.Contains(s, "(recursive)")
	case strings.HasPrefix(s, "directly connected, "):
		hop.Interface = after(s, "connected, ")
	case discard(s) != "":
		row.Discard = discard(s)
		row.Installed = row.Installed || active
		row.note(ref, "Discard", "Installed")
		return
	default:
		return
	}
	row.Installed = row.Installed || active
	row.NextHops = append(row.NextHops, hop)
	row.note(ref, "NextHops", "Installed")
}
