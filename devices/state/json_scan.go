package state

import (
	"encoding/json"
	"fmt"
	"strings"
)

// A jsonScanner reads JSON with the lines that values stand on, which
// encoding/json does not tell; it is also some ten times faster than a walk
// over its tokens, which counts in tables of ten thousand routes.
type jsonScanner struct {
	s    string
	pos  int
	line int // of pos, from 0
}

const maxDepth = 64

// parseJSON reads all documents of the text. Where one is damaged, what stood
// before the damage is returned with the error.
func parseJSON(s string) ([]*node, error) {
	p := jsonScanner{s: s}
	var docs []*node
	for p.space(); p.pos < len(p.s); p.space() {
		n, err := p.value(0)
		if n != nil {
			docs = append(docs, n)
		}
		if err != nil {
			return docs, err
		}
	}
	return docs, nil
}

func (p *jsonScanner) space() {
	for p.pos < len(p.s) {
		switch p.s[p.pos] {
		case '\n':
			p.line++
		case ' ', '\t', '\r':
		default:
			return
		}
		p.pos++
	}
}

func (p *jsonScanner) peek() byte {
	if p.pos < len(p.s) {
		return p.s[p.pos]
	}
	return 0
}

func (p *jsonScanner) damaged(want string) error {
	return fmt.Errorf("line %d: want %s", p.line+1, want)
}

func (p *jsonScanner) value(depth int) (*node, error) {
	if depth > maxDepth {
		return nil, p.damaged("fewer than 64 levels")
	}
	n := &node{line: p.line}
	var err error
	switch c := p.peek(); c {
	case '{', '[':
		n.kind = c
		p.pos++
		return n, p.children(n, depth)
	case '"':
		n.text, err = p.str()
	default:
		n.text, err = p.word()
	}
	if err != nil {
		return nil, err
	}
	return n, nil
}

// children reads what stands in an object or a list, with its end.
func (p *jsonScanner) children(n *node, depth int) error {
	end := n.kind + 2 // '}' and ']' stand two behind their openers
	for first := true; ; first = false {
		p.space()
		if p.peek() == end {
			p.pos++
			return nil
		}
		if !first {
			if p.peek() != ',' {
				return p.damaged("a comma")
			}
			p.pos++
			p.space()
		}
		if err := p.child(n, depth); err != nil {
			return err
		}
	}
}

func (p *jsonScanner) child(n *node, depth int) error {
	key := ""
	if n.kind == '{' {
		var err error
		if key, err = p.str(); err != nil {
			return err
		}
		p.space()
		if p.peek() != ':' {
			return p.damaged("a colon")
		}
		p.pos++
		p.space()
	}
	item, err := p.value(depth + 1)
	if item != nil {
		n.items = append(n.items, item)
		if n.kind == '{' {
			n.keys = append(n.keys, key)
		}
	}
	return err
}

// str reads a string. One with escapes is left to encoding/json.
func (p *jsonScanner) str() (string, error) {
	if p.peek() != '"' {
		return "", p.damaged("a string")
	}
	escaped := false
	for i := p.pos + 1; i < len(p.s); i++ {
		switch p.s[i] {
		case '\\':
			escaped = true
			i++
		case '\n':
			return "", p.damaged("the end of a string")
		case '"':
			quoted := p.s[p.pos : i+1]
			p.pos = i + 1
			if !escaped {
				return quoted[1 : len(quoted)-1], nil
			}
			var text string
			if err := json.Unmarshal([]byte(quoted), &text); err != nil {
				return "", p.damaged("a string")
			}
			return text, nil
		}
	}
	return "", p.damaged("the end of a string")
}

// word reads a number, true, false or null, which is no text.
func (p *jsonScanner) word() (string, error) {
	end := p.pos
	for end < len(p.s) && !strings.ContainsRune(" \t\r\n,:]}[{\"", rune(p.s[end])) {
		end++
	}
	w := p.s[p.pos:end]
	p.pos = end
	switch {
	case w == "null":
		return "", nil
	case w == "true", w == "false", w != "" && strings.IndexByte("-0123456789", w[0]) >= 0:
		return w, nil
	}
	return "", p.damaged("a value")
}
