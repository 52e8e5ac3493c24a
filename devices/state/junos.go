package state

import (
	"strings"
)

// junosReadings is what Junos is asked.
func junosReadings() []reading {
	interfaces, sessions := TableInterfaces+" "+TableAddresses, TableBGPNbrs
	return []reading{
		{"show version", TableSystem, junosVersion},
		{"show interfaces", interfaces, junosInterfaces},
		{"show interfaces terse", interfaces, junosTerse},
		{"show interfaces terse <name>", interfaces, junosTerse},
		{"show interfaces <name> [terse]", interfaces, junosInterfaces},
		{"show interfaces extensive|detail|descriptions", interfaces, junosInterfaces},
		{"show ospf overview [instance <vrf>]", TableOSPF, junosOSPF},
		{"show ospf neighbor [instance <vrf>] [detail|extensive]", TableOSPFNbrs, junosOSPFNeighbors},
		{"show ospf interface [instance <vrf>]", TableOSPFIfs, junosOSPFInterfaces},
		{"show ospf interface [instance <vrf>] detail|extensive [instance <vrf>]", TableOSPFIfs, junosOSPFInterfaces},
		{"show isis adjacency", TableISISNbrs, junosISIS},
		{"show bgp summary", sessions, junosBGPSummary},
		{"show bgp neighbor", sessions, junosBGPNeighbors},
		{"show bgp neighbor <name>", sessions, junosBGPNeighbors},
		{"show route", TableRIB + " " + TableRIB6, junosRoutes},
		{"show route <prefix>", TableRIB + " " + TableRIB6, junosRoutes},
		{"show route table <table>", TableRIB + " " + TableRIB6, junosRoutes},
		{"show arp [no-resolve]", TableNeighbors, junosARP},
		{"show lldp neighbors", TableLLDP, junosLLDP},
		{"show configuration [| display set]", TableConfig, junosConfig},
	}
}

// junosVersion reads `show version`.
func junosVersion(d *Device, t *text) {
	row := System{Software: "Junos"}
	for i, line := range t.lines {
		key, value, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok {
			continue
		}
		switch key {
		case "Hostname":
			row.Origin, row.Hostname = t.origin(i), value
		case "Model":
			row.Model = value
			row.note(t.ref(i), "Model")
		case "Junos":
			row.Version = value
			row.note(t.ref(i), "Version")
		}
	}
	if !row.Known() {
		t.fail("no host name found")
		return
	}
	d.system(row)
}

// junosTerse reads `show interfaces terse`.
func junosTerse(d *Device, t *text) {
	t.dedent()
	var rows []Interface
	for i, line := range t.lines {
		f := strings.Fields(line)
		if len(f) == 0 || f[0] == "Interface" {
			continue
		}
		if indent(line) == 0 && len(f) >= 3 && (f[1] == "up" || f[1] == "down") {
			row := newInterface(f[0], t.origin(i))
			row.AdminUp, row.OperUp = f[1] == "up", f[2] == "up" && f[1] == "up"
			row.NoCarrier = row.AdminUp && !row.OperUp
			row.note(t.ref(i), "AdminUp", "OperUp", "NoCarrier")
			rows = append(rows, row)
		}
		if len(rows) == 0 {
			continue
		}
		row := &rows[len(rows)-1]
		for _, w := range f {
			// An interface's name and the far end "0/0" look alike.
			if p, ok := prefix(w); ok && strings.ContainsAny(w, ".:") && w != f[0] || ok && strings.Contains(w, ":") {
				row.Addresses = append(row.Addresses, Address{Prefix: p, Ref: t.ref(i)})
			}
		}
	}
	d.interfaces(rows)
}

// junosInterfaces reads `show interfaces`: physical interfaces and their units.
func junosInterfaces(d *Device, t *text) {
	var rows []Interface
	for i, line := range t.lines {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "Physical interface: "):
			row := newInterface(after(line, "interface: "), t.origin(i))
			row.AdminUp = strings.Contains(line, ", Enabled")
			row.OperUp = row.AdminUp && strings.Contains(line, "link is Up")
			row.NoCarrier = row.AdminUp && !row.OperUp
			row.note(t.ref(i), "AdminUp", "OperUp", "NoCarrier")
			rows = append(rows, row)
		case strings.HasPrefix(line, "Logical interface "):
			row := newInterface(after(line, "interface "), t.origin(i))
			if n := len(rows); n > 0 { // a unit is up as its port is
				row.AdminUp, row.OperUp, row.NoCarrier = rows[n-1].AdminUp, rows[n-1].OperUp, rows[n-1].NoCarrier
			}
			rows = append(rows, row)
		case len(rows) > 0:
			junosInterfaceLine(&rows[len(rows)-1], t.ref(i), line)
		}
	}
	d.interfaces(rows)
}

func junosInterfaceLine(row *Interface, ref Ref, line string) {
	switch {
	case strings.HasPrefix(line, "Description: "):
		row.Description = strings.TrimPrefix(line, "Description: ")
		row.note(ref, "Description")
	case strings.HasPrefix(line, "Link-level type: "):
		// The port's MTU counts the frame; the units tell that of the packet.
		if n, ok := number(after(line, "Speed: ")); ok {
			row.SpeedMbps = n
			if strings.Contains(line, "gbps") {
				row.SpeedMbps = n * 1000
			}
			row.note(ref, "SpeedMbps")
		}
	case strings.HasPrefix(line, "Current address: "):
		row.MAC = after(line, "address: ")
		row.note(ref, "MAC")
	case strings.HasPrefix(line, "Protocol inet") && row.MTU == 0:
		row.MTU, _ = number(after(line, "MTU: "))
		row.note(ref, "MTU")
	case strings.HasPrefix(line, "Destination: "):
		bits := ""
		if _, b, ok := strings.Cut(after(line, "Destination: "), "/"); ok {
			bits = "/" + b
		}
		if p, ok := prefix(after(line, "Local: ") + bits); ok {
			row.Addresses = append(row.Addresses, Address{Prefix: p, Ref: ref})
		}
	case strings.HasPrefix(line, "Local: "):
		if p, ok := prefix(after(line, "Local: ")); ok {
			row.Addresses = append(row.Addresses, Address{Prefix: p, Ref: ref})
		}
	}
}

// junosARP reads `show arp`.
func junosARP(d *Device, t *text) {
	var rows []Neighbor
	for i, line := range t.lines {
		f := strings.Fields(line)
		if len(f) < 4 || strings.Count(f[0], ":") != 5 || !address(f[1]).IsValid() {
			continue
		}
		name := f[2]
		if len(f) > 4 { // with the host name before it
			name = f[3]
		}
		rows = append(rows, Neighbor{Origin: t.origin(i), MAC: f[0], IP: address(f[1]), Interface: name, State: "REACHABLE"})
	}
	d.neighbors(rows)
}

// junosLLDP reads `show lldp neighbors`.
func junosLLDP(d *Device, t *text) {
	var rows []LLDPNeighbor
	for i, line := range t.lines {
		f := strings.Fields(line)
		if len(f) < 4 || f[0] == "Local" {
			continue
		}
		row := LLDPNeighbor{Origin: t.origin(i), Interface: f[0], ChassisID: f[2], PortID: f[3]}
		if strings.Count(f[1], ":") == 5 { // older: no parent interface
			row.ChassisID, row.PortID = f[1], f[2]
		}
		if row.SystemName = f[len(f)-1]; strings.Count(row.ChassisID, ":") != 5 && !address(row.ChassisID).IsValid() {
			continue
		}
		rows = append(rows, row)
	}
	d.lldp(rows)
}

// junosConfig reads `show configuration`: sections in braces, or, of
// `| display set`, one statement a line.
func junosConfig(d *Device, t *text) {
	root := &ConfigLine{}
	open := []*ConfigLine{root}
	for i, line := range t.lines {
		words := strings.TrimSpace(line)
		switch {
		case words == "" || strings.HasPrefix(words, "#") || strings.HasPrefix(words, "/*"):
		case strings.HasPrefix(words, "}"):
			if len(open) > 1 {
				open = open[:len(open)-1]
			}
		default:
			head, section := strings.CutSuffix(words, "{")
			c := &ConfigLine{Text: strings.TrimSuffix(strings.TrimSpace(head), ";"), Line: i + 1}
			parent := open[len(open)-1]
			parent.Children = append(parent.Children, c)
			if section {
				open = append(open, c)
			}
		}
	}
	if len(root.Children) == 0 {
		t.fail("no configuration in the answer")
		return
	}
	d.Config = &Config{Ref: t.ref(-1), Lines: root.Children}
}
