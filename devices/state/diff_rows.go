package state

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// A diffRow is a row of a table as Diff compares it.
type diffRow struct {
	key    string
	fields []diffField
	ref    Ref
	origin Origin
}

type diffField struct{ name, value string }

// unknown reports whether the device did not tell the field.
func (f diffField) unknown() bool { return f.value == "-1" }

func (r diffRow) cite(field string) Ref {
	if r.origin.Known() {
		return r.origin.Cite(field)
	}
	return r.ref
}

// A comparison says how one table is compared.
type comparison struct {
	table string
	rows  func(d *Device) []diffRow
}

// comparisons are the tables that are compared, in the order in which a
// reader wants to hear of them: what is below comes first.
func comparisons() []comparison {
	return []comparison{
		{TableSystem, func(d *Device) []diffRow { return table([]System{d.System}, func(System) string { return "system" }) }},
		{TableInterfaces, func(d *Device) []diffRow { return table(d.Interfaces, func(i Interface) string { return i.Name }) }},
		{TableAddresses, addressRows},
		{TableLLDP, func(d *Device) []diffRow {
			return table(d.LLDP, func(n LLDPNeighbor) string {
				return fmt.Sprintf("%s port %s on %s", n.SystemName, n.PortID, n.Interface)
			})
		}},
		{TableOSPF, func(d *Device) []diffRow {
			return table(d.OSPF, func(p OSPFProcess) string { return fmt.Sprintf("OSPFv%d in vrf %s", p.Version, p.VRF) })
		}},
		{TableOSPFIfs, func(d *Device) []diffRow {
			return table(d.OSPFInterfaces, func(i OSPFInterface) string { return fmt.Sprintf("%s (OSPFv%d)", i.Name, i.Version) })
		}},
		{TableOSPFNbrs, func(d *Device) []diffRow {
			return table(d.OSPFNeighbors, func(n OSPFNeighbor) string {
				return fmt.Sprintf("%s on %s (OSPFv%d)", n.RouterID, n.Interface, n.Version)
			})
		}},
		{TableISIS, func(d *Device) []diffRow {
			return table(d.ISIS, func(p ISISProcess) string { return "IS-IS " + p.Tag })
		}},
		{TableISISIfs, func(d *Device) []diffRow {
			return table(d.ISISInterfaces, func(i ISISInterface) string { return i.Name })
		}},
		{TableISISNbrs, func(d *Device) []diffRow {
			return table(d.ISISNeighbors, func(n ISISNeighbor) string { return fmt.Sprintf("%s%s on %s", n.SystemID, n.Hostname, n.Interface) })
		}},
		{TableBGP, func(d *Device) []diffRow {
			return table(d.BGP, func(p BGPProcess) string { return "BGP in vrf " + p.VRF })
		}},
		{TableBGPNbrs, func(d *Device) []diffRow {
			return table(d.BGPSessions, func(s BGPSession) string { return sessionKey(s) + " in vrf " + s.VRF })
		}},
		{TableBGPRoutes, func(d *Device) []diffRow { return bgpRows(d, "ipv4") }},
		{TableBGPRoutes6, func(d *Device) []diffRow { return bgpRows(d, "ipv6") }},
		{TableRIB, func(d *Device) []diffRow { return routeRows(d.RIB, "4") }},
		{TableRIB6, func(d *Device) []diffRow { return routeRows(d.RIB, "6") }},
		{TableFIB, func(d *Device) []diffRow { return routeRows(d.FIB, "4") }},
		{TableFIB6, func(d *Device) []diffRow { return routeRows(d.FIB, "6") }},
		{TableFilters, func(d *Device) []diffRow {
			return table(d.Filters, func(f FilterRule) string {
				return fmt.Sprintf("%s %s %s: %s", f.Family, f.Table, f.Chain, withoutCounters(f.Text))
			})
		}},
		{TableVNIs, func(d *Device) []diffRow {
			return table(d.VNIs, func(v VNI) string { return fmt.Sprintf("vni %d", v.ID) })
		}},
		{TableBFD, func(d *Device) []diffRow { return table(d.BFD, func(p BFDPeer) string { return p.Peer.String() }) }},
		{TableQueues, func(d *Device) []diffRow {
			return table(d.Queues, func(q Queue) string { return q.Kind + " on " + q.Interface })
		}},
		{TableListeners, func(d *Device) []diffRow {
			return table(d.Listeners, func(l Listener) string { return l.Protocol + " " + l.Local.String() })
		}},
		{TableResolvers, func(d *Device) []diffRow {
			return table(d.Resolvers, func(r Resolver) string { return r.Server.String() })
		}},
		{TableParameters, parameterRows},
		{TableDaemons, func(d *Device) []diffRow { return table(d.Daemons, func(x Daemon) string { return x.Name }) }},
		{TableConfig, configRows},
	}
}

func sessionKey(s BGPSession) string {
	if s.Peer.IsValid() {
		return s.Peer.String()
	}
	return s.PeerInterface
}

// volatile are the fields that change by themselves.
var volatile = map[string]bool{
	"Origin": true, "Ref": true, "Fields": true, "Since": true, "Counters": true, "LinkUps": true, "LinkDowns": true, "LastChange": true,
	"Booted": true, "Clock": true, "LastReset": true, "NotificationSent": true, "NotificationRcvd": true, "Received": true, "Sent": true,
	"Packets": true, "Octets": true, "Dropped": true, "Overlimits": true, "Backlog": true, "MACs": true, "ARPs": true, "NeighborCount": true,
	"AdjacentCount": true, "Addresses": true, "Text": true, "Local": true, "PeerRouterID": true, "LimitExceeded": true, "Weight": true,
}

// table makes rows of a table of state: every field that is told in words,
// but for those that change by themselves.
func table[T any](rows []T, key func(T) string) []diffRow {
	out := make([]diffRow, 0, len(rows))
	for _, r := range rows {
		row := diffRow{key: key(r)}
		v := reflect.ValueOf(r)
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if f.Name == "Origin" {
				row.origin, _ = v.Field(i).Interface().(Origin)
				row.ref = row.origin.Row
			}
			if f.IsExported() && !volatile[f.Name] {
				row.fields = append(row.fields, diffField{f.Name, told(v.Field(i))})
			}
		}
		out = append(out, row)
	}
	return out
}

// told words a value. The order of a list says nothing.
func told(v reflect.Value) string {
	if s, ok := v.Interface().(fmt.Stringer); ok {
		if z, ok := v.Interface().(interface{ IsValid() bool }); ok && !z.IsValid() {
			return ""
		}
		return s.String()
	}
	switch v.Kind() {
	case reflect.Slice:
		words := make([]string, v.Len())
		for i := range words {
			words[i] = told(v.Index(i))
		}
		slices.Sort(words)
		return strings.Join(words, ", ")
	case reflect.Struct:
		var words []string
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if w := ""; f.IsExported() && !volatile[f.Name] {
				if w = told(v.Field(i)); w != "" && w != "false" && w != "0" && w != "-1" {
					words = append(words, strings.ToLower(f.Name)+" "+w)
				}
			}
		}
		return strings.Join(words, " ")
	}
	return fmt.Sprint(v.Interface())
}
