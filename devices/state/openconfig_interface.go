package state

import (
	"net/netip"
	"strconv"
	"strings"
)

// ocSystem reads openconfig-system.
func ocSystem(d *Device, lines []ocLine) {
	var row System
	for _, l := range lines {
		at, ok := l.under("system/state")
		if !ok {
			continue
		}
		if !row.Known() {
			row.Row = l.ref
		}
		switch l.names(at) {
		case "hostname":
			row.Hostname = l.value
			row.note(l.ref, "Hostname")
		case "software-version":
			row.Version = l.value
			row.note(l.ref, "Version")
		case "boot-time":
			row.Booted = ocTime(l.value)
			row.note(l.ref, "Booted")
		case "current-datetime":
			row.Clock = ocTime(l.value)
			row.note(l.ref, "Clock")
		}
	}
	if row.Known() {
		d.system(row)
	}
}

// ocInterfaces reads openconfig-interfaces with its augmentations. A
// subinterface 0 is the interface itself; another is an interface of its own,
// "eth1.100".
func ocInterfaces(d *Device, lines []ocLine) {
	var ifs ocRows[Interface]
	var nbrs ocRows[Neighbor]
	for _, l := range lines {
		at, ok := l.under("interfaces/interface")
		name := l.key(1, "name")
		if !ok || name == "" {
			continue
		}
		rest := l.names(at)
		if sub := l.key(at+1, "index"); under(rest, "subinterfaces/subinterface") && sub != "" {
			if sub != "0" {
				name += "." + sub
			}
			at += 2
			if sub == "0" && !under(l.names(at), "ipv4") && !under(l.names(at), "ipv6") {
				continue // what it says of itself is said of the interface too
			}
			rest = l.names(at)
			if ip := address(l.key(at+2, "ip")); under(l.names(at+1), "neighbors/neighbor") && ip.IsValid() {
				ocNeighbor(nbrs.at(name+" "+ip.String(), l, func(o Origin) Neighbor {
					return Neighbor{Origin: o, IP: ip, Interface: name}
				}), l, l.names(at+3))
				continue
			}
		}
		row := ifs.at(name, l, func(o Origin) Interface { return newInterface(name, o) })
		if counter, ok := strings.CutPrefix(rest, "state/counters/"); ok {
			ocCounter(&row.Counters, counter, l)
			continue
		}
		ocInterfaceLeaf(row, l, rest, at)
	}
	d.interfaces(ifs.told(
		func(x *Interface) bool { return x.Fields["OperUp"] != Ref{} },
		func(x *Interface) bool { return d.Interface(x.Name) != nil }))
	d.Neighbors = mergeRows(d.Neighbors, nbrs.all(), func(x *Neighbor) string { return x.Interface + " " + x.IP.String() })
}

func ocInterfaceLeaf(row *Interface, l ocLine, rest string, at int) {
	switch rest {
	case "state/description":
		row.Description = l.value
		row.note(l.ref, "Description")
	case "state/mtu":
		row.MTU, _ = strconv.Atoi(l.value)
		row.note(l.ref, "MTU")
	case "state/admin-status":
		row.AdminUp = ocIdentity(l.value) == "UP"
		row.note(l.ref, "AdminUp")
	case "state/oper-status":
		row.OperUp = ocIdentity(l.value) == "UP"
		row.note(l.ref, "OperUp")
	case "state/type":
		if strings.EqualFold(ocIdentity(l.value), "softwareLoopback") {
			row.Kind = "loopback"
			row.note(l.ref, "Kind")
		}
	case "state/last-change":
		row.LastChange = ocTime(l.value)
		row.note(l.ref, "LastChange")
	case "ethernet/state/mac-address":
		row.MAC = strings.ToLower(l.value)
		row.note(l.ref, "MAC")
	case "ethernet/state/duplex-mode", "ethernet/state/negotiated-duplex-mode":
		row.Duplex = ocWord(l.value)
		row.note(l.ref, "Duplex")
	case "ethernet/state/port-speed", "ethernet/state/negotiated-port-speed":
		if n := ocSpeed(l.value); n > 0 {
			row.SpeedMbps = n
			row.note(l.ref, "SpeedMbps")
		}
	case "ethernet/state/aggregate-id":
		row.Master = l.value
		row.note(l.ref, "Master")
	case "ipv4/addresses/address/state/prefix-length", "ipv6/addresses/address/state/prefix-length":
		ip, err := netip.ParseAddr(l.key(at+2, "ip"))
		bits, err2 := strconv.Atoi(l.value)
		if p := netip.PrefixFrom(ip, bits); err == nil && err2 == nil && p.IsValid() {
			row.Addresses = append(row.Addresses, Address{Prefix: p, Ref: l.ref})
		}
	}
	row.NoCarrier = row.AdminUp && !row.OperUp && row.Fields["OperUp"] != Ref{}
	if row.NoCarrier {
		row.note(row.Fields["OperUp"], "NoCarrier")
	}
}

// ocSpeed reads SPEED_10GB and SPEED_100MB.
func ocSpeed(s string) int {
	s = strings.TrimPrefix(ocIdentity(s), "SPEED_")
	if n, ok := strings.CutSuffix(s, "GB"); ok {
		v, _ := strconv.ParseFloat(n, 64)
		return int(v * 1000)
	}
	v, _ := strconv.Atoi(strings.TrimSuffix(s, "MB"))
	return v
}

func ocCounter(c *Counters, name string, l ocLine) {
	n := count64(l.value)
	switch name {
	case "in-octets":
		c.InOctets = n
	case "out-octets":
		c.OutOctets = n
	case "in-pkts":
		c.InPackets = n
	case "out-pkts":
		c.OutPackets = n
	case "in-errors":
		c.InErrors = n
	case "out-errors":
		c.OutErrors = n
	case "in-discards":
		c.InDiscards = n
	case "out-discards":
		c.OutDiscards = n
	case "in-fcs-errors":
		c.InCRC = n
	}
}

// ocNeighbor reads one entry of ARP or neighbour discovery.
func ocNeighbor(row *Neighbor, l ocLine, rest string) {
	switch rest {
	case "state/link-layer-address":
		row.MAC = strings.ToLower(l.value)
		row.note(l.ref, "MAC")
	case "state/origin":
		if ocIdentity(l.value) == "STATIC" {
			row.State = "PERMANENT"
			row.note(l.ref, "State")
		}
	case "state/neighbor-state":
		row.State = ocIdentity(l.value)
		row.note(l.ref, "State")
	}
}

// ocLLDP reads openconfig-lldp.
func ocLLDP(d *Device, lines []ocLine) {
	var rows ocRows[LLDPNeighbor]
	for _, l := range lines {
		at, ok := l.under("lldp/interfaces/interface/neighbors/neighbor")
		if !ok {
			continue
		}
		name := l.key(2, "name")
		row := rows.at(name+" "+l.key(4, "id"), l, func(o Origin) LLDPNeighbor {
			return LLDPNeighbor{Origin: o, Interface: name}
		})
		switch l.names(at) {
		case "state/chassis-id":
			row.ChassisID = l.value
			row.note(l.ref, "ChassisID")
		case "state/system-name":
			row.SystemName = l.value
			row.note(l.ref, "SystemName")
		case "state/port-id":
			row.PortID = l.value
			row.note(l.ref, "PortID")
		case "state/port-description":
			row.PortDesc = l.value
			row.note(l.ref, "PortDesc")
		case "state/management-address":
			if a := address(l.value); a.IsValid() {
				row.Management = append(row.Management, a)
				row.note(l.ref, "Management")
			}
		}
	}
	d.LLDP = mergeRows(d.LLDP, rows.all(), func(x *LLDPNeighbor) string { return x.Interface + " " + x.ChassisID + " " + x.PortID })
}
