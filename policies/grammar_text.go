package policies

import (
	"maps"
	"slices"
	"strings"
)

// Grammar returns what the platform allows, in the notation of its file, a
// section after the other with its class as the heading.
func (p *Platform) Grammar() string {
	var b strings.Builder
	for _, s := range []struct {
		name  string
		lines block
	}{{"read", p.file.Allow}, {"read, of the configuration", p.file.Config}, {"heavy", p.file.Heavy}, {"probe", p.file.Probe},
		{"output formats, behind a pipe", p.file.Formats}} {
		if len(s.lines) == 0 {
			continue
		}
		b.WriteString("# " + s.name + "\n")
		for _, l := range s.lines {
			b.WriteString(l.text + "\n")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(p.file.Define)) {
		b.WriteString("# $" + name + " is " + p.file.Define[name] + "\n")
	}
	b.WriteString("# filters, applied here and never sent: " + strings.Join(filterNames(), ", ") + "\n")
	return b.String()
}

// words returns every word that the grammar may print, sorted.
func (p *Platform) words() []string {
	g, err := p.automaton()
	if err != nil {
		return nil
	}
	var all []string
	for _, v := range g.vertices {
		for _, a := range v.words {
			all = append(all, a.sym.print)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
