package state

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// An Intent is what the operator of a network wants of it, beyond what its
// configurations say. Groups are expanded to the names of devices.
type Intent struct {
	Reach        []ReachIntent
	Neighbors    []NeighborIntent
	Versions     []VersionIntent
	Support      []SupportEnd
	Configs      []IntendedConfig
	Certificates []Certificate
}

// A ReachIntent wants an address, or a prefix, to be reached from a device.
type ReachIntent struct {
	From string
	To   netip.Prefix
	Flow string // tcp/80; "" for ICMP
}

// A NeighborIntent wants neighbours of a protocol: PerLink counts both ends of
// every link between two of the devices, PerDevice those of each device.
type NeighborIntent struct {
	Protocol           string // ospf, isis, bgp, bfd
	Devices            []string
	PerLink, PerDevice int
	Links              []string // only these; empty for all between the devices
}

// A VersionIntent wants devices to run one version.
type VersionIntent struct {
	Devices []string
	Version string
}

// A SupportEnd says when a version is no longer supported. Version is one, or
// the beginning of some ("8.4" for 8.4.4).
type SupportEnd struct {
	Software, Version string
	End               time.Time
}

// An IntendedConfig is the configuration that a device should run.
type IntendedConfig struct {
	Device string
	Config *Config
}

// A Certificate is one that a device presents, as the operator keeps a copy of it.
type Certificate struct {
	Origin
	Device, Name, Subject string
	NotAfter              time.Time

	net *Network
}

// A Promise is a path that the operator wants, as it was walked.
type Promise struct {
	Path
	Want ReachIntent
}

// Promises walks the paths that are intended: to one address of each prefix.
func (n *Network) Promises() []Promise {
	var out []Promise
	for _, w := range n.Intent.Reach {
		flow, err := ParseFlow(w.Flow)
		if err != nil || n.Device(w.From) == nil {
			continue // whoever read the file has said so
		}
		flow.Dst = n.addressIn(w.To)
		out = append(out, Promise{Path: n.Walk(w.From, flow), Want: w})
	}
	return out
}

// addressIn returns an address of the prefix that some device has, else its
// first one behind the network's own.
func (n *Network) addressIn(p netip.Prefix) netip.Addr {
	if p.IsSingleIP() {
		return p.Addr()
	}
	for _, d := range n.Devices {
		for _, i := range d.Interfaces {
			for _, a := range i.Addresses {
				if p.Contains(a.Prefix.Addr()) && i.AdminUp {
					return a.Prefix.Addr()
				}
			}
		}
	}
	return p.Masked().Addr().Next()
}

// An Expectation is a place that should have a number of neighbours.
type Expectation struct {
	Protocol   string
	Place      string
	Want, Have int
	Lines      []Ref // what shows those that are there, else the table that lacks them

	touches []string
	net     *Network
}

// Touches returns the ends of the link, or the device.
func (x Expectation) Touches() []string { return x.touches }

// Site returns the device whose limits hold.
func (x Expectation) Site() string { return deviceOf(x.Place) }

// PlatformOf returns the platform of the device at a place.
func (x Expectation) PlatformOf(place string) string { return x.net.platformOf(place) }

// Expectations counts the neighbours that are intended, where the tables that
// tell of them were read whole: of any other place nobody knows how many there
// are.
func (n *Network) Expectations() []Expectation {
	var out []Expectation
	for _, w := range n.Intent.Neighbors {
		if w.PerLink > 0 {
			out = append(out, n.linkNeighbors(w)...)
		}
		for _, name := range w.Devices {
			if d := n.Device(name); w.PerDevice > 0 && d.knowsNeighbors(w.Protocol) {
				have, lines := d.upNeighbors(w.Protocol)
				out = append(out, Expectation{Protocol: w.Protocol, Place: name, Want: w.PerDevice, Have: have, Lines: lines, touches: []string{name}, net: n})
			}
		}
	}
	return out
}

func (n *Network) linkNeighbors(w NeighborIntent) []Expectation {
	var out []Expectation
	for _, l := range n.Links {
		if !slices.Contains(w.Devices, l.A.Device) || !slices.Contains(w.Devices, l.B.Device) ||
			len(w.Links) > 0 && !slices.Contains(w.Links, l.Place()) ||
			!l.A.Node.knowsNeighbors(w.Protocol) || !l.B.Node.knowsNeighbors(w.Protocol) || l.A.Node.IsHost() || l.B.Node.IsHost() {
			continue
		}
		x := Expectation{Protocol: w.Protocol, Place: l.Place(), Want: w.PerLink, touches: []string{l.A.Place(), l.B.Place()}, net: n}
		for _, e := range l.Ends() {
			have, lines := e.upNeighbors(w.Protocol)
			x.Have += have
			x.Lines = append(x.Lines, lines...)
		}
		out = append(out, x)
	}
	return out
}

// upNeighbors counts the neighbours on an interface that are up.
func (e End) upNeighbors(protocol string) (have int, lines []Ref) {
	if e.Node == nil {
		return 0, nil
	}
	lines = e.Node.neighborLines(protocol, func(place string, up bool) {
		if up && bareInterface(place) == e.Interface.Name {
			have++
		}
	})
	return have, append([]Ref{e.Interface.Row}, lines...)
}

func (d *Device) upNeighbors(protocol string) (have int, lines []Ref) {
	lines = d.neighborLines(protocol, func(_ string, up bool) {
		if up {
			have++
		}
	})
	return have, lines
}

// neighborLines tells each neighbour of a protocol to see and returns its
// lines, or the table where there is none.
func (d *Device) neighborLines(protocol string, see func(place string, up bool)) []Ref {
	var out []Ref
	add := func(place string, up bool, r Ref) {
		see(place, up)
		out = append(out, r)
	}
	switch protocol {
	case "isis":
		for _, x := range d.ISISNeighbors {
			add(x.Interface, x.State == "Up", x.Row)
		}
	case "bgp":
		for _, x := range d.BGPSessions {
			add(d.towards(x.Peer), established(x), x.Cite("State"))
		}
	case "bfd":
		for _, x := range d.BFD {
			add(x.Interface, x.Up, x.Cite("State"))
		}
	default:
		for _, x := range d.OSPFNeighbors {
			add(x.Interface, strings.HasPrefix(x.State, "Full"), x.Row)
		}
	}
	if len(out) == 0 {
		if s, ok := d.Table(neighborTable(protocol)); ok {
			out = append(out, s.Ref)
		}
	}
	return out
}

// neighborTable is the table in which the neighbours of a protocol stand.
func neighborTable(protocol string) string {
	switch protocol {
	case "isis":
		return TableISISNbrs
	case "bgp":
		return TableBGPNbrs
	case "bfd":
		return TableBFD
	}
	return TableOSPFNbrs
}

// knowsNeighbors reports whether a neighbour of the protocol that d does not
// list is not there: its table is whole, or the process does not run.
func (d *Device) knowsNeighbors(protocol string) bool {
	if d == nil {
		return false
	}
	s, ok := d.Table(neighborTable(protocol))
	return ok && s.Err == "" && (s.Complete || s.Inactive)
}

// towards returns the interface on whose subnet an address is; "" for none.
func (d *Device) towards(ip netip.Addr) string {
	for _, i := range d.Interfaces {
		for _, a := range i.Addresses {
			if !a.Prefix.IsSingleIP() && a.Prefix.Masked().Contains(ip) {
				return i.Name
			}
		}
	}
	return ""
}

// Certs returns the certificates of the devices that were read.
func (n *Network) Certs() []Certificate {
	var out []Certificate
	for _, c := range n.Intent.Certificates {
		if n.Device(c.Device) != nil {
			c.net = n
			out = append(out, c)
		}
	}
	return out
}

// DaysLeft is how long the certificate is valid at the moment at which its
// device answered; negative when it has expired.
func (c Certificate) DaysLeft() float64 {
	at := Node{D: c.net.Device(c.Device)}.At()
	if at.IsZero() || c.NotAfter.IsZero() {
		return 1e6
	}
	return c.NotAfter.Sub(at).Hours() / 24
}

// Expires words the end of the certificate.
func (c Certificate) Expires() string { return c.NotAfter.UTC().Format("2006-01-02") }

// Site returns the device whose limits hold.
func (c Certificate) Site() string { return c.Device }

// String words what is intended.
func (w ReachIntent) String() string {
	return strings.TrimSpace(fmt.Sprintf("%s to %s %s", w.From, w.To, w.Flow))
}
