package state

import (
	"encoding/json"
	"errors"
	"io"
	"sort"
	"strconv"
	"strings"
)

// A node is one value of a JSON answer with the line that it stands on. Its
// getters are tolerant: names of keys differ between releases, numbers come as
// text and texts as numbers; what is missing is the nil node, which has none.
type node struct {
	line  int // from 0
	kind  json.Delim
	text  string // of a scalar; "" for null
	keys  []string
	items []*node
}

const maxDepth = 64

var errDepth = errors.New("json: nested too deep")

// parseJSON reads all documents of the text. Where one is damaged, what stood
// before the damage is returned with the error.
func parseJSON(s string) ([]*node, error) {
	p := jsonParser{dec: json.NewDecoder(strings.NewReader(s))}
	p.dec.UseNumber()
	for i := range len(s) {
		if s[i] == '\n' {
			p.breaks = append(p.breaks, int64(i))
		}
	}
	var docs []*node
	for {
		n, err := p.value(0)
		if n != nil {
			docs = append(docs, n)
		}
		if errors.Is(err, io.EOF) {
			return docs, nil
		}
		if err != nil {
			return docs, err
		}
	}
}

type jsonParser struct {
	dec    *json.Decoder
	breaks []int64 // offsets of the line breaks
}

// line is the line on which the last token ended.
func (p *jsonParser) line() int {
	at := p.dec.InputOffset()
	return sort.Search(len(p.breaks), func(i int) bool { return p.breaks[i] >= at })
}

func (p *jsonParser) value(depth int) (*node, error) {
	tok, err := p.dec.Token()
	if err != nil {
		return nil, err
	}
	n := &node{line: p.line()}
	switch v := tok.(type) {
	case json.Delim:
		n.kind = v
		if depth > maxDepth {
			return nil, errDepth
		}
		return n, p.children(n, depth)
	case string:
		n.text = v
	case json.Number:
		n.text = v.String()
	case bool:
		n.text = strconv.FormatBool(v)
	}
	return n, nil
}

// children reads what stands in an object or a list, with its end.
func (p *jsonParser) children(n *node, depth int) error {
	for p.dec.More() {
		if n.kind == '{' {
			tok, err := p.dec.Token()
			if err != nil {
				return err
			}
			key, _ := tok.(string)
			n.keys = append(n.keys, key)
		}
		item, err := p.value(depth + 1)
		if item != nil {
			n.items = append(n.items, item)
		} else if n.kind == '{' {
			n.keys = n.keys[:len(n.keys)-1]
		}
		if err != nil {
			return err
		}
	}
	_, err := p.dec.Token()
	return err
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
	if len(docs) == 0 {
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
