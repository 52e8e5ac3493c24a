package state

// FactTypes returns a value of each type that rules may look at; a rule names
// it in lower case: link, adjacency, session, node, port, path, drop,
// static, host, overlay, shaper, carry, volume, gauge, gateway, promise,
// expectation, certificate.
func FactTypes() []any {
	return []any{Link{}, Adjacency{}, Session{}, Node{}, Port{}, Path{}, Drop{}, Static{}, Host{}, Overlay{}, Shaper{}, Carry{},
		Volume{}, Gauge{}, Gateway{}, Promise{}, Expectation{}, Certificate{}}
}

// most bounds the paths that are walked to find what filters take.
const most = 2000

// Facts returns the facts of each type, by the name that rules give the type.
// Paths are those that the asker walked.
func (n *Network) Facts(paths []Path) map[string]any {
	return map[string]any{
		"link":      n.Links,
		"adjacency": n.Adjacencies,
		"session":   n.Sessions,
		"node":      n.Nodes(),
		"port":      n.Ports(),
		"path":      paths,
		"drop":      n.Drops(most),
		"static":    n.Statics(),
		"host":      n.Hosts(),
		"overlay":   n.Overlays(),
		"shaper":    n.Shapers(),
		"carry":     n.Carries(),

		"volume":      n.Volumes(),
		"gauge":       n.Gauges(),
		"gateway":     n.Gateways(),
		"promise":     n.Promises(),
		"expectation": n.Expectations(),
		"certificate": n.Certs(),
	}
}

// A Node is one device, for rules about a device as a whole. D is nil for a
// device that a link names and that was not read.
type Node struct {
	Name string
	D    *Device

	net *Network
}

// Nodes returns every device that was read or that a link names.
func (n *Network) Nodes() []Node {
	var out []Node
	seen := map[string]bool{}
	for _, d := range n.Devices {
		out = append(out, Node{Name: d.Name, D: d, net: n})
		seen[d.Name] = true
	}
	for _, l := range n.Links {
		for _, e := range l.Ends() {
			if e.Device != "" && !seen[e.Device] {
				seen[e.Device] = true
				out = append(out, Node{Name: e.Device, net: n})
			}
		}
	}
	return out
}

// PlatformOf returns the platform of the device at a place.
func (x Node) PlatformOf(place string) string { return x.net.platformOf(place) }

// A Port is one interface of a device, for rules about an interface alone. Far
// is the other end of its link, if there is one.
type Port struct {
	End
	Far    End
	Linked bool

	net *Network
}

// Ports returns every interface of every device that was read.
func (n *Network) Ports() []Port {
	var out []Port
	for _, d := range n.Devices {
		for _, i := range d.Interfaces {
			p := Port{End: End{Device: d.Name, Interface: Interface{Name: i.Name}}, net: n}
			n.complete(&p.End)
			p.Far, p.Linked = n.Far(d.Name, i.Name)
			out = append(out, p)
		}
	}
	return out
}

// PlatformOf returns the platform of the device at a place.
func (p Port) PlatformOf(place string) string { return p.net.platformOf(place) }

// PlatformOf returns the platform of the device at a place.
func (a Adjacency) PlatformOf(place string) string { return a.net.platformOf(place) }

// States returns how each end sees the other, for texts.
func (a Adjacency) States() string {
	words := func(device, state string) string {
		if state == "" {
			return device + " sees no neighbour"
		}
		return device + " says " + state
	}
	return words(a.Link.A.Device, a.AState) + ", " + words(a.Link.B.Device, a.BState)
}

// PlatformOf returns the platform of the device at a place.
func (s Session) PlatformOf(place string) string { return s.net.platformOf(place) }
