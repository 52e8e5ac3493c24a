package report

import (
	"fmt"
	"maps"
	"sort"
	"strings"

	"github.com/netsonde/netsonde/devices/state"
)

// A Picture is a topology to be drawn: nodes, the edges between them, and what
// is marked as faulty. Nodes and edges are sorted, so that equal topologies
// give equal pictures.
type Picture struct {
	Nodes []Node `json:"nodes"`
	Edges []Edge `json:"links"`
}

// A Node is a device of the picture.
type Node struct {
	Name     string `json:"name"`
	Platform string `json:"platform,omitempty"`
	Faulty   bool   `json:"faulty"`
}

// An Edge is a link of the picture, its interfaces as the devices name them.
// APort or BPort is "" where the end's interface is unknown.
type Edge struct {
	A      string   `json:"a"`
	APort  string   `json:"a_interface"`
	B      string   `json:"b"`
	BPort  string   `json:"b_interface"`
	Up     bool     `json:"up"`
	By     []string `json:"known_by"`
	Subnet string   `json:"subnet,omitempty"`
	Faulty bool     `json:"faulty"`
}

// Draw makes the picture of n. The locations of findings (r3, r3:eth1,
// r3:eth1--r4:eth2) are marked, an interface without a link on its device.
func Draw(n *state.Network, faulty []string) Picture {
	marked := map[string]struct{}{}
	for _, f := range faulty {
		for _, end := range strings.Split(f, "--") {
			marked[end] = struct{}{}
		}
	}
	has := func(place string) bool { _, ok := marked[place]; return ok }
	left := maps.Clone(marked)
	var p Picture
	for _, l := range n.Links {
		if l.A.Device == "" || l.B.Device == "" {
			continue
		}
		a, b := l.A.Interface, l.B.Interface
		e := Edge{A: l.A.Device, APort: a.Name, B: l.B.Device, BPort: b.Name, By: l.By, Subnet: subnet(a)}
		e.Up = (!a.Known() || a.OperUp) && (!b.Known() || b.OperUp)
		e.Faulty = has(e.A+":"+e.APort) || has(e.B+":"+e.BPort)
		p.Edges = append(p.Edges, e)
		delete(left, end(e.A, e.APort))
		delete(left, end(e.B, e.BPort))
	}
	off := map[string]bool{} // devices with a faulty interface that is on no link
	for place := range left {
		device, _, _ := strings.Cut(place, ":")
		off[device] = true
	}
	for _, d := range n.Devices {
		p.Nodes = append(p.Nodes, Node{Name: d.Name, Platform: d.Platform, Faulty: off[d.Name]})
	}
	sort.Slice(p.Nodes, func(i, j int) bool { return p.Nodes[i].Name < p.Nodes[j].Name })
	sort.SliceStable(p.Edges, func(i, j int) bool { return p.Edges[i].key() < p.Edges[j].key() })
	return p
}

func (e Edge) key() string { return strings.Join([]string{e.A, e.APort, e.B, e.BPort}, "\x00") }

// ends names an edge: "r1:eth1--r2:eth1".
func (e Edge) ends() string { return end(e.A, e.APort) + "--" + end(e.B, e.BPort) }

func end(device, port string) string {
	if port == "" {
		return device
	}
	return device + ":" + port
}

// subnet is the first IPv4 (else IPv6) subnet of an interface.
func subnet(i state.Interface) string {
	best := ""
	for _, a := range i.Addresses {
		if a.Prefix.Addr().IsLinkLocalUnicast() {
			continue
		}
		if best == "" || a.Prefix.Addr().Is4() {
			best = a.Prefix.Masked().String()
			if a.Prefix.Addr().Is4() {
				break
			}
		}
	}
	return best
}

// Text draws the picture as lines: each node, its links under it.
func (p Picture) Text() string {
	var b strings.Builder
	for _, n := range p.Nodes {
		mark := ""
		if n.Faulty {
			mark = "  ! fault"
		}
		fmt.Fprintf(&b, "%s (%s)%s\n", n.Name, n.Platform, mark)
		for _, e := range p.Edges {
			switch n.Name {
			case e.A:
				b.WriteString(e.row(e.APort, end(e.B, e.BPort)))
			case e.B:
				b.WriteString(e.row(e.BPort, end(e.A, e.APort)))
			}
		}
	}
	return b.String()
}

func (e Edge) row(port, far string) string {
	state := ""
	if !e.Up {
		state = "  DOWN"
	}
	if e.Faulty {
		state += "  ! fault"
	}
	if port == "" {
		port = "?"
	}
	return fmt.Sprintf("  %-8s -- %-14s %-18s %s%s\n", port, far, e.Subnet, strings.Join(e.By, ","), state)
}
