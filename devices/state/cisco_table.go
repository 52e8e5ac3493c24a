package state

import (
	"net/netip"
	"strings"
)

// ciscoMACs reads `show mac address-table` of IOS and EOS.
func ciscoMACs(d *Device, t *text) {
	t.dedent()
	var rows []MAC
	for i, line := range t.lines {
		f := strings.Fields(strings.TrimLeft(line, "* "))
		if len(f) < 4 || strings.Count(f[1], ".") != 2 || len(f[1]) != 14 {
			continue
		}
		row := MAC{Origin: t.origin(i), Address: dottedMAC(f[1]), Interface: ciscoName(f[3])}
		row.VLAN, _ = number(f[0])
		row.Local = strings.EqualFold(f[3], "CPU") || strings.EqualFold(f[3], "Router")
		if !multicastMAC(row.Address) {
			rows = append(rows, row)
		}
	}
	d.macs(rows)
}

// ciscoVNIs reads `show nve vni`.
func ciscoVNIs(d *Device, t *text) {
	t.dedent()
	var rows []VNI
	for i, line := range t.lines {
		f := strings.Fields(line)
		if len(f) < 5 || !strings.HasPrefix(f[0], "nve") {
			continue
		}
		id, ok := number(f[1])
		if !ok {
			t.miss(i)
			continue
		}
		row := VNI{Origin: t.origin(i), ID: id, Layer: "L2", Interface: f[0], MACs: -1, ARPs: -1}
		if strings.Contains(line, "L3CP") {
			row.Layer, row.VRF = "L3", vrfName(f[len(f)-1])
		}
		if g := address(f[2]); g.IsMulticast() {
			row.Group = g
		}
		rows = append(rows, row)
	}
	d.vnis(rows)
}

// ciscoBFD reads the table of `show bfd neighbors [details]`.
func ciscoBFD(d *Device, t *text) {
	t.dedent()
	var rows []BFDPeer
	for i, line := range t.lines {
		f := strings.Fields(line)
		if len(f) < 5 || !address(f[0]).IsValid() {
			continue
		}
		row := BFDPeer{Origin: t.origin(i), Peer: address(f[0]), Interface: ciscoName(f[len(f)-1]), State: strings.ToLower(f[len(f)-2])}
		row.Up = row.State == "up"
		rows = append(rows, row)
	}
	d.bfd(rows)
}

// ciscoBGPTable reads `show ip bgp` of IOS, whose columns FRR has too. A prefix
// without length is of its class.
func ciscoBGPTable(d *Device, t *text) {
	t.dedent()
	for i, line := range t.lines {
		if strings.HasPrefix(line, "BGP routing table information for VRF ") {
			eosBGPTable(d, t)
			return
		}
		f := strings.Fields(line)
		for _, w := range f[:min(len(f), 3)] {
			w = strings.TrimLeft(w, "*>irbSdhsxam")
			if !address(w).Is4() {
				continue
			}
			at := strings.Index(line, w)
			if p, ok := classful(w); ok && at > 0 && at < 8 { // in the column of the prefix
				long := p.String()
				t.lines[i] = line[:at] + long + strings.TrimPrefix(line[at+len(w):], strings.Repeat(" ", len(long)-len(w)))
			}
			break
		}
	}
	frrBGPTable(d, t)
}

// eosBGPTable reads `show ip bgp` of EOS: "* >   10.1.0.0/24  10.2.0.1  0  100  0  65001 i".
func eosBGPTable(d *Device, t *text) {
	var rows []BGPRoute
	vrf := t.vrf()
	for i, line := range t.lines {
		if v, ok := strings.CutPrefix(line, "BGP routing table information for VRF "); ok {
			vrf = vrfName(strings.TrimSpace(v))
		}
		f := strings.Fields(line)
		at := 0
		for at < len(f) && (len(f[at]) < 4 || !strings.Contains(f[at], "/")) {
			at++
		}
		if at == 0 || len(f) < at+5 {
			continue
		}
		p, ok := prefix(f[at])
		if !ok {
			continue
		}
		flags := strings.Join(f[:at], "")
		row := BGPRoute{Origin: t.origin(i), VRF: vrf, Family: "ipv4 unicast", Prefix: p, NextHop: address(f[at+1]), MED: count(f[at+2]), LocalPref: count(f[at+3]), Weight: max(count(f[at+4]), 0)}
		if f[at+1] == "-" { // originated here
			row.NextHop = netip.IPv4Unspecified()
		}
		row.Valid, row.Best = strings.Contains(flags, "*"), strings.Contains(flags, ">")
		bgpPath(&row, f[at+5:])
		rows = append(rows, row)
	}
	d.bgpRoutes(rows)
}

// ciscoACLs reads `show ip access-lists`. Where a list is bound stands in the
// configuration: its rules have no hook.
func ciscoACLs(d *Device, t *text) {
	t.dedent()
	var rows []FilterRule
	list := ""
	for i, line := range t.lines {
		if _, name, ok := strings.Cut(line, " access list "); ok && indent(line) == 0 {
			list = after(strings.ReplaceAll(name, "IP Access List ", ""), "")
			continue
		}
		if name, ok := strings.CutPrefix(line, "IP Access List "); ok { // EOS
			list = after(name, "")
			continue
		}
		f := strings.Fields(line)
		if list == "" || len(f) < 2 {
			continue
		}
		if _, ok := number(f[0]); ok {
			f = f[1:]
		}
		if f[0] != "permit" && f[0] != "deny" {
			continue
		}
		row := FilterRule{Origin: t.origin(i), Family: "ip", Chain: list, Text: strings.TrimSpace(line), Share: 1, Packets: -1, Octets: -1}
		row.Action = "accept"
		if f[0] == "deny" {
			row.Action = "drop"
		}
		ciscoACE(&row, f[1:])
		rows = append(rows, row)
	}
	d.filters(rows)
}

// ciscoACE reads "tcp any host 10.0.0.1 eq www (12 matches)".
func ciscoACE(row *FilterRule, f []string) {
	f = strings.Fields(strings.ReplaceAll(strings.Join(f, " "), ", wildcard bits ", " ")) // of a standard list
	if _, matches, ok := strings.Cut(strings.Join(f, " "), "("); ok {
		if n, ok := number(matches); ok {
			row.Packets = int64(n)
		}
	}
	if len(f) == 0 {
		return
	}
	if first := f[0]; first != "any" && first != "host" && !address(first).IsValid() { // extended
		if f = f[1:]; first != "ip" && first != "ipv4" {
			row.Protocol = first
		}
	}
	f = ciscoEnd(f, &row.Src, &row.SrcPort)
	f = ciscoEnd(f, &row.Dst, &row.DstPort)
	var more []string
	for _, w := range f {
		if strings.HasPrefix(w, "(") || strings.HasPrefix(w, "[") {
			break
		}
		if w != "log" && w != "log-input" {
			more = append(more, w)
		}
	}
	row.Conditions = strings.Join(more, " ")
}

// ciscoEnd reads "any", "host A", "A WILDCARD" or "A/LEN" with its port, and
// returns the words behind them.
func ciscoEnd(f []string, ps *[]netip.Prefix, port *string) []string {
	n := 0
	switch {
	case len(f) == 0:
		return f
	case f[0] == "any":
		n = 1
	case f[0] == "host" && len(f) > 1:
		if p, ok := prefix(f[1]); ok {
			*ps, n = append(*ps, p), 2
		}
	default:
		p, ok := prefix(f[0])
		if !ok {
			return f
		}
		if n = 1; len(f) > 1 && address(f[1]).Is4() {
			p, n = netip.PrefixFrom(p.Addr(), 32-maskBits(address(f[1]))), 2
		}
		*ps = append(*ps, p)
	}
	f = f[n:]
	switch {
	case len(f) > 1 && f[0] == "eq":
		*port = f[1]
		return f[2:]
	case len(f) > 2 && f[0] == "range":
		*port = f[1] + "-" + f[2]
		return f[3:]
	}
	return f
}
