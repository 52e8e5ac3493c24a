package state

import "time"

// isisAreas returns the instances of an IS-IS answer.
func isisAreas(t *text) []vrfNode {
	var out []vrfNode
	for _, doc := range t.documents() {
		vrfs := doc.get("vrfs").list() // releases from 9 on
		if len(vrfs) == 0 {
			vrfs = []*node{doc}
		}
		for _, v := range vrfs {
			for _, a := range v.get("areas").list() {
				out = append(out, vrfNode{vrfName(v.str("vrf")), a})
			}
		}
	}
	return out
}

// frrISISSummaryJSON reads `show isis summary json`.
func frrISISSummaryJSON(d *Device, t *text) {
	var rows []ISISProcess
	for _, doc := range t.documents() {
		vrfs := doc.get("vrfs").list()
		if len(vrfs) == 0 {
			vrfs = []*node{doc}
		}
		for _, v := range vrfs {
			for _, a := range v.get("areas").list() {
				row := ISISProcess{Origin: t.origin(a.line), Tag: a.str("area"), VRF: vrfName(v.str("vrf")), SystemID: v.str("system-id")}
				t.mark(&row.Origin, v, "SystemID", "system-id")
				if net := a.get("net"); net != nil {
					isisNET(&row, net.scalar(), t.ref(net.line))
				}
				for _, l := range a.get("levels").list() {
					row.Level = isisLevels(row.Level, l.str("id"))
				}
				rows = append(rows, row)
			}
		}
	}
	d.isis(rows)
}

// frrISISNeighborsJSON reads `show isis neighbor [detail] json`. With details
// the state stands in an object of the interface.
func frrISISNeighborsJSON(d *Device, t *text) {
	var rows []ISISNeighbor
	for _, a := range isisAreas(t) {
		for _, n := range a.get("circuits").list() {
			if n.str("adj") == "" {
				continue
			}
			row := ISISNeighbor{Origin: t.origin(n.line), Tag: a.str("area"), Level: isisLevel(n.str("level"))}
			row.SystemID, row.Hostname = systemID(n.str("adj"))
			at := n
			if in := n.get("interface"); in.isObject() {
				at, row.Interface = in, in.str("name")
				up, ok := span(in.str("last-ago"))
				row.Since = t.ago(up, ok)
			} else {
				row.Interface = in.scalar()
			}
			row.State = isisState(at.str("state"))
			t.mark(&row.Origin, at, "State", "state")
			rows = append(rows, row)
		}
	}
	d.isisNeighbors(rows)
}

// frrISISInterfacesJSON reads `show isis interface [detail] json`.
func frrISISInterfacesJSON(d *Device, t *text) {
	var rows []ISISInterface
	for _, a := range isisAreas(t) {
		for _, c := range a.get("circuits").list() {
			n := c.get("interface")
			if !n.isObject() {
				continue
			}
			row := ISISInterface{Origin: t.origin(n.line), Name: n.str("name"), Tag: a.str("area"), Up: n.str("state") == "Up"}
			row.Passive = n.str("is-passive") == "passive"
			row.NetworkType, row.Level = networkTypeISIS(n.str("type")), isisLevel(n.str("level"))
			for _, l := range n.get("levels").list() {
				row.Metric, _ = l.num("metric")
				hello, _ := l.num("hello-interval")
				row.Hello = time.Duration(hello) * time.Second
				t.mark(&row.Origin, l, "Metric", "metric")
			}
			t.mark(&row.Origin, n, "Up", "state")
			rows = append(rows, row)
		}
	}
	d.isisInterfaces(rows)
}
