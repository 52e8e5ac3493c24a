package state

import (
	"strings"
)

func (d *Device) bgp(rows []BGPProcess) {
	d.BGP = mergeRows(d.BGP, rows, func(x *BGPProcess) string { return x.VRF })
}

func (d *Device) bgpSessions(rows []BGPSession) {
	d.BGPSessions = mergeRows(d.BGPSessions, rows, func(x *BGPSession) string {
		if x.PeerInterface != "" {
			return x.VRF + " " + x.PeerInterface
		}
		return x.VRF + " " + x.Peer.String()
	})
}

// frrBGPNeighbors reads `show bgp neighbors`: a session with all that is set
// and known about it.
func frrBGPNeighbors(d *Device, t *text) {
	r := bgpNeighborReader{t: t, vrf: t.vrf(), procs: map[string]bool{}}
	for i, line := range t.lines {
		if v, ok := strings.CutPrefix(line, "Instance "); ok {
			r.vrf = vrfName(strings.TrimSuffix(v, ":"))
			continue
		}
		if strings.HasPrefix(line, "BGP neighbor ") {
			r.begin(i, line)
			continue
		}
		if len(r.rows) > 0 {
			r.line(i, strings.TrimSpace(line))
		}
	}
	if len(r.rows) == 0 && !noNeighbors(t) {
		t.fail("no BGP neighbor found")
	}
	d.bgpSessions(r.rows)
	d.bgp(r.processes)
}

func noNeighbors(t *text) bool {
	for _, line := range t.lines {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "% No such neighbor") && !strings.HasPrefix(line, "Instance ") {
			return false
		}
	}
	return true
}

// A bgpNeighborReader is the state of reading `show bgp neighbors`.
type bgpNeighborReader struct {
	t         *text
	vrf       string
	rows      []BGPSession
	processes []BGPProcess
	procs     map[string]bool
}

// begin reads "BGP neighbor is 10.0.0.2, remote AS 65002, local AS 65001, external link"
// or "BGP neighbor on eth1: fe80::2, remote AS ...".
func (r *bgpNeighborReader) begin(i int, line string) {
	row := BGPSession{Origin: r.t.origin(i), VRF: r.vrf, PeerAS: asn(after(line, "remote AS ")), LocalAS: asn(after(line, "local AS "))}
	row.External = strings.Contains(line, "external link")
	if rest, ok := strings.CutPrefix(line, "BGP neighbor on "); ok {
		name, rest, _ := strings.Cut(rest, ":")
		row.PeerInterface, row.Peer = name, address(after(rest, ""))
	} else {
		row.Peer = address(after(line, "neighbor is "))
	}
	row.note(r.t.ref(i), "AdminDown", "External", "Password")
	r.rows = append(r.rows, row)
}

// line reads one line of a session's block.
func (r *bgpNeighborReader) line(i int, line string) {
	row, ref := &r.rows[len(r.rows)-1], r.t.ref(i)
	if len(row.Families) > 0 && r.familyLine(&row.Families[len(row.Families)-1], ref, line) {
		return
	}
	switch {
	case strings.HasPrefix(line, "BGP state = "):
		row.State = after(line, "state = ")
		row.note(ref, "State")
		if up, ok := span(after(line, "up for ")); ok {
			row.Since = r.t.ago(up, true)
			row.note(ref, "Since")
		}
	case strings.HasPrefix(line, "Description: "):
		row.Description = strings.TrimPrefix(line, "Description: ")
		row.note(ref, "Description")
	case strings.HasPrefix(line, "Member of peer-group "):
		row.PeerGroup = after(line, "peer-group ")
		row.note(ref, "PeerGroup")
	case strings.HasPrefix(line, "Administratively shut down"):
		row.AdminDown = true
		row.note(ref, "AdminDown")
	case strings.HasPrefix(line, "BGP version "):
		if id := after(line, "remote router ID "); id != "0.0.0.0" {
			row.PeerRouterID = id
			row.note(ref, "PeerRouterID")
		}
		r.process(i, row, after(line, "local router ID "))
	case strings.HasPrefix(line, "Update source is "):
		row.UpdateSource = after(line, "source is ")
		row.note(ref, "UpdateSource")
	case strings.Contains(line, "BGP neighbor may be up to "):
		row.Multihop, _ = number(after(line, "up to "))
		row.note(ref, "Multihop")
	case strings.HasPrefix(line, "Last reset "):
		r.lastReset(row, ref, line)
	case strings.HasPrefix(line, "Local host: "):
		row.Local = address(after(line, "host: "))
		row.note(ref, "Local")
	case strings.HasPrefix(line, "Peer Authentication Enabled"):
		row.Password = true
		row.note(ref, "Password")
	case strings.HasPrefix(line, "Peer had exceeded the max. no. of prefixes"):
		for j := range row.Families {
			row.Families[j].exceeded(ref)
		}
	case strings.HasPrefix(line, "Address Family "):
		r.negotiated(row, ref, line)
	case strings.HasPrefix(line, "For address family: "):
		r.beginFamily(row, ref, strings.TrimPrefix(line, "For address family: "))
	}
}

func (r *bgpNeighborReader) process(i int, row *BGPSession, id string) {
	if r.procs[r.vrf] || id == "" {
		return
	}
	r.procs[r.vrf] = true
	r.processes = append(r.processes, BGPProcess{Origin: r.t.origin(i), VRF: r.vrf, RouterID: id, AS: row.LocalAS})
}

// lastReset reads "Last reset 00:00:57,  Notification sent (OPEN Message Error/Bad Peer AS)".
func (r *bgpNeighborReader) lastReset(row *BGPSession, ref Ref, line string) {
	_, why, ok := strings.Cut(line, ",")
	if !ok {
		return
	}
	row.LastReset = strings.TrimPrefix(strings.TrimSpace(why), "due to ")
	row.note(ref, "LastReset")
	sent, received := notification(row.LastReset)
	if sent != "" {
		row.NotificationSent = sent
		row.note(ref, "NotificationSent")
	}
	if received != "" {
		row.NotificationRcvd = received
		row.note(ref, "NotificationRcvd")
	}
}

// notification takes the code out of "Notification sent (Cease/Peer De-configured)".
func notification(why string) (sent, received string) {
	code := why
	if _, inner, ok := strings.Cut(why, "("); ok {
		code = strings.TrimSuffix(strings.TrimSpace(inner), ")")
	}
	low := strings.ToLower(why)
	switch {
	case strings.Contains(low, "notification sent"):
		return code, ""
	case strings.Contains(low, "notification received"):
		return "", code
	}
	return "", ""
}

// negotiated notes a capability line; the families' sections stand below.
func (r *bgpNeighborReader) negotiated(row *BGPSession, ref Ref, line string) {
	name, what, ok := strings.Cut(strings.TrimPrefix(line, "Address Family "), ":")
	if !ok {
		return
	}
	f := BGPFamily{Name: familyName(name), Received: -1, Sent: -1, Ref: ref}
	f.Offered = strings.Contains(what, "advertised")
	f.Active = f.Offered && strings.Contains(what, "received")
	f.Fields = map[string]Ref{"Active": ref}
	row.Families = append(row.Families, f)
}

// beginFamily starts the section of a family, or goes on with it.
func (r *bgpNeighborReader) beginFamily(row *BGPSession, ref Ref, name string) {
	name = familyName(name)
	for i, f := range row.Families {
		if f.Name == name {
			row.Families = append(append(row.Families[:i:i], row.Families[i+1:]...), f)
			row.Families[len(row.Families)-1].Ref = ref
			return
		}
	}
	row.Families = append(row.Families, BGPFamily{Name: name, Received: -1, Sent: -1, Ref: ref})
}
