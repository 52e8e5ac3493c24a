package state

// Site returns the device whose limits hold for the fact; of a link and a
// session, that of its first end.
func (x Node) Site() string      { return x.Name }
func (e End) Site() string       { return e.Device }
func (l Link) Site() string      { return l.A.Device }
func (a Adjacency) Site() string { return a.Link.A.Device }
func (s Session) Site() string   { return s.ADevice }
func (p Path) Site() string      { return p.From }
func (x Drop) Site() string      { return x.D.Name }
func (x Static) Site() string    { return x.D.Name }
func (x Shaper) Site() string    { return x.D.Name }
func (c Carry) Site() string     { return c.From }
func (o Overlay) Site() string   { return o.A.Name }
