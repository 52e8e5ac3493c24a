package state

import (
	"net/netip"
	"strings"
)

// ciscoReadings is what IOS and IOS-XE are asked, and EOS, whose command line
// and outputs descend from them. Where the two differ, the readers take both.
func ciscoReadings() []reading {
	interfaces, sessions := TableInterfaces+" "+TableAddresses, TableBGPNbrs+" "+TableBGP
	return []reading{
		{"show version", TableSystem, ciscoVersion},
		{"show interfaces", interfaces, ciscoInterfaces},
		{"show interfaces <name>", interfaces, ciscoInterfaces},
		{"show ip interface [vrf <vrf>]", TableAddresses, ciscoIPInterfaces},
		{"show ip interface brief [vrf <vrf>]", TableAddresses, ciscoIPBrief},
		{"show ip ospf [vrf <vrf>]", TableOSPF, ciscoOSPF},
		{"show ip ospf interface [vrf <vrf>]", TableOSPFIfs, ciscoOSPFInterfaces},
		{"show ip ospf interface <name>", TableOSPFIfs, ciscoOSPFInterfaces},
		{"show ip ospf neighbor [vrf <vrf>]", TableOSPFNbrs, ciscoOSPFNeighbors},
		{"show ip ospf neighbor detail [vrf <vrf>]", TableOSPFNbrs, ciscoOSPFNeighborDetail},
		{"show isis neighbors [detail] [vrf <vrf>]", TableISISNbrs, ciscoISISNeighbors},
		{"show ip bgp summary [vrf <vrf>]", sessions, ciscoBGPSummary},
		{"show bgp [all] summary [vrf <vrf>]", sessions, ciscoBGPSummary},
		{"show ip bgp neighbors [vrf <vrf>]", sessions, ciscoBGPNeighbors},
		{"show bgp all neighbors", sessions, ciscoBGPNeighbors},
		{"show ip bgp neighbors <name>", sessions, ciscoBGPNeighbors},
		{"show ip route [vrf <vrf>]", TableRIB, ciscoRoutes},
		{"show ip route [vrf <vrf>] <prefix>", TableRIB, ciscoRoutes},
		{"show ipv6 route [vrf <vrf>]", TableRIB6, ciscoRoutes},
		{"show ip bgp [vrf <vrf>]", TableBGPRoutes, ciscoBGPTable},
		{"show ip access-lists", TableFilters, ciscoACLs},
		{"show ip access-lists <name>", TableFilters, ciscoACLs},
		{"show nve vni", TableVNIs, ciscoVNIs},
		{"show mac address-table", TableMACs, ciscoMACs},
		{"show bfd neighbors [details]", TableBFD, ciscoBFD},
		{"show ip arp [vrf <vrf>]", TableNeighbors, ciscoARP},
		{"show arp [vrf <vrf>]", TableNeighbors, ciscoARP},
		{"show lldp neighbors", TableLLDP, ciscoLLDP},
		{"show lldp neighbors detail", TableLLDP, ciscoLLDPDetail},
		{"show cdp neighbors detail", TableLLDP, ciscoCDPDetail},
		{"show running-config [sanitized]", TableConfig, ciscoConfig},
		{"show logging", TableLogs, ciscoLogging},
	}
}

// dedent takes the indentation off that all lines share, as copies from
// documents have it.
func (t *text) dedent() {
	common := -1
	for _, line := range t.lines {
		if in := indent(line); in < len(line) && (common < 0 || in < common) {
			common = in
		}
	}
	for i, line := range t.lines {
		if len(line) >= common && common > 0 {
			t.lines[i] = line[common:]
		}
	}
}

// ciscoNames are the kinds of interface, whose names are cut short in tables.
var ciscoNames = [...]string{
	"GigabitEthernet", "TenGigabitEthernet", "TwentyFiveGigE", "FortyGigabitEthernet", "HundredGigE", "FastEthernet", "Ethernet", "Loopback",
	"Port-channel", "Port-Channel", "Vlan", "Tunnel", "Serial", "Management", "Vxlan", "BDI", "nve", "TwoGigabitEthernet",
}

// ciscoName gives an interface its full name: Gi0/1 is GigabitEthernet0/1.
func ciscoName(s string) string {
	at := strings.IndexAny(s, "0123456789")
	if at < 2 {
		return s
	}
	short, number := s[:at], s[at:]
	if strings.EqualFold(short, "Po") {
		return "Port-channel" + number
	}
	for _, name := range ciscoNames {
		if strings.HasPrefix(strings.ToLower(name), strings.ToLower(strings.TrimSpace(short))) {
			return name + number
		}
	}
	return s
}

// dottedMAC writes 0800.27dc.5443 as 08:00:27:dc:54:43.
func dottedMAC(s string) string {
	hex := strings.ReplaceAll(s, ".", "")
	if len(hex) != 12 || strings.Count(s, ".") != 2 {
		return s
	}
	var b strings.Builder
	for i := 0; i < 12; i += 2 {
		if i > 0 {
			b.WriteByte(':')
		}
		b.WriteString(hex[i : i+2])
	}
	return b.String()
}

// ciscoVersion reads `show version`.
func ciscoVersion(d *Device, t *text) {
	t.dedent()
	var row System
	for i, line := range t.lines {
		switch {
		case strings.Contains(line, "Cisco IOS") && strings.Contains(line, "Version ") && row.Version == "":
			row.Origin, row.Software, row.Version = t.origin(i), "Cisco IOS", after(line, "Version ")
			if strings.Contains(line, "IOS-XE") || strings.Contains(line, "IOS XE") {
				row.Software = "Cisco IOS XE"
			}
		case strings.HasPrefix(line, "Arista "):
			row.Origin, row.Software, row.Model = t.origin(i), "Arista EOS", after(line, "Arista ")
		case strings.HasPrefix(line, "Software image version: "):
			row.Version = after(line, "version: ")
			row.note(t.ref(i), "Version")
		case strings.Contains(line, " uptime is "):
			row.Hostname, _, _ = strings.Cut(line, " uptime is ")
			row.note(t.ref(i), "Hostname")
		}
	}
	if !row.Known() {
		t.fail("no version found")
		return
	}
	d.system(row)
}

// ciscoInterfaces reads `show interfaces`.
func ciscoInterfaces(d *Device, t *text) {
	t.dedent()
	var rows []Interface
	for i, line := range t.lines {
		if name, state, ok := strings.Cut(line, " is "); ok && indent(line) == 0 && !strings.Contains(name, " ") && strings.Contains(state, "line protocol is") {
			row := newInterface(name, t.origin(i))
			row.AdminUp = !strings.Contains(state, "administratively down") && !strings.HasPrefix(state, "disabled")
			_, protocol, _ := strings.Cut(state, "line protocol is ")
			row.OperUp = strings.HasPrefix(protocol, "up")
			row.NoCarrier = row.AdminUp && !row.OperUp
			row.note(t.ref(i), "AdminUp", "OperUp", "NoCarrier")
			rows = append(rows, row)
			continue
		}
		if len(rows) > 0 && indent(line) > 0 {
			ciscoInterfaceLine(&rows[len(rows)-1], t, i)
		}
	}
	d.interfaces(rows)
}

func ciscoInterfaceLine(row *Interface, t *text, i int) {
	line, ref, c := strings.TrimSpace(t.lines[i]), t.ref(i), &row.Counters
	switch {
	case strings.HasPrefix(line, "Description: "):
		row.Description = strings.TrimPrefix(line, "Description: ")
		row.note(ref, "Description")
	case strings.HasPrefix(line, "Hardware is ") && strings.Contains(line, "address is "):
		row.MAC = dottedMAC(after(line, "address is "))
		row.note(ref, "MAC")
	case strings.HasPrefix(line, "Internet address is "):
		if p, ok := prefix(after(line, "address is ")); ok {
			row.Addresses = append(row.Addresses, Address{Prefix: p, Ref: ref})
		}
	case strings.HasPrefix(line, "MTU ") || strings.HasPrefix(line, "IP MTU ") || strings.HasPrefix(line, "Ethernet MTU "):
		row.MTU, _ = number(after(line, "MTU "))
		row.note(ref, "MTU")
	case strings.HasPrefix(strings.ToLower(line), "full-duplex") || strings.HasPrefix(strings.ToLower(line), "half-duplex") || strings.HasPrefix(line, "Full Duplex") || strings.HasPrefix(line, "Half Duplex"):
		row.Duplex = strings.ToLower(line[:4])
		row.SpeedMbps = ciscoSpeed(line)
		row.note(ref, "Duplex", "SpeedMbps")
	case strings.Contains(line, " link status changes"):
		row.LinkDowns = count(line) / 2
	case strings.Contains(line, " packets input"):
		c.InPackets, c.InOctets = count64(after(line, "")), count64(after(line, "input, "))
	case strings.Contains(line, " packets output"):
		c.OutPackets, c.OutOctets = count64(after(line, "")), count64(after(line, "output, "))
	case strings.Contains(line, " input errors"):
		c.InErrors, c.InCRC = count64(after(line, "")), count64(after(line, "errors, "))
		row.note(ref, "Counters")
	case strings.Contains(line, " output errors"):
		c.OutErrors = count64(after(line, ""))
	}
}

// ciscoSpeed reads "Full-duplex, 1000Mb/s" and "Full Duplex, 10Gb/s".
func ciscoSpeed(line string) int {
	_, rest, _ := strings.Cut(line, ", ")
	n, ok := number(strings.TrimSpace(rest))
	if ok && strings.Contains(rest, "Gb") {
		return n * 1000
	}
	return n
}

// ciscoIPInterfaces reads the addresses of `show ip interface`.
func ciscoIPInterfaces(d *Device, t *text) {
	t.dedent()
	var rows []Interface
	for i, line := range t.lines {
		if name, state, ok := strings.Cut(line, " is "); ok && indent(line) == 0 && !strings.Contains(name, " ") && strings.Contains(state, "line protocol is") {
			rows = append(rows, newInterface(name, t.origin(i)))
			continue
		}
		if len(rows) == 0 {
			continue
		}
		row := &rows[len(rows)-1]
		for _, key := range []string{"Internet address is ", "Secondary address "} {
			if p, ok := prefix(after(line, key)); ok && strings.HasPrefix(strings.TrimSpace(line), key) {
				row.Addresses = append(row.Addresses, Address{Prefix: p, Ref: t.ref(i)})
			}
		}
		if v := after(line, "VPN Routing/Forwarding "); v != "" {
			row.VRF = vrfName(strings.Trim(v, `"`))
			row.note(t.ref(i), "VRF")
		}
	}
	d.interfaces(rows)
}

// ciscoIPBrief reads `show ip interface brief`. IOS leaves the prefix length
// out: such an address joins none and is given as a host's.
func ciscoIPBrief(d *Device, t *text) {
	t.dedent()
	var rows []Interface
	for _, f := range t.table("Interface") {
		if len(f.words) < 4 {
			continue
		}
		row := newInterface(ciscoName(f.words[0]), t.origin(f.line))
		line := t.lines[f.line]
		row.AdminUp = !strings.Contains(line, "administratively down")
		row.OperUp = strings.Contains(line, " up ") && !strings.Contains(line, "down")
		row.note(t.ref(f.line), "AdminUp", "OperUp")
		if p, ok := prefix(f.words[1]); ok {
			row.Addresses = []Address{{Prefix: p, Ref: t.ref(f.line)}}
		}
		rows = append(rows, row)
	}
	t.partial = true
	d.interfaces(rows)
}

// ciscoARP reads `show ip arp`.
func ciscoARP(d *Device, t *text) {
	t.dedent()
	var rows []Neighbor
	for i, line := range t.lines {
		f := strings.Fields(line)
		if len(f) > 4 && f[0] == "Internet" {
			f = append(f[1:4:4], f[5:]...) // without "ARPA"
		}
		if len(f) < 3 || !address(f[0]).IsValid() {
			continue
		}
		row := Neighbor{Origin: t.origin(i), IP: address(f[0]), State: "REACHABLE"}
		if row.MAC = dottedMAC(f[2]); strings.EqualFold(f[2], "Incomplete") {
			row.MAC, row.State = "", "INCOMPLETE"
		}
		if len(f) > 3 {
			row.Interface = strings.TrimSuffix(f[3], ",")
		}
		rows = append(rows, row)
	}
	d.neighbors(rows)
}

// classful gives an address without length the length of its class, as IOS
// means it.
func classful(s string) (netip.Prefix, bool) {
	p, ok := prefix(s)
	if !ok || strings.Contains(s, "/") || !p.Addr().Is4() {
		return p, ok
	}
	first := p.Addr().As4()[0]
	switch {
	case p.Addr().IsUnspecified():
		return netip.PrefixFrom(p.Addr(), 0), true
	case first < 128:
		return netip.PrefixFrom(p.Addr(), 8), true
	case first < 192:
		return netip.PrefixFrom(p.Addr(), 16), true
	}
	return netip.PrefixFrom(p.Addr(), 24), true
}
