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
	print string // what is printed for word
	kind  string // the name of the type; "" for a word
	rank  int    // where overlapping types fit, the least is tried first
	param string // what the type is narrowed by, such as "1..20"
	set   string // the any-order set it stands in; "" if none
	alt   int    // which alternative of the set
	first bool   // whether it opens that alternative
	want  bool   // that alternative must come
}

// newSymbol reads a token of the notation. A word of a platform that
// abbreviates may be cut down to any length that stays unambiguous.
func newSymbol(tok string, abbreviate bool) (symbol, error) {
	if tok[0] == '<' {
		kind, param, _ := strings.Cut(strings.Trim(tok, "<>"), " ")
		_, rank := findType(kind)
		_, err := newMatcher(kind, param)
		return symbol{kind: kind, param: param, rank: rank}, err
	}
	if tok == notationPipe {
		return symbol{word: pipeWord, least: 1, print: pipeWord}, nil
	}
	word, print, alias := strings.Cut(tok, "=")
	if !alias || word == "" || print == "" {
		word, print = tok, ""
	}
	sym := symbol{word: word, least: len(word)}
	if head, tail, cut := strings.Cut(word, "*"); cut && head != "" && tail != "" {
		sym.word, sym.least = head+tail, len(head)
	} else if abbreviate && isAlnum(word[0]) {
		sym.least = 1
	}
	if sym.print = print; print == "" {
		sym.print = sym.word
	}
	return sym, nil
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
	symbols    []symbol
	numbers    map[symbol]int32 // of symbols
	tokens     map[string]symbol
	seen       []int32 // by state: the closure that saw it last
	closures   int32
}

type nedge struct{ sym, to int32 }

// An ending is what a complete command is.
type ending struct {
	class  Class
	config bool // it shows configuration: its filters are looked at for secrets
}

func newBuilder(abbreviate bool) *builder {
	b := &builder{abbreviate: abbreviate, ends: map[int32]ending{}, sets: map[string][]setItem{},
		numbers: map[symbol]int32{}, tokens: map[string]symbol{}}
	b.start = b.state()
	return b
}

func (b *builder) state() int32 {
	b.edges = append(b.edges, nil)
	b.skips = append(b.skips, nil)
	b.seen = append(b.seen, 0)
	return int32(len(b.edges) - 1)
}

func (b *builder) edge(from int32, sym symbol, to int32) {
	b.edges[from] = append(b.edges[from], nedge{b.number(sym), to})
}

// number returns the number of a symbol: edges hold those.
func (b *builder) number(sym symbol) int32 {
	n, ok := b.numbers[sym]
	if !ok {
		n = int32(len(b.symbols))
		b.symbols = append(b.symbols, sym)
		b.numbers[sym] = n
	}
	return n
}

// symbol reads a token of the notation.
func (b *builder) symbol(tok string) (symbol, error) {
	sym, ok := b.tokens[tok]
	if ok {
		return sym, nil
	}
	sym, err := newSymbol(tok, b.abbreviate)
	b.tokens[tok] = sym
	return sym, err
}

func (b *builder) skip(from, to int32) { b.skips[from] = append(b.skips[from], to) }

// closure returns the states reachable from the given ones without a token,
// sorted.
func (b *builder) closure(from ...int32) []int32 {
	b.closures++
	var all []int32
	for todo := from; len(todo) > 0; {
		s := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if b.seen[s] == b.closures {
			continue
		}
		b.seen[s] = b.closures
		if len(b.edges[s]) > 0 || b.ends[s].class != "" || len(b.skips[s]) == 0 {
			all = append(all, s)
		}
		todo = append(todo, b.skips[s]...)
	}
	slices.Sort(all)
	return all
}

// markFirst marks the edges by which an alternative of a set begins.
func (b *builder) markFirst(s int32) {
	for _, c := range b.closure(s) {
		for i := range b.edges[c] {
			sym := b.symbols[b.edges[c][i].sym]
			sym.first = true
			b.edges[c][i].sym = b.number(sym)
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
	order := b.order()
	targets := make([][]int32, len(b.symbols)) // of the subset at hand, by place in order
	var vs []vertex
	for i := 0; i < len(subsets); i++ {
		v := vertex{far: -1}
		var places []int32
		for _, s := range subsets[i] {
			v.end = costlier(v.end, b.ends[s])
			for _, e := range b.edges[s] {
				at := order[e.sym]
				if targets[at] == nil {
					places = append(places, at)
				}
				targets[at] = append(targets[at], e.to)
			}
		}
		slices.Sort(places)
		for _, at := range places {
			a := arc{sym: b.symbols[at], to: id(b.closure(targets[at]...))}
			targets[at] = nil
			if a.sym.kind == "" {
				v.words = append(v.words, a)
			} else {
				v.types = append(v.types, a)
			}
		}
		vs = append(vs, v)
	}
	return vs
}

// order sorts the symbols, and returns where each number went.
func (b *builder) order() []int32 {
	old := b.symbols
	b.symbols = slices.SortedFunc(slices.Values(old), compareSymbols)
	for i, sym := range b.symbols {
		b.numbers[sym] = int32(i)
	}
	places := make([]int32, len(old))
	for i, sym := range old {
		places[i] = b.numbers[sym]
	}
	return places
}

func compareSymbols(a, b symbol) int {
	number := map[bool]int{true: 1}
	return cmp.Or(cmp.Compare(a.word, b.word), cmp.Compare(a.rank, b.rank), cmp.Compare(a.kind, b.kind),
		cmp.Compare(a.param, b.param), cmp.Compare(a.least, b.least), cmp.Compare(a.print, b.print), cmp.Compare(a.set, b.set), cmp.Compare(a.alt, b.alt),
		cmp.Compare(number[a.first], number[b.first]), cmp.Compare(number[a.want], number[b.want]))
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
					cost := 1
					if a.sym.set != "" && !a.sym.want {
						cost = 10 // what may be left out is not suggested
					}
					if t := vs[a.to]; t.far >= 0 && (v.far < 0 || t.far+cost < v.far) {
						v.far, changed = t.far+cost, true
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
		return s.print
	}
	if s.param != "" {
		return "<" + s.kind + " " + s.param + ">"
	}
	return "<" + s.kind + ">"
}
