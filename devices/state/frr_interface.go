package state

import (
	"strings"
	"time"
)

// newInterface is a row of which nothing is known but its name.
func newInterface(name string, o Origin) Interface {
	return Interface{Origin: o, Name: name, Counters: noCounters(), LinkUps: -1, LinkDowns: -1}
}

// noCounters are counters of which none was told.
func noCounters() Counters { return Counters{-1, -1, -1, -1, -1, -1, -1, -1, -1} }

// interfaces joins rows with what other answers told of the same interfaces.
func (d *Device) interfaces(rows []Interface) {
	d.Interfaces = mergeRows(d.Interfaces, rows, func(x *Interface) string { return x.Name })
}

// frrInterfaces reads `show interface`.
func frrInterfaces(d *Device, t *text) {
	var rows []Interface
	for i, line := range t.lines {
		if rest, ok := strings.CutPrefix(line, "Interface "); ok {
			name, state, ok := strings.Cut(rest, " is ")
			if !ok {
				t.miss(i)
				continue
			}
			row := newInterface(name, t.origin(i))
			row.AdminUp = strings.HasPrefix(state, "up")
			row.OperUp = strings.HasPrefix(state, "up, line protocol is up")
			row.NoCarrier = strings.HasPrefix(state, "up, line protocol is down")
			row.note(t.ref(i), "AdminUp", "OperUp", "NoCarrier")
			rows = append(rows, row)
			continue
		}
		if len(rows) > 0 {
			frrInterfaceLine(&rows[len(rows)-1], t, i)
		}
	}
	if len(rows) == 0 {
		t.fail("no interface found")
	}
	d.interfaces(rows)
}

// frrInterfaceLine reads one line of the block of an interface.
func frrInterfaceLine(row *Interface, t *text, i int) {
	line := strings.TrimSpace(t.lines[i])
	key, value, _ := strings.Cut(line, " ")
	value = strings.TrimSpace(value)
	switch key {
	case "vrf:":
		row.VRF = vrfName(value)
		row.note(t.ref(i), "VRF")
	case "pseudo": // zebra keeps the configuration of an interface that the kernel lacks
		row.Kind = KindPseudo
		row.note(t.ref(i), "Kind")
	case "Description:":
		row.Description = value
		row.note(t.ref(i), "Description")
	case "HWaddr:":
		row.MAC = value
		row.note(t.ref(i), "MAC")
	case "index":
		if n, ok := number(after(line, " mtu ")); ok {
			row.MTU = n
			row.note(t.ref(i), "MTU")
		}
		if n, ok := number(after(line, " speed ")); ok && n < 4294967295 {
			row.SpeedMbps = n
			row.note(t.ref(i), "SpeedMbps")
		}
	case "flags:":
		if strings.Contains(value, "LOOPBACK") {
			row.Kind = "loopback"
			row.note(t.ref(i), "Kind")
		}
		if !row.NoCarrier && row.AdminUp && !row.OperUp && strings.Contains(value, "RUNNING") {
			row.OperUp = true // "line protocol detection is disabled"
			row.note(t.ref(i), "OperUp")
		}
	case "inet", "inet6":
		word, _, _ := strings.Cut(value, " ")
		if p, ok := prefix(word); ok {
			row.Addresses = append(row.Addresses, Address{Prefix: p, Ref: t.ref(i)})
		} else {
			t.miss(i)
		}
	case "Link":
		frrTransitions(row, t, i, line)
	case "Interface":
		if kind, ok := strings.CutPrefix(value, "Type "); ok && row.Kind == "" && kind != "Other" {
			row.Kind = strings.ToLower(kind)
			row.note(t.ref(i), "Kind")
		}
	case "Master", "master":
		row.Master = after(line, "interface: ")
	case "input", "output":
		frrInterfaceCounters(&row.Counters, key, line)
	}
}

// frrInterfaceBrief reads the table of `show interface brief`. It does not tell
// an interface that is shut from one without carrier.
func frrInterfaceBrief(d *Device, t *text) {
	var rows []Interface
	for _, f := range t.table("Interface") {
		words := f.words
		if words[0] == "+" || indent(t.lines[f.line]) > 0 { // a further address
			if n := len(rows); n > 0 {
				if p, ok := prefix(words[len(words)-1]); ok {
					rows[n-1].Addresses = append(rows[n-1].Addresses, Address{Prefix: p, Ref: t.ref(f.line)})
				}
			}
			continue
		}
		if len(words) < 3 || words[1] != "up" && words[1] != "down" {
			continue
		}
		row := newInterface(words[0], t.origin(f.line))
		row.OperUp, row.VRF = words[1] == "up", vrfName(words[2])
		row.AdminUp = row.OperUp
		row.note(t.ref(f.line), "OperUp")
		if len(words) > 3 {
			if p, ok := prefix(words[3]); ok {
				row.Addresses = append(row.Addresses, Address{Prefix: p, Ref: t.ref(f.line)})
			}
		}
		rows = append(rows, row)
	}
	d.interfaces(rows)
}

// frrTransitions reads "Link ups: 1 last: 2026/11/23 16:21:49.87". The device
// prints its local time without a zone; it is taken as UTC.
func frrTransitions(row *Interface, t *text, i int, line string) {
	n, _ := number(after(line, ":"))
	switch {
	case strings.HasPrefix(line, "Link ups:"):
		row.LinkUps = n
		row.note(t.ref(i), "LinkUps")
	case strings.HasPrefix(line, "Link downs:"):
		row.LinkDowns = n
		row.note(t.ref(i), "LinkDowns")
	}
	_, last, _ := strings.Cut(line, "last: ")
	if at, ok := localTime(last); ok && at.After(row.LastChange) {
		row.LastChange = at
		row.note(t.ref(i), "LastChange")
	}
}

// localTime reads "2026/11/23 16:21:49.87" to the second.
func localTime(s string) (time.Time, bool) {
	at, err := time.Parse("2006/01/02 15:04:05", strings.TrimSpace(s))
	return at.Truncate(time.Second), err == nil
}

// frrInterfaceCounters reads the counters that older releases print.
func frrInterfaceCounters(c *Counters, dir, line string) {
	get := func(key string) int64 { return count64(after(line, key)) }
	switch {
	case dir == "input" && strings.Contains(line, "input packets"):
		c.InPackets, c.InOctets, c.InDiscards = get("packets "), get("bytes "), get("dropped ")
	case dir == "output" && strings.Contains(line, "output packets"):
		c.OutPackets, c.OutOctets, c.OutDiscards = get("packets "), get("bytes "), get("dropped ")
	case dir == "input" && strings.Contains(line, "input errors"):
		c.InErrors, c.InCRC = get("errors "), get("CRC ")
	case dir == "output" && strings.Contains(line, "output errors"):
		c.OutErrors = get("errors ")
	}
}
