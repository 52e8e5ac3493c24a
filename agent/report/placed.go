package report

import (
	"fmt"
	"html/template"
	"strings"

	"github.com/netsonde/netsonde/agent"
	"github.com/netsonde/netsonde/devices/state"
)

// placed knows which finding, by its number on the page, is at a place.
type placed struct {
	places map[string]int
	count  map[string]int // findings that touch a device
}

func newPlaced(fs []agent.Finding) placed {
	at := placed{map[string]int{}, map[string]int{}}
	for i, f := range fs {
		touched := map[string]bool{}
		for _, l := range f.Locations {
			for _, end := range strings.Split(l, "--") {
				if at.places[end] == 0 {
					at.places[end] = i + 1
				}
				device, _, _ := strings.Cut(end, ":")
				touched[device] = true
			}
		}
		for device := range touched {
			at.count[device]++
		}
	}
	return at
}

// finding returns the number of the first finding at one of the places; 0 if
// there is none.
func (at placed) finding(places ...string) int {
	for _, p := range places {
		if n := at.places[p]; n > 0 {
			return n
		}
	}
	return 0
}

// on returns the number of the first finding on a device or an interface of it.
func (at placed) on(device string) int {
	first := 0
	for p, n := range at.places {
		if name, _, _ := strings.Cut(p, ":"); name == device && (first == 0 || n < first) {
			first = n
		}
	}
	return first
}

// all lists the places that findings name.
func (at placed) all() []string {
	var out []string
	for p := range at.places {
		out = append(out, p)
	}
	return out
}

// mostDrawn is how many devices a picture shows: beyond it, the faulty places
// and their neighbours alone.
const mostDrawn = 80

// pagePicture draws the network with every faulty place a link to its finding,
// and says what of it is drawn.
func pagePicture(n *state.Network, at placed) (template.HTML, string) {
	p := Draw(n, at.all())
	note := ""
	if all := len(p.Nodes); all > mostDrawn {
		if p = p.nearFaults(); len(p.Nodes) == 0 || len(p.Nodes) > 2*mostDrawn {
			return "", fmt.Sprintf("%d devices are too many to draw.", all)
		}
		note = fmt.Sprintf("Of %d devices, those at fault and their neighbours are drawn.", all)
	}
	if len(p.Edges) == 0 && len(p.Nodes) < 2 {
		return "", ""
	}
	faulty := map[string]bool{}
	for _, n := range p.Nodes {
		faulty[n.Name] = n.Faulty
	}
	return template.HTML(p.draw("", func(places ...string) string { // draw escapes every name
		n := at.finding(places...)
		if n == 0 && len(places) == 1 && faulty[places[0]] {
			n = at.on(places[0])
		}
		if n == 0 {
			return ""
		}
		return fmt.Sprintf("#cause-%d", n)
	})), note
}

// nearFaults is the part of p around what is faulty.
func (p Picture) nearFaults() Picture {
	keep := map[string]bool{}
	for _, n := range p.Nodes {
		if n.Faulty {
			keep[n.Name] = true
		}
	}
	for _, e := range p.Edges {
		if e.Faulty {
			keep[e.A], keep[e.B] = true, true
		}
	}
	near := map[string]bool{}
	var out Picture
	for _, e := range p.Edges {
		if keep[e.A] || keep[e.B] {
			near[e.A], near[e.B] = true, true
			out.Edges = append(out.Edges, e)
		}
	}
	for _, n := range p.Nodes {
		if near[n.Name] || keep[n.Name] {
			out.Nodes = append(out.Nodes, n)
		}
	}
	return out
}
