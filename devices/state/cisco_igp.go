package state

import "strings"

// ciscoOSPF reads `show ip ospf`.
func ciscoOSPF(d *Device, t *text) {
	t.dedent()
	var rows []OSPFProcess
	for i, line := range t.lines {
		line = strings.TrimSpace(line)
		if id := after(line, " with ID "); id != "" && strings.Contains(line, "ospf ") {
			row := OSPFProcess{Origin: t.origin(i), VRF: mainVRF, RouterID: id, Version: 2}
			if v := after(line, "VRF "); v != "" {
				row.VRF = vrfName(v)
			}
			rows = append(rows, row)
			continue
		}
		if len(rows) == 0 {
			continue
		}
		p := &rows[len(rows)-1]
		if rest, ok := strings.CutPrefix(line, "Area "); ok {
			id := strings.TrimPrefix(strings.TrimSuffix(after(rest, ""), ")"), "BACKBONE(")
			if dotted := ocArea(id); strings.Count(dotted, ".") == 3 {
				p.Areas = append(p.Areas, OSPFArea{Origin: t.origin(i), ID: dotted, Kind: "normal"})
			}
		}
		if len(p.Areas) > 0 && (strings.HasPrefix(line, "It is a stub area") || strings.HasPrefix(line, "It is a NSSA area")) {
			a := &p.Areas[len(p.Areas)-1]
			a.Kind = areaKind(line)
			a.note(t.ref(i), "Kind")
		}
	}
	d.ospf(rows)
}

// ciscoOSPFInterfaces reads `show ip ospf interface`, whose lines FRR has too.
func ciscoOSPFInterfaces(d *Device, t *text) {
	t.dedent()
	var rows []OSPFInterface
	for i, line := range t.lines {
		if name, state, ok := strings.Cut(line, " is "); ok && indent(line) == 0 && !strings.Contains(name, " ") {
			row := OSPFInterface{Origin: t.origin(i), Version: 2, Name: name, VRF: t.vrf(), NeighborCount: -1, AdjacentCount: -1}
			row.Up = strings.HasPrefix(state, "up") && !strings.Contains(state, "protocol is down")
			row.note(t.ref(i), "Up")
			rows = append(rows, row)
			continue
		}
		if len(rows) == 0 {
			continue
		}
		row, trimmed := &rows[len(rows)-1], strings.TrimSpace(line)
		frrOSPFInterfaceLine(row, t, i)
		if strings.HasPrefix(trimmed, "Interface Address ") { // EOS
			if p, ok := prefix(after(trimmed, "Address ")); ok {
				row.Address = p
			}
			row.Area = after(trimmed, "Area ")
			row.VRF = vrfName(after(trimmed, "VRF "))
			row.note(t.ref(i), "Address", "Area", "VRF")
		}
		if nt := after(trimmed, "Network Type "); nt != "" {
			row.NetworkType = networkType(strings.ReplaceAll(strings.ToLower(nt), "_", "-"))
			row.Cost, _ = number(after(trimmed, "Cost: "))
			row.note(t.ref(i), "NetworkType", "Cost")
		}
		if strings.HasPrefix(trimmed, "Process ID ") {
			row.RouterID = after(trimmed, "Router ID ")
			row.note(t.ref(i), "RouterID")
		}
		if strings.HasPrefix(trimmed, "No Hellos") || strings.Contains(trimmed, "passive interface") {
			row.Passive = true
			row.note(t.ref(i), "Passive")
		}
	}
	for i := range rows {
		if rows[i].Area != "" {
			rows[i].Area = ocArea(rows[i].Area)
		}
	}
	d.ospfInterfaces(runningOSPF(rows))
}

// ciscoOSPFNeighbors reads the table of `show ip ospf neighbor`.
func ciscoOSPFNeighbors(d *Device, t *text) {
	t.dedent()
	var rows []OSPFNeighbor
	columns := []string{}
	for i, line := range t.lines {
		f := strings.Fields(strings.ReplaceAll(line, "/  -", "/-"))
		if strings.Contains(line, "Neighbor ID") {
			columns = f
			continue
		}
		if len(f) < 6 || !address(f[0]).Is4() {
			continue
		}
		row := OSPFNeighbor{Origin: t.origin(i), Version: 2, RouterID: f[0], VRF: t.vrf(), Interface: ciscoName(f[len(f)-1]), Address: address(f[len(f)-2])}
		state := 2
		if len(columns) > 2 && columns[2] == "VRF" { // EOS
			row.VRF, state = vrfName(f[1]), 3
		} else if len(columns) > 3 && columns[3] == "VRF" {
			row.VRF, state = vrfName(f[2]), 4
		}
		row.State = ospfState(f[state])
		rows = append(rows, row)
	}
	d.ospfNeighbors(rows)
}

// ciscoOSPFNeighborDetail reads `show ip ospf neighbor detail`.
func ciscoOSPFNeighborDetail(d *Device, t *text) {
	t.dedent()
	var rows []OSPFNeighbor
	for i, line := range t.lines {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "Neighbor ") && strings.Contains(line, "interface address") {
			row := OSPFNeighbor{Origin: t.origin(i), Version: 2, VRF: t.vrf(), RouterID: after(line, "Neighbor "), Address: address(after(line, "interface address "))}
			if v := after(line, "VRF "); v != "" {
				row.VRF = vrfName(v)
			}
			rows = append(rows, row)
			continue
		}
		if len(rows) == 0 {
			continue
		}
		row, ref := &rows[len(rows)-1], t.ref(i)
		switch {
		case strings.HasPrefix(line, "In the area ") || strings.HasPrefix(line, "In area "):
			row.Area, row.Interface = ocArea(after(line, "area ")), ciscoName(after(line, "interface "))
			row.note(ref, "Area", "Interface")
		case strings.Contains(line, "State is "):
			row.State = ospfState(after(line, "State is "))
			row.note(ref, "State")
		case strings.HasPrefix(line, "Neighbor is up for ") || strings.HasPrefix(line, "Current state was established "):
			word := after(line, "up for ")
			if word == "" {
				word = after(line, "established ")
			}
			up, ok := span(word)
			row.Since = t.ago(up, ok)
			row.note(ref, "Since")
		}
	}
	d.ospfNeighbors(rows)
}

// ciscoISISNeighbors reads the table of `show isis neighbors`.
func ciscoISISNeighbors(d *Device, t *text) {
	t.dedent()
	var rows []ISISNeighbor
	tag := ""
	for i, line := range t.lines {
		if rest, ok := strings.CutPrefix(line, "Tag "); ok {
			tag = strings.TrimSuffix(after(rest, ""), ":")
			continue
		}
		f := strings.Fields(line)
		if len(f) < 5 || isisLevel(f[1]) == "" || indent(line) > 0 {
			continue
		}
		row := ISISNeighbor{Origin: t.origin(i), Tag: tag, Level: isisLevel(f[1]), Interface: ciscoName(f[2]), State: isisState(f[4])}
		row.SystemID, row.Hostname = systemID(f[0])
		rows = append(rows, row)
	}
	d.isisNeighbors(rows)
}
