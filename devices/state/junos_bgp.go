package state

import "strings"

// junosBGPSummary reads `show bgp summary`.
func junosBGPSummary(d *Device, t *text) {
	var rows []BGPSession
	peers := false
	for i, line := range t.lines {
		f := strings.Fields(line)
		if len(f) > 1 && f[0] == "Peer" && f[1] == "AS" {
			peers = true
			continue
		}
		if !peers || len(f) == 0 {
			continue
		}
		if name, counts, ok := strings.Cut(strings.TrimSpace(line), ": "); ok && len(rows) > 0 && strings.Count(counts, "/") >= 2 {
			junosFamily(&rows[len(rows)-1], t.ref(i), name, counts)
			continue
		}
		if len(f) < 8 || !address(f[0]).IsValid() {
			continue
		}
		row := BGPSession{Origin: t.origin(i), VRF: mainVRF, Peer: address(f[0]), PeerAS: asn(f[1])}
		at := 6 // after the flaps: "3w2d 4:19:15 Establ" or "4:19:15 0/0/0/0"
		up := f[at]
		if at++; at < len(f)-1 && strings.Contains(f[at], ":") {
			up, at = up+" "+f[at], at+1
		}
		row.State = junosState(f[at])
		if strings.Contains(f[at], "/") { // the counters stand for Established
			row.State = "Established"
			junosFamily(&row, t.ref(i), "inet.0", f[at])
		}
		if ago, ok := junosSpan(up); ok && row.State == "Established" {
			row.Since = t.ago(ago, true)
		}
		rows = append(rows, row)
	}
	d.bgpSessions(rows)
}

func junosState(s string) string {
	if strings.HasPrefix(s, "Establ") {
		return "Established"
	}
	return strings.TrimSuffix(s, ",")
}

// junosFamily reads "inet.0: 682/684/684/0": active, received, accepted, damped.
func junosFamily(row *BGPSession, ref Ref, table, counts string) {
	f := strings.Split(counts, "/")
	if len(f) < 3 {
		return
	}
	name := "ipv4 unicast"
	switch {
	case strings.HasSuffix(table, "inet6.0"):
		name = "ipv6 unicast"
	case strings.HasSuffix(table, "evpn.0"):
		name = "l2vpn evpn"
	case !strings.HasSuffix(table, "inet.0"):
		name = table
	}
	if vrf, ok := junosTable(table); ok {
		row.VRF = vrf
	}
	row.Families = append(row.Families, BGPFamily{Name: name, Active: true, Received: count(f[2]), Sent: -1, Ref: ref})
}

// junosBGPNeighbors reads `show bgp neighbor`.
func junosBGPNeighbors(d *Device, t *text) {
	var rows []BGPSession
	for i, line := range t.lines {
		line = strings.TrimSpace(line)
		if rest, ok := strings.CutPrefix(line, "Peer: "); ok && strings.Contains(line, " AS ") {
			peer, _, _ := strings.Cut(after(rest, ""), "+")
			local, _, _ := strings.Cut(after(line, "Local: "), "+")
			row := BGPSession{Origin: t.origin(i), VRF: mainVRF, Peer: address(peer), Local: address(local), PeerAS: asn(after(line, " AS "))}
			if at := strings.LastIndex(line, " AS "); at > strings.Index(line, "Local: ") {
				row.LocalAS = asn(after(line[at:], " AS "))
			}
			row.External = row.PeerAS != row.LocalAS
			rows = append(rows, row)
			continue
		}
		if len(rows) > 0 {
			junosSessionLine(&rows[len(rows)-1], t.ref(i), line)
		}
	}
	d.bgpSessions(rows)
}

func junosSessionLine(row *BGPSession, ref Ref, line string) {
	switch {
	case strings.HasPrefix(line, "Description: "):
		row.Description = strings.TrimPrefix(line, "Description: ")
		row.note(ref, "Description")
	case strings.HasPrefix(line, "Group: "):
		row.PeerGroup = after(line, "Group: ")
		row.VRF = vrfName(after(line, "Routing-Instance: "))
		row.note(ref, "PeerGroup", "VRF")
	case strings.HasPrefix(line, "Type: "):
		row.State = after(line, "State: ")
		row.External = strings.HasPrefix(line, "Type: External")
		row.note(ref, "State", "External")
	case strings.HasPrefix(line, "Last Error: ") && !strings.HasSuffix(line, ": None"):
		row.LastReset = strings.TrimPrefix(line, "Last Error: ")
		row.note(ref, "LastReset")
	case strings.HasPrefix(line, "Authentication key is configured"):
		row.Password = true
		row.note(ref, "Password")
	case strings.HasPrefix(line, "Peer ID: "):
		row.PeerRouterID = after(line, "Peer ID: ")
		row.note(ref, "PeerRouterID")
	case strings.HasPrefix(line, "Export: ") || strings.HasPrefix(line, "Import: "):
		f := BGPFamily{Name: "ipv4 unicast", Received: -1, Sent: -1, Ref: ref}
		f.ExportPolicy, f.ImportPolicy = junosPolicy(line, "Export: ["), junosPolicy(line, "Import: [")
		if len(row.Families) == 0 {
			row.Families = append(row.Families, f)
		}
	case strings.HasPrefix(line, "NLRI for this session: "):
		for nlri := range strings.FieldsSeq(strings.TrimPrefix(line, "NLRI for this session: ")) {
			junosNLRI(row, ref, nlri)
		}
	}
}

func junosPolicy(line, key string) string {
	_, rest, ok := strings.Cut(line, key)
	if !ok {
		return ""
	}
	name, _, _ := strings.Cut(rest, "]")
	return strings.TrimSpace(name)
}

// junosNLRI notes a family that both ends speak.
func junosNLRI(row *BGPSession, ref Ref, nlri string) {
	name := nlri
	switch nlri {
	case "inet-unicast":
		name = "ipv4 unicast"
	case "inet6-unicast":
		name = "ipv6 unicast"
	case "evpn":
		name = "l2vpn evpn"
	}
	i := familyIndex(row.Families, name)
	if i < 0 {
		i = len(row.Families)
		row.Families = append(row.Families, BGPFamily{Name: name, Received: -1, Sent: -1, Ref: ref})
	}
	row.Families[i].Active = true
}
