package state

import "strings"

// frrBGPTableJSON reads `show bgp ipv4 unicast json`.
func frrBGPTableJSON(d *Device, t *text) {
	var rows []BGPRoute
	fam := familyOf(t)
	for _, v := range t.byVRF() {
		routes := v.get("routes")
		for i, paths := range routes.list() {
			if !routes.isObject() {
				break
			}
			p, ok := prefix(routes.keys[i])
			if !ok {
				continue
			}
			for _, n := range paths.rows() {
				row := BGPRoute{Origin: t.origin(n.line), VRF: v.vrf, Family: fam, Prefix: p}
				pathJSON(&row, n)
				rows = append(rows, row)
			}
		}
	}
	d.bgpRoutes(rows)
}

// pathJSON reads one path of a table.
func pathJSON(row *BGPRoute, n *node) {
	row.Valid, row.Best = n.yes("valid"), n.yes("bestpath", "best") || n.at("bestpath", "overall").scalar() == "true"
	row.Internal = n.str("pathFrom") == "internal" || n.at("peer", "type").scalar() == "internal"
	row.MED, row.LocalPref = n.count("metric", "med"), n.count("locPrf", "localpref")
	row.Weight, _ = n.num("weight")
	row.OriginCode = originCode(n.str("origin"))
	path := n.str("path", "aspath")
	if s := n.at("aspath", "string").scalar(); s != "" {
		path = s
	}
	for w := range strings.FieldsSeq(path) {
		if as := asn(strings.Trim(w, "{}(),")); as != 0 {
			row.ASPath = append(row.ASPath, as)
		}
	}
	if from := address(n.str("peerId")); from.IsValid() && !from.IsUnspecified() {
		row.From = from
	}
	for _, h := range n.get("nexthops").list() {
		if a := address(h.str("ip")); a.IsValid() && (!row.NextHop.IsValid() || h.yes("used")) {
			row.NextHop = a
		}
	}
}

// frrBGPEntryJSON reads `show bgp ipv4 unicast PREFIX json`.
func frrBGPEntryJSON(d *Device, t *text) {
	var rows []BGPRoute
	fam := familyOf(t)
	for _, v := range t.byVRF() {
		p, ok := prefix(v.str("prefix"))
		if !ok {
			continue
		}
		for _, n := range v.get("paths").list() {
			row := BGPRoute{Origin: t.origin(n.line), VRF: v.vrf, Family: fam, Prefix: p}
			pathJSON(&row, n)
			if from := address(n.at("peer", "peerId").scalar()); from.IsValid() && !from.IsUnspecified() {
				row.From = from
			}
			for _, kind := range []string{"community", "extendedCommunity", "largeCommunity"} {
				row.Communities = append(row.Communities, strings.Fields(n.at(kind, "string").scalar())...)
			}
			rows = append(rows, row)
		}
	}
	d.bgpRoutes(rows)
}

// frrEVPNRoutesJSON reads `show bgp l2vpn evpn [route] json`.
func frrEVPNRoutesJSON(d *Device, t *text) {
	var rows []BGPRoute
	for _, doc := range t.documents() {
		for _, rd := range doc.list() {
			name := rd.str("rd")
			for i, r := range rd.list() {
				if !rd.isObject() || !r.isObject() {
					continue
				}
				for _, n := range flatten(r.get("paths")) {
					row := BGPRoute{Origin: t.origin(n.line), VRF: mainVRF, Family: "l2vpn evpn", Text: name + " " + rd.keys[i]}
					pathJSON(&row, n)
					row.Communities = strings.Fields(n.at("extendedCommunity", "string").scalar())
					if p := evpnPrefix(row.Text); p != "" {
						row.Prefix, _ = prefix(p)
					}
					rows = append(rows, row)
				}
			}
		}
	}
	d.bgpRoutes(rows)
}

// flatten returns the objects in lists of lists.
func flatten(n *node) []*node {
	if n.isObject() {
		return []*node{n}
	}
	var out []*node
	for _, item := range n.list() {
		out = append(out, flatten(item)...)
	}
	return out
}

// frrVNIsJSON reads `show evpn vni [detail] json`.
func frrVNIsJSON(d *Device, t *text) {
	var rows []VNI
	for _, doc := range t.documents() {
		for _, n := range vniObjects(doc) {
			id, _ := n.num("vni")
			row := VNI{
				Origin: t.origin(n.line), ID: id, Layer: n.str("type"), Interface: n.str("vxlanIf", "vxlanInterface"), Bridge: n.str("sviInterface"),
				VRF: vrfName(n.str("tenantVrf", "vrf")), LocalVTEP: address(n.str("vtepIp", "localVtepIp")), MACs: n.count("numMacs"), ARPs: n.count("numArpNd"),
			}
			if g := address(n.str("mcastGroup")); g.IsMulticast() {
				row.Group = g
			}
			for _, key := range []string{"remoteVteps", "numRemoteVteps"} { // the second is a list too, with details
				for _, r := range n.get(key).list() {
					if a := address(r.scalar()); a.IsValid() {
						row.RemoteVTEPs = append(row.RemoteVTEPs, a)
					} else if a := address(r.str("ip")); a.IsValid() {
						row.RemoteVTEPs = append(row.RemoteVTEPs, a)
					}
				}
			}
			rows = append(rows, row)
		}
	}
	d.vnis(rows)
}

// vniObjects finds the objects that tell of a VNI: in a list, under its number,
// or the answer itself.
func vniObjects(doc *node) []*node {
	if doc.get("vni") != nil {
		return []*node{doc}
	}
	var out []*node
	for _, n := range doc.list() {
		if n.get("vni") != nil {
			out = append(out, n)
		}
	}
	return out
}

// frrBGPVNIsJSON reads `show bgp l2vpn evpn vni json`.
func frrBGPVNIsJSON(d *Device, t *text) {
	var rows []VNI
	for _, doc := range t.documents() {
		for _, n := range vniObjects(doc) {
			id, _ := n.num("vni")
			row := VNI{Origin: t.origin(n.line), ID: id, Layer: n.str("type"), RD: n.str("rd"), MACs: -1, ARPs: -1, Advertised: doc.yes("advertiseAllVnis")}
			for _, rt := range n.get("importRTs").list() {
				row.ImportRTs = append(row.ImportRTs, rt.scalar())
			}
			for _, rt := range n.get("exportRTs").list() {
				row.ExportRTs = append(row.ExportRTs, rt.scalar())
			}
			t.mark(&row.Origin, doc, "Advertised", "advertiseAllVnis")
			rows = append(rows, row)
		}
	}
	d.vnis(rows)
}

// frrEVPNMACsJSON reads `show evpn mac vni all json`.
func frrEVPNMACsJSON(d *Device, t *text) {
	var rows []MAC
	for _, doc := range t.documents() {
		for _, vni := range doc.list() {
			macs := vni.get("macs")
			for i, n := range macs.list() {
				if !macs.isObject() {
					break
				}
				rows = append(rows, MAC{Origin: t.origin(n.line), Address: macs.keys[i], Interface: n.str("intf"), Remote: address(n.str("remoteVtep"))})
			}
		}
	}
	d.macs(rows)
}
