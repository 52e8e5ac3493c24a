package state

import (
	"strings"
	"time"
)

// ciscoLLDP reads the table of `show lldp neighbors` of IOS and EOS.
func ciscoLLDP(d *Device, t *text) {
	t.dedent()
	var rows []LLDPNeighbor
	local, system, port := -1, -1, -1
	for i, line := range t.lines {
		switch {
		case strings.HasPrefix(line, "Device ID"):
			system, local, port = 0, strings.Index(line, "Local Intf"), strings.Index(line, "Port ID")
		case strings.HasPrefix(line, "Port ") && strings.Contains(line, "Neighbor Device ID"):
			local, system, port = 0, strings.Index(line, "Neighbor Device ID"), strings.Index(line, "Neighbor Port ID")
		case min(local, system, port) < 0 || strings.TrimSpace(line) == "" || len(line) <= max(local, system, port) || strings.HasPrefix(line, "Total entries") || strings.HasPrefix(line, "---"):
		default:
			rows = append(rows, LLDPNeighbor{Origin: t.origin(i), Interface: ciscoName(after(line[local:], "")), SystemName: after(line[system:], ""), PortID: ciscoName(after(line[port:], ""))})
		}
	}
	d.lldp(rows)
}

// ciscoLLDPDetail reads `show lldp neighbors detail` of IOS and EOS.
func ciscoLLDPDetail(d *Device, t *text) {
	t.dedent()
	var rows []LLDPNeighbor
	name := ""
	for i, line := range t.lines {
		key, value, ok := strings.Cut(strings.TrimLeft(line, " -"), ":")
		key, value = strings.TrimSpace(key), strings.Trim(strings.TrimSpace(value), `"`)
		if rest, found := strings.CutPrefix(line, "Interface "); found && strings.Contains(rest, " detected ") {
			name = after(rest, "")
			continue
		}
		switch {
		case !ok:
			continue
		case key == "Local Intf":
			rows = append(rows, LLDPNeighbor{Origin: t.origin(i), Interface: ciscoName(value)})
			continue
		case key == "Chassis ID" && name != "":
			rows = append(rows, LLDPNeighbor{Origin: t.origin(i), Interface: name})
		}
		if len(rows) > 0 {
			ciscoLLDPLine(&rows[len(rows)-1], t.ref(i), key, value)
		}
	}
	d.lldp(rows)
}

func ciscoLLDPLine(row *LLDPNeighbor, ref Ref, key, value string) {
	field := ""
	switch key {
	case "Chassis id", "Chassis ID":
		row.ChassisID, field = dottedMAC(value), "ChassisID"
	case "Port id", "Port ID":
		if row.PortID == "" { // EOS repeats the words for link aggregation
			row.PortID, field = ciscoName(value), "PortID"
		}
	case "Port Description":
		row.PortDesc, field = value, "PortDesc"
	case "System Name":
		row.SystemName, field = value, "SystemName"
	case "IP", "Management Address":
		if a := address(value); a.IsValid() {
			row.Management, field = append(row.Management, a), "Management"
		}
	}
	if field != "" {
		row.note(ref, field)
	}
}

// ciscoCDPDetail reads `show cdp neighbors detail` as rows of neighbours, too.
func ciscoCDPDetail(d *Device, t *text) {
	t.dedent()
	var rows []LLDPNeighbor
	for i, line := range t.lines {
		if id, ok := strings.CutPrefix(line, "Device ID:"); ok {
			rows = append(rows, LLDPNeighbor{Origin: t.origin(i), SystemName: strings.TrimSpace(id)})
			continue
		}
		if len(rows) == 0 {
			continue
		}
		row := &rows[len(rows)-1]
		if name := after(line, "Interface: "); name != "" {
			row.Interface, row.PortID = name, strings.TrimSpace(after(line, "(outgoing port): "))
			row.note(t.ref(i), "Interface", "PortID")
		}
		if a := address(after(line, "IP address: ")); a.IsValid() && len(row.Management) == 0 {
			row.Management = append(row.Management, a)
		}
	}
	d.lldp(rows)
}

// ciscoConfig reads `show running-config`, whose sections are indented.
func ciscoConfig(d *Device, t *text) {
	if len(t.lines) < 3 {
		t.fail("no configuration in the answer")
		return
	}
	d.Config = NewConfig(strings.Join(t.lines, "\n"), t.ref(-1))
}

// ciscoLogging reads the lines of `show logging`: "*Mar  1 00:01:02.345: %OSPF-5-ADJCHG: ...".
// IOS prints no year: it is that of the answer.
func ciscoLogging(d *Device, t *text) {
	for i, line := range t.lines {
		at := strings.Index(line, "%")
		if at < 0 {
			continue
		}
		name, _, ok := strings.Cut(line[at+1:], ": ")
		f := strings.Split(name, "-")
		if !ok || len(f) < 3 || strings.Contains(name, " ") {
			continue
		}
		row := LogLine{Origin: t.origin(i), Process: f[0], Severity: count(f[len(f)-2]), Text: line[at:]}
		if row.Severity > 7 {
			row.Severity = -1
		}
		row.At = syslogTime(line[:at], t.answer.At)
		d.Logs = append(d.Logs, row)
	}
	t.partial = true // a buffer forgets
}

// syslogTime reads "*Mar  1 00:01:02.345: " before a message; zero where there
// is none, or where no year can be known.
func syslogTime(s string, now time.Time) time.Time {
	f := strings.Fields(strings.TrimLeft(s, "*.0123456789: "))
	if len(f) < 3 || now.IsZero() {
		return time.Time{}
	}
	clock, _, _ := strings.Cut(strings.TrimSuffix(f[2], ":"), ".")
	at, err := time.Parse("Jan 2 15:04:05 2006", f[0]+" "+f[1]+" "+clock+" "+now.Format("2006"))
	if err != nil {
		return time.Time{}
	}
	if at.After(now.Add(24 * time.Hour)) {
		at = at.AddDate(-1, 0, 0)
	}
	return at
}
