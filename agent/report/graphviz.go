package report

import (
	"fmt"
	"strings"
)

// DOT draws the picture in the language of Graphviz.
func (p Picture) DOT() string {
	var b strings.Builder
	b.WriteString("graph topology {\n  node [shape=box];\n")
	for _, n := range p.Nodes {
		attr := ""
		if n.Faulty {
			attr = ` [color=red, penwidth=2]`
		}
		fmt.Fprintf(&b, "  %s%s;\n", quoteDOT(n.Name), attr)
	}
	for _, e := range p.Edges {
		attr := fmt.Sprintf("taillabel=%s, headlabel=%s", quoteDOT(e.APort), quoteDOT(e.BPort))
		if !e.Up {
			attr += ", style=dashed"
		}
		if e.Faulty {
			attr += ", color=red, penwidth=2"
		}
		fmt.Fprintf(&b, "  %s -- %s [%s];\n", quoteDOT(e.A), quoteDOT(e.B), attr)
	}
	b.WriteString("}\n")
	return b.String()
}

// quoteDOT quotes an identifier as the DOT language wants it.
func quoteDOT(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", " ", "\r", " ").Replace(s) + `"`
}

// Mermaid draws the picture as a Mermaid flow chart, which hosting sites of
// code render in place.
func (p Picture) Mermaid() string {
	ids := map[string]string{}
	var b strings.Builder
	b.WriteString("graph LR\n")
	for i, n := range p.Nodes {
		ids[n.Name] = fmt.Sprintf("n%d", i)
		fmt.Fprintf(&b, "  n%d[\"%s\"]\n", i, quoteMermaid(n.Name))
	}
	for _, e := range p.Edges {
		if ids[e.A] == "" || ids[e.B] == "" {
			continue
		}
		line := "---"
		if !e.Up {
			line = "-.-"
		}
		fmt.Fprintf(&b, "  %s %s|\"%s\"| %s\n", ids[e.A], line, quoteMermaid(e.APort+" - "+e.BPort), ids[e.B])
	}
	for i, n := range p.Nodes {
		if n.Faulty {
			fmt.Fprintf(&b, "  style n%d stroke:#c00,stroke-width:3px\n", i)
		}
	}
	for i, e := range p.Edges {
		if e.Faulty {
			fmt.Fprintf(&b, "  linkStyle %d stroke:#c00,stroke-width:3px\n", i)
		}
	}
	return b.String()
}

// quoteMermaid replaces what would end a quoted label or start markup.
func quoteMermaid(s string) string {
	return strings.NewReplacer(`"`, "#quot;", "<", "#lt;", ">", "#gt;", "\n", " ", "\r", " ").Replace(s)
}
