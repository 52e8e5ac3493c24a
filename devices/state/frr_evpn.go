package state

import (
	"strconv"
	"strings"
)

func (d *Device) vnis(rows []VNI) {
	d.VNIs = mergeRows(d.VNIs, rows, func(x *VNI) string { return strconv.Itoa(x.ID) })
}

func (d *Device) macs(rows []MAC) {
	d.MACs = mergeRows(d.MACs, rows, func(x *MAC) string {
		return x.Address + " " + x.Interface + " " + x.Remote.String() + " " + strconv.Itoa(x.VLAN)
	})
}

// frrEVPNRoutes reads `show bgp l2vpn evpn`: routes of type 1 to 5 (RFC 7432,
// RFC 9136) in the device's words.
func frrEVPNRoutes(d *Device, t *text) {
	var rows []BGPRoute
	rd := ""
	for i, line := range t.lines {
		if rest, ok := strings.CutPrefix(strings.TrimSpace(line), "Route Distinguisher: "); ok {
			rd = after(rest, "")
			continue
		}
		if rd == "" || len(line) < 4 {
			continue
		}
		if at := strings.Index(line, "["); at > 0 && at < 6 {
			row := BGPRoute{Origin: t.origin(i), VRF: mainVRF, Family: "l2vpn evpn", Text: rd + " " + after(line[at:], ""), LocalPref: -1, MED: -1}
			bgpFlags(&row, line[:at])
			if n := evpnPrefix(row.Text); n != "" {
				row.Prefix, _ = prefix(n)
			}
			rows = append(rows, row)
			continue
		}
		if len(rows) == 0 {
			continue
		}
		row, f := &rows[len(rows)-1], strings.Fields(line)
		switch {
		case len(f) > 0 && address(f[0]).IsValid():
			row.NextHop = address(f[0])
			if len(f) > 2 {
				row.Weight = max(count(f[len(f)-2]), 0)
			}
			bgpPath(row, f[len(f)-1:])
			row.note(t.ref(i), "NextHop", "OriginCode")
		case strings.Contains(line, "RT:") || strings.Contains(line, "ET:"):
			row.Communities = append(row.Communities, f...)
			row.note(t.ref(i), "Communities")
		}
	}
	d.bgpRoutes(rows)
}

// evpnPrefix is the IP prefix in a route of type 5: [5]:[0]:[24]:[10.0.0.0].
func evpnPrefix(s string) string {
	_, s, _ = strings.Cut(s, "[")
	f := strings.Split(strings.ReplaceAll(strings.ReplaceAll(s, "]:[", " "), "]", ""), " ")
	if len(f) >= 4 && f[0] == "5" {
		return f[3] + "/" + f[2]
	}
	return ""
}

// frrVNIs reads the table of `show evpn vni`.
func frrVNIs(d *Device, t *text) {
	var rows []VNI
	for i, line := range t.lines {
		f := strings.Fields(line)
		if len(f) < 7 || f[1] != "L2" && f[1] != "L3" {
			continue
		}
		id, ok := number(f[0])
		if !ok {
			t.miss(i)
			continue
		}
		rows = append(rows, VNI{Origin: t.origin(i), ID: id, Layer: f[1], Interface: f[2], MACs: count(f[3]), ARPs: count(f[4]), VRF: vrfName(f[6])})
	}
	d.vnis(rows)
}

// frrVNIDetail reads `show evpn vni detail`.
func frrVNIDetail(d *Device, t *text) {
	var rows []VNI
	for i, line := range t.lines {
		key, value, ok := strings.Cut(strings.TrimSpace(line), ":")
		value = strings.TrimSpace(value)
		if ok && key == "VNI" {
			id, _ := number(value)
			rows = append(rows, VNI{Origin: t.origin(i), ID: id, MACs: -1, ARPs: -1})
			continue
		}
		if len(rows) > 0 {
			frrVNILine(&rows[len(rows)-1], t.ref(i), key, value)
		}
	}
	d.vnis(rows)
}

func frrVNILine(row *VNI, ref Ref, key, value string) {
	field := ""
	switch {
	case key == "Type":
		row.Layer, field = value, "Layer"
	case key == "Tenant VRF":
		row.VRF, field = vrfName(value), "VRF"
	case strings.EqualFold(key, "VxLAN interface"), key == "Local Vxlan Interface":
		row.Interface, field = value, "Interface"
	case key == "SVI interface", key == "SVI-If":
		row.Bridge, field = value, "Bridge"
	case key == "Local VTEP IP":
		row.LocalVTEP, field = address(value), "LocalVTEP"
	case key == "Mcast group":
		if a := address(value); a.IsMulticast() {
			row.Group, field = a, "Group"
		}
	case strings.HasPrefix(key, "Number of MACs"):
		row.MACs, field = count(value), "MACs"
	case strings.HasPrefix(key, "Number of ARPs"):
		row.ARPs, field = count(value), "ARPs"
	case strings.HasSuffix(key, " flood"):
		if a := address(strings.TrimSuffix(key, " flood")); a.IsValid() {
			row.RemoteVTEPs, field = append(row.RemoteVTEPs, a), "RemoteVTEPs"
		}
	}
	if field != "" {
		row.note(ref, field)
	}
}

// frrBGPVNIs reads `show bgp l2vpn evpn vni`: what BGP announces.
func frrBGPVNIs(d *Device, t *text) {
	var rows []VNI
	all, allRef := false, Ref{}
	for i, line := range t.lines {
		if v := after(line, "Advertise All VNI flag: "); v != "" {
			all, allRef = v == "Enabled", t.ref(i)
			continue
		}
		f := strings.Fields(strings.TrimPrefix(line, "*"))
		if len(f) < 5 || f[1] != "L2" && f[1] != "L3" {
			continue
		}
		id, ok := number(f[0])
		if !ok {
			t.miss(i)
			continue
		}
		row := VNI{Origin: t.origin(i), ID: id, Layer: f[1], RD: f[2], MACs: -1, ARPs: -1, Advertised: all}
		row.ImportRTs, row.ExportRTs = routeTargets(f[3]), routeTargets(f[4])
		if len(f) > 5 {
			row.VRF = vrfName(f[5])
		}
		row.note(allRef, "Advertised")
		row.note(t.ref(i), "RD", "ImportRTs", "ExportRTs")
		rows = append(rows, row)
	}
	d.vnis(rows)
}

func routeTargets(s string) []string {
	var rts []string
	for rt := range strings.SplitSeq(s, ",") {
		if rt = strings.TrimSpace(rt); rt != "" && rt != "-" {
			rts = append(rts, rt)
		}
	}
	return rts
}

// frrEVPNMACs reads `show evpn mac vni all`.
func frrEVPNMACs(d *Device, t *text) {
	var rows []MAC
	for i, line := range t.lines {
		f := strings.Fields(line)
		if len(f) < 3 || strings.Count(f[0], ":") != 5 {
			continue
		}
		row := MAC{Origin: t.origin(i), Address: f[0]}
		switch rest := f[2:]; {
		case f[1] == "local":
			row.Interface = firstName(rest)
		case f[1] == "remote":
			for _, w := range rest {
				if a := address(w); a.IsValid() {
					row.Remote = a
				}
			}
		}
		rows = append(rows, row)
	}
	d.macs(rows)
}

// firstName is the first word that is no flag: flags are single letters.
func firstName(words []string) string {
	for _, w := range words {
		if len(w) > 1 {
			return w
		}
	}
	return ""
}
