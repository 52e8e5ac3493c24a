package state

import "strings"

// ciscoBGPSummary reads `show ip bgp summary` of IOS and EOS.
func ciscoBGPSummary(d *Device, t *text) {
	t.dedent()
	vrf, fam, local := t.vrf(), "ipv4 unicast", uint32(0)
	for i, line := range t.lines {
		if name, ok := strings.CutPrefix(line, "For address family: "); ok {
			fam = familyName(name)
		}
		if _, v, ok := strings.Cut(line, " for VRF "); ok {
			vrf = vrfName(strings.TrimSpace(v))
		}
		if id := after(line, "outer identifier "); id != "" { // "BGP router identifier", "Router identifier"
			local = asn(after(line, "local AS number "))
			d.bgp([]BGPProcess{{Origin: t.origin(i), VRF: vrf, RouterID: id, AS: local}})
		}
		f := strings.Fields(line)
		for len(f) > 1 && !address(f[0]).IsValid() && address(f[1]).IsValid() { // EOS puts the description before the address
			f = f[1:]
		}
		if len(f) < 8 || !address(f[0]).IsValid() || f[1] != "4" {
			continue
		}
		row := BGPSession{Origin: t.origin(i), VRF: vrf, Peer: address(f[0]), PeerAS: asn(f[2]), LocalAS: local}
		row.External = row.PeerAS != local
		af := BGPFamily{Name: fam, Received: -1, Sent: -1, Ref: t.ref(i)}
		at := 7 // of Up/Down: EOS has no TblVer
		if len(f) > 9 && isUpDown(f[8]) && !isUpDown(f[7]) {
			at = 8
		}
		ciscoSummaryState(&row, &af, f[at+1:])
		if row.State == "Established" {
			up, ok := span(f[at])
			row.Since = t.ago(up, ok)
		}
		row.Families = []BGPFamily{af}
		d.bgpSessions([]BGPSession{row})
	}
}

// isUpDown reports whether a word stands in the column Up/Down.
func isUpDown(s string) bool {
	_, ok := span(s)
	return ok || s == "never"
}

// ciscoSummaryState reads the column State/PfxRcd, which may be of two words.
func ciscoSummaryState(row *BGPSession, af *BGPFamily, f []string) {
	if len(f) == 0 {
		return
	}
	n, ok := number(f[len(f)-1])
	switch {
	case ok && strings.IndexByte("0123456789", f[0][0]) >= 0:
		row.State, af.Active, af.Received = "Established", true, n
	case f[0] == "Estab":
		row.State, af.Active = "Established", true
		if len(f) > 1 {
			af.Received = count(f[1])
		}
	default:
		row.State = strings.TrimSuffix(f[0], "(Admin)")
		row.AdminDown = strings.Contains(strings.Join(f, " "), "Admin")
		af.LimitExceeded = strings.Contains(strings.Join(f, " "), "PfxCt")
	}
}

// ciscoBGPNeighbors reads `show ip bgp neighbors` of IOS and EOS.
func ciscoBGPNeighbors(d *Device, t *text) {
	t.dedent()
	var rows []BGPSession
	vrf := t.vrf()
	for i, line := range t.lines {
		trimmed := strings.TrimSpace(line)
		if strings.HasPrefix(trimmed, "BGP neighbor is ") {
			row := BGPSession{Origin: t.origin(i), VRF: vrf, Peer: address(after(trimmed, "neighbor is ")), PeerAS: asn(after(trimmed, "remote AS ")), External: strings.Contains(trimmed, "external link")}
			if v := after(trimmed, " vrf "); v != "" {
				row.VRF = vrfName(v)
			}
			row.note(t.ref(i), "AdminDown", "External")
			rows = append(rows, row)
			continue
		}
		if len(rows) > 0 {
			ciscoSessionLine(&rows[len(rows)-1], t, i, trimmed)
		}
	}
	d.bgpSessions(rows)
}

func ciscoSessionLine(row *BGPSession, t *text, i int, line string) {
	ref := t.ref(i)
	switch {
	case strings.HasPrefix(line, "BGP state "): // "= Established" or "is Established"
		f := strings.Fields(strings.ReplaceAll(line, ",", " "))
		if len(f) > 3 {
			row.State = f[3]
		}
		up, ok := span(after(line, "up for "))
		row.Since = t.ago(up, ok && row.State == "Established")
		row.note(ref, "State", "Since")
	case strings.HasPrefix(line, "Description: "):
		row.Description = strings.TrimPrefix(line, "Description: ")
		row.note(ref, "Description")
	case strings.HasPrefix(line, "Administratively shut down"):
		row.AdminDown = true
		row.note(ref, "AdminDown")
	case strings.HasPrefix(line, "BGP version "):
		if id := after(line, "remote router ID "); id != "0.0.0.0" {
			row.PeerRouterID = id
			row.note(ref, "PeerRouterID")
		}
		if v := after(line, "VRF "); v != "" {
			row.VRF = vrfName(v)
		}
	case strings.HasPrefix(line, "Member of peer-group ") || strings.HasPrefix(line, "Inherits configuration from and member of peer-group "):
		row.PeerGroup = after(line, "peer-group ")
		row.note(ref, "PeerGroup")
	case strings.HasPrefix(line, "Local AS is "):
		row.LocalAS = asn(after(line, "AS is "))
		row.note(ref, "LocalAS")
	case strings.HasPrefix(line, "Local host: ") || strings.HasPrefix(line, "Local TCP address is "):
		row.Local = address(after(strings.ReplaceAll(line, "Local TCP address is ", "Local host: "), "host: "))
		row.note(ref, "Local")
	case strings.HasPrefix(line, "Last reset ") && strings.Contains(line, ","):
		_, why, _ := strings.Cut(line, ", ")
		row.LastReset = strings.TrimPrefix(why, "due to ")
		row.NotificationSent, row.NotificationRcvd = notification(row.LastReset)
		row.note(ref, "LastReset", "NotificationSent", "NotificationRcvd")
	case strings.HasPrefix(line, "External BGP neighbor may be up to ") || strings.HasPrefix(line, "External BGP neighbor configured for "):
		row.Multihop, _ = number(after(line, "up to "))
		row.note(ref, "Multihop")
	default:
		ciscoFamilyLine(row, ref, line)
	}
}

// ciscoFamilyLine reads what a session says of its address families.
func ciscoFamilyLine(row *BGPSession, ref Ref, line string) {
	for _, head := range []string{"For address family: ", "Address family ", "Multiprotocol "} {
		rest, ok := strings.CutPrefix(line, head)
		if !ok {
			continue
		}
		name, what, _ := strings.Cut(rest, ":")
		f := BGPFamily{Name: familyName(name), Received: -1, Sent: -1, Ref: ref}
		f.Active = strings.Contains(what, "advertised and received")
		if i := familyIndex(row.Families, f.Name); i >= 0 {
			f = row.Families[i] // a section moves its family to the end
			row.Families = append(row.Families[:i:i], row.Families[i+1:]...)
		}
		row.Families = append(row.Families, f)
		return
	}
	if len(row.Families) == 0 {
		return
	}
	f := &row.Families[len(row.Families)-1]
	switch {
	case strings.HasPrefix(line, "Prefixes Current: "):
		if n := strings.Fields(line); len(n) >= 4 {
			f.Sent, f.Received = count(n[2]), count(n[3])
		}
	case strings.HasPrefix(line, "Route map for incoming advertisements is "):
		f.ImportPolicy = after(line, " is ")
	case strings.HasPrefix(line, "Route map for outgoing advertisements is "):
		f.ExportPolicy = after(line, " is ")
	case strings.HasPrefix(line, "Inbound soft reconfiguration allowed"):
		f.SoftInbound = true
	case strings.HasPrefix(line, "NEXT_HOP is always this router"):
		f.NextHopSelf = true
	case strings.HasPrefix(line, "Route-Reflector Client"):
		f.ReflectorClient = true
	case strings.HasPrefix(line, "Maximum prefixes allowed "):
		f.MaxPrefixes, _ = number(after(line, "allowed "))
	default:
		if name, counts, ok := strings.Cut(line, ": "); ok { // EOS: "IPv4 Unicast:    8    44"
			if i := familyIndex(row.Families, familyName(name)); i >= 0 && len(strings.Fields(counts)) == 2 {
				c := strings.Fields(counts)
				row.Families[i].Sent, row.Families[i].Received = count(c[0]), count(c[1])
			}
		}
	}
}

func familyIndex(fs []BGPFamily, name string) int {
	for i, f := range fs {
		if f.Name == name {
			return i
		}
	}
	return -1
}
