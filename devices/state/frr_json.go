package state

import "strings"

// frrJSONReadings is what vtysh is asked where the answer is to be JSON. Names
// of keys are those of releases 8 to 10.
func frrJSONReadings() []reading {
	interfaces, sessions := TableInterfaces+" "+TableAddresses, TableBGPNbrs+" "+TableBGP
	return []reading{
		{"show interface [vrf <vrf>] json", interfaces, frrInterfacesJSON},
		{"show interface <name> [vrf <vrf>] json", interfaces, frrInterfacesJSON},
		{"show ip ospf [vrf <vrf>] json", TableOSPF, frrOSPFJSON},
		{"show ip ospf [vrf <vrf>] interface json", TableOSPFIfs, frrOSPFInterfacesJSON},
		{"show ip ospf [vrf <vrf>] interface <name> json", TableOSPFIfs, frrOSPFInterfacesJSON},
		{"show ip ospf [vrf <vrf>] neighbor [detail] json", TableOSPFNbrs, frrOSPFNeighborsJSON},
		{"show ipv6 ospf6 [vrf <vrf>] json", TableOSPF6, frrOSPF6JSON},
		{"show ipv6 ospf6 [vrf <vrf>] interface json", TableOSPF6Ifs, frrOSPF6InterfacesJSON},
		{"show ipv6 ospf6 [vrf <vrf>] neighbor [detail] json", TableOSPF6Nbrs, frrOSPF6NeighborsJSON},
		{"show isis [vrf <vrf>] summary json", TableISIS, frrISISSummaryJSON},
		{"show isis [vrf <vrf>] neighbor [detail] json", TableISISNbrs, frrISISNeighborsJSON},
		{"show isis [vrf <vrf>] interface [detail] json", TableISISIfs, frrISISInterfacesJSON},
		{"show [ip] bgp [vrf <vrf>] neighbors json", sessions, frrBGPNeighborsJSON},
		{"show [ip] bgp [vrf <vrf>] neighbors <name> json", sessions, frrBGPNeighborsJSON},
		{"show [ip] bgp [vrf <vrf>] [ipv4|ipv6 unicast] summary json", sessions, frrBGPSummaryJSON},
		{"show [ip] bgp [vrf <vrf>] l2vpn evpn summary json", sessions, frrBGPSummaryJSON},
		{"show ip bgp [vrf <vrf>] json", TableBGPRoutes, frrBGPTableJSON},
		{"show bgp [vrf <vrf>] ipv4 unicast json", TableBGPRoutes, frrBGPTableJSON},
		{"show bgp [vrf <vrf>] ipv6 unicast json", TableBGPRoutes6, frrBGPTableJSON},
		{"show ip bgp [vrf <vrf>] <prefix> json", TableBGPRoutes, frrBGPEntryJSON},
		{"show bgp [vrf <vrf>] ipv4 unicast <prefix> json", TableBGPRoutes, frrBGPEntryJSON},
		{"show bgp [vrf <vrf>] ipv6 unicast <prefix> json", TableBGPRoutes6, frrBGPEntryJSON},
		{"show bgp l2vpn evpn [route] json", TableEVPN, frrEVPNRoutesJSON},
		{"show bgp l2vpn evpn vni json", TableBGPVNIs, frrBGPVNIsJSON},
		{"show evpn vni [detail] json", TableVNIs, frrVNIsJSON},
		{"show evpn vni <vni> json", TableVNIs, frrVNIsJSON},
		{"show evpn mac vni all json", TableMACs, frrEVPNMACsJSON},
		{"show ip route [vrf <vrf>] json", TableRIB, frrRoutesJSON},
		{"show ip route [vrf <vrf>] <prefix> json", TableRIB, frrRoutesJSON},
		{"show ipv6 route [vrf <vrf>] json", TableRIB6, frrRoutesJSON},
		{"show ipv6 route [vrf <vrf>] <prefix> json", TableRIB6, frrRoutesJSON},
		{"show ip fib [vrf <vrf>] json", TableFIB, frrFIBJSON},
		{"show ipv6 fib [vrf <vrf>] json", TableFIB6, frrFIBJSON},
		{"show bfd [vrf <vrf>] peers [brief] json", TableBFD, frrBFDJSON},
	}
}

// A vrfNode is the part of a JSON answer that tells of one VRF.
type vrfNode struct {
	vrf string
	*node
}

// byVRF takes an answer apart: with "vrf all" there is an object a VRF.
func (t *text) byVRF() []vrfNode {
	var out []vrfNode
	for _, doc := range t.documents() {
		if !doc.isObject() || t.args["vrf"] != "all" {
			out = append(out, vrfNode{t.vrf(), doc})
			continue
		}
		if v := doc.str("vrfName"); v != "" {
			out = append(out, vrfNode{vrfName(v), doc})
			continue
		}
		if items := doc.list(); len(items) > 0 && items[0].isList() { // one VRF alone, under no name
			out = append(out, vrfNode{mainVRF, doc})
			continue
		}
		for i, item := range doc.items {
			if item.isObject() {
				out = append(out, vrfNode{vrfName(doc.keys[i]), item})
			}
		}
	}
	return out
}

// frrInterfacesJSON reads `show interface json`.
func frrInterfacesJSON(d *Device, t *text) {
	var rows []Interface
	var walk func(n *node)
	walk = func(n *node) {
		for i, item := range n.list() {
			switch {
			case !n.isObject() || !item.isObject():
			case item.get("administrativeStatus") != nil:
				rows = append(rows, frrInterfaceJSON(t, n.keys[i], item))
			default:
				walk(item)
			}
		}
	}
	for _, doc := range t.documents() {
		walk(doc)
	}
	d.interfaces(rows)
}

func frrInterfaceJSON(t *text, name string, n *node) Interface {
	row := newInterface(name, t.origin(n.line))
	row.AdminUp = n.yes("administrativeStatus")
	row.OperUp = row.AdminUp && n.yes("operationalStatus")
	row.NoCarrier = row.AdminUp && !row.OperUp
	row.VRF, row.Description, row.MAC = vrfName(n.str("vrfName")), n.str("description"), n.str("hardwareAddress")
	row.MTU, _ = n.num("mtu", "mtu4")
	if speed, ok := n.num("speed"); ok && speed < 4294967295 {
		row.SpeedMbps = speed
	}
	row.LinkUps, row.LinkDowns = n.count("linkUps"), n.count("linkDowns")
	for _, key := range []string{"lastLinkUp", "lastLinkDown"} {
		if at, ok := localTime(n.str(key)); ok && at.After(row.LastChange) {
			row.LastChange = at
			t.mark(&row.Origin, n, "LastChange", key)
		}
	}
	if strings.Contains(n.str("flags"), "LOOPBACK") {
		row.Kind = "loopback"
	} else if kind := n.str("interfaceType"); kind != "Other" {
		row.Kind = strings.ToLower(kind)
	}
	if n.yes("pseudoInterface") { // zebra keeps the configuration of an interface that the kernel lacks
		row.Kind = KindPseudo
		t.mark(&row.Origin, n, "Kind", "pseudoInterface")
	}
	row.Master = n.str("masterInterface")
	for _, a := range n.get("ipAddresses").list() {
		if p, ok := prefix(a.str("address")); ok {
			row.Addresses = append(row.Addresses, Address{Prefix: p, Ref: t.ref(a.line + 1)})
		}
	}
	for field, key := range map[string]string{"AdminUp": "administrativeStatus", "OperUp": "operationalStatus", "MTU": "mtu", "MAC": "hardwareAddress", "VRF": "vrfName", "Description": "description", "LinkUps": "linkUps", "LinkDowns": "linkDowns"} {
		t.mark(&row.Origin, n, field, key)
	}
	return row
}

// frrRoutesJSON reads `show ip route json`, frrFIBJSON `show ip fib json`.
func frrRoutesJSON(d *Device, t *text) { d.rib(frrRouteTableJSON(t)) }

func frrFIBJSON(d *Device, t *text) { d.fib(frrRouteTableJSON(t)) }

func frrRouteTableJSON(t *text) []Route {
	var rows []Route
	for _, n := range t.byVRF() {
		for _, entries := range n.list() {
			for _, e := range entries.list() {
				if row, ok := frrRouteJSON(t, e); ok {
					if row.VRF = n.vrf; e.str("vrfName") != "" {
						row.VRF = vrfName(e.str("vrfName"))
					}
					rows = append(rows, row)
				}
			}
		}
	}
	return rows
}

func frrRouteJSON(t *text, n *node) (Route, bool) {
	p, ok := prefix(n.str("prefix"))
	if !ok {
		return Route{}, false
	}
	row := Route{
		Origin: t.origin(n.line), Prefix: p, Protocol: routeName(n.str("protocol")), Distance: n.count("distance"), Metric: n.count("metric"),
		Selected: n.yes("selected"), Installed: n.yes("installed"),
	}
	if up, ok := span(n.str("uptime")); ok {
		row.Since = t.ago(up, true)
	}
	installed := row.Installed
	for _, h := range n.get("nexthops").list() {
		if h.yes("fib") && row.Selected {
			row.Installed = true
		}
		switch {
		case h.yes("blackhole"):
			row.Discard = "blackhole"
		case h.yes("adminProhibited", "admin-prohibited"):
			row.Discard = "prohibit"
		case h.yes("reject", "unreachable"):
			row.Discard = "unreachable"
		default:
			hop := NextHop{IP: address(h.str("ip")), Interface: h.str("interfaceName"), Recursive: h.yes("recursive"), Active: h.yes("active") && h.yes("fib") && installed}
			if hop.Recursive {
				hop.Active = false // what it resolves to is listed behind it
			}
			row.NextHops = append(row.NextHops, hop)
		}
	}
	return row, true
}

// routeName gives a protocol its one name.
func routeName(s string) string {
	switch s {
	case "ospf6":
		return "ospf"
	case "ripng":
		return "rip"
	}
	return s
}

// frrBFDJSON reads `show bfd peers json`.
func frrBFDJSON(d *Device, t *text) {
	var rows []BFDPeer
	for _, doc := range t.documents() {
		for _, n := range doc.rows() {
			row := BFDPeer{Origin: t.origin(n.line), Peer: address(n.str("peer")), Local: address(n.str("local")), Interface: n.str("interface"), State: n.str("status")}
			row.Up = row.State == "up"
			t.mark(&row.Origin, n, "State", "status")
			t.mark(&row.Origin, n, "Up", "status")
			if row.Peer.IsValid() {
				rows = append(rows, row)
			}
		}
	}
	d.bfd(rows)
}
