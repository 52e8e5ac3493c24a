package state

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// ocOSPF reads openconfig-ospfv2 of every network instance.
func ocOSPF(d *Device, lines []ocLine) {
	var processes ocRows[OSPFProcess]
	var ifs ocRows[OSPFInterface]
	var nbrs ocRows[OSPFNeighbor]
	for _, l := range lines {
		at, ok := l.under(ocProtocols + "/ospfv2")
		if !ok {
			continue
		}
		vrf := vrfName(l.key(1, "name"))
		process := processes.at(vrf, l, func(o Origin) OSPFProcess { return OSPFProcess{Origin: o, VRF: vrf, Version: 2} })
		area := ocArea(l.key(at+1, "identifier"))
		switch rest := l.names(at); {
		case rest == "global/state/router-id":
			process.RouterID = l.value
			process.note(l.ref, "RouterID")
		case under(rest, "areas/area/interfaces/interface"):
			name := l.key(at+3, "id")
			row := ifs.at(vrf+" "+area+" "+name, l, func(o Origin) OSPFInterface {
				o.note(l.ref, "Area")
				return OSPFInterface{Origin: o, Version: 2, Name: name, VRF: vrf, Area: area, NeighborCount: -1, AdjacentCount: -1}
			})
			if id := l.key(at+5, "router-id"); id != "" {
				ocOSPFNeighbor(nbrs.at(vrf+" "+area+" "+name+" "+id, l, func(o Origin) OSPFNeighbor {
					return OSPFNeighbor{Origin: o, Version: 2, RouterID: id, Interface: name, VRF: vrf, Area: area}
				}), l, l.names(at+6))
				continue
			}
			ocOSPFInterface(row, l, l.names(at+4))
		case area != "" && !hasArea(process, area):
			process.Areas = append(process.Areas, OSPFArea{Origin: Origin{Row: l.ref}, ID: area})
		}
	}
	rows := ifs.told(
		func(x *OSPFInterface) bool { return x.Hello != 0 },
		func(x *OSPFInterface) bool {
			return slices.ContainsFunc(d.OSPFInterfaces, func(y OSPFInterface) bool { return x.Name == y.Name && x.Area == y.Area })
		})
	for i := range rows {
		r := &rows[i]
		if p := processes.rows[r.VRF]; p.RouterID != "" {
			r.RouterID = p.RouterID
			r.note(p.Cite("RouterID"), "RouterID")
		}
		// The model has no state of the interface itself: it is up unless
		// the interface is known to be down.
		below := d.Interface(r.Name)
		r.Up = below == nil || below.OperUp
	}
	d.ospf(processes.all())
	d.ospfInterfaces(rows)
	d.ospfNeighbors(nbrs.told(func(x *OSPFNeighbor) bool { return x.State != "" }, func(*OSPFNeighbor) bool { return false }))
}

func hasArea(p *OSPFProcess, id string) bool {
	for _, a := range p.Areas {
		if a.ID == id {
			return true
		}
	}
	return false
}

// ocArea writes an area as a dotted quad: devices use a number as well.
func ocArea(s string) string {
	n, err := strconv.ParseUint(s, 10, 32)
	if err != nil {
		return s
	}
	return netip.AddrFrom4([4]byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}).String()
}

func ocOSPFInterface(row *OSPFInterface, l ocLine, rest string) {
	switch rest {
	case "state/network-type":
		row.NetworkType = networkType(strings.TrimSuffix(ocWord(l.value), "-network"))
		row.note(l.ref, "NetworkType")
	case "state/metric":
		row.Cost, _ = strconv.Atoi(l.value)
		row.note(l.ref, "Cost")
	case "state/passive":
		row.Passive = l.value == "true"
		row.note(l.ref, "Passive")
	case "state/authentication-type":
		row.Auth = strings.ToLower(ocIdentity(l.value))
		row.note(l.ref, "Auth")
	case "timers/state/hello-interval":
		row.Hello = ocSeconds(l.value)
		row.note(l.ref, "Hello")
	case "timers/state/dead-interval":
		row.Dead = ocSeconds(l.value)
		row.note(l.ref, "Dead")
	}
}

func ocOSPFNeighbor(row *OSPFNeighbor, l ocLine, rest string) {
	switch rest {
	case "state/adjacency-state":
		row.State = ospfState(ocIdentity(l.value))
		row.note(l.ref, "State")
	case "state/neighbor-address":
		row.Address = address(l.value)
		row.note(l.ref, "Address")
	case "state/last-established-time":
		row.Since = ocTime(l.value)
		row.note(l.ref, "Since")
	}
}

// ocISIS reads openconfig-isis; an instance is known by its protocol's name.
func ocISIS(d *Device, lines []ocLine) {
	var processes ocRows[ISISProcess]
	var ifs ocRows[ISISInterface]
	var nbrs ocRows[ISISNeighbor]
	for _, l := range lines {
		at, ok := l.under(ocProtocols + "/isis")
		if !ok {
			continue
		}
		vrf, tag := vrfName(l.key(1, "name")), l.key(3, "name")
		switch rest := l.names(at); {
		case under(rest, "global"):
			row := processes.at(vrf+" "+tag, l, func(o Origin) ISISProcess { return ISISProcess{Origin: o, Tag: tag, VRF: vrf} })
			ocISISGlobal(row, l, rest)
		case under(rest, "interfaces/interface"):
			name := l.key(at+1, "interface-id")
			row := ifs.at(tag+" "+name, l, func(o Origin) ISISInterface { return ISISInterface{Origin: o, Name: name, Tag: tag} })
			level := l.key(at+3, "level-number")
			if id := l.key(at+5, "system-id"); id != "" {
				n := nbrs.at(tag+" "+name+" "+level+" "+id, l, func(o Origin) ISISNeighbor {
					return ISISNeighbor{Origin: o, Interface: name, Tag: tag, Level: isisLevel(level)}
				})
				n.SystemID, n.Hostname = systemID(id)
				if l.names(at+6) == "state/adjacency-state" {
					n.State = isisState(ocIdentity(l.value))
					n.note(l.ref, "State")
				}
				continue
			}
			ocISISInterface(row, l, l.names(at+2), level)
		}
	}
	d.isis(processes.all())
	d.isisInterfaces(ifs.told(
		func(x *ISISInterface) bool { return x.Fields["Up"] != Ref{} },
		func(x *ISISInterface) bool {
			return slices.ContainsFunc(d.ISISInterfaces, func(y ISISInterface) bool { return x.Name == y.Name && x.Tag == y.Tag })
		}))
	d.isisNeighbors(nbrs.told(func(x *ISISNeighbor) bool { return x.State != "" }, func(*ISISNeighbor) bool { return false }))
}

func ocISISGlobal(row *ISISProcess, l ocLine, rest string) {
	switch rest {
	case "global/state/net":
		net := strings.Trim(l.value, "[]")
		net, _, _ = strings.Cut(net, ", ")
		isisNET(row, net, l.ref)
	case "global/state/level-capability":
		switch ocIdentity(l.value) {
		case "LEVEL_1":
			row.Level = "1"
		case "LEVEL_2":
			row.Level = "2"
		case "LEVEL_1_2":
			row.Level = "1-2"
		}
		row.note(l.ref, "Level")
	}
}

func ocISISInterface(row *ISISInterface, l ocLine, rest, level string) {
	if level != "" {
		row.Level = isisLevels(row.Level, isisLevel(level))
	}
	switch rest {
	case "state/enabled":
		row.Up = l.value == "true"
		row.note(l.ref, "Up")
	case "state/passive":
		row.Passive = l.value == "true"
		row.note(l.ref, "Passive")
	case "state/circuit-type":
		row.NetworkType = ocWord(l.value)
		row.note(l.ref, "NetworkType")
	case "levels/level/timers/state/hello-interval":
		row.Hello = ocSeconds(l.value)
		row.note(l.ref, "Hello")
	case "levels/level/state/metric", "levels/level/afi-safi/af/state/metric":
		row.Metric, _ = strconv.Atoi(l.value)
		row.note(l.ref, "Metric")
	}
}
