package state

import (
	"strings"
	"time"
)

func (d *Device) isis(rows []ISISProcess) {
	d.ISIS = mergeRows(d.ISIS, rows, func(x *ISISProcess) string { return x.VRF + " " + x.Tag })
}

func (d *Device) isisInterfaces(rows []ISISInterface) {
	d.ISISInterfaces = mergeRows(d.ISISInterfaces, rows, func(x *ISISInterface) string { return x.Tag + " " + x.Name })
}

func (d *Device) isisNeighbors(rows []ISISNeighbor) {
	d.ISISNeighbors = mergeRows(d.ISISNeighbors, rows, func(x *ISISNeighbor) string {
		return x.Tag + " " + x.Interface + " " + x.SystemID + x.Hostname + " " + x.Level
	})
}

// isisArea recognises the heading of an instance.
func isisArea(line string) (string, bool) {
	rest, ok := strings.CutPrefix(line, "Area ")
	if !ok || !strings.HasSuffix(rest, ":") {
		return "", false
	}
	return strings.TrimSuffix(rest, ":"), true
}

// frrISISSummary reads `show isis summary`.
func frrISISSummary(d *Device, t *text) {
	var rows []ISISProcess
	vrf, system, systemRef := t.vrf(), "", Ref{}
	for i, line := range t.lines {
		if tag, ok := isisArea(line); ok {
			row := ISISProcess{Origin: t.origin(i), Tag: tag, VRF: vrf, SystemID: system}
			row.note(systemRef, "SystemID")
			rows = append(rows, row)
			continue
		}
		key, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		value = strings.TrimSpace(value)
		switch strings.TrimSpace(key) {
		case "vrf":
			vrf = vrfName(value)
		case "System Id":
			system, systemRef = value, t.ref(i)
		case "Net":
			if len(rows) > 0 {
				isisNET(&rows[len(rows)-1], value, t.ref(i))
			}
		case "Level-1", "Level-2":
			if len(rows) > 0 {
				row := &rows[len(rows)-1]
				row.Level = isisLevels(row.Level, key[len(key)-1:])
				row.note(t.ref(i), "Level")
			}
		}
	}
	d.isis(rows)
}

// isisNET takes a NET apart (ISO 8348): area, system-id of six octets, selector.
func isisNET(row *ISISProcess, net string, ref Ref) {
	row.NET = net
	row.note(ref, "NET", "Area")
	parts := strings.Split(net, ".")
	if len(parts) < 5 {
		return
	}
	row.Area = strings.Join(parts[:len(parts)-4], ".")
	if row.SystemID == "" {
		row.SystemID = strings.Join(parts[len(parts)-4:len(parts)-1], ".")
		row.note(ref, "SystemID")
	}
}

// isisLevels joins "1" and "2" to "1-2".
func isisLevels(have, more string) string {
	if have != "" && have != more {
		return "1-2"
	}
	return more
}

// isisLevel gives a level its one name: L1L2, level-1-2 and 3 are "1-2".
func isisLevel(s string) string {
	switch strings.ToLower(strings.TrimSuffix(s, ",")) {
	case "l1", "level-1", "level-1-only", "1":
		return "1"
	case "l2", "level-2", "level-2-only", "2":
		return "2"
	case "l1l2", "l1-l2", "level-1-2", "1-2", "3", "l12":
		return "1-2"
	}
	return ""
}

// frrISISNeighborDetail reads `show isis neighbor detail`.
func frrISISNeighborDetail(d *Device, t *text) {
	var rows []ISISNeighbor
	tag := ""
	for i, line := range t.lines {
		if a, ok := isisArea(line); ok {
			tag = a
			continue
		}
		if indent(line) == 1 && tag != "" {
			row := ISISNeighbor{Origin: t.origin(i), Tag: tag}
			row.SystemID, row.Hostname = systemID(strings.TrimSpace(line))
			rows = append(rows, row)
			continue
		}
		if len(rows) == 0 {
			continue
		}
		row := &rows[len(rows)-1]
		if name := after(line, " Interface: "); name != "" {
			row.Interface, row.Level, row.State = name, isisLevel(after(line, "Level: ")), isisState(after(line, "State: "))
			row.note(t.ref(i), "Interface", "Level", "State")
		}
		if _, last, ok := strings.Cut(line, "Last: "); ok && strings.Contains(line, "flaps") {
			up, ok := span(after(last, ""))
			row.Since = t.ago(up, ok)
			row.note(t.ref(i), "Since")
		}
	}
	d.isisNeighbors(rows)
}

// systemID tells a system-id (xxxx.xxxx.xxxx) from the host name that stands
// for it where the device knows it.
func systemID(s string) (id, hostname string) {
	if len(s) == 14 && s[4] == '.' && s[9] == '.' {
		return s, ""
	}
	return "", s
}

func isisState(s string) string {
	switch strings.ToLower(s) {
	case "init", "initializing":
		return "Initializing"
	case "up":
		return "Up"
	case "down":
		return "Down"
	}
	return s
}

// frrISISNeighbors reads the table of `show isis neighbor`.
func frrISISNeighbors(d *Device, t *text) {
	var rows []ISISNeighbor
	tag := ""
	for i, line := range t.lines {
		if a, ok := isisArea(line); ok {
			tag = a
			continue
		}
		f := strings.Fields(line)
		if len(f) < 5 || f[0] == "System" || isisLevel(f[2]) == "" {
			continue
		}
		row := ISISNeighbor{Origin: t.origin(i), Tag: tag, Interface: f[1], Level: isisLevel(f[2]), State: isisState(f[3])}
		row.SystemID, row.Hostname = systemID(f[0])
		rows = append(rows, row)
	}
	d.isisNeighbors(rows)
}

// frrISISInterfaceDetail reads `show isis interface detail`.
func frrISISInterfaceDetail(d *Device, t *text) {
	var rows []ISISInterface
	tag := ""
	for i, line := range t.lines {
		if a, ok := isisArea(line); ok {
			tag = a
			continue
		}
		line = strings.TrimSpace(line)
		if name := after(line, "Interface: "); strings.HasPrefix(line, "Interface: ") {
			row := ISISInterface{Origin: t.origin(i), Name: name, Tag: tag, Up: after(line, "State: ") == "Up"}
			row.Passive = strings.Contains(line, ", Passive")
			row.note(t.ref(i), "Up", "Passive")
			rows = append(rows, row)
			continue
		}
		if len(rows) == 0 {
			continue
		}
		row, ref := &rows[len(rows)-1], t.ref(i)
		switch {
		case strings.HasPrefix(line, "Type: "):
			row.NetworkType, row.Level = networkTypeISIS(after(line, "Type: ")), isisLevel(after(line, "Level: "))
			row.note(ref, "NetworkType", "Level")
		case strings.HasPrefix(line, "Metric: "):
			row.Metric, _ = number(after(line, "Metric: "))
			row.note(ref, "Metric")
		case strings.HasPrefix(line, "Hello interval: "):
			n, _ := number(after(line, "interval: "))
			row.Hello = time.Duration(n) * time.Second
			row.note(ref, "Hello")
		}
	}
	d.isisInterfaces(rows)
}

func networkTypeISIS(s string) string {
	switch s {
	case "p2p":
		return "point-to-point"
	case "lan", "bcast":
		return "broadcast"
	}
	return s
}

// frrISISInterfaces reads the table of `show isis interface`.
func frrISISInterfaces(d *Device, t *text) {
	var rows []ISISInterface
	tag := ""
	for i, line := range t.lines {
		if a, ok := isisArea(line); ok {
			tag = a
			continue
		}
		f := strings.Fields(line)
		if len(f) < 5 || isisLevel(f[4]) == "" {
			continue
		}
		row := ISISInterface{Origin: t.origin(i), Name: f[0], Tag: tag, Up: f[2] == "Up", NetworkType: networkTypeISIS(f[3]), Level: isisLevel(f[4])}
		if f[2] == "Passive" {
			row.Passive = true
		}
		rows = append(rows, row)
	}
	d.isisInterfaces(rows)
}
