package state

import (
	"net/netip"

	"github.com/gaissmai/bart"
)

// tables are the routes of one device by VRF, for longest-prefix lookups.
type tables struct {
	vrfs map[string]*bart.Table[[]int]
	rows []Route
}

// routesOf returns d's forwarding table, or where it was not read the routes
// that its RIB selected.
func (n *Network) routesOf(d *Device) *tables {
	if t, ok := n.index.routes[d.Name]; ok {
		return t
	}
	return &tables{}
}

func newTables(d *Device) *tables {
	t := &tables{vrfs: map[string]*bart.Table[[]int]{}}
	rows, all := d.FIB, true
	if len(rows) == 0 {
		rows, all = d.RIB, false
	}
	t.rows = rows
	for i, r := range rows {
		if !r.Prefix.IsValid() || (!all && !r.Selected) {
			continue
		}
		vrf := r.VRF
		if vrf == "" {
			vrf = "default"
		}
		if t.vrfs[vrf] == nil {
			t.vrfs[vrf] = &bart.Table[[]int]{}
		}
		old, _ := t.vrfs[vrf].Get(r.Prefix.Masked())
		t.vrfs[vrf].Insert(r.Prefix.Masked(), append(old, i))
	}
	return t
}

// vrfOf returns the VRF of an interface.
func (d *Device) vrfOf(name string) string {
	if intf := d.Interface(name); intf != nil && intf.VRF != "" {
		return intf.VRF
	}
	return "default"
}

// Lookup returns the route by which d forwards to ip; false if it has none.
func (n *Network) Lookup(d *Device, vrf string, ip netip.Addr) (Route, bool) {
	if d == nil {
		return Route{}, false
	}
	t := n.routesOf(d)
	v := t.vrfs[vrf]
	if v == nil {
		return Route{}, false
	}
	at, ok := v.Lookup(ip.Unmap())
	if !ok || len(at) == 0 {
		return Route{}, false
	}
	best := t.rows[at[0]]
	for _, i := range at[1:] {
		if r := t.rows[i]; r.Metric >= 0 && r.Metric < best.Metric {
			best = r
		} else if r.Metric == best.Metric && r.Protocol == best.Protocol {
			best.NextHops = append(best.NextHops[:len(best.NextHops):len(best.NextHops)], r.NextHops...)
		}
	}
	return best, true
}

// Forwards reports whether d's routes were read, so that a walk can go
// through it.
func (d *Device) Forwards() bool {
	return d != nil && (d.Has(TableFIB) || d.Has(TableRIB) || len(d.FIB)+len(d.RIB) > 0)
}
