package policies

import (
	"slices"
	"strings"
)

// maxBroader bounds how many broader reads a query has.
const maxBroader = 24

// Broader returns the reads that contain q's answer (a whole table, another
// output format of it, a parent gNMI path), narrowest first. A recording
// answers q out of the first that it holds. Every one is allowed itself.
func (q Query) Broader() []Query {
	switch {
	case q.IsZero() || q.kind == Watch:
		return nil
	case q.kind == Get:
		return q.parents()
	}
	var out []Query
	todo := []string{q.text}
	seen := map[string]bool{q.text: true}
	for len(todo) > 0 && len(out) < maxBroader {
		text := todo[0]
		todo = todo[1:]
		for _, wider := range q.platform.widen(text) {
			b, err := q.platform.showOwn(wider)
			if err != nil || seen[b.text] || b.kind != Show {
				continue
			}
			seen[b.text] = true
			out = append(out, b)
			todo = append(todo, b.text)
		}
	}
	return out
}

// widen returns texts that may contain the answer to text, one step wider:
// the file's own rules first, then the same read in another format, without a
// typed token, or without a keyword and its typed token.
func (p *Platform) widen(text string) []string {
	words := strings.Fields(text)
	var out []string
	for _, rule := range p.named().broader {
		if w, ok := rule.apply(words); ok {
			out = append(out, strings.Join(w, " "))
		}
	}
	if last := len(words) - 1; words[last] == "json" {
		out = append(out, strings.Join(words[:last], " "))
	} else {
		out = append(out, text+" json")
	}
	g, err := p.automaton()
	if err != nil {
		return out
	}
	w := walker{g: g, words: plainWords(words)}
	if !w.parse() {
		return out
	}
	at := len(words)
	for i := len(w.steps) - 1; i > 0; i-- {
		at--
		if w.steps[i].sym.kind == "" || w.steps[i].sym.kind == "vrf" || w.steps[i].sym.kind == "flags" {
			continue
		}
		out = append(out, strings.Join(slices.Delete(slices.Clone(words), at, at+1), " "))
		if at > 2 && slices.Contains(p.file.Selectors, words[at-1]) {
			out = append(out, strings.Join(slices.Delete(slices.Clone(words), at-1, at+1), " "))
		}
	}
	return out
}

func plainWords(texts []string) []word {
	ws := make([]word, len(texts))
	for i, t := range texts {
		ws[i] = word{text: t, lower: strings.ToLower(t)}
	}
	return ws
}

// A widening is one rule of a file's "broader" section.
type widening struct{ from, to []string }

// apply rewrites words that begin as the rule's left side does, where "<x>"
// stands for any word; what follows is kept.
func (r widening) apply(words []string) ([]string, bool) {
	if len(words) < len(r.from) {
		return nil, false
	}
	values := map[string]string{}
	for i, f := range r.from {
		if strings.HasPrefix(f, "<") {
			values[f] = words[i]
		} else if f != words[i] {
			return nil, false
		}
	}
	var out []string
	for _, t := range r.to {
		if v, ok := values[t]; ok {
			t = v
		}
		out = append(out, t)
	}
	return append(out, words[len(r.from):]...), true
}

// parents returns the paths above q's, nearest first: without a key's value,
// without the last element.
func (q Query) parents() []Query {
	p, r := parsePath(q.text)
	if r != nil {
		return nil
	}
	var out []Query
	add := func(p gnmiPath) {
		b, err := q.platform.Get(p.String())
		if err == nil && b.text != q.text && !slices.ContainsFunc(out, func(o Query) bool { return o.text == b.text }) {
			out = append(out, b)
		}
	}
	origins := []string{p.origin}
	switch p.origin {
	case "":
		origins = append(origins, "openconfig")
	case "openconfig":
		origins = append(origins, "")
	}
	for n := len(p.elements); n > 0; n-- {
		for _, origin := range origins {
			up := gnmiPath{origin: origin, elements: slices.Clone(p.elements[:n])}
			add(up)
			for i := n - 1; i >= 0; i-- {
				if len(up.elements[i].keys) > 0 {
					up.elements = slices.Clone(up.elements)
					up.elements[i].keys = wildcards(up.elements[i].keys)
					add(up)
					up.elements = slices.Clone(up.elements)
					up.elements[i].keys = nil
					add(up)
				}
			}
		}
	}
	return out
}

// wildcards returns keys with every value "*".
func wildcards(keys []key) []key {
	out := slices.Clone(keys)
	for i := range out {
		out[i].value = "*"
	}
	return out
}
