package policies

import (
	"slices"
	"sort"
	"strings"
)

// A grammar is what a platform file allows, compiled. It is immutable once
// LoadPlatforms returns.
type grammar struct {
	vertices   []vertex
	sets       map[string][]setItem // the any-order sets, by their text
	fold       bool                 // words may be in any case
	interfaces []string             // kinds of interface; empty: any name
	bare       map[string]bool      // kinds that need no number, in lower case
	secrets    []string             // words that secrets are filed under in a configuration
	reserved   []string             // what no name may be
	inner      map[string]*Platform
}

// A step is one token of a parse.
type step struct {
	text string // the print
	sym  *symbol
}

// A walker goes the automaton along the words of one line.
type walker struct {
	g     *grammar
	words []word
	steps []step
	end   ending
	fuel  int
	far   int // the word at which the walk that came farthest ended
	at    int32
	many  bool // that word fits several of the words that are possible there
}

// maxFuel bounds the walk of one line: overlapping types are tried in turn,
// and no line may make that long.
const maxFuel = 20000

// parse finds the one reading of words. The result's steps are valid until
// the walker's next use.
func (p *walker) parse() bool {
	p.fuel, p.far, p.at = maxFuel, -1, 0
	return p.walk(0, 0)
}

func (p *walker) walk(n int32, i int) bool {
	if p.fuel--; p.fuel < 0 {
		return false
	}
	v := &p.g.vertices[n]
	if i == len(p.words) {
		if v.end.class != "" {
			p.end = v.end
			return true
		}
		p.stuck(n, i, false)
		return false
	}
	w := p.words[i]
	lo, hi, many := 0, 0, false
	if !w.quoted {
		lo, hi, many = v.find(w.lower)
	}
	if many && i+1 < len(p.words) && len(w.lower) > 1 && p.oneOf(v, i) {
		return true
	}
	for a := lo; a < hi; a++ {
		if p.take(&v.words[a], v.words[a].sym.print, i, 1) {
			return true
		}
	}
	for a := range v.types {
		text, took := v.types[a].match(p.g, p.words[i:])
		if took > 0 && !p.g.isReserved(text) && p.take(&v.types[a], text, i, took) {
			return true
		}
	}
	p.stuck(n, i, many)
	return false
}

// oneOf resolves a word that abbreviates several: where what follows it makes a command with one of them alone, that is what was meant (its full form
// is what is sent).
func (p *walker) oneOf(v *vertex, i int) bool {
	var steps []step
	var end ending
	var meant string
	for a := range v.words {
		sym := &v.words[a].sym
		if sym.word == meant || len(p.words[i].lower) < sym.least || !strings.HasPrefix(sym.word, p.words[i].lower) {
			continue
		}
		length := len(p.steps)
		if !p.take(&v.words[a], sym.print, i, 1) {
			continue
		}
		if meant != "" {
			p.steps = p.steps[:length]
			p.far = i - 1
			return false
		}
		meant, end, steps = sym.word, p.end, slices.Clone(p.steps)
		p.steps = p.steps[:length]
	}
	if meant == "" {
		p.far = min(p.far, i-1) // that the word is ambiguous is what the refusal says
		return false
	}
	p.steps, p.end = append(p.steps[:0], steps...), end
	return true
}

// leastReserved is how many letters of a reserved word a name may not be.
const leastReserved = 4

// isReserved reports whether the device would take a name for a command that
// the file does not allow.
func (g *grammar) isReserved(name string) bool {
	for _, r := range g.reserved {
		if len(name) >= leastReserved && len(name) <= len(r) && strings.EqualFold(r[:len(name)], name) {
			return true
		}
	}
	return false
}

// take goes along an arc, and comes back where that leads nowhere.
func (p *walker) take(a *arc, text string, i, took int) bool {
	p.steps = append(p.steps, step{text, &a.sym})
	if p.walk(a.to, i+took) {
		return true
	}
	p.steps = p.steps[:len(p.steps)-1]
	return false
}

// stuck remembers the farthest place at which a walk ended.
func (p *walker) stuck(n int32, i int, many bool) {
	if i > p.far {
		p.far, p.at, p.many = i, n, many
	}
}

// find returns the arcs for a word: those of the very word, else those of the
// one word that it abbreviates, or of the one that all others begin with ("ro"
// is route, though there is router-id). many says that it abbreviates several.
func (v *vertex) find(text string) (lo, hi int, many bool) {
	lo = sort.Search(len(v.words), func(i int) bool { return v.words[i].sym.word >= text })
	hi = lo
	for hi < len(v.words) && v.words[hi].sym.word == text {
		hi++
	}
	if hi > lo {
		return lo, hi, false
	}
	from, to := -1, -1
	for i := lo; i < len(v.words) && strings.HasPrefix(v.words[i].sym.word, text); i++ {
		switch sym := &v.words[i].sym; {
		case len(text) < sym.least:
		case from < 0:
			from, to = i, i+1
		case sym.word == v.words[from].sym.word:
			to = i + 1
		case !strings.HasPrefix(sym.word, v.words[from].sym.word):
			return 0, 0, true
		}
	}
	if from < 0 {
		return 0, 0, false
	}
	return from, to, false
}
