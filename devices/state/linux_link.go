package state

import "strings"

// ipLink reads `ip link` and `ip addr`, with or without details and counters.
func ipLink(d *Device, t *text) {
	var rows []Interface
	var vnis []VNI
	for i, line := range t.lines {
		if row, ok := ipHead(t, i); ok {
			rows = append(rows, row)
			continue
		}
		if len(rows) == 0 || indent(line) == 0 {
			continue // the shell's own complaints
		}
		row := &rows[len(rows)-1]
		ipLine(row, t, i)
		if v, ok := vxlanLine(row, t, i); ok {
			vnis = append(vnis, v)
		}
	}
	d.interfaces(rows)
	d.vnis(vnis)
}

// ipHead reads "2: eth1@if2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 ... master br100 state UP".
func ipHead(t *text, i int) (Interface, bool) {
	line := t.lines[i]
	index, rest, ok := strings.Cut(line, ": ")
	if !ok || index == "" || index[0] < '0' || index[0] > '9' {
		return Interface{}, false
	}
	name, rest, ok := strings.Cut(rest, ": <")
	if !ok {
		return Interface{}, false
	}
	name, _, _ = strings.Cut(name, "@")
	row := newInterface(name, t.origin(i))
	flags, _, _ := strings.Cut(rest, ">")
	linkFlags(&row, strings.Split(flags, ","))
	if after(rest, " state ") == "DOWN" {
		row.OperUp = false
	}
	row.MTU, _ = number(after(rest, " mtu "))
	row.Master = after(rest, " master ")
	row.note(t.ref(i), "AdminUp", "OperUp", "NoCarrier", "Master")
	return row, true
}

// linkFlags reads the flags of a link (if_link.h).
func linkFlags(row *Interface, flags []string) {
	for _, f := range flags {
		switch f {
		case "UP":
			row.AdminUp = true
		case "LOWER_UP":
			row.OperUp = true
		case "NO-CARRIER":
			row.NoCarrier = true
		case "LOOPBACK":
			row.Kind = "loopback"
		}
	}
	row.OperUp = row.OperUp && row.AdminUp && !row.NoCarrier
}

// ipLine reads one line below the head of an interface.
func ipLine(row *Interface, t *text, i int) {
	line := strings.TrimSpace(t.lines[i])
	key, value, _ := strings.Cut(line, " ")
	ref := t.ref(i)
	switch {
	case key == "link/ether":
		row.MAC = after(value, "")
		row.note(ref, "MAC")
	case key == "inet" || key == "inet6":
		p, ok := prefix(after(value, ""))
		if !ok {
			t.miss(i)
			return
		}
		row.Addresses = append(row.Addresses, Address{Prefix: p, Ref: ref, Duplicate: strings.Contains(value, "dadfailed")})
	case key == "alias":
		row.Description = value
		row.note(ref, "Description")
	case key == "RX:" || key == "TX:":
		if i+1 < len(t.lines) {
			linkCounters(&row.Counters, key, strings.Fields(value), strings.Fields(t.lines[i+1]))
			if key == "RX:" {
				row.note(t.ref(i+1), "Counters", "InOctets", "InPackets", "InErrors", "InDiscards")
			} else {
				row.note(t.ref(i+1), "OutOctets", "OutPackets", "OutErrors", "OutDiscards")
			}
		}
	case row.Kind == "" && linkKinds(key):
		row.Kind = key
		row.note(ref, "Kind")
	case key == "vrf_slave":
		row.VRF = row.Master
	}
}

// linkKinds reports whether word is a kind of link that the kernel knows.
func linkKinds(word string) bool {
	switch word {
	case "veth", "bridge", "vxlan", "vlan", "bond", "tun", "dummy", "gre", "gretap", "ipip", "sit", "vrf", "macvlan", "wireguard", "ip6gre", "geneve", "team", "ifb", "vti", "xfrm":
		return true
	}
	return false
}

// linkCounters reads a line of counters by the names in its heading.
func linkCounters(c *Counters, dir string, names, values []string) {
	if len(names) > 0 && strings.HasPrefix(names[0], "errors") && len(names) > 1 && names[1] == "length" || len(names) != len(values) {
		return // the second heading of -s -s, or numbers with units
	}
	for i, name := range names {
		n := count64(values[i])
		switch dir + " " + strings.TrimSuffix(name, ":") {
		case "RX: bytes":
			c.InOctets = n
		case "RX: packets":
			c.InPackets = n
		case "RX: errors":
			c.InErrors = n
		case "RX: dropped":
			c.InDiscards = n
		case "TX: bytes":
			c.OutOctets = n
		case "TX: packets":
			c.OutPackets = n
		case "TX: errors":
			c.OutErrors = n
		case "TX: dropped":
			c.OutDiscards = n
		}
	}
}

// vxlanLine reads "vxlan id 100 local 10.255.0.1 ... dstport 4789".
func vxlanLine(row *Interface, t *text, i int) (VNI, bool) {
	line := strings.TrimSpace(t.lines[i])
	if !strings.HasPrefix(line, "vxlan id ") {
		return VNI{}, false
	}
	id, ok := number(after(line, "vxlan id "))
	if !ok {
		return VNI{}, false
	}
	v := VNI{Origin: t.origin(i), ID: id, Interface: row.Name, Bridge: row.Master, LocalVTEP: address(after(line, " local ")), MACs: -1, ARPs: -1}
	if g := address(after(line, " group ")); g.IsMulticast() {
		v.Group = g
	}
	if r := address(after(line, " remote ")); r.IsValid() {
		v.RemoteVTEPs = append(v.RemoteVTEPs, r)
	}
	return v, true
}

// ipBrief reads `ip -br link` and `ip -br addr`.
func ipBrief(d *Device, t *text) {
	var rows []Interface
	for i, line := range t.lines {
		f := strings.Fields(line)
		if len(f) < 2 {
			continue
		}
		name, _, _ := strings.Cut(f[0], "@")
		row := newInterface(name, t.origin(i))
		switch f[1] {
		case "UP", "UNKNOWN":
			row.AdminUp, row.OperUp = true, true
		case "DOWN", "LOWERLAYERDOWN":
		default:
			t.miss(i)
			continue
		}
		row.note(t.ref(i), "OperUp")
		for _, w := range f[2:] {
			if p, ok := prefix(w); ok && strings.Contains(w, "/") {
				row.Addresses = append(row.Addresses, Address{Prefix: p, Ref: t.ref(i)})
			} else if strings.Count(w, ":") == 5 && len(w) == 17 {
				row.MAC = w
			} else if strings.HasPrefix(w, "<") {
				linkFlags(&row, strings.Split(strings.Trim(w, "<>"), ","))
			}
		}
		rows = append(rows, row)
	}
	d.interfaces(rows)
}
