package policies

import (
	"bytes"
	"strings"
)

// A view is a line as a reader sees it: without the colour codes, backspaces
// and pager marks that a terminal put into it, and with the escapes of a JSON
// string read. origin maps each byte of text to its place in the whole text.
type view struct {
	text       []byte
	origin     []int // nil where text is text[start:end] itself
	start, end int   // the line's place in the whole text
	changed    bool  // text differs from the line
}

// place returns the part of the whole text that view text[from:to] stands for.
func (v view) place(from, to int) (start, end int) {
	if v.origin == nil {
		return v.start + from, v.start + to
	}
	if to == from {
		return v.origin[from], v.origin[from]
	}
	return v.origin[from], v.origin[to-1] + 1
}

// viewOf returns the view of text[start:end].
func viewOf(text string, start, end int) view {
	line := text[start:end]
	v := view{text: []byte(line), start: start, end: end}
	n := writingOf(line)
	if n == plainWriting && strings.IndexFunc(line, oddRune) < 0 && !strings.Contains(line, "&quot;") {
		return v
	}
	v.text, v.changed = v.text[:0:0], true
	for i := 0; i < len(line); {
		size, show := n.decode(line[i:])
		if show == '\b' {
			if k := len(v.text); k > 0 {
				v.text, v.origin = v.text[:k-1], v.origin[:k-1]
			}
		} else if show != 0 {
			v.text = append(v.text, show)
			v.origin = append(v.origin, start+i)
		}
		i += size
	}
	v.origin = append(v.origin, end)
	return v
}

func oddRune(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }

// A writing is how a line spells what is no plain character.
type writing string

const (
	plainWriting writing = "plain"
	jsonWriting  writing = "json" // \n is an escape and not two characters
)

// writingOf tells the writing of a line.
func writingOf(line string) writing {
	if !strings.Contains(line, `\`) {
		return plainWriting
	}
	t := strings.TrimLeft(line, " \t,")
	if t != "" && (t[0] == '"' || t[0] == '{' || t[0] == '[') || strings.Contains(line, `":`) {
		return jsonWriting
	}
	return plainWriting
}

// decode returns how many bytes the next unit of s takes and the byte that
// a reader sees for it; 0 for none, '\b' to take the last one back.
func (n writing) decode(s string) (size int, show byte) {
	switch c := s[0]; {
	case c == 0x1b:
		return sequenceLen(s), 0
	case c == '\b' || c == 0x7f:
		return 1, '\b'
	case c == '\r':
		return 1, ' '
	case c < ' ' && c != '\t':
		return 1, 0
	case c == '&' && strings.HasPrefix(s, "&quot;"):
		return 6, '"'
	case c == '\\' && n == jsonWriting && len(s) > 1:
		switch s[1] {
		case 'n', 'r', 't':
			return 2, '\n'
		}
	}
	return 1, s[0]
}

// sequenceLen returns the length of the escape sequence that s starts with
// (ECMA-48: CSI, OSC and two-byte sequences).
func sequenceLen(s string) int {
	if len(s) < 2 {
		return len(s)
	}
	switch s[1] {
	case '[':
		for i := 2; i < len(s); i++ {
			if s[i] >= 0x40 && s[i] <= 0x7e {
				return i + 1
			}
		}
		return len(s)
	case ']':
		for i := 2; i < len(s); i++ {
			if s[i] == 0x07 {
				return i + 1
			}
			if s[i] == 0x1b && i+1 < len(s) && s[i+1] == '\\' {
				return i + 2
			}
		}
		return len(s)
	}
	return 2
}

// wrapped returns the line joined with what follows it, where the line may
// have been broken by something else than its author: it ends in a backslash
// (RouterOS, shells), or it is as wide as a terminal.
func (v view) wrapped(text string) (view, bool) {
	w := view{start: v.start, end: v.end, changed: true}
	line := strings.TrimSuffix(text[v.start:v.end], "\r")
	for range maxWraps {
		slash := strings.HasSuffix(line, `\`)
		if !slash && !wide(len(line)) || w.end >= len(text) {
			break
		}
		if w.text == nil {
			w.append(line, v.start, slash)
		}
		start := w.end + 1
		end := start + strings.IndexByte(text[start:]+"\n", '\n')
		next := strings.TrimSuffix(text[start:end], "\r")
		if slash {
			trimmed := strings.TrimLeft(next, " \t")
			start += len(next) - len(trimmed)
			next = trimmed
		} else if next == "" || next[0] == ' ' {
			break
		}
		w.append(next, start, strings.HasSuffix(next, `\`))
		w.end, line = end, next
	}
	w.origin = append(w.origin, w.end)
	return w, len(w.text) > 0 && w.end > v.end
}

// maxWraps bounds how many lines are joined, and so the work on hostile text.
const maxWraps = 8

// wide reports whether a line of n bytes may have been cut by a terminal: the
// widths that terminals and routers use, and one less.
func wide(n int) bool {
	switch n {
	case 79, 80, 119, 120, 131, 132, 159, 160, 199, 200, 511, 512:
		return true
	}
	return false
}

// append adds a line that stands at start, without the backslash it ends in.
func (v *view) append(line string, start int, slash bool) {
	if slash {
		line = line[:len(line)-1]
	}
	for i := 0; i < len(line); i++ {
		v.origin = append(v.origin, start+i)
	}
	v.text = append(v.text, line...)
}

// looksXML reports whether a text is XML, in which a tag must be escaped.
func looksXML(text string) bool {
	t := strings.TrimLeft(text[:min(len(text), 4096)], " \t\r\n\ufeff")
	return len(t) > 1 && t[0] == '<' && t[1] != ' ' && !isTag(t) && strings.Contains(text, "</")
}

// enclosing is a line under which the lines that are indented further stand.
type enclosing struct{ indent, start, end int }

// enclose keeps the stack of the lines that enclose text[start:end].
func (s *scan) enclose(start, end int) {
	indent := 0
	for start+indent < end && (s.text[start+indent] == ' ' || s.text[start+indent] == '\t') {
		indent++
	}
	if start+indent == end {
		return
	}
	for n := len(s.stack); n > 0 && s.stack[n-1].indent >= indent; n-- {
		s.stack = s.stack[:n-1]
	}
	if len(s.stack) < maxDepth {
		s.stack = append(s.stack, enclosing{indent, start, end})
	}
}

// maxDepth bounds the depth of the blocks that are kept in mind.
const maxDepth = 40

// within reports whether one of the lines that enclose the present one is what
// the pattern must stand under.
func (s *scan) within(v view, p *pattern) bool {
	re := p.under
	if p.near != nil {
		re = p.near
		if re.Match(v.text) {
			return true
		}
	}
	if re == nil {
		return true
	}
	for _, e := range s.stack {
		if e.start < v.start && re.MatchString(s.text[e.start:min(e.end, e.start+400)]) {
			return true
		}
	}
	return false
}

// trimView cuts from text[from:to] what belongs to the writing around a
// value: quotes that have no partner, a closing tag, a semicolon, a comma.
func trimView(text []byte, from, to int) (int, int) {
	for _, mark := range []string{"</", `",`, `":`, `"}`, `"]`} {
		if i := bytes.Index(text[from:to], []byte(mark)); i > 0 {
			to = from + i
		}
	}
	for to-from > 1 && text[from] == '\\' && (text[from+1] == '"' || text[from+1] == '\'') {
		from += 2 // a quote within a JSON string
	}
	for to > from && bytes.IndexByte([]byte("; ,\t\r"), text[to-1]) >= 0 {
		to--
	}
	if to-from >= 2 && (text[from] == '"' || text[from] == '\'') {
		if text[to-1] == text[from] {
			return from + 1, to - 1
		}
		return from + 1, to
	}
	for to > from && bytes.IndexByte([]byte(`;,"'\`), text[to-1]) >= 0 {
		to--
	}
	return from, to
}
