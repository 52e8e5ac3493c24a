package state

// Grown returns how a counter of the interface (in_errors, out_octets, ...)
// grew since the last report.
func (p Port) Grown(name string) Growth {
	v, ok := p.Interface.counts()[name]
	if !ok || v < 0 || p.Node == nil {
		return Growth{}
	}
	return p.net.grown(p.Place(), name, float64(v), p.Node.answered[p.Interface.Cite("Counters").Query])
}

// InErrorShare and its kin are the shares of the packets since the last report
// that were damaged, or thrown away for want of room; 0 where nothing is known
// or hardly anything was sent.
func (p Port) InErrorShare() float64    { return p.share(FigureInErrors, FigureInPackets) }
func (p Port) OutErrorShare() float64   { return p.share(FigureOutErrors, FigureOutPackets) }
func (p Port) InDiscardShare() float64  { return p.share(FigureInDiscards, FigureInPackets) }
func (p Port) OutDiscardShare() float64 { return p.share(FigureOutDiscards, FigureOutPackets) }

func (p Port) share(part, whole string) float64 {
	bad, all := p.Grown(part), p.Grown(whole)
	if !bad.Known() || !all.Known() || bad.By+all.By < 100 {
		return 0
	}
	return bad.By / (bad.By + all.By)
}

// InUse and OutUse are the percent of the interface's speed that were used
// since the last report; 0 where its speed or its past is not known.
func (p Port) InUse() float64  { return p.use(FigureInOctets) }
func (p Port) OutUse() float64 { return p.use(FigureOutOctets) }

func (p Port) use(name string) float64 {
	if p.Interface.SpeedMbps <= 0 {
		return 0
	}
	return p.Grown(name).PerSecond() * 8 / (float64(p.Interface.SpeedMbps) * 1e4)
}

// Deaf reports whether nothing arrived since the last report on a linked
// interface over which a good deal was sent, while it and the far end were up.
func (p Port) Deaf() bool {
	in, out := p.Grown(FigureInPackets), p.Grown(FigureOutPackets)
	return p.Linked && p.Up() && p.Far.Up() && in.Known() && out.Known() && in.By == 0 && out.By > 100
}

// Half reports whether the interface runs half duplex.
func (p Port) Half() bool {
	return p.Up() && (p.Interface.Duplex == "half" || p.Interface.Duplex == "Half")
}

// SpeedsApart reports whether the two ends run at different speeds.
func (l Link) SpeedsApart() bool {
	return l.Known() && l.A.Up() && l.B.Up() && l.A.Interface.SpeedMbps > 0 && l.B.Interface.SpeedMbps > 0 && l.A.Interface.SpeedMbps != l.B.Interface.SpeedMbps
}

// Grown returns how much more the rule dropped since the last report.
func (x Drop) Grown() Growth {
	for i, r := range x.D.Filters {
		if r.Row == x.Rule.Row {
			return x.net.grown(x.D.Name, dropFigure(r, i), float64(r.Packets), x.D.answered[r.Row.Query])
		}
	}
	return Growth{}
}
