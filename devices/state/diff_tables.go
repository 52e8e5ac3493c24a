package state

import (
	"regexp"
	"strings"
)

// addressRows are the addresses of a device, each a row of its own.
func addressRows(d *Device) []diffRow {
	var out []diffRow
	for _, i := range d.Interfaces {
		for _, a := range i.Addresses {
			if a.Prefix.Addr().IsLinkLocalUnicast() && a.Prefix.Addr().Is6() {
				continue // made from a MAC address, which a virtual port draws anew
			}
			out = append(out, diffRow{key: a.Prefix.String() + " on " + i.Name, ref: a.Ref})
		}
	}
	return out
}

// routeRows are the routes of one IP version. Those that are not selected are
// of no consequence.
func routeRows(routes []Route, version string) []diffRow {
	var kept []Route
	for _, r := range routes {
		if (version == "4") == r.Prefix.Addr().Is4() && r.Protocol != "local" {
			kept = append(kept, r)
		}
	}
	return table(kept, func(r Route) string { return r.Prefix.String() + " by " + r.Protocol + " in vrf " + r.VRF })
}

// bgpRows are the best paths of one address family.
func bgpRows(d *Device, family string) []diffRow {
	var kept []BGPRoute
	for _, r := range d.BGPRoutes {
		if r.Best && strings.HasPrefix(r.Family, family) {
			kept = append(kept, r)
		}
	}
	return table(kept, func(r BGPRoute) string { return r.Prefix.String() + " in vrf " + r.VRF })
}

// parameterRows are the parameters of the network that somebody set; the
// kernel's own counts and tables stand among them.
func parameterRows(d *Device) []diffRow {
	var kept []Parameter
	for _, p := range d.Parameters {
		if strings.HasPrefix(p.Name, "net.") && !strings.HasSuffix(p.Name, "_count") && !strings.Contains(p.Name, ".stat") {
			kept = append(kept, p)
		}
	}
	return table(kept, func(p Parameter) string { return p.Name })
}

var ruleCounters = regexp.MustCompile(`counter packets \d+ bytes \d+|(?:packets|bytes) \d+|# handle \d+`)

// withoutCounters is a filter's rule without what it has counted.
func withoutCounters(rule string) string {
	return strings.Join(strings.Fields(ruleCounters.ReplaceAllString(rule, "")), " ")
}

// configRows are the lines of a configuration, each with the lines above it.
// Lines that tell of the reading, not of the device, are left out.
func configRows(d *Device) []diffRow {
	if d.Config == nil {
		return nil
	}
	var out []diffRow
	var walk func(lines []*ConfigLine, above string)
	walk = func(lines []*ConfigLine, above string) {
		for _, l := range lines {
			if transient(l.Text) {
				continue
			}
			key := above + l.Text
			out = append(out, diffRow{key: key, ref: Ref{Device: d.Config.Ref.Device, Query: d.Config.Ref.Query, Line: l.Line}})
			walk(l.Children, key+" / ")
		}
	}
	walk(d.Config.Lines, "")
	return out
}

// transient reports whether a line of a configuration tells of its reading.
func transient(line string) bool {
	if strings.HasPrefix(line, "!") || strings.HasPrefix(line, "#") {
		return true
	}
	for _, p := range [...]string{"Building configuration", "Current configuration", "end", "ntp clock-period"} {
		if strings.HasPrefix(line, p) && (p != "end" || line == p) {
			return true
		}
	}
	return false
}
