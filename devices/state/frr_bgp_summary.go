package state

import "strings"

// frrBGPSummary reads `show bgp summary` of any family.
func frrBGPSummary(d *Device, t *text) {
	var rows []BGPSession
	var procs []BGPProcess
	vrf, fam := t.vrf(), familyOf(t)
	local := uint32(0)
	for i := 0; i < len(t.lines); i++ {
		line := t.lines[i]
		if v, ok := strings.CutPrefix(line, "Instance "); ok {
			vrf = vrfName(strings.TrimSuffix(v, ":"))
		}
		if name, rest, ok := strings.Cut(line, " Summary"); ok && indent(line) == 0 {
			fam = familyName(name)
			if v := strings.TrimSuffix(after(rest, "(VRF "), "):"); v != "" {
				vrf = vrfName(strings.TrimSuffix(v, ")"))
			}
		}
		if id := after(line, "BGP router identifier "); id != "" {
			local = asn(after(line, "local AS number "))
			procs = append(procs, BGPProcess{Origin: t.origin(i), VRF: vrf, RouterID: id, AS: local})
		}
		if line, next, ok := summaryLine(t.lines, i); ok {
			row := summaryRow(t, i, line, fam)
			row.VRF, row.LocalAS = vrf, local
			row.External = row.PeerAS != 0 && row.PeerAS != local
			rows, i = append(rows, row), next
		}
	}
	t.partial = strings.Contains(t.answer.Query, " ip ") || strings.Contains(t.answer.Query, "unicast") || strings.Contains(t.answer.Query, "evpn")
	for _, r := range rows { // a session that has two families is one row
		d.bgpSessions([]BGPSession{r})
	}
	for _, p := range procs {
		d.bgp([]BGPProcess{p})
	}
}

// familyOf is the family that the query names; ipv4 unicast by default.
func familyOf(t *text) string {
	for _, f := range []string{"ipv6 unicast", "l2vpn evpn"} {
		if strings.Contains(t.answer.Query, f) {
			return f
		}
	}
	return "ipv4 unicast"
}

// summaryLine recognises a neighbour's line of a summary. A long neighbour
// stands on a line of its own.
func summaryLine(lines []string, i int) (string, int, bool) {
	f := strings.Fields(lines[i])
	if len(f) == 1 && i+1 < len(lines) && indent(lines[i+1]) > 10 {
		return lines[i] + " " + lines[i+1], i + 1, true
	}
	return lines[i], i, len(f) >= 10 && f[1] == "4" && indent(lines[i]) == 0
}

// summaryRow reads "10.0.0.2 4 65001 9 11 0 0 0 00:01:13 1 3 r2 loopback".
func summaryRow(t *text, i int, line, fam string) BGPSession {
	f := strings.Fields(line)
	for len(f) < 10 {
		f = append(f, "")
	}
	row := BGPSession{Origin: t.origin(i), PeerAS: asn(f[2])}
	name := strings.TrimPrefix(f[0], "*") // dynamic neighbours carry a star
	if row.Peer = address(name); !row.Peer.IsValid() {
		if _, inner, ok := strings.Cut(name, "("); ok { // host name before it
			name = strings.TrimSuffix(inner, ")")
		}
		if row.Peer = address(name); !row.Peer.IsValid() {
			row.PeerInterface = name
		}
	}
	af := BGPFamily{Name: fam, Received: -1, Sent: -1, Ref: t.ref(i)}
	summaryState(&row, &af, f[9:])
	if up, ok := span(f[8]); ok && row.State == "Established" {
		row.Since = t.ago(up, true)
	}
	row.Families = []BGPFamily{af}
	return row
}

// summaryState reads the columns State/PfxRcd and PfxSnt.
func summaryState(row *BGPSession, af *BGPFamily, f []string) {
	row.State = f[0]
	rest := f[1:]
	if len(rest) > 0 && strings.HasPrefix(rest[0], "(") {
		switch rest[0] {
		case "(Admin)":
			row.AdminDown = true
		case "(PfxCt)":
			af.LimitExceeded = true
		}
		rest = rest[1:]
	}
	switch n, ok := number(f[0]); {
	case ok:
		row.State, af.Received, af.Active = "Established", n, true
	case f[0] == "(Policy)":
		row.State, af.PolicyRequired, af.Active = "Established", true, true
	case f[0] == "NoNeg":
		row.State = "Established"
		af.Fields = map[string]Ref{"Active": af.Ref}
	}
	if row.State == "Established" && len(rest) > 0 {
		if n, ok := number(rest[0]); ok {
			af.Sent = n
		}
	}
}
