package state

import (
	"slices"
	"strings"
	"time"
)

// A Ref points at a line of the answer that a device gave to a query.
type Ref struct {
	Device string
	Query  string // as the observation names it
	Line   int    // from 1; 0 means the answer as a whole
	Untold bool   // the answer tells of the row and not of the field that was cited: it proves nothing
}

// Origin says where a row was read. Row is its first line; Fields gives the
// line of single fields where they stand on lines of their own, by field name.
type Origin struct {
	Row    Ref
	Fields map[string]Ref
}

// Cite returns the line that field was read from, else the row's own line. A
// row of gNMI leaves has a line for each field that it tells: of another field
// it proves nothing, and the reference says so.
func (o Origin) Cite(field string) Ref {
	r := o.line(field)
	_, told := o.Fields[field]
	r.Untold = !told && r.leaf() && !slices.Contains(keys(), field)
	return r
}

// keys are the fields by which rows are told apart: each leaf's path names them.
func keys() []string {
	return []string{"Name", "Interface", "Peer", "PeerInterface", "VRF", "Area", "Tag", "Prefix", "IP", "SystemID"}
}

// line is Cite for those who do not prove anything by it.
func (o Origin) line(field string) Ref {
	if r, ok := o.Fields[field]; ok {
		return r
	}
	return o.Row
}

// leaf reports whether r is a leaf of a gNMI answer.
func (r Ref) leaf() bool { return strings.HasPrefix(r.Query, "gnmi ") }

// Known reports whether the row was read at all: the zero row is a missing end.
func (o Origin) Known() bool { return o.Row.Device != "" }

// An Answer is what one device answered to one query: the input of a reader.
type Answer struct {
	Device, Platform string
	Query            string    // canonical text, as policies.Query.String gives it
	At               time.Time // zero if unknown
	Output           string
	Truncated        bool // the answer was cut: it proves no absence
}
