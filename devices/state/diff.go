package state

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// A Change is one difference between two states of the network, in the terms
// of state: a row that came or went, or a field of a row that changed.
type Change struct {
	Device string     `json:"device"`
	Table  string     `json:"table"` // as Tables names it; "device" for a device as a whole
	Row    string     `json:"row"`   // which row, in words: "10.255.0.2 on eth1"
	Kind   ChangeKind `json:"kind"`
	Field  string     `json:"field,omitempty"` // of a changed row
	Before string     `json:"before,omitempty"`
	After  string     `json:"after,omitempty"`
	Was    Ref        `json:"-"` // the lines that tell it; zero where the row is missing
	Is     Ref        `json:"-"`
}

// ChangeKind says what happened to a row.
type ChangeKind string

// The kinds of change.
const (
	Added   ChangeKind = "added"
	Removed ChangeKind = "removed"
	Changed ChangeKind = "changed"
)

// String words the change on one line.
func (c Change) String() string {
	switch c.Kind {
	case Changed:
		return fmt.Sprintf("%s: %s: %s: %s: %s -> %s", c.Device, c.Table, c.Row, c.Field, orNone(c.Before), orNone(c.After))
	case Added:
		return fmt.Sprintf("%s: %s: + %s%s", c.Device, c.Table, c.Row, parenthesised(c.After))
	}
	return fmt.Sprintf("%s: %s: - %s%s", c.Device, c.Table, c.Row, parenthesised(c.Before))
}

func orNone(s string) string {
	if s == "" {
		return "(none)"
	}
	return s
}

func parenthesised(s string) string {
	if s == "" {
		return ""
	}
	return " (" + s + ")"
}

// A Difference is what changed between two states, and what could not be
// compared because one of them does not hold the whole of it.
type Difference struct {
	Changes     []Change `json:"changes"`
	NotCompared []string `json:"not_compared"` // "r1: rib: not read after: timed out"
}

// Diff compares two states of the same network: neighbours, sessions, routes,
// interfaces, addresses, filters, services, configuration lines. Timers,
// counters, ages and what ages by itself (ARP, learnt MACs, logs) are no
// changes. A table is compared only where both sides hold the whole of it.
func Diff(before, after []*Device) Difference {
	d := Difference{Changes: []Change{}, NotCompared: []string{}}
	was, is := byName(before), byName(after)
	for _, name := range sortedNames(was, is) {
		a, b := was[name], is[name]
		switch {
		case a == nil:
			d.Changes = append(d.Changes, Change{Device: name, Table: "device", Row: "the device", Kind: Added})
		case b == nil:
			d.Changes = append(d.Changes, Change{Device: name, Table: "device", Row: "the device", Kind: Removed})
		default:
			d.device(a, b)
		}
	}
	return d
}

func byName(ds []*Device) map[string]*Device {
	m := make(map[string]*Device, len(ds))
	for _, d := range ds {
		m[d.Name] = d
	}
	return m
}

func sortedNames(a, b map[string]*Device) []string {
	var names []string
	for n := range a {
		names = append(names, n)
	}
	for n := range b {
		if a[n] == nil {
			names = append(names, n)
		}
	}
	slices.Sort(names)
	return names
}

// device compares one device's tables.
func (d *Difference) device(a, b *Device) {
	for _, c := range comparisons() {
		was, okA := a.Table(c.table)
		is, okB := b.Table(c.table)
		if !okA && !okB || was.Inactive && is.Inactive {
			continue
		}
		if c.table == TableParameters && okA && okB && was.Err+is.Err == "" { // asked for by name: what was not asked for is no change
			before, after := numbered(c.rows(a)), numbered(c.rows(b))
			d.rows(Change{Device: a.Name, Table: c.table}, shared(before, after), shared(after, before))
			continue
		}
		if why := incomparable(was, okA, "before"); why != "" {
			d.NotCompared = append(d.NotCompared, fmt.Sprintf("%s: %s: %s", a.Name, c.table, why))
			continue
		}
		if why := incomparable(is, okB, "after"); why != "" {
			d.NotCompared = append(d.NotCompared, fmt.Sprintf("%s: %s: %s", a.Name, c.table, why))
			continue
		}
		d.rows(Change{Device: a.Name, Table: c.table}, numbered(c.rows(a)), numbered(c.rows(b)))
	}
}

// incomparable says why a table cannot be compared; "" if it can. A process
// that does not run has an empty table.
func incomparable(s Status, read bool, side string) string {
	switch {
	case !read:
		return "not read " + side
	case s.Err != "":
		return "not read " + side + ": " + s.Err
	case !s.Complete && !s.Inactive:
		return "not whole " + side
	}
	return ""
}

// shared returns the rows that others have too.
func shared(rows, others []diffRow) []diffRow {
	return slices.DeleteFunc(slices.Clone(rows), func(r diffRow) bool {
		return !slices.ContainsFunc(others, func(o diffRow) bool { return o.key == r.key })
	})
}

// numbered makes the keys of rows unique, in their order.
func numbered(rows []diffRow) []diffRow {
	seen := map[string]int{}
	for i := range rows {
		k := rows[i].key
		if seen[k]++; seen[k] > 1 {
			rows[i].key = fmt.Sprintf("%s (%d)", k, seen[k])
		}
	}
	slices.SortStableFunc(rows, func(a, b diffRow) int { return cmp.Compare(a.key, b.key) })
	return rows
}

// rows compares two tables of sorted rows.
func (d *Difference) rows(at Change, was, is []diffRow) {
	for len(was) > 0 || len(is) > 0 {
		switch {
		case len(is) == 0 || len(was) > 0 && was[0].key < is[0].key:
			c := at
			c.Row, c.Kind, c.Before, c.Was = was[0].key, Removed, was[0].words(), was[0].ref
			d.Changes = append(d.Changes, c)
			was = was[1:]
		case len(was) == 0 || is[0].key < was[0].key:
			c := at
			c.Row, c.Kind, c.After, c.Is = is[0].key, Added, is[0].words(), is[0].ref
			d.Changes = append(d.Changes, c)
			is = is[1:]
		default:
			d.fields(at, was[0], is[0])
			was, is = was[1:], is[1:]
		}
	}
}

// fields compares the fields of one row. A field that one side was not told
// (an empty word, -1) did not change.
func (d *Difference) fields(at Change, was, is diffRow) {
	for i, f := range was.fields {
		if i >= len(is.fields) || f.value == is.fields[i].value || f.unknown() || is.fields[i].unknown() {
			continue
		}
		c := at
		c.Row, c.Kind, c.Field = was.key, Changed, f.name
		c.Before, c.After, c.Was, c.Is = f.value, is.fields[i].value, was.cite(f.name), is.cite(f.name)
		d.Changes = append(d.Changes, c)
	}
}

// words tells a whole row in its most telling fields.
func (r diffRow) words() string {
	var out []string
	for _, f := range r.fields {
		if !f.unknown() && f.value != "" && f.value != "false" && f.value != "0" && len(out) < 4 && !strings.Contains(r.key, f.value) {
			out = append(out, f.name+" "+f.value)
		}
	}
	return strings.Join(out, ", ")
}
