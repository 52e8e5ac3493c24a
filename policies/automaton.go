package policies

import (
	"cmp"
	"encoding/binary"
	"slices"
	"strings"
)

// A symbol is what an edge of the automaton takes: a word or a typed token.
type symbol struct {
	word  string // the full word; "" for a typed token
	least int    // how many letters of word are enough
	kind  string // the name of the type; "" for a word
	param string // what the type is narrowed by, such as "1..20"
	set   string // the any-order set it stands in; "" if none
	alt   int    // which alternative of the set
	first bool   // whether it opens that alternative
}

// newSymbol reads a token of the notation. A word of a platform that
// abbreviates may be cut down to any length that stays unambiguous.
func newSymbol(tok string, abbreviate bool) (symbol, error) {
	if tok[0] == '<' {
		kind, param, _ := strings.Cut(strings.Trim(tok, "<>"), " ")
		return symbol{kind: kind, param: param}, checkType(kind, param)
	}
	if tok == notationPipe {
		return symbol{word: pipeWord, least: 1}, nil
	}
	if head, tail, cut := strings.Cut(tok, "*"); cut && head != "" && tail != "" {
		return symbol{word: head + tail, least: len(head)}, nil
	}
	if abbreviate && isAlnum(tok[0]) {
		return symbol{word: tok, least: 1}, nil
	}
	return symbol{word: tok, least: len(tok)}, nil
}

// builder collects the lines of a platform file as a non-deterministic
// automaton (Thompson's construction).
type builder struct {
	abbreviate bool
	start      int32
	edges      [][]nedge
	skips      [][]int32
	ends       map[int32]ending
	sets       map[string][]setItem
}

type nedge struct {
	sym symbol
	to  int32
}

// An ending is what a complete command is.
type ending struct {
	class  Class
	config bool // it shows configuration: its filters are looked at for secrets
}

func newBuilder(abbreviate bool) *builder {
	b := &builder{abbreviate: abbreviate, ends: map[int32]ending{}, sets: map[string][]setItem{}}
	b.start = b.state()
	return b
}

func (b *builder) state() int32 {
	b.edges = append(b.edges, nil)
	b.skips = append(b.skips, nil)
	return int32(len(b.edges) - 1)
}

func (b *builder) edge(from int32, sym symbol, to int32) {
	b.edges[from] = append(b.edges[from], nedge{sym, to})
}

func (b *builder) skip(from, to int32) { b.skips[from] = append(b.skips[from], to) }

// closure returns the states reachable from the given ones without a token,
// sorted.
func (b *builder) closure(from ...int32) []int32 {
	seen := map[int32]bool{}
	var all []int32
	for todo := from; len(todo) > 0; {
		s := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if seen[s] {
			continue
		}
		seen[s] = true
		all = append(all, s)
		todo = append(todo, b.skips[s]...)
	}
	slices.Sort(all)
	return all
}

// markFirst marks the edges by which an alternative of a set begins.
func (b *builder) markFirst(s int32) {
	for _, c := range b.closure(s) {
		for i := range b.edges[c] {
			b.edges[c][i].sym.first = true
		}
	}
}

// A vertex is a state of the deterministic automaton. Words are sorted, so
// that an abbreviation is a range of them; types are in order of preference.
type vertex struct {
	words []arc
	types []arc
	end   ending // zero class: the command is not complete here
	done  string // the shortest rest of a command from here, for refusals
	far   int    // how many tokens that is; -1 if not known yet
}

type arc struct {
	sym   symbol
	match matcher // of a typed token
	to    int32
}

// determinize makes the automaton deterministic over symbols (the subset
// construction). Typed tokens may still overlap each other and words; parsing
// tries them in order.
func (b *builder) determinize() []vertex {
	ids := map[string]int32{}
	var subsets [][]int32
	id := func(subset []int32) int32 {
		key := make([]byte, 0, 4*len(subset))
		for _, s := range subset {
			key = binary.LittleEndian.AppendUint32(key, uint32(s))
		}
		n, ok := ids[string(key)]
		if !ok {
			n = int32(len(subsets))
			ids[string(key)] = n
			subsets = append(subsets, subset)
		}
		return n
	}
	id(b.closure(b.start))
	var vs []vertex
	for i := 0; i < len(subsets); i++ {
		v := vertex{far: -1}
		targets := map[symbol][]int32{}
		for _, s := range subsets[i] {
			if e, ok := b.ends[s]; ok {
				v.end = costlier(v.end, e)
			}
			for _, e := range b.edges[s] {
				targets[e.sym] = append(targets[e.sym], e.to)
			}
		}
		syms := make([]symbol, 0, len(targets))
		for sym := range targets {
			syms = append(syms, sym)
		}
		slices.SortFunc(syms, compareSymbols)
		for _, sym := range syms {
			a := arc{sym: sym, to: id(b.closure(targets[sym]...))}
			if sym.kind == "" {
				v.words = append(v.words, a)
			} else {
				v.types = append(v.types, a)
			}
		}
		vs = append(vs, v)
	}
	return vs
}

func compareSymbols(a, b symbol) int {
	first := map[bool]int{true: 1}
	return cmp.Or(cmp.Compare(a.word, b.word), cmp.Compare(rank(a.kind), rank(b.kind)), cmp.Compare(a.kind, b.kind),
		cmp.Compare(a.param, b.param), cmp.Compare(a.least, b.least), cmp.Compare(a.set, b.set), cmp.Compare(a.alt, b.alt),
		cmp.Compare(first[a.first], first[b.first]))
}

// costlier returns the ending that is to be treated with more care where two
// lines of a file allow the same command.
func costlier(a, b ending) ending {
	order := []Class{"", Read, Heavy, Probe}
	class := a.class
	if slices.Index(order, b.class) > slices.Index(order, a.class) {
		class = b.class
	}
	return ending{class: class, config: a.config || b.config}
}

// complete fills in each vertex's shortest way to the end of a command, which
// refusals suggest.
func complete(vs []vertex) {
	for changed := true; changed; {
		changed = false
		for i := range vs {
			v := &vs[i]
			if v.end.class != "" && v.far != 0 {
				v.far, v.done, changed = 0, "", true
			}
			for _, arcs := range [2][]arc{v.words, v.types} {
				for _, a := range arcs {
					if t := vs[a.to]; t.far >= 0 && (v.far < 0 || t.far+1 < v.far) {
						v.far, changed = t.far+1, true
						v.done = strings.TrimSpace(a.sym.String() + " " + t.done)
					}
				}
			}
		}
	}
}

// String writes s as it stands in the notation.
func (s symbol) String() string {
	if s.kind == "" {
		return s.word
	}
	if s.param != "" {
		return "<" + s.kind + " " + s.param + ">"
	}
	return "<" + s.kind + ">"
}
