package state

import (
	"strings"
	"time"
)

// frrBGPNeighborsJSON reads `show bgp neighbors json`.
func frrBGPNeighborsJSON(d *Device, t *text) {
	var rows []BGPSession
	var procs []BGPProcess
	for _, v := range t.byVRF() {
		for i, n := range v.list() {
			if !v.isObject() || n.get("bgpState") == nil {
				continue
			}
			row := bgpSessionJSON(t, v.keys[i], n)
			row.VRF = v.vrf
			if id := n.get("localRouterId"); id != nil && (len(procs) == 0 || procs[len(procs)-1].VRF != v.vrf) {
				procs = append(procs, BGPProcess{Origin: t.origin(id.line), VRF: v.vrf, RouterID: id.text, AS: row.LocalAS})
			}
			rows = append(rows, row)
		}
	}
	d.bgpSessions(rows)
	d.bgp(procs)
}

func bgpSessionJSON(t *text, name string, n *node) BGPSession {
	row := BGPSession{
		Origin: t.origin(n.line), PeerAS: asn(n.str("remoteAs")), LocalAS: asn(n.str("localAs")), External: n.yes("nbrExternalLink"),
		State: n.str("bgpState"), AdminDown: n.yes("adminShutDown"), Description: n.str("nbrDesc"), PeerGroup: n.str("peerGroup"),
		UpdateSource: n.str("updateSource"), Password: n.yes("authenticationEnabled"), Local: address(n.str("hostLocal")),
	}
	if row.Peer = address(name); !row.Peer.IsValid() {
		row.PeerInterface, row.Peer = name, address(n.str("bgpNeighborAddr"))
	}
	if id := n.str("remoteRouterId"); id != "0.0.0.0" {
		row.PeerRouterID = id
	}
	row.Multihop, _ = n.num("externalBgpNbrMaxHopsAway", "internalBgpNbrMaxHopsAway")
	if up, ok := n.num("bgpTimerUpMsec"); ok {
		row.Since = t.ago(time.Duration(up)*time.Millisecond, true)
	}
	row.LastReset, row.NotificationSent, row.NotificationRcvd = lastResetJSON(n)
	marks := [...][2]string{
		{"State", "bgpState"}, {"AdminDown", "adminShutDown"}, {"Password", "authenticationEnabled"}, {"PeerAS", "remoteAs"}, {"LocalAS", "localAs"}, {"Description", "nbrDesc"},
		{"UpdateSource", "updateSource"}, {"Local", "hostLocal"}, {"LastReset", "lastResetDueTo"}, {"NotificationSent", "lastNotificationReason"}, {"NotificationRcvd", "lastNotificationReason"},
		{"PeerRouterID", "remoteRouterId"}, {"Multihop", "externalBgpNbrMaxHopsAway"},
	}
	for _, m := range marks {
		t.mark(&row.Origin, n, m[0], m[1])
	}
	capabilities := n.at("neighborCapabilities", "multiprotocolExtensions")
	afs := n.get("addressFamilyInfo")
	for i, c := range capabilities.list() {
		if !capabilities.isObject() || afs.get(capabilities.keys[i]) != nil {
			continue
		}
		row.Families = append(row.Families, BGPFamily{Name: familyName(capabilities.keys[i]), Active: c.yes("advertisedAndReceived"), Offered: c.yes("advertisedAndReceived") || c.yes("advertised"), Received: -1, Sent: -1, Ref: t.ref(c.line)})
	}
	for i, f := range afs.list() {
		if afs.isObject() {
			row.Families = append(row.Families, familyJSON(t, afs.keys[i], f, capabilities.get(afs.keys[i])))
		}
	}
	if n.yes("prefixesConfigExceedMax") {
		for i := range row.Families {
			row.Families[i].exceeded(t.ref(n.get("prefixesConfigExceedMax").line))
		}
	}
	return row
}

// lastResetJSON gives the reason of the last reset the words that the text has.
func lastResetJSON(n *node) (why, sent, received string) {
	why = n.str("lastResetDueTo")
	code := n.str("lastNotificationReason")
	switch {
	case code == "":
	case strings.Contains(strings.ToLower(why), "notification receive"):
		return "Notification received (" + code + ")", "", code
	case strings.Contains(strings.ToLower(why), "notification sen"):
		return "Notification sent (" + code + ")", code, ""
	}
	return why, "", ""
}

func familyJSON(t *text, name string, n, capability *node) BGPFamily {
	f := BGPFamily{
		Name: familyName(name), Active: capability.yes("advertisedAndReceived"), Offered: capability.yes("advertisedAndReceived") || capability.yes("advertised"), Received: n.count("acceptedPrefixCounter"), Sent: n.count("sentPrefixCounter"),
		NextHopSelf: n.yes("routerAlwaysNextHop"), ReflectorClient: n.yes("routeReflectorClient"), SoftInbound: n.yes("inboundSoftConfigPermit"), Ref: t.ref(n.line),
	}
	f.MaxPrefixes, _ = n.num("prefixAllowedMax")
	f.PolicyRequired = n.get("inboundEbgpRequiresPolicy") != nil || n.get("outboundEbgpRequiresPolicy") != nil
	f.ImportPolicy = join3(n.str("incomingUpdatePrefixFilterList"), n.str("incomingUpdateAsPathFilterList"), n.str("routeMapForIncomingAdvertisements"))
	f.ExportPolicy = join3(n.str("outgoingUpdatePrefixFilterList"), n.str("outgoingUpdateAsPathFilterList"), n.str("routeMapForOutgoingAdvertisements"))
	var o Origin
	t.mark(&o, n, "Received", "acceptedPrefixCounter")
	t.mark(&o, n, "Sent", "sentPrefixCounter")
	t.mark(&o, n, "PolicyRequired", "inboundEbgpRequiresPolicy", "outboundEbgpRequiresPolicy")
	t.mark(&o, n, "ImportPolicy", "routeMapForIncomingAdvertisements", "incomingUpdatePrefixFilterList")
	t.mark(&o, n, "ExportPolicy", "routeMapForOutgoingAdvertisements", "outgoingUpdatePrefixFilterList")
	t.mark(&o, n, "MaxPrefixes", "prefixAllowedMax")
	f.Fields = o.Fields
	return f
}

func join3(a, b, c string) string {
	out := ""
	for _, s := range []string{a, b, c} {
		if s != "" {
			out = join(out, s)
		}
	}
	return out
}

// frrBGPSummaryJSON reads `show bgp summary json` of any family.
func frrBGPSummaryJSON(d *Device, t *text) {
	t.partial = strings.Contains(t.answer.Query, " ip ") || strings.Contains(t.answer.Query, "unicast") || strings.Contains(t.answer.Query, "evpn")
	for _, v := range t.byVRF() {
		if v.get("peers") != nil {
			summaryJSON(d, t, vrfNode{v.vrf, v.node}, familyOf(t))
			continue
		}
		for i, fam := range v.list() {
			if v.isObject() && fam.get("peers") != nil {
				summaryJSON(d, t, vrfNode{v.vrf, fam}, familyName(v.keys[i]))
			}
		}
	}
}

func summaryJSON(d *Device, t *text, v vrfNode, fam string) {
	local := asn(v.str("as"))
	if id := v.get("routerId"); id != nil {
		d.bgp([]BGPProcess{{Origin: t.origin(id.line), VRF: v.vrf, RouterID: id.text, AS: local}})
	}
	peers := v.get("peers")
	for i, n := range peers.list() {
		if !peers.isObject() {
			break
		}
		row := BGPSession{Origin: t.origin(n.line), VRF: v.vrf, LocalAS: local, PeerAS: asn(n.str("remoteAs"))}
		row.External = row.PeerAS != 0 && row.PeerAS != local
		if row.Peer = address(peers.keys[i]); !row.Peer.IsValid() {
			row.PeerInterface = peers.keys[i]
		}
		af := BGPFamily{Name: fam, Received: -1, Sent: -1, Ref: t.ref(n.line)}
		word, note, _ := strings.Cut(n.str("state"), " ")
		row.State, row.AdminDown, af.LimitExceeded = word, note == "(Admin)", note == "(PfxCt)"
		if row.State == "Established" {
			af.Active, af.Received, af.Sent = n.str("peerState") != "NoNeg", n.count("pfxRcd", "prefixReceivedCount"), n.count("pfxSnt")
			up, ok := span(n.str("peerUptime"))
			row.Since = t.ago(up, ok)
			af.PolicyRequired = n.str("peerState") == "Policy"
		}
		t.mark(&row.Origin, n, "State", "state")
		row.Families = []BGPFamily{af}
		d.bgpSessions([]BGPSession{row})
	}
}
