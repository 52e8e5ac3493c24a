package state

import "reflect"

// mergeRows joins rows of one answer with those that earlier answers gave.
// Rows of equal key are one row; within one answer nothing is joined, because
// a device may well have two rows of one key (two paths of a prefix).
func mergeRows[T any](old, rows []T, key func(*T) string) []T {
	if len(old) == 0 {
		return rows
	}
	index := make(map[string]int, len(old))
	for i := range old {
		if k := key(&old[i]); k != "" {
			if _, ok := index[k]; !ok {
				index[k] = i
			}
		}
	}
	used := map[int]bool{}
	for i := range rows {
		at, ok := index[key(&rows[i])]
		if !ok || used[at] {
			old = append(old, rows[i])
			continue
		}
		used[at] = true
		mergeRow(&old[at], &rows[i])
	}
	return old
}

// mergeRow completes dst by what src tells. A field of src is told if it is
// not zero (or -1), or if its Origin names it. The later value wins; where
// both agree, the line that dst cites stays, unless it is a leaf of gNMI and
// src has a line of a command, which reads better.
func mergeRow[T any](dst, src *T) {
	d, s := reflect.ValueOf(dst).Elem(), reflect.ValueOf(src).Elem()
	from, into := originOf(s), originOf(d)
	for i := range d.NumField() {
		f := d.Type().Field(i)
		if f.Name == "Origin" {
			continue
		}
		_, named := from.Fields[f.Name]
		switch changed := mergeField(d.Field(i), s.Field(i), named); {
		case changed && into != nil && from.Known():
			into.note(from.line(f.Name), f.Name)
		case !changed && named:
			if old, ok := into.Fields[f.Name]; (!ok || old.leaf()) && into.Row != from.Row {
				into.note(from.Fields[f.Name], f.Name)
			}
		case !changed && into.Fields[f.Name].leaf() && !from.Row.leaf() && said(s.Field(i)):
			delete(into.Fields, f.Name)
		}
	}
	if into != nil && from.Known() {
		mergeCounterLines(into, from)
	}
	if into.Row.leaf() && from.Known() {
		into.Row = from.Row
	}
}

// said reports whether a field that no line is noted for was told all the same.
func said(v reflect.Value) bool { return !v.IsZero() && !(v.CanInt() && v.Int() == -1) }

func originOf(row reflect.Value) *Origin {
	if f := row.FieldByName("Origin"); f.IsValid() {
		return f.Addr().Interface().(*Origin)
	}
	return &Origin{}
}

// mergeField sets dst to src if src is told, and reports whether that changed it.
func mergeField(dst, src reflect.Value, named bool) bool {
	switch a := dst.Addr().Interface().(type) {
	case *[]Address:
		return mergeAddresses(a, src.Interface().([]Address))
	case *[]OSPFArea:
		return mergeAreas(a, src.Interface().([]OSPFArea))
	case *[]BGPFamily:
		return mergeFamilies(a, src.Interface().([]BGPFamily))
	case *Counters:
		return mergeCounters(dst, src)
	}
	if src.CanInt() && src.Int() == -1 || src.IsZero() && !named {
		return false
	}
	if reflect.DeepEqual(dst.Interface(), src.Interface()) {
		return false
	}
	dst.Set(src)
	return true
}

func mergeAddresses(dst *[]Address, src []Address) bool {
	changed := false
next:
	for _, a := range src {
		for _, b := range *dst {
			if a.Prefix == b.Prefix {
				continue next
			}
		}
		*dst = append(*dst, a)
		changed = true
	}
	return changed
}

func mergeAreas(dst *[]OSPFArea, src []OSPFArea) bool {
	before := len(*dst)
	*dst = mergeRows(*dst, src, func(x *OSPFArea) string { return x.ID })
	return len(*dst) != before
}

func mergeFamilies(dst *[]BGPFamily, src []BGPFamily) bool {
	changed := false
next:
	for _, a := range src {
		for i := range *dst {
			if (*dst)[i].Name == a.Name {
				mergeFamily(&(*dst)[i], a)
				continue next
			}
		}
		*dst = append(*dst, a)
		changed = true
	}
	return changed
}

// mergeFamily completes dst by what src tells, as mergeRow does.
func mergeFamily(dst *BGPFamily, src BGPFamily) {
	a, b := *dst, src
	a.Ref, a.Fields, b.Ref, b.Fields = Ref{}, nil, Ref{}, nil
	o := Origin{Row: dst.Ref, Fields: dst.Fields}
	d, s := reflect.ValueOf(&a).Elem(), reflect.ValueOf(&b).Elem()
	for i := range d.NumField() {
		name := d.Type().Field(i).Name
		_, named := src.Fields[name]
		if mergeField(d.Field(i), s.Field(i), named) {
			o.note(src.Cite(name), name)
		}
	}
	a.Ref, a.Fields = o.Row, o.Fields
	*dst = a
}

// mergeCounterLines takes the lines of single counters, which are no fields of
// their row, from where they were told.
func mergeCounterLines(into, from *Origin) {
	t := reflect.TypeFor[Counters]()
	for i := range t.NumField() {
		if r, ok := from.Fields[t.Field(i).Name]; ok {
			into.note(r, t.Field(i).Name)
		}
	}
}

func mergeCounters(dst, src reflect.Value) bool {
	changed := false
	for i := range dst.NumField() {
		if v := src.Field(i).Int(); v != -1 && v != dst.Field(i).Int() {
			dst.Field(i).SetInt(v)
			changed = true
		}
	}
	return changed
}
