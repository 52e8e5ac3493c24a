package state

import (
	"iter"
	"strings"
	"time"
)

func (d *Device) ospf(rows []OSPFProcess) {
	d.OSPF = mergeRows(d.OSPF, rows, func(x *OSPFProcess) string { return x.VRF + " " + ospfVersion(x.Version) })
}

func (d *Device) ospfInterfaces(rows []OSPFInterface) {
	d.OSPFInterfaces = mergeRows(d.OSPFInterfaces, rows, func(x *OSPFInterface) string {
		return x.Name + " " + x.Area + " " + ospfVersion(x.Version)
	})
}

func (d *Device) ospfNeighbors(rows []OSPFNeighbor) {
	d.OSPFNeighbors = mergeRows(d.OSPFNeighbors, rows, func(x *OSPFNeighbor) string {
		return x.RouterID + " " + x.Interface + " " + ospfVersion(x.Version)
	})
}

// ospfVersion is the version as part of a key: 2 unless it is said to be 3.
func ospfVersion(v int) string {
	if v == 3 {
		return "3"
	}
	return "2"
}

// vrfLine recognises the heading of a VRF's part of an answer.
func vrfLine(line string) (string, bool) {
	for _, head := range []string{"VRF Name: ", "VRF ", "Vrf "} {
		if rest, ok := strings.CutPrefix(strings.TrimSpace(line), head); ok {
			name := strings.TrimRight(rest, ":")
			if !strings.Contains(name, " ") {
				return vrfName(name), true
			}
		}
	}
	return "", false
}

// parts yields the lines of an answer about several VRFs with their indexes,
// without the heading of a VRF's part, which sets vrf instead.
func (t *text) parts(vrf *string) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		for i, line := range t.lines {
			if v, ok := vrfLine(line); ok {
				*vrf = v
			} else if !yield(i, line) {
				return
			}
		}
	}
}

// frrOSPF reads `show ip ospf`: the process and its areas.
func frrOSPF(d *Device, t *text) {
	var rows []OSPFProcess
	vrf := t.vrf()
	for i, line := range t.parts(&vrf) {
		line = strings.TrimSpace(line)
		if id := after(line, "Router ID: "); id != "" && strings.HasPrefix(line, "OSPF Routing Process") {
			rows = append(rows, OSPFProcess{Origin: t.origin(i), VRF: vrf, RouterID: id, Version: 2})
			continue
		}
		if rest, ok := strings.CutPrefix(line, "Area ID: "); ok && len(rows) > 0 {
			p := &rows[len(rows)-1]
			p.Areas = append(p.Areas, OSPFArea{Origin: t.origin(i), ID: after(rest, ""), Kind: areaKind(rest)})
		}
	}
	if len(rows) == 0 {
		t.fail("no OSPF process found")
	}
	d.ospf(rows)
}

// areaKind tells the kind of an area from the note behind its number:
// "0.0.0.1 [Stub]", "0.0.0.1 (NSSA)", "0.0.0.0 (Backbone)".
func areaKind(s string) string {
	s = strings.ToLower(s)
	switch {
	case strings.Contains(s, "nssa"):
		return "nssa"
	case strings.Contains(s, "stub"):
		return "stub"
	}
	return "normal"
}

// frrOSPFInterfaces reads `show ip ospf interface`.
func frrOSPFInterfaces(d *Device, t *text) {
	var rows []OSPFInterface
	vrf := t.vrf()
	for i, line := range t.parts(&vrf) {
		if indent(line) == 0 {
			if name, state, ok := strings.Cut(line, " is "); ok && !strings.Contains(name, " ") {
				row := OSPFInterface{Origin: t.origin(i), Version: 2, Name: name, VRF: vrf, Auth: "none", NeighborCount: -1, AdjacentCount: -1}
				row.Up = strings.HasPrefix(state, "up")
				row.note(t.ref(i), "Up")
				rows = append(rows, row)
			}
			continue
		}
		if len(rows) > 0 {
			frrOSPFInterfaceLine(&rows[len(rows)-1], t, i)
		}
	}
	d.ospfInterfaces(runningOSPF(rows))
}

// runningOSPF drops interfaces on which OSPF does not run, for which the
// device prints a heading too.
func runningOSPF(rows []OSPFInterface) []OSPFInterface {
	kept := rows[:0]
	for _, r := range rows {
		if r.Area != "" {
			kept = append(kept, r)
		}
	}
	return kept
}

// frrOSPFInterfaceLine reads one line of the block of an interface.
func frrOSPFInterfaceLine(row *OSPFInterface, t *text, i int) {
	line := strings.TrimSpace(t.lines[i])
	ref := t.ref(i)
	if p, ok := prefix(after(line, "Internet Address ")); ok {
		row.Address = p
		row.note(ref, "Address")
	}
	if _, rest, ok := strings.Cut(line, "Area "); ok && strings.HasPrefix(line, "Internet Address") {
		row.Area = after(rest, "")
		row.note(ref, "Area")
	}
	if n, ok := number(after(line, "MTU ")); ok {
		row.MTU = n
		row.note(ref, "MTU")
	}
	switch {
	case strings.HasPrefix(line, "MTU mismatch detection:"):
		row.MTUIgnore = strings.HasSuffix(line, "disabled")
		row.note(ref, "MTUIgnore")
	case strings.HasPrefix(line, "Router ID "):
		row.RouterID = after(line, "Router ID ")
		row.NetworkType = networkType(after(line, "Network Type "))
		row.Cost, _ = number(after(line, "Cost: "))
		row.note(ref, "RouterID", "NetworkType", "Cost")
	case strings.HasPrefix(line, "Timer intervals configured"):
		row.Hello, _ = timer(after(line, "Hello "))
		row.Dead, _ = timer(after(line, "Dead "))
		row.note(ref, "Hello", "Dead")
	case strings.HasPrefix(line, "No Hellos (Passive interface)"):
		row.Passive = true
		row.note(ref, "Passive")
	case strings.HasPrefix(line, "Hello due in"):
		row.note(ref, "Passive")
	case strings.HasPrefix(line, "Neighbor Count is "):
		row.NeighborCount = count(after(line, "Neighbor Count is "))
		row.AdjacentCount = count(after(line, "Adjacent neighbor count is "))
		row.note(ref, "NeighborCount", "AdjacentCount")
	case strings.HasSuffix(line, "uthentication enabled"):
		row.Auth = authKind(line)
		row.note(ref, "Auth")
	case strings.HasPrefix(line, "Youngest key id is "):
		row.AuthKeyID, _ = number(after(line, "Youngest key id is "))
		row.note(ref, "AuthKeyID")
	case strings.Contains(line, "OSPF not enabled on this interface"):
		row.Area = ""
	}
}

// timer reads an interval with or without its unit (seconds).
func timer(s string) (time.Duration, bool) {
	if d, ok := span(s); ok {
		return d, true
	}
	if n, ok := number(s); ok {
		return time.Duration(n) * time.Second, true
	}
	return 0, false
}

func authKind(line string) string {
	switch {
	case strings.HasPrefix(line, "Cryptographic"):
		return "md5"
	case strings.HasPrefix(line, "Simple"):
		return "simple"
	}
	return "none"
}

// networkType gives an OSPF network type its one name.
func networkType(s string) string {
	switch strings.ToLower(s) {
	case "pointopoint", "point-to-point", "p2p", "point_to_point":
		return "point-to-point"
	case "pointomultipoint", "point-to-multipoint", "p2mp", "pointtomultipoint":
		return "point-to-multipoint"
	}
	return strings.ToLower(s)
}

// frrOSPFNeighbors reads the table of `show ip ospf neighbor`.
func frrOSPFNeighbors(d *Device, t *text) {
	var rows []OSPFNeighbor
	vrf := t.vrf()
	for i, line := range t.parts(&vrf) {
		f := strings.Fields(line)
		if len(f) < 7 || !address(f[0]).Is4() {
			continue
		}
		row := OSPFNeighbor{Origin: t.origin(i), Version: 2, RouterID: f[0], VRF: vrf, State: ospfState(f[2])}
		rest := f[3:]
		if len(f) >= 10 { // releases from 8 on tell the uptime
			if up, ok := span(f[3]); ok {
				row.Since = t.ago(up, true)
			}
			rest = f[4:]
		}
		if len(rest) < 3 {
			t.miss(i)
			continue
		}
		row.Address = address(rest[1])
		row.Interface, _, _ = strings.Cut(rest[2], ":")
		rows = append(rows, row)
	}
	d.ospfNeighbors(rows)
}

// ospfState gives a neighbour state its name in RFC 2328: "Full/DR" is Full.
func ospfState(s string) string {
	s, _, _ = strings.Cut(s, "/")
	switch strings.ToLower(s) {
	case "2-way", "twoway", "2way", "two_way":
		return "2-Way"
	case "exstart", "exchange_start":
		return "ExStart"
	case "":
		return ""
	}
	return strings.ToUpper(s[:1]) + strings.ToLower(s[1:])
}

// frrOSPFNeighborDetail reads `show ip ospf neighbor detail`.
func frrOSPFNeighborDetail(d *Device, t *text) {
	var rows []OSPFNeighbor
	vrf := t.vrf()
	for i, line := range t.parts(&vrf) {
		line = strings.TrimSpace(line)
		if id := after(line, "Neighbor "); strings.HasPrefix(line, "Neighbor ") && strings.Contains(line, "interface address") {
			row := OSPFNeighbor{Origin: t.origin(i), Version: 2, VRF: vrf, RouterID: id, Address: address(after(line, "interface address "))}
			rows = append(rows, row)
			continue
		}
		if len(rows) == 0 {
			continue
		}
		row, ref := &rows[len(rows)-1], t.ref(i)
		switch {
		case strings.HasPrefix(line, "In the area "):
			row.Area, row.Interface = after(line, "area "), after(line, "via interface ")
			row.note(ref, "Area", "Interface")
		case strings.Contains(line, "State is "):
			row.State = ospfState(after(line, "State is "))
			row.note(ref, "State")
		case strings.HasPrefix(line, "Progressive change "):
			up, ok := span(after(line, "change "))
			row.Since = t.ago(up, ok)
			row.note(ref, "Since")
		}
	}
	d.ospfNeighbors(rows)
}
