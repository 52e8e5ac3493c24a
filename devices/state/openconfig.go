package state

import (
	"slices"
	"strings"
)

// A gNMI answer is one leaf a line, as devices/gnmi prints it: the full path
// with the keys of lists in brackets, ": ", the value. Lines that start with
// "#" are remarks. The paths are those of the OpenConfig models.

// ocElem is one element of a path.
type ocElem struct {
	name string
	keys map[string]string
}

// ocLine is one leaf.
type ocLine struct {
	elems []ocElem
	value string
	ref   Ref
}

// names joins the names of the elements from the given one on.
func (l ocLine) names(from int) string {
	if from >= len(l.elems) {
		return ""
	}
	parts := make([]string, 0, len(l.elems)-from)
	for _, e := range l.elems[from:] {
		parts = append(parts, e.name)
	}
	return strings.Join(parts, "/")
}

// ocTables gives for each table where its rows stand, and the container whose
// presence shows that the device has the model at all: without it an absent
// row proves nothing.
var ocTables = []struct{ table, rows, model string }{
	{TableSystem, "system/state", "system/state"},
	{TableInterfaces, "interfaces/interface/state", "interfaces/interface/state"},
	{TableAddresses, "interfaces/interface/subinterfaces/subinterface", "interfaces/interface/subinterfaces"},
	{TableNeighbors, "interfaces/interface/subinterfaces/subinterface", "interfaces/interface/subinterfaces/subinterface/ipv4/neighbors"},
	{TableLLDP, "lldp/interfaces/interface/neighbors", "lldp"},
	{TableBGP, ocProtocols + "/bgp/global", ocProtocols + "/bgp"},
	{TableBGPNbrs, ocProtocols + "/bgp/neighbors", ocProtocols + "/bgp"},
	{TableOSPF, ocProtocols + "/ospfv2/global", ocProtocols + "/ospfv2"},
	{TableOSPFIfs, ocProtocols + "/ospfv2/areas/area/interfaces", ocProtocols + "/ospfv2"},
	{TableOSPFNbrs, ocProtocols + "/ospfv2/areas/area/interfaces", ocProtocols + "/ospfv2"},
	{TableISIS, ocProtocols + "/isis/global", ocProtocols + "/isis"},
	{TableISISIfs, ocProtocols + "/isis/interfaces", ocProtocols + "/isis"},
	{TableISISNbrs, ocProtocols + "/isis/interfaces", ocProtocols + "/isis"},
	{TableFIB, ocInstance + "/afts/ipv4-unicast", ocInstance + "/afts"},
	{TableFIB6, ocInstance + "/afts/ipv6-unicast", ocInstance + "/afts"},
}

const (
	ocInstance  = "network-instances/network-instance"
	ocProtocols = ocInstance + "/protocols/protocol"
)

// ocReading is the reader of a gNMI Get; ok is false for any other query.
func ocReading(query string) (reading, map[string]string, bool) {
	path, ok := strings.CutPrefix(query, "gnmi get ")
	if !ok {
		return reading{}, nil, false
	}
	names := ocNames(path)
	var tables []string
	for _, t := range ocTables {
		if under(names, t.rows) || under(t.rows, names) {
			tables = append(tables, t.table)
		}
	}
	if tables == nil {
		return reading{}, nil, false
	}
	r := reading{tables: strings.Join(tables, " "), read: func(d *Device, t *text) { readOpenConfig(d, t, path) }}
	return r, nil, true
}

// under reports whether the node a is b or stands under it.
func under(a, b string) bool { return b == "" || a == b || strings.HasPrefix(a, b+"/") }

// ocNames gives the names of a path's elements without keys, modules and origin.
func ocNames(path string) string {
	return ocLine{elems: ocPath(path)}.names(0)
}

// ocPath takes a path apart. What follows an unclosed bracket is part of it.
func ocPath(path string) (elems []ocElem) {
	if i := strings.Index(path, ":/"); i >= 0 && !strings.ContainsAny(path[:i], "/[") {
		path = path[i+1:]
	}
	for path != "" {
		path = strings.TrimPrefix(path, "/")
		end := strings.IndexAny(path, "/[")
		if end < 0 {
			end = len(path)
		}
		name := path[:end]
		if _, local, ok := strings.Cut(name, ":"); ok {
			name = local
		}
		e := ocElem{name: name}
		path = path[end:]
		for strings.HasPrefix(path, "[") {
			inside, rest := bracket(path)
			k, v, _ := strings.Cut(inside, "=")
			if e.keys == nil {
				e.keys = map[string]string{}
			}
			e.keys[k], path = v, rest
		}
		if e.name != "" || e.keys != nil {
			elems = append(elems, e)
		}
	}
	return elems
}

// bracket reads "[...]" off the front of s; "\]" and "\\" inside stand for
// themselves.
func bracket(s string) (inside, rest string) {
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s):
			i++
		case s[i] == ']':
			return b.String(), s[i+1:]
		}
		b.WriteByte(s[i])
	}
	return b.String(), ""
}

// ocLines reads the leaves of an answer.
func ocLines(t *text) (out []ocLine) {
	for i, line := range t.lines {
		if line == "" || line[0] == '#' {
			continue
		}
		path, value, ok := ocCut(line)
		if !ok {
			t.miss(i)
			continue
		}
		out = append(out, ocLine{ocPath(path), value, t.ref(i)})
	}
	return out
}

// ocCut splits a line behind its path: at the first ": " outside brackets.
func ocCut(line string) (path, value string, ok bool) {
	if line[0] != '/' {
		return "", "", false
	}
	depth := 0
	for i := 0; i+1 < len(line); i++ {
		switch line[i] {
		case '\\':
			i++
		case '[':
			depth++
		case ']':
			depth--
		case ':':
			if depth <= 0 && line[i+1] == ' ' {
				return line[:i], ocValue(line[i+2:]), true
			}
		}
	}
	return "", "", false
}

// readOpenConfig fills the tables that the leaves of an answer belong to.
func readOpenConfig(d *Device, t *text, path string) {
	lines := ocLines(t)
	if len(lines) == 0 && len(t.unparsed) > 0 {
		t.fail("no leaf found")
		return
	}
	ocSystem(d, lines)
	ocInterfaces(d, lines)
	ocLLDP(d, lines)
	ocBGP(d, lines)
	ocOSPF(d, lines)
	ocISIS(d, lines)
	ocFIB(d, lines)
	ocSettle(d, t, lines, path)
}

// ocSettle says of each table whether the whole of it was read: the path that
// was asked holds all its rows, and the device has the model. A table of which
// the answer shows nothing is as unread as before.
func ocSettle(d *Device, t *text, lines []ocLine, path string) {
	asked := ocPath(path)
	names := ocLine{elems: asked}.names(0)
	whole := !slices.ContainsFunc(asked, func(e ocElem) bool {
		return e.name != "protocol" && slices.ContainsFunc(mapValues(e.keys), func(v string) bool { return v != "*" })
	})
	t.settled = true
	for _, x := range ocTables {
		if !slices.ContainsFunc(lines, func(l ocLine) bool { return under(l.names(0), x.model) }) {
			continue
		}
		if !under(x.rows, names) && !under(names, x.rows) {
			continue
		}
		complete := whole && under(x.rows, names) && !t.answer.Truncated && len(t.unparsed) == 0
		d.settle([]string{x.table}, Status{Ref: t.ref(-1), Complete: complete})
	}
}

func mapValues(m map[string]string) (vs []string) {
	for _, v := range m {
		vs = append(vs, v)
	}
	return vs
}
