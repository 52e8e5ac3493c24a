package state

import "slices"

// broken returns the way, there or back, that does not arrive; nil where both
// do or where too little was read to tell.
func (p Path) broken() *Path {
	switch {
	case p.Outcome != Delivered && p.Outcome != Unknown:
		return &p
	case p.Back != nil && p.Back.Outcome != Delivered && p.Back.Outcome != Unknown:
		return p.Back
	}
	return nil
}

// Broken reports whether the flow or its answers do not arrive. Where policy
// on the way back is silent on a source that nobody complains about, it is by
// design: see Wanted.
func (p Path) Broken() bool { return p.broken() != nil && (p.Asked || p.wanted()) }

// wanted reports whether both ends are hosts: between others, policy may keep
// routes back on purpose. So may a network that routes IPv6 in parts only.
func (p Path) wanted() bool {
	if p.Flow.Dst.Is6() && p.broken().Outcome == NoRoute {
		return false
	}
	to, _ := p.net.Owner(p.Flow.Dst)
	return p.net.Device(p.From).IsHost() && (to == nil || to.IsHost())
}

// Trouble says in words why the flow or its answers do not arrive.
func (p Path) Trouble() string {
	b := p.broken()
	switch {
	case b == nil:
		return ""
	case b.Flow.Reply:
		return "the answers do not arrive: " + b.Reason
	}
	return b.Reason
}

// TroubleAt returns the place where the flow or its answers end.
func (p Path) TroubleAt() string {
	if b := p.broken(); b != nil {
		return b.At
	}
	return ""
}

// Touched returns the places that the flow and its answers go through.
func (p Path) Touched() []string {
	out := []string{p.From}
	add := func(q *Path) {
		for _, h := range q.Hops {
			for _, s := range []string{h.Device, place(h.Device, h.In), place(h.Device, h.Out)} {
				if s != "" && !slices.Contains(out, s) {
					out = append(out, s)
				}
			}
		}
	}
	add(&p)
	if p.Back != nil {
		add(p.Back)
	}
	return out
}

func place(device, intf string) string {
	if intf == "" {
		return ""
	}
	return device + ":" + intf
}

// Lack returns that the table where the walk ends lacks the route.
func (p Path) Lack() []Absence {
	b := p.broken()
	if b == nil || b.Lacking == nil {
		return nil
	}
	return []Absence{*b.Lacking}
}

// BackProof returns the lines that show why the answers do not arrive.
func (p Path) BackProof() []Ref {
	if b := p.broken(); b != nil && b.Flow.Reply {
		return b.Proof
	}
	return nil
}
