package policies

import (
	"slices"
	"strings"
)

// helpWord is what asks a router's command line what may come next. It is
// typed without an end of line, so nothing is run by it.
const helpWord = "?"

// Help reports whether q asks what may follow a read ("show ip bgp ?"). A
// terminal shows that at once, and keeps what was typed for the next line.
func (q Query) Help() bool { return strings.HasSuffix(q.text, " "+helpWord) }

// asksHelp takes the "?" off the end of a command, where the platform has that.
func (p *Platform) asksHelp(command, rest string) (before string, ok bool) {
	trimmed := strings.TrimRight(command, " ")
	before, ok = strings.CutSuffix(trimmed, " "+helpWord)
	if !ok || rest != "" || len(p.file.Help) == 0 || len(strings.Fields(before)) >= maxWords {
		return command, false
	}
	return before, true
}

// withHelp lets a "?" follow wherever a read goes on that shows no
// configuration, or is complete, behind one of the first words given.
func withHelp(vs []vertex, first []string) []vertex {
	if len(first) == 0 {
		return vs
	}
	goesOn := readsBehind(vs)
	end := int32(len(vs))
	seen := make([]bool, len(vs))
	var todo []int32
	for _, a := range vs[0].words {
		if slices.Contains(first, a.sym.word) {
			todo = append(todo, a.to)
		}
	}
	for len(todo) > 0 {
		n := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if seen[n] {
			continue
		}
		seen[n] = true
		for _, arcs := range [2][]arc{vs[n].words, vs[n].types} {
			for _, a := range arcs {
				if a.sym.word != pipeWord {
					todo = append(todo, a.to)
				}
			}
		}
		if goesOn[n] || vs[n].end.class == Read || vs[n].end.class == Heavy {
			at, _ := slices.BinarySearchFunc(vs[n].words, helpWord, func(a arc, w string) int { return strings.Compare(a.sym.word, w) })
			vs[n].words = slices.Insert(slices.Clone(vs[n].words), at, arc{sym: symbol{word: helpWord, least: 1, print: helpWord}, to: end})
		}
	}
	return append(vs, vertex{end: ending{class: Read}})
}

// readsBehind says of each vertex whether a read that shows no configuration
// can still come of it.
func readsBehind(vs []vertex) []bool {
	out := make([]bool, len(vs))
	for changed := true; changed; {
		changed = false
		for i := range vs {
			if out[i] {
				continue
			}
			e := vs[i].end
			found := !e.config && (e.class == Read || e.class == Heavy)
			for _, arcs := range [2][]arc{vs[i].words, vs[i].types} {
				found = found || slices.ContainsFunc(arcs, func(a arc) bool { return out[a.to] })
			}
			out[i], changed = found, changed || found
		}
	}
	return out
}

// translate names, in a refusal of a command's first word, what this platform
// says for it: display for show, or the program that another grammar is behind.
func (p *Platform) translate(r *Refusal, command string) *Refusal {
	verb, rest, _ := strings.Cut(strings.TrimSpace(command), " ")
	if r.depth > 0 || rest == "" {
		return r
	}
	for _, other := range []string{"show", "display", "nv show"} {
		if strings.EqualFold(verb, other) || !p.opens(strings.Fields(other)[0]) {
			continue
		}
		if q, err := p.showOwn(other + " " + rest); err == nil {
			r.Nearest = q.text
			return r
		}
	}
	if frr := p.all["frr"]; frr != nil && frr != p && p.opens("vtysh") {
		if q, err := frr.showOwn(strings.TrimSpace(command)); err == nil {
			r.Nearest = "vtysh -c '" + q.text + "'"
		}
	}
	return r
}

// opens reports whether a command of p may begin with word.
func (p *Platform) opens(word string) bool {
	g, err := p.automaton()
	if err != nil {
		return false
	}
	lo, hi, _ := g.vertices[0].find(word)
	return lo < hi && g.vertices[0].words[lo].sym.word == word
}
