package state

import "strings"

// Place returns how findings name the end: "r1:eth1".
func (e End) Place() string {
	if e.Device == "" {
		return ""
	}
	return e.Device + ":" + e.Interface.Name
}

// Known reports whether the device of this end was read and has the interface.
func (e End) Known() bool { return e.Node != nil && e.Interface.Origin.Known() }

// Up reports whether the interface is up, administratively and operationally.
func (e End) Up() bool { return e.Interface.AdminUp && e.Interface.OperUp }

// RunsOSPF reports whether OSPF forms adjacencies on the interface.
func (e End) RunsOSPF() bool {
	return e.OSPF.Known() && !e.OSPF.Passive && e.OSPF.NetworkType != "loopback" && e.OSPF.Area != ""
}

// RunsISIS reports whether IS-IS forms adjacencies on the interface.
func (e End) RunsISIS() bool { return e.ISIS.Known() && !e.ISIS.Passive }

// Missing reports whether the device was read completely and has no such
// interface.
func (e End) Missing() bool {
	return e.Node.Has(TableInterfaces) && (!e.Interface.Origin.Known() || e.Interface.Kind == KindPseudo)
}

// Config returns the line of the running configuration that begins so, in the
// section of this interface; nowhere if there is none.
func (e End) Config(begin string) Ref {
	if e.Node == nil || e.Node.Config == nil {
		return Ref{}
	}
	return e.Node.Config.Under("interface "+e.Interface.Name, begin)
}

// Addressed reports whether the interface has an address beyond its own link.
func (e End) Addressed() bool { return e.Interface.Addressed() }

// Addressed reports whether the interface has an address beyond its own link.
func (i Interface) Addressed() bool {
	for _, a := range i.Addresses {
		if !a.Prefix.Addr().IsLinkLocalUnicast() && !a.Prefix.Addr().IsLoopback() {
			return true
		}
	}
	return false
}

// Planned reports whether the description says that the interface is not in
// use on purpose.
func (i Interface) Planned() bool {
	d := strings.ToLower(i.Description)
	for _, w := range []string{"planned", "maintenance", "spare", "unused", "reserved", "decommission", "not in use", "do not use", "future", "disabled"} {
		if strings.Contains(d, w) {
			return true
		}
	}
	return false
}

// Loopback reports whether it is a loopback interface.
func (i Interface) Loopback() bool {
	return i.Kind == "loopback" || i.Name == "lo" || strings.HasPrefix(strings.ToLower(i.Name), "loopback")
}

// Has reports whether a table was read completely: what it lacks, the device
// lacks. A nil device has none. A process that does not run has an empty table.
func (d *Device) Has(table string) bool {
	if d == nil {
		return false
	}
	s, ok := d.Read[table]
	return ok && (s.Complete || s.Inactive)
}

// From returns where a table was read, as a whole.
func (d *Device) From(table string) Ref {
	if d == nil {
		return Ref{}
	}
	return d.Read[table].Ref
}

// Citation names the line for those who quote it; a line below 0 says that the
// answer does not tell what was to be quoted.
func (r Ref) Citation() (device, query string, line int, lacks string) {
	if r.Untold {
		return r.Device, r.Query, -1, ""
	}
	return r.Device, r.Query, r.Line, ""
}

// An Absence says that a complete answer does not hold a text.
type Absence struct {
	Ref   Ref
	Lacks string
}

// Citation names the answer, and what it lacks.
func (a Absence) Citation() (device, query string, line int, lacks string) {
	return a.Ref.Device, a.Ref.Query, 0, a.Lacks
}

// Lacks returns that the answer from which table was read does not hold text;
// it points nowhere where the table was not read completely.
func (d *Device) Lacks(table, text string) Absence {
	if !d.Has(table) {
		return Absence{}
	}
	return Absence{d.From(table), text}
}
