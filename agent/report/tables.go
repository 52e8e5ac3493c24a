package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/netsonde/netsonde/agent"
	"github.com/netsonde/netsonde/devices/state"
)

// tables are what the page shows of a network: a table of devices, and one a
// protocol that somebody runs.
func tables(r agent.Report, n *state.Network, at placed) []table {
	all := []table{
		deviceTable(n, at).lacking(r, n), linkTable(n, at), adjacencyTable(n, at), sessionTable(n, at), interfaceTable(n, at), overlayTable(n, at),
	}
	out := all[:0]
	for _, t := range all {
		if len(t.Rows) > 0 {
			out = append(out, t.cut())
		}
	}
	return out
}

// lacking adds the devices that were to be read and did not answer.
func (t table) lacking(r agent.Report, n *state.Network) table {
	why := map[string]string{}
	for _, u := range r.Unread {
		if why[u.Device] == "" || u.Table == "all tables" {
			why[u.Device] = u.Why
		}
	}
	for _, name := range r.Read {
		if slices.ContainsFunc(n.Devices, func(d *state.Device) bool { return d.Name == name }) {
			continue
		}
		said := wrong("not read")
		if why[name] != "" {
			said = wrong("not read: " + why[name])
		}
		row := []cell{word(name), said}
		for len(row) < len(t.Columns) {
			row = append(row, cell{Text: "–", By: "-1"})
		}
		t.add(0, row...)
	}
	return t
}

func deviceTable(n *state.Network, at placed) table {
	t := table{ID: "devices", Title: "Devices", Columns: columns("Device", "Platform", "Version", "#Interfaces", "#OSPF", "#IS-IS", "#BGP", "#Routes", "#Causes")}
	for _, d := range n.Devices {
		up, all := 0, 0
		for _, i := range d.Interfaces {
			if i.AdminUp {
				all++
				if i.OperUp {
					up++
				}
			}
		}
		full := 0
		for _, o := range d.OSPFNeighbors {
			if o.State == "Full" || o.State == "2-Way" {
				full++
			}
		}
		isis := 0
		for _, i := range d.ISISNeighbors {
			if i.State == "Up" {
				isis++
			}
		}
		established := 0
		for _, s := range d.BGPSessions {
			if s.State == "Established" {
				established++
			}
		}
		routes := len(d.RIB)
		if routes == 0 {
			routes = len(d.FIB)
		}
		t.add(at.on(d.Name), word(d.Name), word(d.Platform), word(d.System.Version), upOf(up, all), upOf(full, len(d.OSPFNeighbors)),
			upOf(isis, len(d.ISISNeighbors)), upOf(established, len(d.BGPSessions)), number(routes), number(at.count[d.Name]))
	}
	return t
}

func linkTable(n *state.Network, at placed) table {
	t := table{ID: "links", Title: "Links", Columns: columns("One end", "Other end", "State", "Subnet", "#MTU", "Known by")}
	for _, l := range n.Links {
		if l.A.Device == "" || l.B.Device == "" {
			continue
		}
		up := word("up")
		switch {
		case !l.A.Known() && !l.B.Known():
			up = word("not read")
		case l.A.Known() && !l.A.Interface.OperUp || l.B.Known() && !l.B.Interface.OperUp:
			up = wrong("down")
		}
		mtu := word("–")
		if a, b := l.A.Interface.MTU, l.B.Interface.MTU; a > 0 && b > 0 && a != b {
			mtu = wrong(fmt.Sprintf("%d, %d", a, b))
		} else if a > 0 || b > 0 {
			mtu = number(max(a, b))
		}
		t.add(at.finding(l.A.Place(), l.B.Place()), word(l.A.Place()), word(l.B.Place()), up, word(subnet(l.A.Interface)), mtu, word(strings.Join(l.By, ", ")))
	}
	return t
}

func adjacencyTable(n *state.Network, at placed) table {
	t := table{ID: "adjacencies", Title: "Adjacencies", Columns: columns("Protocol", "One end", "Other end", "State", "One says", "Other says")}
	for _, a := range n.Adjacencies {
		up := wrong("not up")
		switch {
		case a.Up:
			up = word("up")
		case a.Unreported:
			up = word("not read")
		}
		none := func(s string) cell {
			if s == "" {
				return word("no neighbour")
			}
			return word(s)
		}
		name := map[string]string{"ospf": "OSPF", "isis": "IS-IS"}[a.Protocol]
		t.add(at.finding(a.Link.A.Place(), a.Link.B.Place()), word(name), word(a.Link.A.Place()), word(a.Link.B.Place()), up, none(a.AState), none(a.BState))
	}
	return t
}

func sessionTable(n *state.Network, at placed) table {
	t := table{ID: "sessions", Title: "BGP sessions", Columns: columns("Device", "Neighbor", "Its device", "VRF", "#Peer AS", "State", "#Received", "#Sent")}
	for _, d := range n.Devices {
		for _, s := range d.BGPSessions {
			received, sent := -1, -1
			for _, f := range s.Families {
				if f.Received >= 0 {
					received = max(received, 0) + f.Received
				}
				if f.Sent >= 0 {
					sent = max(sent, 0) + f.Sent
				}
			}
			said := word(s.State)
			switch {
			case s.AdminDown:
				said = wrong("shut down")
			case s.State != "Established":
				said = wrong(s.State)
			}
			far := ""
			if o, _ := n.Owner(s.Peer); o != nil {
				far = o.Name
			}
			peer := s.PeerInterface
			if s.Peer.IsValid() {
				peer = s.Peer.String()
			}
			t.add(0, word(d.Name), word(peer), word(far), word(s.VRF), number(int(s.PeerAS)), said, told(received), told(sent))
		}
	}
	return t
}

func interfaceTable(n *state.Network, at placed) table {
	t := table{ID: "interfaces", Title: "Interfaces", Columns: columns("Interface", "State", "VRF", "Addresses", "#MTU", "#Errors in", "#Discards out", "Description")}
	for _, d := range n.Devices {
		for _, i := range d.Interfaces {
			up := word("up")
			switch {
			case !i.AdminUp:
				up = word("shut down")
			case !i.OperUp:
				up = wrong("down")
			}
			var addresses []string
			for _, a := range i.Addresses {
				if !a.Prefix.Addr().IsLinkLocalUnicast() {
					addresses = append(addresses, a.Prefix.String())
				}
			}
			place := end(d.Name, i.Name)
			t.add(at.finding(place), word(place), up, word(i.VRF), word(strings.Join(addresses, ", ")), number(i.MTU),
				told(int(i.Counters.InErrors)), told(int(i.Counters.OutDiscards)), word(i.Description))
		}
	}
	return t
}

func overlayTable(n *state.Network, at placed) table {
	t := table{ID: "vnis", Title: "VNIs", Columns: columns("Device", "#VNI", "Kind", "VXLAN interface", "#Remote VTEPs")}
	for _, d := range n.Devices {
		for _, v := range d.VNIs {
			t.add(at.finding(end(d.Name, v.Interface)), word(d.Name), number(v.ID), word(v.Layer), word(v.Interface), number(len(v.RemoteVTEPs)))
		}
	}
	return t
}
