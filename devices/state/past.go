package state

import (
	"fmt"
	"time"
)

// A Figure is one number that a network is described by, at one moment: a
// counter of an interface, a number of prefixes.
type Figure struct {
	Place string // r1, r1:eth1
	Name  string // in_octets, bgp_prefixes 10.0.0.1 ipv4 unicast, drops inet filter input 3
	Value float64
	At    time.Time
}

// Past looks a figure up as it was at the last report; false where there is
// none. A nil Past knows none.
type Past func(place, name string) (Figure, bool)

// The names of figures. Those of a session, a route table or a filter have the
// name of what they count behind them.
const (
	FigureInOctets    = "in_octets"
	FigureOutOctets   = "out_octets"
	FigureInPackets   = "in_packets"
	FigureOutPackets  = "out_packets"
	FigureInErrors    = "in_errors"
	FigureOutErrors   = "out_errors"
	FigureInDiscards  = "in_discards"
	FigureOutDiscards = "out_discards"
	FigureLinkDowns   = "link_downs"
	FigureBGPPrefixes = "bgp_prefixes"
	FigureRoutes      = "routes"
	FigureDrops       = "drops"
	FigureLoad        = "load"
	FigureMemory      = "memory_percent"
	FigureDisk        = "disk_percent"
)

// Figures returns the numbers of the network, for the next report to compare
// with. What was not told has none.
func (n *Network) Figures() []Figure {
	var out []Figure
	for _, d := range n.Devices {
		for _, i := range d.Interfaces {
			at := d.answered[i.Cite("Counters").Query]
			for name, v := range i.counts() {
				if v >= 0 {
					out = append(out, Figure{d.Name + ":" + i.Name, name, float64(v), at})
				}
			}
		}
		for _, s := range d.BGPSessions {
			for _, f := range s.Families {
				if f.Received >= 0 && established(s) {
					out = append(out, Figure{d.Name, prefixFigure(s, f), float64(f.Received), d.answered[s.Row.Query]})
				}
			}
		}
		for i, r := range d.Filters {
			if r.drops() && r.Packets >= 0 {
				out = append(out, Figure{d.Name, dropFigure(r, i), float64(r.Packets), d.answered[r.Row.Query]})
			}
		}
		out = append(out, d.machineFigures()...)
	}
	return out
}

// machineFigures are those of the device as a whole.
func (d *Device) machineFigures() []Figure {
	var out []Figure
	add := func(name string, v float64, query string) {
		out = append(out, Figure{d.Name, name, v, d.answered[query]})
	}
	if s, ok := d.Table(TableRIB); ok && s.Complete {
		selected := 0
		for _, r := range d.RIB {
			if r.Selected && r.Prefix.Addr().Is4() {
				selected++
			}
		}
		add(FigureRoutes, float64(selected), s.Ref.Query)
	}
	if d.Load.Known() {
		add(FigureLoad, d.Load.Fifteen, d.Load.Row.Query)
	}
	if d.Memory.Known() {
		add(FigureMemory, float64(d.Memory.UsedPercent()), d.Memory.Row.Query)
	}
	for _, x := range d.Disks {
		if x.Fixed() && x.UsedPercent >= 0 {
			add(FigureDisk+" "+x.Name, float64(x.UsedPercent), x.Row.Query)
		}
	}
	return out
}

// counts returns the counters of an interface by the names of their figures;
// -1 where one was not told.
func (i Interface) counts() map[string]int64 {
	c := i.Counters
	return map[string]int64{
		FigureInOctets: c.InOctets, FigureOutOctets: c.OutOctets, FigureInPackets: c.InPackets, FigureOutPackets: c.OutPackets,
		FigureInErrors: c.InErrors, FigureOutErrors: c.OutErrors, FigureInDiscards: c.InDiscards, FigureOutDiscards: c.OutDiscards,
		FigureLinkDowns: int64(i.LinkDowns),
	}
}

func prefixFigure(s BGPSession, f BGPFamily) string {
	return fmt.Sprintf("%s %s %s %s", FigureBGPPrefixes, s.VRF, s.PeerName(), f.Name)
}

func dropFigure(r FilterRule, i int) string {
	return fmt.Sprintf("%s %s %s %s %d", FigureDrops, r.Family, r.Table, r.Chain, i)
}

// drops reports whether a rule discards what it matches.
func (r FilterRule) drops() bool { return r.Action == "drop" || r.Action == "reject" }

// A Growth is how a counter grew between the last report and this one.
type Growth struct {
	By      float64       // 0 where it did not, or was reset
	Over    time.Duration // between the two reads; 0 where there is nothing to compare
	Current Ref
}

// Known reports whether there are two values to compare.
func (g Growth) Known() bool { return g.Over > 0 }

// PerSecond is the rate of growth; 0 where it is not known.
func (g Growth) PerSecond() float64 {
	if g.Over <= 0 {
		return 0
	}
	return g.By / g.Over.Seconds()
}

// grown compares a counter with what it was. A counter that is smaller than it
// was has been reset, and tells nothing.
func (n *Network) grown(place, name string, now float64, at time.Time) Growth {
	if n == nil || n.Past == nil || now < 0 {
		return Growth{}
	}
	old, ok := n.Past(place, name)
	if !ok || old.At.IsZero() || at.IsZero() || !at.After(old.At) || now < old.Value {
		return Growth{}
	}
	return Growth{By: now - old.Value, Over: at.Sub(old.At)}
}

// was returns a figure as it was at the last report; -1 where nothing is known.
func (n *Network) was(place, name string) float64 {
	if n != nil && n.Past != nil {
		if f, ok := n.Past(place, name); ok {
			return f.Value
		}
	}
	return -1
}
