package state

import (
	"strconv"
	"strings"
)

// A node is one value of a JSON answer with the line that it stands on. Its
// getters are tolerant: names of keys differ between releases, numbers come as
// text and texts as numbers; what is missing is the nil node, which has none.
type node struct {
	line  int    // from 0
	kind  byte   // '{', '[', or 0 of a scalar
	text  string // of a scalar; "" for null
	keys  []string
	items []*node
}

// get returns the value of the first of the names that n has; nil if none.
func (n *node) get(names ...string) *node {
	if n == nil || n.kind != '{' {
		return nil
	}
	for _, name := range names {
		for i, k := range n.keys {
			if k == name {
				return n.items[i]
			}
		}
	}
	return nil
}

// at follows a path of names.
func (n *node) at(path ...string) *node {
	for _, name := range path {
		n = n.get(name)
	}
	return n
}

// str returns the text of the first of the names that n has.
func (n *node) str(names ...string) string {
	if v := n.get(names...); v != nil {
		return v.text
	}
	return ""
}

// scalar returns the text of n itself.
func (n *node) scalar() string {
	if n == nil {
		return ""
	}
	return n.text
}

// num returns the number of the first of the names; ok is false without one.
func (n *node) num(names ...string) (int, bool) {
	v := n.get(names...)
	if v == nil {
		return 0, false
	}
	if i, err := strconv.Atoi(v.text); err == nil {
		return i, true
	}
	if f, err := strconv.ParseFloat(v.text, 64); err == nil && f < 1e15 && f > -1e15 {
		return int(f), true
	}
	return 0, false
}

// count is num where absence is -1.
func (n *node) count(names ...string) int {
	if v, ok := n.num(names...); ok {
		return v
	}
	return -1
}

// yes reports whether the first of the names is true, or a word that says so.
func (n *node) yes(names ...string) bool {
	switch strings.ToLower(n.str(names...)) {
	case "true", "yes", "on", "enabled", "1", "up":
		return true
	}
	return false
}

// list returns the items of a list or of an object; nil for anything else.
func (n *node) list() []*node {
	if n == nil {
		return nil
	}
	return n.items
}

// isObject reports whether n is an object.
func (n *node) isObject() bool { return n != nil && n.kind == '{' }

// isList reports whether n is a list.
func (n *node) isList() bool { return n != nil && n.kind == '[' }

// rows returns the objects that n stands for: itself, or the items of a list.
func (n *node) rows() []*node {
	if n.isList() {
		return n.items
	}
	if n != nil {
		return []*node{n}
	}
	return nil
}

// documents reads the JSON of an answer. What is damaged is said to be.
func (t *text) documents() []*node {
	docs, err := parseJSON(strings.Join(t.lines, "\n"))
	if err != nil {
		t.partial = true
		t.unparsed = append(t.unparsed, Unparsed{Ref: t.ref(-1), Text: "damaged JSON: " + err.Error()})
	}
	if len(docs) == 0 && err != nil {
		t.err = "no JSON in the answer"
	}
	return docs
}

// mark notes the lines of the fields that stand under the given names.
func (t *text) mark(o *Origin, n *node, field string, names ...string) {
	if v := n.get(names...); v != nil {
		o.note(t.ref(v.line), field)
	}
}
