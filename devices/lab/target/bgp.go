package target

import (
	"context"
	"encoding/json"
	"maps"
	"net/netip"
	"slices"
	"strings"
)

// frrPeer is the part that is served of one neighbor in the answer to
// "show bgp vrf all neighbors json" (FRR 8.4 and later).
type frrPeer struct {
	RemoteAS         uint64               `json:"remoteAs"`
	LocalAS          uint64               `json:"localAs"`
	External         bool                 `json:"nbrExternalLink"`
	Desc             string               `json:"nbrDesc"`
	Group            string               `json:"peerGroup"`
	State            string               `json:"bgpState"`
	EstablishedEpoch int64                `json:"bgpTimerUpEstablishedEpoch"`
	AdminShutdown    bool                 `json:"adminShutDown"`
	Established      uint64               `json:"connectionsEstablished"`
	HoldMsec         int                  `json:"bgpTimerHoldTimeMsecs"`
	KeepaliveMsec    int                  `json:"bgpTimerKeepAliveIntervalMsecs"`
	HostLocal        string               `json:"hostLocal"`
	Families         map[string]frrFamily `json:"addressFamilyInfo"`
	Messages         map[string]uint64    `json:"messageStats"`
}

type frrFamily struct {
	Accepted uint64 `json:"acceptedPrefixCounter"`
	Sent     uint64 `json:"sentPrefixCounter"`
}

// afiNames are the OpenConfig identities of FRR's address families.
var afiNames = map[string]string{
	"ipv4Unicast": "IPV4_UNICAST",
	"ipv6Unicast": "IPV6_UNICAST",
	"l2VpnEvpn":   "L2VPN_EVPN",
	"ipv4Vpn":     "L3VPN_IPV4_UNICAST",
	"ipv6Vpn":     "L3VPN_IPV6_UNICAST",
}

// bgp fills protocol[BGP] (openconfig-bgp) of every VRF.
func (f frr) bgp(ctx context.Context, root branch) {
	var summary map[string]map[string]struct {
		RouterID string `json:"routerId"`
		AS       uint64 `json:"as"`
	}
	if f.decode(ctx, "bgpd", "show bgp vrf all summary json", &summary) != nil {
		return
	}
	for vrf, families := range summary {
		for _, family := range slices.Sorted(maps.Keys(families)) {
			if p := families[family]; p.AS != 0 {
				g := instance(root, vrf, "BGP", "BGP").in("bgp").in("global").in("state")
				g.set("as", p.AS)
				g.setText("router-id", p.RouterID)
				break
			}
		}
	}
	var vrfs map[string]map[string]json.RawMessage
	if f.decode(ctx, "bgpd", "show bgp vrf all neighbors json", &vrfs) != nil {
		return
	}
	for vrf, peers := range vrfs {
		b := instance(root, vrf, "BGP", "BGP").in("bgp").in("neighbors")
		for addr, raw := range peers {
			var p frrPeer
			if json.Unmarshal(raw, &p) != nil || p.State == "" {
				continue // vrfId and vrfName stand among the peers
			}
			p.write(b.in("neighbor", "neighbor-address", addr), addr)
		}
	}
}

// write fills one /bgp/neighbors/neighbor.
func (p frrPeer) write(nb branch, addr string) {
	st := nb.in("state")
	st.set("neighbor-address", addr)
	st.set("peer-as", p.RemoteAS)
	st.set("local-as", p.LocalAS)
	st.set("peer-type", map[bool]string{true: "EXTERNAL", false: "INTERNAL"}[p.External])
	st.set("session-state", sessionState(p.State))
	st.set("enabled", !p.AdminShutdown)
	st.set("established-transitions", p.Established)
	st.setText("description", p.Desc)
	st.setText("peer-group", p.Group)
	if p.State == "Established" && p.EstablishedEpoch > 0 {
		st.set("last-established", uint64(p.EstablishedEpoch)*1e9)
	}
	for dir, suffix := range map[string]string{"received": "Recv", "sent": "Sent"} {
		m := st.in("messages").in(dir)
		m.set("UPDATE", p.Messages["updates"+suffix])
		m.set("NOTIFICATION", p.Messages["notifications"+suffix])
	}
	if _, err := netip.ParseAddr(p.HostLocal); err == nil {
		nb.in("transport").in("state").set("local-address", p.HostLocal)
	}
	if p.State == "Established" {
		nb.in("timers").in("state").set("negotiated-hold-time", p.HoldMsec/1000)
		nb.in("timers").in("state").set("keepalive-interval", p.KeepaliveMsec/1000)
	}
	for name, fam := range p.Families {
		id, ok := afiNames[name]
		if !ok {
			continue
		}
		af := nb.in("afi-safis").in("afi-safi", "afi-safi-name", id).in("state")
		af.set("afi-safi-name", id)
		af.set("active", p.State == "Established")
		if p.State == "Established" {
			af.in("prefixes").set("received", fam.Accepted)
			af.in("prefixes").set("sent", fam.Sent)
		}
	}
}

// sessionState maps FRR's names to those of RFC 4271. FRR has two states
// more, while it takes a session down.
func sessionState(s string) string {
	if s == "Clearing" || s == "Deleted" {
		return "IDLE"
	}
	return strings.ToUpper(s)
}
