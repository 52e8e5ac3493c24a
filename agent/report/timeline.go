package report

import (
	"fmt"
	"html/template"
	"strings"

	"github.com/netsonde/netsonde/agent"
	"github.com/netsonde/netsonde/policies"
)

const (
	barWidth   = 14.0
	barGap     = 6.0
	barsHeight = 72.0
	mostBars   = 48
)

// bars draws the last reports, one a column: its findings by severity, the
// worst lowest, and the mark of its verdict under it. Numbers and marks only.
func bars(all []Past) template.HTML {
	all = all[max(len(all)-mostBars, 0):]
	most := 1
	for _, p := range all {
		n := 0
		for _, k := range p.By {
			n += k
		}
		most = max(most, n)
	}
	width := float64(len(all))*(barWidth+barGap) + barGap
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="bars" viewBox="0 0 %.0f %.0f" width="%.0f" height="%.0f" role="img" aria-label="findings of the last %d reports, listed below">`,
		width, barsHeight+20, width, barsHeight+20, len(all))
	fmt.Fprintf(&b, `<line class="base" x1="0" x2="%.0f" y1="%.1f" y2="%.1f"/>`, width, barsHeight+0.5, barsHeight+0.5)
	for i, p := range all {
		x, y := barGap+float64(i)*(barWidth+barGap), barsHeight
		class := ""
		if i == len(all)-1 {
			class = ` class="now"`
		}
		fmt.Fprintf(&b, `<g%s><title>%s %s</title><rect class="hit" x="%.1f" y="0" width="%.1f" height="%.0f"/>`, class, moment(p.At), tally(p), x, barWidth, barsHeight)
		for s := policies.Critical; s >= policies.Warning; s-- {
			if n := p.By[s]; n > 0 {
				h := max(float64(n)/float64(most)*(barsHeight-6), 3)
				y -= h
				fmt.Fprintf(&b, `<rect class="s-%s" x="%.1f" y="%.1f" width="%.1f" height="%.1f"/>`, s, x, y, barWidth, max(h-1, 1))
			}
		}
		fmt.Fprintf(&b, `<text class="v-%s" x="%.1f" y="%.1f">%s</text></g>`, verdictClass(p.Verdict), x+barWidth/2, barsHeight+15, verdictGlyph(p.Verdict))
	}
	b.WriteString("</svg>")
	return template.HTML(b.String())
}

// verdictClass is a verdict's name in the style sheet, whatever v holds.
func verdictClass(v agent.Verdict) string {
	if v == agent.Fault || v == agent.Healthy {
		return string(v)
	}
	return string(agent.Inconclusive)
}

// tally words what a report found: "fault: 1 critical, 2 minor".
func tally(p Past) string {
	var parts []string
	for s := policies.Critical; s >= policies.Warning; s-- {
		if n := p.By[s]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, s))
		}
	}
	if len(parts) == 0 {
		parts = []string{"no findings"}
	}
	return verdictClass(p.Verdict) + ": " + strings.Join(parts, ", ")
}
