package state

import (
	"net/netip"
	"strings"
	"time"
)

// linuxJSONReadings is what iproute2, nft, tc, bridge and lldpcli are asked
// where the answer is to be JSON.
func linuxJSONReadings() []reading {
	both := TableInterfaces + " " + TableAddresses
	return []reading{
		{"ip link json", TableInterfaces, ipLinkJSON},
		{"ip [4|6] addr json", both, ipLinkJSON},
		{"ip route table all json", TableFIB + " " + TableFIB6, ipRouteJSON},
		{"ip [4] route [table <table>] json", TableFIB, ipRouteJSON},
		{"ip 6 route [table <table>] json", TableFIB6, ipRouteJSON},
		{"ip [4|6] neigh json", TableNeighbors, ipNeighJSON},
		{"tc qdisc json", TableQueues, tcQdiscJSON},
		{"bridge fdb json", TableMACs, bridgeFDBJSON},
		{"lldpcli show neighbors [details] json", TableLLDP, lldpJSON},
		{"nft list ruleset json", TableFilters, nftJSON},
	}
}

// ipLinkJSON reads `ip -j link` and `ip -j addr`.
func ipLinkJSON(d *Device, t *text) {
	var rows []Interface
	var vnis []VNI
	for _, doc := range t.documents() {
		for _, n := range doc.list() {
			name := n.str("ifname")
			if name == "" { // iproute2 prints empty objects for what it filters
				continue
			}
			row := newInterface(name, t.origin(n.line))
			var flags []string
			for _, f := range n.get("flags").list() {
				flags = append(flags, f.scalar())
			}
			linkFlags(&row, flags)
			if n.str("operstate") == "DOWN" {
				row.OperUp = false
			}
			row.MTU, _ = n.num("mtu")
			row.Master, row.Description = n.str("master"), n.str("ifalias")
			if n.str("link_type") == "ether" {
				row.MAC = n.str("address")
			}
			if kind := n.at("linkinfo", "info_kind").scalar(); linkKinds(kind) {
				row.Kind = kind
			}
			if n.at("linkinfo", "info_slave_kind").scalar() == "vrf" {
				row.VRF = row.Master
			}
			row.Counters = countersJSON(n)
			row.Addresses = addressesJSON(t, n)
			row.note(t.ref(n.line), "AdminUp", "OperUp", "NoCarrier", "Master")
			rows = append(rows, row)
			if v, ok := vxlanJSON(t, &row, n); ok {
				vnis = append(vnis, v)
			}
		}
	}
	d.interfaces(rows)
	d.vnis(vnis)
}

func countersJSON(n *node) Counters {
	c := noCounters()
	rx, tx := n.at("stats64", "rx"), n.at("stats64", "tx")
	if rx == nil || tx == nil {
		return c
	}
	get := func(n *node, name string) int64 { return count64(n.str(name)) }
	c.InOctets, c.InPackets, c.InErrors, c.InDiscards = get(rx, "bytes"), get(rx, "packets"), get(rx, "errors"), get(rx, "dropped")
	c.OutOctets, c.OutPackets, c.OutErrors, c.OutDiscards = get(tx, "bytes"), get(tx, "packets"), get(tx, "errors"), get(tx, "dropped")
	return c
}

func addressesJSON(t *text, n *node) []Address {
	var out []Address
	for _, a := range n.get("addr_info").list() {
		bits, _ := a.num("prefixlen")
		if ip := address(a.str("local")); ip.IsValid() {
			out = append(out, Address{Prefix: netip.PrefixFrom(ip, bits), Ref: t.ref(a.line), Duplicate: a.yes("dadfailed")})
		}
	}
	return out
}

func vxlanJSON(t *text, row *Interface, n *node) (VNI, bool) {
	data := n.at("linkinfo", "info_data")
	id, ok := data.num("id")
	if row.Kind != "vxlan" || !ok {
		return VNI{}, false
	}
	v := VNI{Origin: t.origin(n.line), ID: id, Interface: row.Name, Bridge: row.Master, LocalVTEP: address(data.str("local", "local6")), MACs: -1, ARPs: -1}
	if g := address(data.str("group", "group6")); g.IsMulticast() {
		v.Group = g
	}
	if r := address(data.str("remote", "remote6")); r.IsValid() {
		v.RemoteVTEPs = append(v.RemoteVTEPs, r)
	}
	return v, true
}

// ipRouteJSON reads `ip -j route`: each route is put into the words of the text.
func ipRouteJSON(d *Device, t *text) {
	var rows []Route
	six := strings.Contains(t.answer.Query, "-6")
	for _, doc := range t.documents() {
		for _, n := range doc.list() {
			row, ok := kernelRoute(routeWords(n))
			if !ok {
				continue
			}
			row.Origin = t.origin(n.line)
			for _, h := range n.get("nexthops").list() {
				row.NextHops = append(row.NextHops, kernelHop(hopWords(h)))
			}
			if n.str("dst") == "default" && (six || n.get("pref") != nil || address(n.str("gateway")).Is6()) {
				row.Prefix = netip.PrefixFrom(netip.IPv6Unspecified(), 0)
			}
			rows = append(rows, row)
		}
	}
	d.fib(rows)
}

func routeWords(n *node) []string {
	var f []string
	if kind := n.str("type"); kind != "" {
		f = append(f, kind)
	}
	f = append(f, n.str("dst"))
	f = append(f, hopWords(n)...)
	for _, m := range [...][2]string{{"protocol", "proto"}, {"metric", "metric"}, {"table", "table"}} {
		if v := n.str(m[0]); v != "" {
			f = append(f, m[1], v)
		}
	}
	return f
}

func hopWords(n *node) []string {
	var f []string
	if v := n.str("gateway"); v != "" {
		f = append(f, "via", v)
	} else if v := n.at("via", "host").scalar(); v != "" {
		f = append(f, "via", v)
	}
	if v := n.str("dev"); v != "" {
		f = append(f, "dev", v)
	}
	for _, flag := range n.get("flags").list() {
		f = append(f, flag.scalar())
	}
	return f
}

// ipNeighJSON reads `ip -j neigh`.
func ipNeighJSON(d *Device, t *text) {
	var rows []Neighbor
	for _, doc := range t.documents() {
		for _, n := range doc.list() {
			row := Neighbor{Origin: t.origin(n.line), IP: address(n.str("dst")), MAC: n.str("lladdr"), Interface: n.str("dev")}
			for _, s := range n.get("state").list() {
				row.State = s.scalar()
			}
			if row.IP.IsValid() && row.State != "NOARP" {
				rows = append(rows, row)
			}
		}
	}
	d.neighbors(rows)
}

// tcQdiscJSON reads `tc -j -s qdisc`. Rates are octets a second there, times
// microseconds or, of netem, seconds.
func tcQdiscJSON(d *Device, t *text) {
	var rows []Queue
	for _, doc := range t.documents() {
		for _, n := range doc.list() {
			if n.str("dev") == "" || n.get("parent") != nil {
				continue
			}
			row := Queue{Origin: t.origin(n.line), Interface: n.str("dev"), Kind: n.str("kind"), Dropped: count64(n.str("drops")), Overlimits: count64(n.str("overlimits")), Backlog: count64(n.str("qlen"))}
			options := n.get("options")
			if rate := count64(options.str("rate")); rate > 0 {
				row.RateBits = rate * 8
			}
			row.Delay = time.Duration(fraction(options.at("delay", "delay").scalar()) * float64(time.Second))
			row.Loss = fraction(options.at("loss-random", "loss").scalar())
			rows = append(rows, row)
		}
	}
	d.queues(rows)
}

// fraction reads a decimal fraction; 0 if it is none.
func fraction(s string) float64 { return percent(s) * 100 }

// bridgeFDBJSON reads `bridge -j fdb`.
func bridgeFDBJSON(d *Device, t *text) {
	var rows []MAC
	for _, doc := range t.documents() {
		for _, n := range doc.list() {
			row := MAC{Origin: t.origin(n.line), Address: n.str("mac"), Interface: n.str("ifname"), Bridge: n.str("master"), Remote: address(n.str("dst"))}
			row.VLAN, _ = n.num("vlan")
			row.Local = n.str("state") == "permanent" && !row.Remote.IsValid()
			if row.Address != "" && !multicastMAC(row.Address) {
				rows = append(rows, row)
			}
		}
	}
	d.macs(rows)
}
