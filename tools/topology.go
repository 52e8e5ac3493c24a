package tools

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/netsonde/netsonde/devices/state"
)

// topologyIn is what the topology tool takes.
type topologyIn struct {
	Devices []string `json:"devices" jsonschema:"device names, globs, groups, or all; links of any of them are shown"`
}

// newTopology makes the tool that tells which interfaces are linked and what
// runs over each link.
func newTopology(e Env) (Tool, error) {
	return New("topology", func(ctx context.Context, in topologyIn) (Result, error) {
		ds, err := e.pick(in.Devices)
		if err != nil {
			return Result{}, err
		}
		c, err := e.Collect(ctx, e.Inventory.Devices, state.TableInterfaces, state.TableAddresses, state.TableLLDP,
			state.TableOSPFIfs, state.TableOSPFNbrs, state.TableISISIfs, state.TableISISNbrs, state.TableBGP, state.TableBGPNbrs)
		if err != nil {
			return Result{}, err
		}
		var names []string
		for _, d := range ds {
			names = append(names, d.Name)
		}
		note := "name fewer devices"
		blocks := []block{
			{title: "links (far end, how it is known, what runs over it):", text: links(c.Network, names), note: note},
			{title: "BGP sessions:", text: sessions(c.Network, names), note: note},
		}
		if missing := c.missing(); len(missing) > 0 {
			blocks = append(blocks, block{title: "not evaluated:", text: strings.Join(missing, "\n")})
		}
		return Result{Text: shape(blocks, e.Budget), Facts: c.Network, Seen: c.Seen, Unread: c.missing(), Core: c.Core}, nil
	})
}

// links words the links of the named devices, one a line.
func links(n *state.Network, names []string) string {
	var lines []string
	for _, l := range n.Links {
		if !slices.Contains(names, l.A.Device) && !slices.Contains(names, l.B.Device) {
			continue
		}
		line := fmt.Sprintf("%s--%s  %s", linkEnd(l.A), linkEnd(l.B), strings.Join(l.By, ","))
		for _, a := range n.Adjacencies {
			if samePlace(a.Link.A, l.A) && samePlace(a.Link.B, l.B) {
				line += fmt.Sprintf("  %s %s", a.Protocol, adjacencyState(a))
			}
		}
		lines = append(lines, line)
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func samePlace(a, b state.End) bool {
	return a.Device == b.Device && a.Interface.Name == b.Interface.Name
}

// linkEnd words one end: the place, its addresses, and where it is not well.
func linkEnd(e state.End) string {
	if e.Device == "" {
		return "?"
	}
	s := e.Device + ":" + e.Interface.Name
	for _, a := range e.Interface.Addresses {
		if !a.Prefix.Addr().IsLinkLocalUnicast() {
			s += " " + a.Prefix.String()
		}
	}
	switch i := e.Interface; {
	case !i.Known():
		s += " (not read)"
	case !i.AdminUp:
		s += " (admin down)"
	case !i.OperUp:
		s += " (DOWN)"
	}
	return s
}

// adjacencyState words how both ends see each other.
func adjacencyState(a state.Adjacency) string {
	if a.Up {
		return "up"
	}
	see := func(s string) string {
		if s == "" {
			return "sees nobody"
		}
		return "sees " + s
	}
	return fmt.Sprintf("DOWN (%s %s, %s %s)", a.Link.A.Device, see(a.AState), a.Link.B.Device, see(a.BState))
}

// sessions words the BGP sessions of the named devices, one a line.
func sessions(n *state.Network, names []string) string {
	var lines []string
	for _, s := range n.Sessions {
		if !slices.Contains(names, s.ADevice) && !slices.Contains(names, s.BDevice) {
			continue
		}
		how := "up"
		if !s.Up {
			how = fmt.Sprintf("DOWN (%s, %s)", sessionState(s.A), sessionState(s.B))
		}
		a, b := s.A, s.B
		if !a.Known() { // told from the end that has a statement
			lines = append(lines, fmt.Sprintf("%s AS %d -> %s %s AS %d  %s", s.BDevice, b.LocalAS, s.ADevice, b.Peer, b.PeerAS, how))
			continue
		}
		far := s.BDevice
		if far == "" {
			far = "(outside)"
		}
		lines = append(lines, fmt.Sprintf("%s AS %d -> %s %s AS %d  %s", s.ADevice, a.LocalAS, far, a.Peer, a.PeerAS, how))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func sessionState(s state.BGPSession) string {
	if !s.Known() {
		return "no statement there"
	}
	if s.AdminDown {
		return "shut down"
	}
	return s.State
}
