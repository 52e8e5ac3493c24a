package state

import (
	"net/netip"
	"strings"
	"time"
)

// frrOSPFJSON reads `show ip ospf json`.
func frrOSPFJSON(d *Device, t *text) { d.ospf(ospfProcesses(t, 2)) }

// frrOSPF6JSON reads `show ipv6 ospf6 json`.
func frrOSPF6JSON(d *Device, t *text) { d.ospf(ospfProcesses(t, 3)) }

func ospfProcesses(t *text, version int) []OSPFProcess {
	var rows []OSPFProcess
	for _, n := range t.byVRF() {
		id := n.str("routerId")
		if id == "" {
			continue
		}
		row := OSPFProcess{Origin: t.origin(n.get("routerId").line), VRF: n.vrf, RouterID: id, Version: version}
		areas := n.get("areas")
		for i, a := range areas.list() {
			if !areas.isObject() {
				break
			}
			kind := "" // that an area is a stub is told only with its interfaces
			switch {
			case a.yes("areaIsNSSA", "nssa"):
				kind = "nssa"
			case a.yes("areaIsStub", "stub") || a.yes("stubNoSummary") || a.yes("stubShortcut"):
				kind = "stub"
			case a.yes("backbone") || a.get("areaIsStub") != nil:
				kind = "normal"
			}
			row.Areas = append(row.Areas, OSPFArea{Origin: t.origin(a.line), ID: areas.keys[i], Kind: kind})
		}
		rows = append(rows, row)
	}
	return rows
}

// frrOSPFInterfacesJSON reads `show ip ospf interface json`.
func frrOSPFInterfacesJSON(d *Device, t *text) {
	var rows []OSPFInterface
	for _, v := range t.byVRF() {
		ifs := v.get("interfaces")
		if ifs == nil {
			ifs = v.node
		}
		for i, n := range ifs.list() {
			if n.isObject() && n.get("area") != nil && n.str("ospfEnabled") != "false" {
				rows = append(rows, ospfInterfaceJSON(t, ifs.keys[i], v.vrf, n))
			}
		}
	}
	d.ospfInterfaces(rows)
}

func ospfInterfaceJSON(t *text, name, vrf string, n *node) OSPFInterface {
	row := OSPFInterface{Origin: t.origin(n.line), Version: 2, Name: name, VRF: vrf, Up: n.yes("ifUp"), Auth: "none"}
	row.Area = after(n.str("area"), "")
	bits, _ := n.num("ipAddressPrefixlen")
	if a := address(n.str("ipAddress")); a.IsValid() {
		row.Address = netip.PrefixFrom(a, bits)
	}
	row.MTU, _ = n.num("mtuBytes")
	row.RouterID, row.NetworkType = n.str("routerId"), networkType(n.str("networkType"))
	row.Cost, _ = n.num("cost")
	hello, _ := n.num("timerMsecs", "timerHelloMsecs")
	row.Hello = time.Duration(hello) * time.Millisecond
	if dead, ok := n.num("timerDeadSecs"); ok {
		row.Dead = time.Duration(dead) * time.Second
	} else if dead, ok := n.num("timerDeadMsecs"); ok {
		row.Dead = time.Duration(dead) * time.Millisecond
	}
	row.Passive = n.yes("timerPassiveIface")
	row.MTUIgnore = n.str("mtuMismatchDetect") == "disabled" || n.str("mtuMismatchDetection") == "disabled"
	row.NeighborCount, row.AdjacentCount = n.count("nbrCount"), n.count("nbrAdjacentCount")
	switch n.str("authentication") {
	case "authenticationMessageDigest":
		row.Auth = "md5"
	case "authenticationSimplePassword":
		row.Auth = "simple"
	}
	marks := [...][2]string{{"Up", "ifUp"}, {"Area", "area"}, {"Address", "ipAddress"}, {"MTU", "mtuBytes"}, {"RouterID", "routerId"}, {"NetworkType", "networkType"}, {"Cost", "cost"}, {"Hello", "timerMsecs"}, {"Dead", "timerDeadSecs"}, {"Passive", "timerPassiveIface"}, {"NeighborCount", "nbrCount"}, {"AdjacentCount", "nbrAdjacentCount"}, {"Auth", "authentication"}}
	for _, m := range marks {
		t.mark(&row.Origin, n, m[0], m[1])
	}
	return row
}

// frrOSPFNeighborsJSON reads `show ip ospf neighbor [detail] json`.
func frrOSPFNeighborsJSON(d *Device, t *text) {
	var rows []OSPFNeighbor
	for _, v := range t.byVRF() {
		nbrs := v.get("neighbors")
		if nbrs == nil {
			nbrs = v.node
		}
		for i, list := range nbrs.list() {
			if !nbrs.isObject() || !address(nbrs.keys[i]).Is4() {
				continue
			}
			for _, n := range list.rows() {
				rows = append(rows, ospfNeighborJSON(t, nbrs.keys[i], v.vrf, n))
			}
		}
	}
	d.ospfNeighbors(rows)
}

func ospfNeighborJSON(t *text, id, vrf string, n *node) OSPFNeighbor {
	row := OSPFNeighbor{Origin: t.origin(n.line), Version: 2, RouterID: id, VRF: vrf}
	row.State = ospfState(n.str("nbrState", "state"))
	row.Address = address(n.str("ifaceAddress", "address"))
	row.Interface, _, _ = strings.Cut(n.str("ifaceName"), ":")
	row.Area = after(n.str("areaId", "area"), "")
	if ms, ok := n.num("lastPrgrsvChangeMsec", "upTimeInMsec"); ok {
		row.Since = t.ago(time.Duration(ms)*time.Millisecond, true)
	}
	t.mark(&row.Origin, n, "State", "nbrState", "state")
	t.mark(&row.Origin, n, "Address", "ifaceAddress", "address")
	t.mark(&row.Origin, n, "Area", "areaId", "area")
	return row
}

// frrOSPF6InterfacesJSON reads `show ipv6 ospf6 interface json`.
func frrOSPF6InterfacesJSON(d *Device, t *text) {
	var rows []OSPFInterface
	for _, v := range t.byVRF() {
		for i, n := range v.list() {
			if v.isObject() && n.get("areaId") != nil {
				rows = append(rows, ospf6InterfaceJSON(t, v.keys[i], v.vrf, n))
			}
		}
	}
	d.ospfInterfaces(rows)
}

func ospf6InterfaceJSON(t *text, name, vrf string, n *node) OSPFInterface {
	row := OSPFInterface{Origin: t.origin(n.line), Version: 3, Name: name, VRF: vrf, Up: n.yes("status"), Area: n.str("areaId"), NeighborCount: -1, AdjacentCount: -1}
	row.NetworkType = networkType(n.str("operatingAsType", "type"))
	row.MTU, _ = n.num("interfaceMtu")
	row.Cost, _ = n.num("cost")
	row.MTUIgnore = n.str("mtuMismatchDetection") == "disabled"
	hello, _ := n.num("timerIntervalsConfigHello")
	dead, _ := n.num("timerIntervalsConfigDead")
	row.Hello, row.Dead = time.Duration(hello)*time.Second, time.Duration(dead)*time.Second
	for _, a := range n.get("internetAddress").list() {
		p, err := netip.ParsePrefix(a.str("address"))
		if err == nil && p.Addr().Is6() && (p.Addr().IsLinkLocalUnicast() || !row.Address.IsValid()) {
			row.Address = p
		}
	}
	switch n.at("authInfo", "authType").scalar() {
	case "":
	case "NULL":
		row.Auth = "none"
	default:
		row.Auth = "trailer"
	}
	for _, m := range [...][2]string{{"Up", "status"}, {"Area", "areaId"}, {"MTU", "interfaceMtu"}, {"Cost", "cost"}, {"Hello", "timerIntervalsConfigHello"}, {"Dead", "timerIntervalsConfigDead"}} {
		t.mark(&row.Origin, n, m[0], m[1])
	}
	return row
}

// frrOSPF6NeighborsJSON reads `show ipv6 ospf6 neighbor [detail] json`.
func frrOSPF6NeighborsJSON(d *Device, t *text) {
	var rows []OSPFNeighbor
	for _, v := range t.byVRF() {
		nbrs := v.get("neighbors")
		if nbrs == nil {
			nbrs = v.node
		}
		for i, n := range nbrs.list() {
			id := n.str("neighborId")
			if id == "" && nbrs.isObject() {
				id, _, _ = strings.Cut(nbrs.keys[i], "%")
			}
			if !n.isObject() || id == "" {
				continue
			}
			row := OSPFNeighbor{Origin: t.origin(n.line), Version: 3, RouterID: id, VRF: v.vrf}
			row.State = ospfState(n.str("neighborState", "state"))
			row.Interface, row.Area, row.Address = n.str("interfaceName", "interface"), n.str("area"), address(n.str("linkLocalAddress"))
			up, ok := span(n.str("neighborStateDuration", "duration"))
			row.Since = t.ago(up, ok)
			t.mark(&row.Origin, n, "State", "neighborState", "state")
			rows = append(rows, row)
		}
	}
	d.ospfNeighbors(rows)
}
