package state

import (
	"fmt"
	"slices"
	"time"
)

// AnsweredAt returns when the device at an end told of the session.
func (x side) answeredAt() time.Time {
	if x.node == nil {
		return time.Time{}
	}
	return x.node.answered[x.own.Row.Query]
}

// A PrefixCount is how many prefixes a session brings in one family.
type PrefixCount struct {
	Device, Family string
	Now, Before    float64 // Before is -1 where nothing is known
	Limit          int
	Line           Ref
}

// Counts returns the prefixes that each end takes, in each family.
func (s Session) Counts() []PrefixCount {
	var out []PrefixCount
	for _, x := range s.sides() {
		for _, f := range x.own.Families {
			if f.Received < 0 || !established(x.own) || !f.Active {
				continue
			}
			out = append(out, PrefixCount{
				Device: x.device, Family: f.Name, Now: float64(f.Received), Limit: f.MaxPrefixes,
				Before: s.net.was(x.device, prefixFigure(x.own, f)), Line: f.Cite("Received"),
			})
		}
	}
	return out
}

// Fallen returns the families that bring less than so many percent of the
// prefixes of the last report.
func (s Session) Fallen(percent float64) []PrefixCount {
	return slices.DeleteFunc(s.Counts(), func(c PrefixCount) bool { return c.Before <= 0 || c.Now >= c.Before*percent/100 })
}

// NearLimit returns the families that bring at least so many percent of the
// limit.
func (s Session) NearLimit(percent float64) []PrefixCount {
	return slices.DeleteFunc(s.Counts(), func(c PrefixCount) bool {
		return c.Limit <= 0 || c.Now < float64(c.Limit)*percent/100 || c.Now > float64(c.Limit)
	})
}

// countedAt returns the devices of counts.
func countedAt(cs []PrefixCount) []string {
	var out []string
	for _, c := range cs {
		out = append(out, c.Device)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// FallenAt returns the devices that take fewer.
func (s Session) FallenAt(percent float64) []string { return countedAt(s.Fallen(percent)) }

// FallenLines returns the lines that tell the numbers.
func (s Session) FallenLines(percent float64) []Ref { return countLines(s.Fallen(percent)) }

// NearAt returns the devices that are near their limit.
func (s Session) NearAt(percent float64) []string { return countedAt(s.NearLimit(percent)) }

// NearLines returns the lines that tell the numbers and the limits.
func (s Session) NearLines(percent float64) []Ref {
	return append(countLines(s.NearLimit(percent)), s.LimitLines()...)
}

func countLines(cs []PrefixCount) []Ref {
	var out []Ref
	for _, c := range cs {
		out = append(out, c.Line)
	}
	return out
}

// String words a count: "ipv4 unicast: 3 of 120".
func (c PrefixCount) String() string {
	switch {
	case c.Limit > 0 && c.Before < 0:
		return fmt.Sprintf("%s on %s: %.0f, limit %d", c.Family, c.Device, c.Now, c.Limit)
	case c.Limit > 0 && c.Now >= c.Before:
		return fmt.Sprintf("%s on %s: %.0f, limit %d", c.Family, c.Device, c.Now, c.Limit)
	}
	return fmt.Sprintf("%s on %s: %.0f, before %.0f", c.Family, c.Device, c.Now, c.Before)
}

// AgeMinutes is how long the session had been up when its end told of it; a
// million where it is not up or that is not known.
func (s Session) AgeMinutes() float64 {
	least := 1e6
	for _, x := range s.sides() {
		at := x.answeredAt()
		if established(x.own) && !x.own.Since.IsZero() && !at.IsZero() && !at.Before(x.own.Since) {
			least = min(least, at.Sub(x.own.Since).Minutes())
		}
	}
	return least
}

// OldestMinutes is how long the oldest session of either end had been up: a
// device whose sessions are all young has just been started.
func (s Session) OldestMinutes() float64 {
	oldest := 0.0
	for _, x := range s.sides() {
		if x.node == nil {
			continue
		}
		for _, o := range x.node.BGPSessions {
			if at := x.answeredAt(); established(o) && !o.Since.IsZero() && !at.IsZero() {
				oldest = max(oldest, at.Sub(o.Since).Minutes())
			}
		}
	}
	return oldest
}

// Invalid returns the routes that an end has from the other and cannot use,
// since their next hop does not resolve.
func (s Session) Invalid() []BGPRoute {
	var out []BGPRoute
	for _, x := range s.sides() {
		if x.node == nil || !established(x.own) {
			continue
		}
		for _, r := range x.node.BGPRoutes {
			if r.From == x.own.Peer && !r.Valid && r.NextHop.IsValid() && r.Prefix.IsValid() && !x.node.reaches(r.NextHop) {
				out = append(out, r)
			}
		}
	}
	return out
}

// InvalidLines returns their lines.
func (s Session) InvalidLines() []Ref {
	var out []Ref
	for _, r := range s.Invalid() {
		out = append(out, r.Row)
	}
	return out[:min(len(out), 6)]
}

// InvalidAt returns the devices that cannot use them.
func (s Session) InvalidAt() []string {
	var out []string
	for _, r := range s.Invalid() {
		if !slices.Contains(out, r.Row.Device) {
			out = append(out, r.Row.Device)
		}
	}
	return out
}

// reaches reports whether the device has a route to an address, or no table to
// tell from.
func (d *Device) reaches(ip interface{ String() string }) bool {
	if len(d.RIB) == 0 {
		return true
	}
	return slices.ContainsFunc(d.RIB, func(r Route) bool {
		a := address(ip.String())
		return r.Selected && r.Prefix.Contains(a)
	})
}
