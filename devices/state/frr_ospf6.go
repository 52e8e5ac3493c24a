package state

import (
	"net/netip"
	"strings"
	"time"
)

// frrOSPF6 reads `show ipv6 ospf6`: the process and its areas.
func frrOSPF6(d *Device, t *text) {
	var rows []OSPFProcess
	vrf := t.vrf()
	for i, line := range t.parts(&vrf) {
		if id := after(line, "with Router-ID "); id != "" {
			rows = append(rows, OSPFProcess{Origin: t.origin(i), VRF: vrf, RouterID: id, Version: 3})
			continue
		}
		if rest, ok := strings.CutPrefix(strings.TrimSpace(line), "Area "); ok && len(rows) > 0 && strings.Count(rest, ".") == 3 {
			p := &rows[len(rows)-1]
			p.Areas = append(p.Areas, OSPFArea{Origin: t.origin(i), ID: after(rest, ""), Kind: areaKind(rest)})
		}
	}
	d.ospf(rows)
}

// frrOSPF6Interfaces reads `show ipv6 ospf6 interface`.
func frrOSPF6Interfaces(d *Device, t *text) {
	var rows []OSPFInterface
	vrf := t.vrf()
	for i, line := range t.parts(&vrf) {
		if name, state, ok := strings.Cut(line, " is "); ok && indent(line) == 0 && !strings.Contains(name, " ") {
			row := OSPFInterface{Origin: t.origin(i), Version: 3, Name: name, VRF: vrf, NeighborCount: -1, AdjacentCount: -1}
			row.Up = strings.HasPrefix(state, "up")
			row.NetworkType = networkType(after(line, ", type "))
			row.note(t.ref(i), "Up", "NetworkType")
			rows = append(rows, row)
			continue
		}
		if len(rows) > 0 {
			frrOSPF6InterfaceLine(&rows[len(rows)-1], t, i)
		}
	}
	d.ospfInterfaces(runningOSPF(rows))
}

func frrOSPF6InterfaceLine(row *OSPFInterface, t *text, i int) {
	line, ref := strings.TrimSpace(t.lines[i]), t.ref(i)
	switch {
	case strings.HasPrefix(line, "Operating as type "):
		row.NetworkType = networkType(after(line, "as type "))
		row.note(ref, "NetworkType")
	case strings.HasPrefix(line, "inet6: "):
		// The link-local address is what the neighbours see.
		if p, err := netip.ParsePrefix(after(line, "inet6: ")); err == nil && (p.Addr().IsLinkLocalUnicast() || !row.Address.IsValid()) {
			row.Address = p
			row.note(ref, "Address")
		}
	case strings.Contains(line, "Interface MTU "):
		row.MTU, _ = number(after(line, "Interface MTU "))
		row.note(ref, "MTU")
	case strings.HasPrefix(line, "MTU mismatch detection: "):
		row.MTUIgnore = strings.HasSuffix(line, "disabled")
		row.note(ref, "MTUIgnore")
	case strings.HasPrefix(line, "Area ID "):
		row.Area = after(line, "Area ID ")
		row.Cost, _ = number(after(line, "Cost "))
		row.note(ref, "Area", "Cost")
	case strings.HasPrefix(line, "Hello "):
		row.Hello = seconds(after(line, "Hello "))
		row.Dead = seconds(after(line, "Dead "))
		row.note(ref, "Hello", "Dead")
	case strings.HasPrefix(line, "No Hellos (Passive"):
		row.Passive = true
		row.note(ref, "Passive")
	case strings.HasPrefix(line, "Authentication Trailer is "):
		row.Auth = "none"
		if !strings.Contains(line, "disabled") {
			row.Auth = "trailer"
		}
		row.note(ref, "Auth")
	}
}

// seconds reads the number that a word begins with: "10(5.192)".
func seconds(s string) time.Duration {
	n, _ := number(s)
	return time.Duration(n) * time.Second
}

// frrOSPF6Neighbors reads the table of `show ipv6 ospf6 neighbor`.
func frrOSPF6Neighbors(d *Device, t *text) {
	var rows []OSPFNeighbor
	vrf := t.vrf()
	for i, line := range t.parts(&vrf) {
		f := strings.Fields(line)
		if len(f) < 6 || !address(f[0]).Is4() {
			continue
		}
		row := OSPFNeighbor{Origin: t.origin(i), Version: 3, RouterID: f[0], VRF: vrf, State: ospfState(f[3])}
		row.Interface, _, _ = strings.Cut(f[5], "[")
		if up, ok := span(f[4]); ok {
			row.Since = t.ago(up, true)
		}
		rows = append(rows, row)
	}
	d.ospfNeighbors(rows)
}

// frrOSPF6NeighborDetail reads `show ipv6 ospf6 neighbor detail`.
func frrOSPF6NeighborDetail(d *Device, t *text) {
	var rows []OSPFNeighbor
	vrf := t.vrf()
	for i, line := range t.parts(&vrf) {
		line = strings.TrimSpace(line)
		if rest, ok := strings.CutPrefix(line, "Neighbor "); ok {
			id, ifname, _ := strings.Cut(rest, "%")
			rows = append(rows, OSPFNeighbor{Origin: t.origin(i), Version: 3, VRF: vrf, RouterID: id, Interface: ifname})
			continue
		}
		if len(rows) == 0 {
			continue
		}
		row, ref := &rows[len(rows)-1], t.ref(i)
		switch {
		case strings.HasPrefix(line, "Area "):
			row.Area, row.Interface = after(line, "Area "), after(line, "via interface ")
			row.note(ref, "Area", "Interface")
		case strings.Contains(line, "Link-local address: "):
			row.Address = address(after(line, "address: "))
			row.note(ref, "Address")
		case strings.HasPrefix(line, "State "):
			row.State = ospfState(after(line, "State "))
			up, ok := span(after(line, "duration of "))
			row.Since = t.ago(up, ok)
			row.note(ref, "State", "Since")
		}
	}
	d.ospfNeighbors(rows)
}
