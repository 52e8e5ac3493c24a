package policies

import (
	"fmt"
	"slices"
	"strings"
)

// The notation of platform files reads like the commands themselves:
//
//	show ip route [vrf (<vrf>|all)] [<prefix>] [json]
//
// A word stands for itself. <type> is a typed token (see token.go), [x] may be
// left out, (a|b) is one of several, {a|b} is any of several in any order,
// each as often as it is written there ("+" before one says that it must
// come), "..." after an element lets it be repeated,
// (in a set, "+" before an alternative says that it must come),
// a*ddress may be cut down to its first letters, and $name stands
// for a fragment of the file's "define" section.

// notation reads one line of a platform file into an automaton.
type notation struct {
	b    *builder
	toks []string
	pos  int
	set  *anyOrder // the any-order set that is being read, nil outside
	seen []string  // the sets of this line
}

// notationPipe is how a pipe that is sent is spelled in the notation.
const notationPipe = "%pipe"

// maxFragments bounds how many fragments a line may have, nested ones included.
const maxFragments = 500

// expand puts the fragments of define in place of their $names.
func expand(line string, define map[string]string) (string, error) {
	for range maxFragments {
		i := strings.IndexByte(line, '$')
		if i < 0 {
			return line, nil
		}
		j := i + 1
		for j < len(line) && (isAlnum(line[j]) || line[j] == '-' || line[j] == '_') {
			j++
		}
		body, ok := define[line[i+1:j]]
		if !ok {
			return "", fmt.Errorf("fragment %s is not in the define section", line[i:j])
		}
		line = line[:i] + "(" + body + ")" + line[j:]
	}
	return "", fmt.Errorf("more than %d fragments in a line: is one defined by itself?", maxFragments)
}

// scanNotation cuts a line into words, <types> and brackets.
func scanNotation(line string) ([]string, error) {
	var toks []string
	for i := 0; i < len(line); {
		switch c := line[i]; {
		case c == ' ' || c == '\t':
			i++
		case strings.IndexByte("()[]{}|", c) >= 0:
			toks = append(toks, string(c))
			i++
		case strings.HasPrefix(line[i:], "..."):
			toks = append(toks, "...")
			i += 3
		case c == '<':
			j := strings.IndexByte(line[i:], '>')
			if j < 0 {
				return nil, fmt.Errorf("%q: a < without its >", line[i:])
			}
			toks = append(toks, line[i:i+j+1])
			i += j + 1
		default:
			j := i
			for j < len(line) && strings.IndexByte("()[]{}|<> \t", line[j]) < 0 && !strings.HasPrefix(line[j:], "...") {
				if line[j] <= ' ' || line[j] > '~' || strings.IndexByte("\"'`;&\\", line[j]) >= 0 {
					return nil, fmt.Errorf("character %q cannot stand in a command", line[j])
				}
				j++
			}
			if j == i {
				return nil, fmt.Errorf("unexpected %q", c)
			}
			toks = append(toks, line[i:j])
			i = j
		}
	}
	return toks, nil
}

// readNotation adds line, whose fragments were put in, to b, from its start
// state; it returns the state in which the line ends.
func readNotation(b *builder, line string) (int32, error) {
	toks, err := scanNotation(line)
	if err != nil {
		return 0, err
	}
	n := &notation{b: b, toks: toks}
	start, end, err := n.alternatives()
	if err != nil {
		return 0, err
	}
	if n.pos < len(n.toks) {
		return 0, fmt.Errorf("%q closes nothing", n.toks[n.pos])
	}
	b.skip(b.start, start)
	return end, nil
}

// alternatives reads a|b|c up to a closing bracket or the end.
func (n *notation) alternatives() (start, end int32, err error) {
	start, end = n.b.state(), n.b.state()
	for {
		s, e, err := n.sequence()
		if err != nil {
			return 0, 0, err
		}
		n.b.skip(start, s)
		n.b.skip(e, end)
		if !n.take("|") {
			return start, end, nil
		}
	}
}

// sequence reads elements that follow each other.
func (n *notation) sequence() (start, end int32, err error) {
	start = n.b.state()
	end = start
	for n.pos < len(n.toks) && !slices.Contains([]string{"|", ")", "]", "}"}, n.toks[n.pos]) {
		s, e, err := n.element()
		if err != nil {
			return 0, 0, err
		}
		n.b.skip(end, s)
		end = e
	}
	return start, end, nil
}

// element reads a word, a type or a bracketed part, and a "..." after it.
func (n *notation) element() (start, end int32, err error) {
	tok := n.toks[n.pos]
	n.pos++
	switch tok {
	case "(", "[":
		if start, end, err = n.alternatives(); err == nil {
			err = n.closing(tok)
		}
		if tok == "[" && err == nil {
			n.b.skip(start, end)
		}
	case "{":
		start, end, err = n.anyOrder()
	case "...":
		err = fmt.Errorf("nothing stands before the ... to be repeated")
	default:
		start, end, err = n.token(tok)
	}
	if err == nil && n.take("...") {
		n.b.skip(end, start)
	}
	return start, end, err
}

// token adds an edge for a word or a <type>.
func (n *notation) token(tok string) (start, end int32, err error) {
	sym, err := n.b.symbol(tok)
	if err != nil {
		return 0, 0, err
	}
	if n.set != nil {
		sym.set, sym.alt, sym.want = n.set.text, len(n.set.items), n.set.want
	}
	start, end = n.b.state(), n.b.state()
	n.b.edge(start, sym, end)
	return start, end, nil
}

// anyOrder reads {a|b|c} after its brace: a loop over the alternatives, whose
// edges know which alternative they are. How often each came is counted after
// the parse, and the print is in the order of the file.
func (n *notation) anyOrder() (start, end int32, err error) {
	if n.set != nil {
		return 0, 0, fmt.Errorf("a {set} cannot stand inside another")
	}
	depth, stop := 1, n.pos
	for ; stop < len(n.toks) && depth > 0; stop++ {
		switch n.toks[stop] {
		case "{":
			depth++
		case "}":
			depth--
		}
	}
	text := strings.Join(n.toks[n.pos:stop], " ")
	if slices.Contains(n.seen, text) {
		return 0, 0, fmt.Errorf("the set {%s stands twice in one line", text)
	}
	n.seen = append(n.seen, text)
	n.set = &anyOrder{text: text}
	start, end = n.b.state(), n.b.state()
	for {
		item := setItem{often: 1, wanted: n.take("+")}
		n.set.want = item.wanted
		from := n.pos
		s, e, err := n.sequence()
		if err != nil {
			return 0, 0, err
		}
		item.text = strings.Join(n.toks[from:n.pos], " ")
		if strings.HasPrefix(item.text, "[") {
			return 0, 0, fmt.Errorf("an alternative of a {set} cannot begin with what may be left out: spell both")
		}
		n.b.markFirst(s)
		n.b.skip(start, s)
		n.b.skip(e, start)
		n.b.skip(e, end)
		n.set.add(item)
		if !n.take("|") {
			break
		}
	}
	if !slices.ContainsFunc(n.set.items, func(i setItem) bool { return i.wanted }) {
		n.b.skip(start, end)
	}
	n.b.sets[text] = n.set.items
	n.set = nil
	return start, end, n.closing("{")
}

// anyOrder is an any-order set: its text, and its alternatives in file order.
type anyOrder struct {
	text  string
	items []setItem
	want  bool // the alternative that is being read must come
}

// setItem is an alternative of a set.
type setItem struct {
	text   string
	often  int  // how often it may come
	wanted bool // it must come
}

// add adds an alternative. One that the set has already may come once more.
func (a *anyOrder) add(item setItem) {
	for i := range a.items {
		if a.items[i].text == item.text {
			a.items[i].often++
		}
	}
	a.items = append(a.items, item)
}

// take skips the next token if it is tok.
func (n *notation) take(tok string) bool {
	if n.pos < len(n.toks) && n.toks[n.pos] == tok {
		n.pos++
		return true
	}
	return false
}

// closing takes the bracket that closes the given one.
func (n *notation) closing(open string) error {
	want := map[string]string{"(": ")", "[": "]", "{": "}"}[open]
	if !n.take(want) {
		return fmt.Errorf("a %s without its %s", open, want)
	}
	return nil
}
