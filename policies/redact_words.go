package policies

// An automaton finds all words of a set in one pass over a text, whatever
// their letter case (Aho and Corasick, "Efficient string matching", 1975).
type automaton struct {
	class   [256]uint8 // byte -> column: bytes that no word holds share column 0
	columns int
	delta   []int32 // state*columns + column -> state
	outputs [][]int // by state: the words that end there
}

// newAutomaton builds the automaton of the words, which must be lower case.
func newAutomaton(ids map[string]int) *automaton {
	a := &automaton{columns: 1}
	for w := range ids {
		for i := 0; i < len(w); i++ {
			if a.class[w[i]] == 0 {
				a.class[w[i]] = uint8(a.columns)
				a.columns++
			}
		}
	}
	for b := byte('a'); b <= 'z'; b++ {
		a.class[b-'a'+'A'] = a.class[b]
	}
	a.grow()
	for w, id := range ids {
		state := int32(0)
		for i := 0; i < len(w); i++ {
			cell := int(state)*a.columns + int(a.class[w[i]])
			if a.delta[cell] == 0 {
				a.delta[cell] = a.grow()
			}
			state = a.delta[cell]
		}
		a.outputs[state] = append(a.outputs[state], id)
	}
	a.link()
	return a
}

// grow adds a state and returns it.
func (a *automaton) grow() int32 {
	a.delta = append(a.delta, make([]int32, a.columns)...)
	a.outputs = append(a.outputs, nil)
	return int32(len(a.outputs) - 1)
}

// link completes the trie to a deterministic automaton, breadth first.
func (a *automaton) link() {
	fail := make([]int32, len(a.outputs))
	var queue []int32
	for c := 0; c < a.columns; c++ {
		if t := a.delta[c]; t != 0 {
			queue = append(queue, t)
		}
	}
	for len(queue) > 0 {
		s := queue[0]
		queue = queue[1:]
		a.outputs[s] = append(a.outputs[s], a.outputs[fail[s]]...)
		for c := 0; c < a.columns; c++ {
			cell, back := int(s)*a.columns+c, a.delta[int(fail[s])*a.columns+c]
			if t := a.delta[cell]; t != 0 {
				fail[t] = back
				queue = append(queue, t)
			} else {
				a.delta[cell] = back
			}
		}
	}
}

// next returns the state after reading b in state.
func (a *automaton) next(state int, b byte) int {
	return int(a.delta[state*a.columns+int(a.class[b])])
}

// scan adds to hits the words that text holds.
func (a *automaton) scan(text []byte, hits *wordSet) {
	state := 0
	for _, b := range text {
		state = a.next(state, b)
		if a.outputs[state] != nil {
			hits.add(a.outputs[state])
		}
	}
}

// A wordSet is a set of word numbers that is quick to clear.
type wordSet struct {
	has  []bool
	list []int
}

func newWordSet(size int) *wordSet { return &wordSet{has: make([]bool, size)} }

func (w *wordSet) empty() bool { return len(w.list) == 0 }

func (w *wordSet) add(ids []int) {
	for _, id := range ids {
		if !w.has[id] {
			w.has[id] = true
			w.list = append(w.list, id)
		}
	}
}

func (w *wordSet) clear() {
	for _, id := range w.list {
		w.has[id] = false
	}
	w.list = w.list[:0]
}
