package report

import (
	"fmt"
	"html"
	"math"
	"strings"
)

const (
	linkLength = 118.0
	nodeWidth  = 64.0
	nodeHeight = 30.0
	margin     = 60.0
)

// SVG draws the picture as one self-contained SVG document that follows the
// reader's light or dark preference. Faults are marked by a heavy outline and
// the word, not by colour alone. Every element of a device or link carries a
// title with its full name.
func (p Picture) SVG() string {
	return p.draw(svgStyle, func(...string) string { return "" })
}

// draw is SVG with a style of its own ("" for a drawing within a page) and
// links: href gives the address of
// what is said of one of some places, "" where nothing is.
func (p Picture) draw(style string, href func(places ...string) string) string {
	at := p.layout()
	width, height := fit(at)
	var b strings.Builder
	space, role := ` xmlns="http://www.w3.org/2000/svg"`, "img"
	if style == "" { // within a page, where parts of it may be links
		space, role = fmt.Sprintf(` width="%.0f"`, 1.3*width), "group"
		if width > 420 {
			space += ` class="wide"`
		}
	}
	fmt.Fprintf(&b, `<svg%s viewBox="0 0 %.0f %.0f" role="%s" aria-label="topology: %d devices, %d links">`+"\n",
		space, width, height, role, len(p.Nodes), len(p.Edges))
	b.WriteString(style)
	index := map[string]int{}
	for i, n := range p.Nodes {
		index[n.Name] = i
	}
	beside := map[[2]int]int{}
	for _, e := range p.Edges {
		i, okI := index[e.A]
		j, okJ := index[e.B]
		if okI && okJ {
			pair := [2]int{min(i, j), max(i, j)}
			b.WriteString(linked(href(end(e.A, e.APort), end(e.B, e.BPort)), e.ends(), e.svg(at[i], at[j], beside[pair])))
			beside[pair]++
		}
	}
	for i, n := range p.Nodes {
		b.WriteString(linked(href(n.Name), n.Name, n.svg(at[i])))
	}
	b.WriteString("</svg>\n")
	return b.String()
}

const svgStyle = `<style>
.node rect{fill:#fff;stroke:#333;stroke-width:1.5}.node text{fill:#111;font:bold 13px sans-serif;text-anchor:middle}
.link line{stroke:#555;stroke-width:1.5}.link text{fill:#555;font:10px sans-serif;text-anchor:middle}
.down line{stroke-dasharray:6 4}.fault rect,.fault line{stroke:#c00;stroke-width:3.5}.fault .word{fill:#c00;font:bold 11px sans-serif}
@media (prefers-color-scheme:dark){.node rect{fill:#222;stroke:#bbb}.node text{fill:#eee}.link line{stroke:#999}.link text{fill:#aaa}
.fault rect,.fault line{stroke:#f66}.fault .word{fill:#f66}}
</style>
`

// linked makes of a part of the drawing a link to href, if there is one.
func linked(href, name, part string) string {
	if href == "" {
		return part
	}
	return fmt.Sprintf(`<a href="%s" aria-label="fault at %s">%s</a>`+"\n", html.EscapeString(href), html.EscapeString(name), strings.TrimRight(part, "\n"))
}

// fit moves and scales places into a drawing and returns its size.
func fit(at []place) (width, height float64) {
	if len(at) == 0 {
		return 2 * margin, 2 * margin
	}
	low, high := at[0], at[0]
	for _, q := range at {
		low.x, low.y = math.Min(low.x, q.x), math.Min(low.y, q.y)
		high.x, high.y = math.Max(high.x, q.x), math.Max(high.y, q.y)
	}
	for i := range at {
		at[i] = place{(at[i].x-low.x)*linkLength + margin, (at[i].y-low.y)*linkLength + margin}
	}
	return (high.x-low.x)*linkLength + 2*margin, (high.y-low.y)*linkLength + 2*margin
}

func (n Node) svg(at place) string {
	class, word, base := "node", "", at.y+4.5
	if n.Faulty { // the word stands in the box, where no link's label is
		class, base = "node fault", at.y-1
		word = fmt.Sprintf(`<text class="word" x="%.1f" y="%.1f">fault</text>`, at.x, at.y+11)
	}
	return fmt.Sprintf(`<g class="%s" data-place="%s"><title>%s (%s)</title><rect x="%.1f" y="%.1f" width="%.0f" height="%.0f" rx="5"/><text x="%.1f" y="%.1f">%s</text>%s</g>`+"\n",
		class, html.EscapeString(n.Name), html.EscapeString(n.Name), html.EscapeString(n.Platform),
		at.x-nodeWidth/2, at.y-nodeHeight/2, nodeWidth, nodeHeight, at.x, base, html.EscapeString(short(n.Name)), word)
}

// svg draws an edge; the nth beside others of the same pair is moved aside.
func (e Edge) svg(a, b place, nth int) string {
	d := math.Max(math.Hypot(b.x-a.x, b.y-a.y), 1)
	aside := 14 * float64((nth+1)/2)
	if nth%2 == 1 {
		aside = -aside
	}
	ox, oy := -(b.y-a.y)/d*aside, (b.x-a.x)/d*aside
	class := "link"
	if !e.Up {
		class += " down"
	}
	word := ""
	if e.Faulty {
		class += " fault"
		word = fmt.Sprintf(`<text class="word" x="%.1f" y="%.1f">fault</text>`, (a.x+b.x)/2+ox, (a.y+b.y)/2+oy-5)
	}
	label := func(from, to place, port string) string {
		ux, uy := (to.x-from.x)/d, (to.y-from.y)/d
		off := math.Min(nodeWidth/2/math.Max(math.Abs(ux), 0.01), nodeHeight/2/math.Max(math.Abs(uy), 0.01)) + 15 // beyond the box
		off = math.Min(off, 0.42*d)
		return fmt.Sprintf(`<text x="%.1f" y="%.1f">%s</text>`, from.x+ux*off+ox, from.y+uy*off+oy+3, html.EscapeString(short(port)))
	}
	return fmt.Sprintf(`<g class="%s" data-place="%s"><title>%s %s</title><line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f"/>%s%s%s</g>`+"\n",
		class, html.EscapeString(e.ends()), html.EscapeString(e.ends()), html.EscapeString(e.Subnet),
		a.x+ox, a.y+oy, b.x+ox, b.y+oy, label(a, b, e.APort), label(b, a, e.BPort), word)
}

// short keeps a label inside its box.
func short(s string) string {
	r := []rune(s)
	if len(r) > 10 {
		return string(r[:9]) + "…"
	}
	return s
}
