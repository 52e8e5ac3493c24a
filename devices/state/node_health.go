package state

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// TracksPercent is how full the table of tracked connections is; 0 if not
// known.
func (x Node) TracksPercent() float64 {
	if x.D == nil {
		return 0
	}
	count, _ := strconv.ParseFloat(x.D.Parameter("net.netfilter.nf_conntrack_count").Value, 64)
	most, _ := strconv.ParseFloat(x.D.Parameter("net.netfilter.nf_conntrack_max").Value, 64)
	if most <= 0 {
		return 0
	}
	return count / most * 100
}

// TracksLines returns the lines that say so.
func (x Node) TracksLines() []Ref {
	return []Ref{x.D.Parameter("net.netfilter.nf_conntrack_count").Row, x.D.Parameter("net.netfilter.nf_conntrack_max").Row}
}

// UpMinutes is how long the device had been up when it answered; a million
// where that is not known.
func (x Node) UpMinutes() float64 {
	at := x.At()
	if x.D == nil || x.D.System.Booted.IsZero() || at.IsZero() || at.Before(x.D.System.Booted) {
		return 1e6
	}
	return at.Sub(x.D.System.Booted).Minutes()
}

// LoggedWithin returns the lines of the log of at least a severity (RFC 5424:
// a smaller number is worse) within so many minutes of the answer.
func (x Node) LoggedWithin(severity int, minutes float64) []Ref {
	if x.D == nil {
		return nil
	}
	var out []Ref
	for _, l := range x.D.Logs {
		at := x.D.answered[l.Row.Query]
		if l.Severity >= 0 && l.Severity <= severity && !at.IsZero() && at.Sub(l.At).Abs() < time.Duration(minutes*float64(time.Minute)) {
			out = append(out, l.Row)
		}
	}
	return out
}

// GrowingDrops returns the filter rules that dropped at least so many packets
// a second since the last report.
func (x Node) GrowingDrops(perSecond float64) []FilterRule {
	if x.D == nil {
		return nil
	}
	var out []FilterRule
	for i, r := range x.D.Filters {
		if r.Drops() && x.net.grown(x.Name, dropFigure(r, i), float64(r.Packets), x.D.answered[r.Row.Query]).PerSecond() >= perSecond {
			out = append(out, r)
		}
	}
	return out
}

// RoutesLost is the percent of the routes of the last report that are gone; 0
// where they are not fewer or nothing is known.
func (x Node) RoutesLost() float64 {
	if x.D == nil {
		return 0
	}
	for _, f := range x.D.machineFigures() {
		if was := x.net.was(x.Name, f.Name); f.Name == FigureRoutes && was > 0 && f.Value < was {
			return (was - f.Value) / was * 100
		}
	}
	return 0
}

// Unresolved returns the static routes whose next hop does not resolve, so
// that none of the RIB's routes for the prefix is of them.
func (x Node) Unresolved() []Route {
	if x.D == nil || !x.D.Has(TableRIB) {
		return nil
	}
	var out []Route
	for _, r := range x.D.RIB {
		if r.Protocol == "static" && r.Discard == "" && len(r.NextHops) > 0 && !r.Selected && !slices.ContainsFunc(r.NextHops, func(h NextHop) bool { return h.Active }) {
			out = append(out, r)
		}
	}
	return out
}

// prefixWords words the prefixes of routes, the first of them.
func prefixWords(rs []Route) string {
	var out []string
	for _, r := range rs {
		out = append(out, r.Prefix.String())
	}
	const most = 4
	if n := len(out) - most; n > 0 {
		out = append(out[:most], fmt.Sprintf("and %d more", n))
	}
	return strings.Join(out, ", ")
}

// UnresolvedPrefixes words them.
func (x Node) UnresolvedPrefixes() string { return prefixWords(x.Unresolved()) }

// routeLines returns the lines of routes, the first ones.
func routeLines(rs []Route) []Ref {
	var out []Ref
	for _, r := range rs[:min(len(rs), 6)] {
		out = append(out, r.Row)
	}
	return out
}

// UnresolvedLines returns their lines.
func (x Node) UnresolvedLines() []Ref { return routeLines(x.Unresolved()) }

// Unforwarded returns the routes that the RIB selected and the forwarding
// plane lacks: IPv4, of the main table, with a next hop.
func (x Node) Unforwarded() []Route {
	if x.D == nil || !x.complete(TableRIB) || !x.complete(TableFIB) || len(x.D.FIB) == 0 {
		return nil
	}
	has := map[string]bool{}
	for _, r := range x.D.FIB {
		has[r.Prefix.Masked().String()] = true
	}
	var out []Route
	for _, r := range x.D.RIB {
		if r.Selected && r.Installed && r.VRF == "default" && r.Prefix.Addr().Is4() && r.Discard == "" && r.Protocol != "connected" && r.Protocol != "local" &&
			r.Protocol != "kernel" && !has[r.Prefix.Masked().String()] && slices.ContainsFunc(r.NextHops, func(h NextHop) bool { return h.Active }) {
			out = append(out, r)
		}
	}
	return out
}

func (x Node) complete(table string) bool {
	s, ok := x.D.Table(table)
	return ok && s.Complete
}

// UnforwardedPrefixes words them.
func (x Node) UnforwardedPrefixes() string { return prefixWords(x.Unforwarded()) }

// UnforwardedLines returns their lines in the RIB, and where the FIB was read.
func (x Node) UnforwardedLines() []Ref {
	return append(routeLines(x.Unforwarded()), x.D.From(TableFIB))
}

// Misrouted returns the routes whose next hops in the forwarding plane are
// others than those that the RIB selected.
func (x Node) Misrouted() []Route {
	if x.D == nil || !x.complete(TableRIB) || !x.complete(TableFIB) {
		return nil
	}
	via := map[string][]NextHop{}
	for _, r := range x.D.FIB {
		if r.VRF == "default" || r.VRF == "" {
			key := r.Prefix.Masked().String()
			via[key] = append(via[key], r.NextHops...)
		}
	}
	var out []Route
	for _, r := range x.D.RIB {
		if !r.Selected || !r.Installed || r.VRF != "default" || !r.Prefix.Addr().Is4() || r.Protocol == "connected" || r.Protocol == "local" || r.Protocol == "kernel" {
			continue
		}
		in := via[r.Prefix.Masked().String()]
		for _, h := range r.NextHops {
			if h.Active && !h.Recursive && h.Interface != "" && len(in) > 0 && !slices.ContainsFunc(in, func(o NextHop) bool { return o.Interface == h.Interface || o.Interface == "" }) {
				out = append(out, r)
				break
			}
		}
	}
	return out
}

// MisroutedPrefixes words them.
func (x Node) MisroutedPrefixes() string { return prefixWords(x.Misrouted()) }

// MisroutedLines returns their lines in the RIB and in the FIB.
func (x Node) MisroutedLines() []Ref {
	out := routeLines(x.Misrouted())
	for _, r := range x.Misrouted() {
		for _, f := range x.D.FIB {
			if f.Prefix == r.Prefix && len(out) < 8 {
				out = append(out, f.Row)
			}
		}
	}
	return out
}

// Uplinks returns the ends of the links to other routers, and those of them
// that are up.
func (x Node) Uplinks() (all, up []string) {
	if x.D == nil || x.D.IsHost() {
		return nil, nil
	}
	own, far := x.links()
	for i, e := range own {
		if far[i].Node.IsHost() || far[i].Device == "" || e.Interface.Planned() || far[i].Interface.Planned() {
			continue
		}
		all = append(all, e.Place())
		if e.Up() && (far[i].Node == nil || far[i].Up()) {
			up = append(up, e.Place())
		}
	}
	return all, up
}

// LastUplink returns the one link to another router that is left of several;
// "" where more are up.
func (x Node) LastUplink() string {
	all, up := x.Uplinks()
	if len(all) > 1 && len(up) == 1 {
		return up[0]
	}
	return ""
}

// LostUplinks returns the links to other routers that are down.
func (x Node) LostUplinks() []string {
	all, up := x.Uplinks()
	return slices.DeleteFunc(all, func(p string) bool { return slices.Contains(up, p) })
}

// UplinkLines returns the lines of all of them.
func (x Node) UplinkLines() []Ref {
	own, _ := x.links()
	var out []Ref
	for _, e := range own {
		out = append(out, e.Interface.Cite("OperUp"))
	}
	return out
}
