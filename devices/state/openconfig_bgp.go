package state

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ocBGP reads openconfig-bgp of every network instance.
func ocBGP(d *Device, lines []ocLine) {
	var processes ocRows[BGPProcess]
	var sessions ocRows[BGPSession]
	for _, l := range lines {
		at, ok := l.under(ocProtocols + "/bgp")
		if !ok {
			continue
		}
		vrf := vrfName(l.key(1, "name"))
		switch rest := l.names(at); {
		case under(rest, "global/state"):
			ocBGPGlobal(processes.at(vrf, l, func(o Origin) BGPProcess { return BGPProcess{Origin: o, VRF: vrf} }), l, rest)
		case under(rest, "neighbors/neighbor"):
			peer := l.key(at+1, "neighbor-address")
			row := sessions.at(vrf+" "+peer, l, func(o Origin) BGPSession {
				s := BGPSession{Origin: o, VRF: vrf, Peer: address(peer)}
				if !s.Peer.IsValid() {
					s.PeerInterface = peer
				}
				return s
			})
			if afi := l.key(at+3, "afi-safi-name"); afi != "" {
				ocBGPFamily(row, afi, l, l.names(at+4))
				continue
			}
			ocBGPNeighbor(row, l, l.names(at+2))
		}
	}
	rows := sessions.told(
		func(x *BGPSession) bool { return x.State != "" && x.PeerAS != 0 },
		func(x *BGPSession) bool {
			return slices.ContainsFunc(d.BGPSessions, func(y BGPSession) bool { return x.VRF == y.VRF && x.Peer == y.Peer })
		})
	for i := range rows {
		if rows[i].State != "Established" {
			rows[i].Since = time.Time{} // when the last one began, not this state
			delete(rows[i].Fields, "Since")
		}
		if p := processes.rows[rows[i].VRF]; p != nil && rows[i].LocalAS == 0 {
			rows[i].LocalAS = p.AS
			rows[i].note(p.Cite("AS"), "LocalAS")
		}
		if rows[i].Fields["External"] == (Ref{}) && rows[i].LocalAS != 0 && rows[i].PeerAS != 0 {
			rows[i].External = rows[i].LocalAS != rows[i].PeerAS
			rows[i].note(rows[i].Cite("PeerAS"), "External")
		}
	}
	d.bgp(processes.all())
	d.bgpSessions(rows)
}

func ocBGPGlobal(row *BGPProcess, l ocLine, rest string) {
	switch rest {
	case "global/state/as":
		row.AS = asn(l.value)
		row.note(l.ref, "AS")
	case "global/state/router-id":
		row.RouterID = l.value
		row.note(l.ref, "RouterID")
	}
}

func ocBGPNeighbor(row *BGPSession, l ocLine, rest string) {
	switch rest {
	case "state/peer-as":
		row.PeerAS = asn(l.value)
		row.note(l.ref, "PeerAS")
	case "state/local-as":
		row.LocalAS = asn(l.value)
		row.note(l.ref, "LocalAS")
	case "state/peer-type":
		row.External = ocIdentity(l.value) == "EXTERNAL"
		row.note(l.ref, "External")
	case "state/session-state":
		row.State = ocBGPState(l.value)
		row.note(l.ref, "State")
	case "state/enabled":
		row.AdminDown = l.value == "false"
		row.note(l.ref, "AdminDown")
	case "state/description":
		row.Description = l.value
		row.note(l.ref, "Description")
	case "state/peer-group":
		row.PeerGroup = l.value
		row.note(l.ref, "PeerGroup")
	case "state/last-established":
		row.Since = ocTime(l.value)
		row.note(l.ref, "Since")
	case "transport/state/local-address":
		if a, err := netip.ParseAddr(l.value); err == nil {
			row.Local = a
			row.note(l.ref, "Local")
		}
	case "ebgp-multihop/state/multihop-ttl":
		row.Multihop, _ = strconv.Atoi(l.value)
		row.note(l.ref, "Multihop")
	}
}

// ocBGPState gives ACTIVE, OPENSENT and kin their names of RFC 4271.
func ocBGPState(s string) string {
	switch s = strings.ToLower(ocIdentity(s)); s {
	case "opensent":
		return "OpenSent"
	case "openconfirm":
		return "OpenConfirm"
	case "":
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// ocFamilyName turns IPV4_UNICAST into "ipv4 unicast".
func ocFamilyName(id string) string {
	return strings.ToLower(strings.ReplaceAll(ocIdentity(id), "_", " "))
}

func ocBGPFamily(row *BGPSession, afi string, l ocLine, rest string) {
	name := ocFamilyName(afi)
	n := len(row.Families)
	if n == 0 || row.Families[n-1].Name != name {
		row.Families = append(row.Families, BGPFamily{Name: name, Received: -1, Sent: -1, Ref: l.ref})
		n++
	}
	f := &row.Families[n-1]
	note := func(field string) {
		if f.Fields == nil {
			f.Fields = map[string]Ref{}
		}
		f.Fields[field] = l.ref
	}
	switch rest {
	case "state/active":
		f.Active = l.value == "true"
		note("Active")
	case "state/prefixes/received":
		f.Received = count(l.value)
		note("Received")
	case "state/prefixes/sent":
		f.Sent = count(l.value)
		note("Sent")
	case "ipv4-unicast/prefix-limit/state/max-prefixes", "ipv6-unicast/prefix-limit/state/max-prefixes":
		f.MaxPrefixes = max(count(l.value), 0)
		note("MaxPrefixes")
	}
}
