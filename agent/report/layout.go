package report

import "math"

// place is a point of the drawing.
type place struct{ x, y float64 }

// layout places nodes by force (Fruchterman and Reingold, 1991: linked nodes
// attract, all repel), from a circle in the order of names, so that the same
// topology always gives the same drawing. Coordinates are in units of the
// ideal length of a link.
func (p Picture) layout() []place {
	n := len(p.Nodes)
	at := make([]place, n)
	index := map[string]int{}
	for i, node := range p.Nodes {
		angle := 2 * math.Pi * float64(i) / float64(n)
		r := math.Sqrt(float64(n)) * 0.8
		at[i] = place{r * math.Cos(angle), r * math.Sin(angle)}
		index[node.Name] = i
	}
	const steps = 400
	for s := range steps {
		heat := 0.5 * (1 - float64(s)/steps)
		push := make([]place, n)
		p.repel(at, push)
		for _, e := range p.Edges {
			a, okA := index[e.A]
			b, okB := index[e.B]
			if okA && okB && a != b {
				attract(at, push, a, b)
			}
		}
		for i := range at {
			if d := math.Hypot(push[i].x, push[i].y); d > 0 {
				m := math.Min(d, heat) / d
				at[i].x += push[i].x * m
				at[i].y += push[i].y * m
			}
		}
	}
	return lying(at)
}

// lying turns places so that the drawing is wider than high: along the axis on
// which they spread most.
func lying(at []place) []place {
	var mid place
	for _, q := range at {
		mid.x += q.x / float64(len(at))
		mid.y += q.y / float64(len(at))
	}
	var xx, xy, yy float64
	for _, q := range at {
		dx, dy := q.x-mid.x, q.y-mid.y
		xx, xy, yy = xx+dx*dx, xy+dx*dy, yy+dy*dy
	}
	sin, cos := math.Sincos(-math.Atan2(2*xy, xx-yy) / 2)
	for i, q := range at {
		at[i] = place{q.x*cos - q.y*sin, q.x*sin + q.y*cos}
	}
	return at
}

// repel pushes every pair of nodes apart, weakly beyond a few link lengths.
func (p Picture) repel(at, push []place) {
	for i := range at {
		for j := range i {
			dx, dy := at[i].x-at[j].x, at[i].y-at[j].y
			d := math.Max(math.Hypot(dx, dy), 0.01)
			f := 1 / (d * d)
			push[i].x += dx * f
			push[i].y += dy * f
			push[j].x -= dx * f
			push[j].y -= dy * f
		}
		// A faint pull to the middle keeps parts without a link in view.
		push[i].x -= at[i].x * 0.05
		push[i].y -= at[i].y * 0.05
	}
}

// attract pulls two linked nodes together.
func attract(at, push []place, a, b int) {
	dx, dy := at[a].x-at[b].x, at[a].y-at[b].y
	d := math.Hypot(dx, dy)
	push[a].x -= dx * d
	push[a].y -= dy * d
	push[b].x += dx * d
	push[b].y += dy * d
}
