package state

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ocRows gathers rows of which each leaf of an answer tells a part, in the
// order in which they appear.
type ocRows[T any] struct {
	order []string
	rows  map[string]*T
}

// at returns the row of a key. A row that is new begins as start makes it,
// from the line that told of it first.
func (r *ocRows[T]) at(key string, l ocLine, start func(Origin) T) *T {
	if row, ok := r.rows[key]; ok {
		return row
	}
	if r.rows == nil {
		r.rows = map[string]*T{}
	}
	row := start(Origin{Row: l.ref})
	r.rows[key] = &row
	r.order = append(r.order, key)
	return &row
}

func (r *ocRows[T]) all() (rows []T) {
	for _, k := range r.order {
		rows = append(rows, *r.rows[k])
	}
	return rows
}

// told returns the rows that the answer tells enough of to stand alone, and
// those of which others have told already. The rest would look as if what was
// not asked for were false or zero.
func (r *ocRows[T]) told(enough func(*T) bool, known func(*T) bool) []T {
	return slices.DeleteFunc(r.all(), func(row T) bool { return !enough(&row) && !known(&row) })
}

// key returns the key of the element at i; "" where there is none.
func (l ocLine) key(i int, name string) string {
	if i >= len(l.elems) {
		return ""
	}
	return ocIdentity(l.elems[i].keys[name])
}

// under reports whether l stands under a node, and where the path goes on.
func (l ocLine) under(node string) (rest int, ok bool) {
	if !under(l.names(0), node) {
		return 0, false
	}
	return strings.Count(node, "/") + 1, true
}

// ocValue takes the quotes off a value that needed them.
func ocValue(s string) string {
	if !strings.HasPrefix(s, `"`) {
		return s
	}
	var out string
	if json.Unmarshal([]byte(s), &out) != nil {
		return s
	}
	return out
}

// ocIdentity takes the module off an identity: "openconfig-policy-types:BGP".
func ocIdentity(s string) string {
	if module, id, ok := strings.Cut(s, ":"); ok && (strings.HasPrefix(module, "openconfig-") || strings.HasPrefix(module, "oc-") || strings.HasPrefix(module, "iana-")) {
		return id
	}
	return s
}

// ocWord gives an enumeration the way this package writes such words:
// POINT_TO_POINT_NETWORK is point-to-point-network.
func ocWord(s string) string {
	return strings.ToLower(strings.ReplaceAll(ocIdentity(s), "_", "-"))
}

// ocTime reads nanoseconds since 1970 (openconfig-types:timeticks64), or a
// date and time (yang:date-and-time).
func ocTime(s string) time.Time {
	if ns, err := strconv.ParseInt(s, 10, 64); err == nil {
		if ns <= 0 {
			return time.Time{}
		}
		return time.Unix(0, ns).UTC().Truncate(time.Second)
	}
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return time.Time{}
	}
	return at.UTC()
}

func ocSeconds(s string) time.Duration {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || f < 0 || f > 1e9 {
		return 0
	}
	return time.Duration(f * float64(time.Second))
}
