package target

import (
	"fmt"
	"hash/fnv"
	"net"
	"slices"
	"strconv"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// routeOrigins are the OpenConfig identities of the kernel's route protocols
// (rtnetlink(7), rt_protos).
var routeOrigins = map[netlink.RouteProtocol]string{
	unix.RTPROT_KERNEL: "DIRECTLY_CONNECTED",
	unix.RTPROT_STATIC: "STATIC",
	unix.RTPROT_BGP:    "BGP",
	unix.RTPROT_ISIS:   "ISIS",
	unix.RTPROT_OSPF:   "OSPF",
	196:                "STATIC", // zebra's own number for its static routes
}

// afts fills network-instance[default]/afts (openconfig-aft) from the main
// table: what forwards, whatever any routing process believes.
func (k *kernel) afts(root branch) error {
	links, err := k.h.LinkList()
	if err != nil {
		return fmt.Errorf("links: %w", err)
	}
	names := map[int]string{}
	for _, l := range links {
		names[l.Attrs().Index] = l.Attrs().Name
	}
	b := root.in("network-instances").in("network-instance", "name", "default").in("afts")
	groups := map[string]bool{}
	for _, family := range []int{netlink.FAMILY_V4, netlink.FAMILY_V6} {
		routes, err := k.h.RouteListFiltered(family, &netlink.Route{Table: unix.RT_TABLE_MAIN}, netlink.RT_FILTER_TABLE)
		if err != nil {
			return fmt.Errorf("routes: %w", err)
		}
		written := map[string]bool{}
		for _, r := range routes {
			prefix := routePrefix(r, family)
			if written[prefix] {
				continue // a worse metric of the same prefix: the kernel lists the best first
			}
			written[prefix] = true
			kind := map[int]string{netlink.FAMILY_V4: "ipv4", netlink.FAMILY_V6: "ipv6"}[family]
			st := b.in(kind+"-unicast").in(kind+"-entry", "prefix", prefix).in("state")
			st.set("prefix", prefix)
			st.setText("origin-protocol", routeOrigins[r.Protocol])
			group := writeGroup(b, r, names, groups)
			st.set("next-hop-group", group)
		}
	}
	return nil
}

func routePrefix(r netlink.Route, family int) string {
	switch {
	case r.Dst != nil:
		return r.Dst.String()
	case family == netlink.FAMILY_V6:
		return "::/0"
	}
	return "0.0.0.0/0"
}

// writeGroup writes the next hops of a route once and returns the id of their
// group, which is a hash of them so that it stays the same between reads. A
// route that discards has a next hop of neither address nor interface: the
// model has no word for it.
func writeGroup(b branch, r netlink.Route, names map[int]string, done map[string]bool) uint64 {
	type hop struct{ ip, link string }
	var hops []hop
	add := func(gw net.IP, link int) {
		h := hop{link: names[link]}
		if len(gw) > 0 {
			h.ip = gw.String()
		}
		hops = append(hops, h)
	}
	switch {
	case r.Type == unix.RTN_BLACKHOLE || r.Type == unix.RTN_UNREACHABLE || r.Type == unix.RTN_PROHIBIT:
		hops = []hop{{}}
	case len(r.MultiPath) > 0:
		for _, m := range r.MultiPath {
			add(m.Gw, m.LinkIndex)
		}
	default:
		add(r.Gw, r.LinkIndex)
	}
	slices.SortFunc(hops, func(a, b hop) int { return slices.Compare([]string{a.ip, a.link}, []string{b.ip, b.link}) })
	group := hash(fmt.Sprint(hops))
	g := strconv.FormatUint(group, 10)
	if done[g] {
		return group
	}
	done[g] = true
	gb := b.in("next-hop-groups").in("next-hop-group", "id", g)
	gb.in("state").set("id", group)
	for _, h := range hops {
		index := hash(fmt.Sprint(h))
		i := strconv.FormatUint(index, 10)
		gb.in("next-hops").in("next-hop", "index", i).in("state").set("index", index)
		if done["hop "+i] {
			continue
		}
		done["hop "+i] = true
		nh := b.in("next-hops").in("next-hop", "index", i)
		nh.in("state").set("index", index)
		nh.in("state").setText("ip-address", h.ip)
		if h.link != "" {
			nh.in("interface-ref").in("state").set("interface", h.link)
		}
	}
	return group
}

func hash(s string) uint64 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(s))
	return uint64(h.Sum32())
}
