package state

import "time"

// A Ref points at a line of the answer that a device gave to a query.
type Ref struct {
	Device string
	Query  string // as the observation names it
	Line   int    // from 1; 0 means the answer as a whole
}

// Origin says where a row was read. Row is its first line; Fields gives the
// line of single fields where they stand on lines of their own, by field name.
type Origin struct {
	Row    Ref
	Fields map[string]Ref
}

// Cite returns the line that field was read from, else the row's own line.
func (o Origin) Cite(field string) Ref {
	if r, ok := o.Fields[field]; ok {
		return r
	}
	return o.Row
}

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
