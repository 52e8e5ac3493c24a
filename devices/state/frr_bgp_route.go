package state

import (
	"net/netip"
	"strings"
)

// bgpRoutes joins paths: one prefix may have many.
func (d *Device) bgpRoutes(rows []BGPRoute) {
	d.BGPRoutes = mergeRows(d.BGPRoutes, rows, func(x *BGPRoute) string {
		return x.VRF + " " + x.Family + " " + x.Prefix.String() + x.Text + " " + x.NextHop.String()
	})
}

// frrBGPTable reads the table of `show bgp ipv4 unicast`. The columns stand
// where the heading has them; what is too long for its column pushes the rest
// to a further line.
func frrBGPTable(d *Device, t *text) {
	r := bgpTableReader{t: t, vrf: t.vrf(), family: familyOf(t), rows: make([]BGPRoute, 0, len(t.lines))}
	for i := 0; i < len(t.lines); i++ {
		line := t.lines[i]
		switch {
		case strings.HasPrefix(line, "Instance "):
			r.vrf = vrfName(strings.TrimSuffix(strings.TrimPrefix(line, "Instance "), ":"))
		case strings.Contains(line, " Network ") && strings.Contains(line, "Next Hop"):
			r.cols = newBGPColumns(line)
		case strings.HasPrefix(line, "Displayed") || strings.HasPrefix(line, "Total number"):
			r.cols = bgpColumns{}
		case r.cols.network > 0 && len(line) > r.cols.network && strings.ContainsAny(line[:1], " *sdhrSRV=INA"):
			i = r.route(i)
		}
	}
	d.bgpRoutes(r.rows)
}

// A bgpTableReader is the state of reading a table of routes.
type bgpTableReader struct {
	t           *text
	vrf, family string
	cols        bgpColumns
	last        netip.Prefix // a further path of a prefix does not repeat it
	rows        []BGPRoute
}

// route reads the path that begins at line i, and returns its last line.
func (r *bgpTableReader) route(i int) int {
	line, first := r.t.lines[i], i
	row := BGPRoute{Origin: r.t.origin(i), VRF: r.vrf, Family: r.family, LocalPref: -1, MED: -1}
	bgpFlags(&row, line[:r.cols.network])
	rest := strings.Repeat(" ", r.cols.network) + line[r.cols.network:]
	// IOS sets prefixes one or two columns further to the right than their heading.
	if f := strings.Fields(rest); len(f) > 0 && indent(rest) <= r.cols.network+2 {
		if p, ok := prefix(f[0]); ok {
			r.last = p
			rest = strings.Replace(rest, f[0], strings.Repeat(" ", len(f[0])), 1)
		}
	}
	if strings.TrimSpace(rest) == "" {
		i, rest = r.further(i)
	}
	hop := after(rest, "")
	pos := strings.Index(rest, hop) + len(hop)
	if strings.TrimSpace(rest[pos:]) == "" {
		i, rest = r.further(i)
		pos = 0
	}
	hop, _, _ = strings.Cut(strings.TrimSuffix(hop, "<"), "@")
	row.Prefix, row.NextHop = r.last, address(hop)
	if !r.last.IsValid() || !row.NextHop.IsValid() {
		r.t.miss(first)
		return i
	}
	r.cols.read(&row, rest, pos)
	r.rows = append(r.rows, row)
	return i
}

// further is the line below i, if it goes on with it.
func (r *bgpTableReader) further(i int) (int, string) {
	if i+1 < len(r.t.lines) && indent(r.t.lines[i+1]) > r.cols.network {
		return i + 1, r.t.lines[i+1]
	}
	return i, ""
}

// bgpFlags reads the status letters before the prefix.
func bgpFlags(row *BGPRoute, s string) {
	row.Valid = strings.Contains(s, "*")
	row.Best = strings.Contains(s, ">")
	row.Internal = strings.Contains(s, "i")
}

// bgpColumns are the offsets at which the columns of a table begin.
type bgpColumns struct{ network, hop, metric, pref, weight, path int }

func newBGPColumns(heading string) bgpColumns {
	at := func(s string) int { return max(strings.Index(heading, s), 0) }
	return bgpColumns{at("Network"), at("Next Hop"), at("Metric") + len("Metric"), at("LocPrf") + len("LocPrf"), at("Weight") + len("Weight"), at("Path")}
}

// read takes metric, preference, weight and path off a line, behind the next
// hop at pos. Numbers end where their heading ends.
func (c bgpColumns) read(row *BGPRoute, line string, pos int) {
	rest := strings.Fields(line[pos:])
	for len(rest) > 0 {
		end := pos + strings.Index(line[pos:], rest[0]) + len(rest[0])
		n, ok := number(rest[0])
		if !ok || end > c.weight+1 {
			break
		}
		rest, pos = rest[1:], end
		switch {
		case end <= c.metric+1:
			row.MED = n
		case end <= c.pref+1:
			row.LocalPref = n
		default:
			row.Weight = n
			bgpPath(row, rest)
			return
		}
	}
	bgpPath(row, rest)
}

// bgpPath reads the AS path and the origin code that ends it.
func bgpPath(row *BGPRoute, f []string) {
	for _, word := range f {
		switch word {
		case "i":
			row.OriginCode = "igp"
		case "e":
			row.OriginCode = "egp"
		case "?":
			row.OriginCode = "incomplete"
		default:
			if as := asn(strings.Trim(word, "{}(),")); as != 0 {
				row.ASPath = append(row.ASPath, as)
			}
		}
	}
}

// frrBGPEntry reads `show bgp ipv4 unicast PREFIX`: the paths of one prefix.
func frrBGPEntry(d *Device, t *text) {
	var rows []BGPRoute
	fam, p := familyOf(t), netip.Prefix{}
	for i, line := range t.lines {
		if rest, ok := strings.CutPrefix(line, "BGP routing table entry for "); ok {
			p, _ = prefix(after(rest, ""))
			continue
		}
		if !p.IsValid() || len(line) < 3 {
			continue
		}
		switch indent(line) {
		case 2: // "  Local", "  65001 65002" or "  65001, (Received from a RR-client)"
			row := BGPRoute{Origin: t.origin(i), VRF: t.vrf(), Family: fam, Prefix: p, LocalPref: -1, MED: -1}
			if path, ok := entryPath(line); ok {
				row.ASPath = path
				rows = append(rows, row)
			}
		case 4, 6:
			if len(rows) > 0 {
				entryLine(&rows[len(rows)-1], t, i)
			}
		}
	}
	kept := rows[:0]
	for _, r := range rows {
		if r.NextHop.IsValid() { // a line of peers' addresses looks like a path
			kept = append(kept, r)
		}
	}
	d.bgpRoutes(kept)
}

// entryPath reads the AS path line of an entry.
func entryPath(line string) ([]uint32, bool) {
	line, _, _ = strings.Cut(strings.TrimSpace(line), ",")
	if line == "Local" {
		return nil, true
	}
	var path []uint32
	for word := range strings.FieldsSeq(line) {
		as := asn(strings.Trim(word, "{}()"))
		if as == 0 || strings.Count(word, ".") > 1 {
			return nil, false
		}
		path = append(path, as)
	}
	return path, len(path) > 0
}

// entryLine reads a line below the path: where from, and the attributes.
func entryLine(row *BGPRoute, t *text, i int) {
	line, ref := strings.TrimSpace(t.lines[i]), t.ref(i)
	switch {
	case strings.Contains(line, " from "):
		row.NextHop, row.From = address(after(line, "")), address(after(line, " from "))
		if row.From.IsUnspecified() {
			row.From = netip.Addr{}
		}
		row.note(ref, "NextHop", "From")
	case strings.HasPrefix(line, "Origin "):
		row.OriginCode = originCode(after(line, "Origin "))
		row.MED, row.LocalPref = count(after(line, "metric ")), count(after(line, "localpref "))
		row.Weight, _ = number(after(line, "weight "))
		row.Valid, row.Best = strings.Contains(line, ", valid"), strings.Contains(line, ", best")
		row.Internal = strings.Contains(line, ", internal")
		row.note(ref, "OriginCode", "MED", "LocalPref", "Weight", "Valid", "Best", "Internal")
	case strings.HasPrefix(line, "Community: ") || strings.HasPrefix(line, "Large Community: ") || strings.HasPrefix(line, "Extended Community: "):
		_, list, _ := strings.Cut(line, ": ")
		row.Communities = append(row.Communities, strings.Fields(list)...)
		row.note(ref, "Communities")
	}
}

func originCode(s string) string {
	switch strings.ToLower(s) {
	case "igp", "i":
		return "igp"
	case "egp", "e":
		return "egp"
	}
	return "incomplete"
}
