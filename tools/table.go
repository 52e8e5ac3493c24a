package tools

import (
	"fmt"
	"net/netip"
	"reflect"
	"strings"
	"time"

	"github.com/netsonde/netsonde/devices/state"
)

// A grid is rows of a state table as text, ready to be filtered and printed.
type grid struct {
	head []string
	rows [][]string
}

// tabulate turns rows (a slice of one of state's row types) into a grid: a
// column a field, the device first, without Origin. Times are told as ages at
// the moment of the answer where that is known.
func (g *grid) add(device string, at time.Time, rows reflect.Value) {
	for i := range rows.Len() {
		row := rows.Index(i)
		if g.head == nil {
			g.head = append([]string{"Device"}, columns(row.Type())...)
		}
		cells := []string{device}
		for f := range row.NumField() {
			if field := row.Type().Field(f); field.Type != reflect.TypeFor[state.Origin]() {
				cells = append(cells, named(field.Name, row.Field(f), at))
			}
		}
		g.rows = append(g.rows, cells)
	}
}

func columns(t reflect.Type) []string {
	var names []string
	for f := range t.NumField() {
		if t.Field(f).Type != reflect.TypeFor[state.Origin]() {
			names = append(names, t.Field(f).Name)
		}
	}
	return names
}

// named words the value of a field. Where "no" or 0 is a fact worth as much as
// its contrary, it is said: an interface that is down, a session without a
// prefix.
func named(name string, v reflect.Value, at time.Time) string {
	switch name {
	case "Up", "AdminUp", "OperUp":
		if v.Kind() == reflect.Bool {
			return map[bool]string{true: "up", false: "down"}[v.Bool()]
		}
	case "Active", "Running", "Selected", "Installed", "Valid", "Best", "Advertised":
		if v.Kind() == reflect.Bool {
			return map[bool]string{true: "yes", false: "no"}[v.Bool()]
		}
	case "Received", "Sent", "NeighborCount", "AdjacentCount", "Distance", "Metric", "LocalPref", "MED", "Packets", "Octets", "Dropped", "MACs", "ARPs":
		if v.CanInt() && v.Int() == 0 { // not told is -1
			return "0"
		}
	}
	return cell(v, at)
}

// cell words one value: "" for what is zero or was not told.
func cell(v reflect.Value, at time.Time) string {
	if v.IsZero() {
		return ""
	}
	switch x := v.Interface().(type) {
	case time.Time:
		if at.IsZero() {
			return x.Format(time.RFC3339)
		}
		if age := at.Sub(x); age < 48*time.Hour {
			return age.Round(time.Second).String() + " ago"
		}
		return x.Format(time.DateTime)
	case time.Duration:
		return x.String()
	case netip.Addr:
		return x.String()
	case netip.Prefix:
		return x.String()
	case state.Address:
		return x.Prefix.String()
	case bool:
		return "yes"
	case state.Ref:
		return ""
	}
	switch v.Kind() {
	case reflect.Slice:
		return list(v, at)
	case reflect.Struct:
		return fields(v, at)
	case reflect.Int, reflect.Int64, reflect.Int32:
		if v.Int() < 0 {
			return ""
		}
	}
	return fmt.Sprint(v.Interface())
}

// list words a slice, its items separated by commas or, for structs, "; ".
func list(v reflect.Value, at time.Time) string {
	sep := ","
	var items []string
	for i := range v.Len() {
		if v.Index(i).Kind() == reflect.Struct {
			sep = "; "
		}
		items = append(items, cell(v.Index(i), at))
	}
	return strings.Join(items, sep)
}

// fields words a struct as "Name=value" of what is set.
func fields(v reflect.Value, at time.Time) string {
	var items []string
	for f := range v.NumField() {
		field := v.Type().Field(f)
		if !field.IsExported() || field.Type == reflect.TypeFor[state.Origin]() || field.Type == reflect.TypeFor[state.Ref]() || field.Type.Kind() == reflect.Map {
			continue
		}
		if s := named(field.Name, v.Field(f), at); s != "" {
			items = append(items, field.Name+"="+s)
		}
	}
	return strings.Join(items, " ")
}

// match keeps the rows that contain every one of words, in any letter case.
func (g *grid) match(words []string) {
	var kept [][]string
	for _, row := range g.rows {
		line, all := strings.ToLower(strings.Join(row, " ")), true
		for _, w := range words {
			all = all && strings.Contains(line, strings.ToLower(w))
		}
		if all {
			kept = append(kept, row)
		}
	}
	g.rows = kept
}

// text prints the grid without its empty columns, tab-free, one row a line.
func (g *grid) text() string {
	if len(g.rows) == 0 {
		return ""
	}
	width := make([]int, len(g.head))
	for _, row := range g.rows {
		for i, s := range row {
			if s != "" {
				width[i] = max(width[i], len(s), len(g.head[i]))
			}
		}
	}
	var b strings.Builder
	line := func(cells []string) {
		var out []string
		for i, s := range cells {
			if width[i] > 0 {
				out = append(out, fmt.Sprintf("%-*s", min(width[i], 40), s))
			}
		}
		b.WriteString(strings.TrimRight(strings.Join(out, "  "), " ") + "\n")
	}
	line(g.head)
	for _, row := range g.rows {
		line(row)
	}
	return b.String()
}
