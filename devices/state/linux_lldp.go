package state

import "strings"

func (d *Device) lldp(rows []LLDPNeighbor) {
	d.LLDP = mergeRows(d.LLDP, rows, func(x *LLDPNeighbor) string { return x.Interface + " " + x.ChassisID })
}

// lldpText reads `lldpcli show neighbors [details]`.
func lldpText(d *Device, t *text) {
	var rows []LLDPNeighbor
	for i, line := range t.lines {
		key, value, ok := strings.Cut(strings.TrimSpace(line), ":")
		value = strings.TrimSpace(value)
		if !ok {
			continue
		}
		if key == "Interface" && indent(line) == 0 {
			rows = append(rows, LLDPNeighbor{Origin: t.origin(i), Interface: after(value, "")})
			continue
		}
		if len(rows) > 0 {
			lldpLine(&rows[len(rows)-1], t.ref(i), key, value)
		}
	}
	d.lldp(rows)
}

func lldpLine(row *LLDPNeighbor, ref Ref, key, value string) {
	switch key {
	case "ChassisID":
		row.ChassisID = lldpID(value)
	case "PortID":
		row.PortID = lldpID(value)
	case "SysName":
		row.SystemName = value
	case "PortDescr":
		row.PortDesc = value
	case "MgmtIP":
		if a := address(value); a.IsValid() {
			row.Management = append(row.Management, a)
		}
		key = "Management"
	default:
		return
	}
	row.note(ref, lldpField(key))
}

func lldpField(key string) string {
	switch key {
	case "SysName":
		return "SystemName"
	case "PortDescr":
		return "PortDesc"
	}
	return key
}

// lldpID takes the kind off an identifier: "mac 32:12:71:81:26:2c".
func lldpID(value string) string {
	if _, id, ok := strings.Cut(value, " "); ok {
		return id
	}
	return value
}
