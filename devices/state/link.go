package state

import (
	"net/netip"
	"slices"
	"strings"
)

// BothOSPF reports whether OSPF forms adjacencies on both ends, both up.
func (l Link) BothOSPF() bool {
	return l.A.RunsOSPF() && l.B.RunsOSPF() && l.A.Up() && l.B.Up()
}

// BothISIS reports whether IS-IS forms adjacencies on both ends, both up.
func (l Link) BothISIS() bool {
	return l.A.RunsISIS() && l.B.RunsISIS() && l.A.Up() && l.B.Up()
}

// where returns the places of the ends for which bad holds, given each end and
// the other.
func (l Link) where(bad func(own, far End) bool) []string {
	var out []string
	if bad(l.A, l.B) {
		out = append(out, l.A.Place())
	}
	if bad(l.B, l.A) {
		out = append(out, l.B.Place())
	}
	return out
}

// EndsAt returns the ends at the places.
func (l Link) EndsAt(places []string) []End {
	var out []End
	for _, e := range l.Ends() {
		if slices.Contains(places, e.Place()) {
			out = append(out, e)
		}
	}
	return out
}

// Lines returns the lines of a field at both ends, such as "MTU",
// "OSPF.Area".
func (l Link) Lines(field string) []Ref { return []Ref{l.A.cite(field), l.B.cite(field)} }

// LinesAt returns the lines of a field at the places.
func (l Link) LinesAt(places []string, field string) []Ref {
	var out []Ref
	for _, e := range l.EndsAt(places) {
		out = append(out, e.cite(field))
	}
	return out
}

// ConfigLines returns the configuration lines that begin so on both ends'
// interfaces.
func (l Link) ConfigLines(begin string) []Ref {
	return []Ref{l.A.Config(begin), l.B.Config(begin)}
}

// ShutEnds returns the ends that are administratively down and not so on
// purpose.
func (l Link) ShutEnds() []string {
	return l.where(func(e, _ End) bool {
		return e.Known() && !e.Missing() && !e.Interface.AdminUp && !e.Interface.Planned()
	})
}

// PlannedEnds returns the ends that are down on purpose, as their description
// says.
func (l Link) PlannedEnds() []string {
	return l.where(func(e, _ End) bool { return e.Known() && !e.Missing() && !e.Interface.AdminUp && e.Interface.Planned() })
}

// DarkEnds returns the ends that should be up and are not, while neither end
// is administratively down.
func (l Link) DarkEnds() []string {
	if len(l.MissingEnds()) > 0 || l.A.Known() && !l.A.Interface.AdminUp || l.B.Known() && !l.B.Interface.AdminUp {
		return nil
	}
	return l.where(func(e, _ End) bool { return e.Known() && !e.Interface.OperUp })
}

// MissingEnds returns the ends of an intended link whose device has no such
// interface.
func (l Link) MissingEnds() []string {
	if !l.Intended() {
		return nil
	}
	return l.where(func(e, _ End) bool { return e.Missing() })
}

// MissingProof returns that the devices' interface tables do not hold them, or
// call them pseudo.
func (l Link) MissingProof() []any {
	var out []any
	for _, e := range l.EndsAt(l.MissingEnds()) {
		if e.Interface.Kind == KindPseudo {
			out = append(out, e.Interface.Row, e.Interface.Cite("Kind"), e.Node.Lacks(TableAddresses, e.Interface.Name))
			continue
		}
		out = append(out, e.Node.Lacks(TableInterfaces, e.Interface.Name))
	}
	return out
}

// PassiveEnds returns the ends that are passive in OSPF while the other waits
// for an adjacency.
func (l Link) PassiveEnds() []string {
	return l.where(func(e, far End) bool {
		return e.OSPF.Known() && e.OSPF.Passive && e.OSPF.NetworkType != "loopback" && far.RunsOSPF() && e.Up() && far.Up()
	})
}

// OffOSPF returns the ends that do not run OSPF while the other waits for an
// adjacency and OSPF runs elsewhere on the device.
func (l Link) OffOSPF() []string {
	return l.where(func(e, far End) bool {
		return far.RunsOSPF() && far.Up() && e.Up() && e.Known() && (!e.OSPF.Known() || e.OSPF.Area == "") &&
			e.Node.Has(TableOSPFIfs) && !e.Node.Read[TableOSPFIfs].Inactive
	})
}

// OffISIS is OffOSPF for IS-IS.
func (l Link) OffISIS() []string {
	return l.where(func(e, far End) bool {
		return far.RunsISIS() && far.Up() && e.Up() && e.Known() && !e.ISIS.Known() &&
			e.Node.Has(TableISISIfs) && !e.Node.Read[TableISISIfs].Inactive
	})
}

// OffProof returns what shows that a protocol is not on at an end: its table
// lacks the interface.
func (l Link) OffProof(protocol string) []Absence {
	ends, table := l.OffOSPF(), TableOSPFIfs
	if protocol == "isis" {
		ends, table = l.OffISIS(), TableISISIfs
	}
	var out []Absence
	for _, e := range l.EndsAt(ends) {
		out = append(out, e.Node.Lacks(table, e.Interface.Name))
	}
	return out
}

// PassiveISIS returns the ends that are passive in IS-IS while the other waits.
func (l Link) PassiveISIS() []string {
	return l.where(func(e, far End) bool {
		return e.ISIS.Known() && e.ISIS.Passive && far.RunsISIS() && e.Up() && far.Up()
	})
}

// StubDiffers reports whether the two devices give the area of the link
// different kinds: stub, NSSA or normal.
func (l Link) StubDiffers() bool {
	a, b := l.A.area(), l.B.area()
	return l.A.OSPF.Area == l.B.OSPF.Area && a.ID != "" && b.ID != "" && a.Kind != "" && b.Kind != "" && a.Kind != b.Kind
}

// StubOdd returns the device whose area kind deviates from that of the other
// devices in the area; both where nothing decides.
func (l Link) StubOdd() []string {
	count := map[string]int{}
	for _, d := range l.net.Devices {
		for _, p := range d.OSPF {
			for _, a := range p.Areas {
				if a.ID == l.A.OSPF.Area && d.Name != l.A.Device && d.Name != l.B.Device {
					count[a.Kind]++
				}
			}
		}
	}
	a, b := count[l.A.area().Kind], count[l.B.area().Kind]
	switch {
	case a > b:
		return []string{l.B.Device}
	case b > a:
		return []string{l.A.Device}
	case l.A.area().Kind == "normal": // the other end was made a stub on purpose
		return []string{l.A.Device}
	case l.B.area().Kind == "normal":
		return []string{l.B.Device}
	}
	return []string{l.A.Device, l.B.Device}
}

// StubLines returns the lines that say the kind of the area.
func (l Link) StubLines() []Ref { return []Ref{l.A.area().Cite("Kind"), l.B.area().Cite("Kind")} }

// StubKinds returns the kinds of the area at both ends, for texts.
func (l Link) StubKinds() []string { return []string{l.A.area().Kind, l.B.area().Kind} }

func (e End) area() OSPFArea {
	if e.Node != nil {
		for _, p := range e.Node.OSPF {
			for _, a := range p.Areas {
				if a.ID == e.OSPF.Area && p.Version != 3 {
					return a
				}
			}
		}
	}
	return OSPFArea{}
}

// OSPFAuthDiffers reports whether the ends authenticate OSPF in different
// ways or with different keys. Keys are compared by their tags.
func (l Link) OSPFAuthDiffers() bool {
	a, okA := l.A.value("OSPF.Auth")
	b, okB := l.B.value("OSPF.Auth")
	return okA && okB && a != b
}

// levels returns the IS-IS levels in which an end forms adjacencies.
func (e End) levels() string {
	level := e.ISIS.Level
	if level == "" {
		level = "1-2"
	}
	if e.Node != nil {
		for _, p := range e.Node.ISIS {
			if p.Level != "" && p.Level != "1-2" && (p.Tag == e.ISIS.Tag || len(e.Node.ISIS) == 1) {
				if level == "1-2" || level == p.Level {
					level = p.Level
				} else {
					level = "none"
				}
			}
		}
	}
	return level
}

// LevelsApart reports whether the IS-IS levels of the two ends do not overlap.
func (l Link) LevelsApart() bool {
	a, b := l.A.levels(), l.B.levels()
	return !slices.ContainsFunc([]string{"1", "2"}, func(x string) bool { return strings.Contains(a, x) && strings.Contains(b, x) })
}

func (e End) isis() ISISProcess {
	if e.Node != nil {
		for _, p := range e.Node.ISIS {
			if p.Tag == e.ISIS.Tag || len(e.Node.ISIS) == 1 {
				return p
			}
		}
	}
	return ISISProcess{}
}

// AreasApart reports whether a level 1 adjacency is wanted between different
// IS-IS areas.
func (l Link) AreasApart() bool {
	a, b := l.A.isis(), l.B.isis()
	return a.Area != "" && b.Area != "" && a.Area != b.Area && (l.A.levels() == "1" || l.B.levels() == "1")
}

// StylesDiffer reports whether one end speaks narrow metrics and the other
// wide ones only.
func (l Link) StylesDiffer() bool {
	a, b := l.A.isis().MetricStyle, l.B.isis().MetricStyle
	return a != "" && b != "" && a != b && a != "transition" && b != "transition"
}

// OddISIS returns the device whose IS-IS process deviates in a field (Area,
// MetricStyle, Level) from those of the network; both where nothing decides.
func (l Link) OddISIS(field string) []string {
	value := func(p ISISProcess) string {
		switch field {
		case "Area":
			return p.Area
		case "MetricStyle":
			return p.MetricStyle
		}
		return p.Level
	}
	count := map[string]int{}
	for _, d := range l.net.Devices {
		for _, p := range d.ISIS {
			count[value(p)]++
		}
	}
	a, b := count[value(l.A.isis())], count[value(l.B.isis())]
	switch {
	case a > b:
		return []string{l.B.Device}
	case b > a:
		return []string{l.A.Device}
	}
	return []string{l.A.Device, l.B.Device}
}

// ProcessLines returns the lines of a field of both ends' IS-IS processes.
func (l Link) ProcessLines(field string) []Ref {
	return []Ref{l.A.isis().Cite(field), l.B.isis().Cite(field)}
}

// StyleLines returns the lines that configure metric styles.
func (l Link) StyleLines() []Ref {
	return []Ref{l.A.Node.ConfiguredUnder("router isis", "metric-style"), l.B.Node.ConfiguredUnder("router isis", "metric-style")}
}

// subnets returns the subnets of an end in one family.
func (e End) subnets(v4 bool) []netip.Prefix {
	var out []netip.Prefix
	for _, a := range e.Interface.Addresses {
		ip := a.Prefix.Addr()
		if ip.Is4() == v4 && !ip.IsLinkLocalUnicast() && !ip.IsLoopback() {
			out = append(out, a.Prefix)
		}
	}
	return out
}
