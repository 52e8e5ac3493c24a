package state

import (
	"fmt"
	"slices"
	"strings"
)

// An Overlay is a pair of devices that both stretch layer 2 over VXLAN.
type Overlay struct {
	A, B *Device

	net *Network
}

// Overlays returns every pair of devices with VXLAN interfaces.
func (n *Network) Overlays() []Overlay {
	var vteps []*Device
	for _, d := range n.Devices {
		if len(d.vxlans()) > 0 || len(d.VNIs) > 0 {
			vteps = append(vteps, d)
		}
	}
	var out []Overlay
	for i, a := range vteps {
		for _, b := range vteps[i+1:] {
			out = append(out, Overlay{a, b, n})
		}
	}
	return out
}

// vxlans returns the VXLAN interfaces of a device.
func (d *Device) vxlans() []Interface {
	if d == nil {
		return nil
	}
	var out []Interface
	for _, i := range d.Interfaces {
		if i.Kind == "vxlan" {
			out = append(out, i)
		}
	}
	return out
}

// l2 returns the layer 2 VNIs of a device.
func (d *Device) l2() []VNI {
	return slices.DeleteFunc(slices.Clone(d.VNIs), func(v VNI) bool { return v.Layer == "L3" })
}

// alone returns the VNIs that d has and other has not.
func alone(d, other *Device) []VNI {
	return slices.DeleteFunc(d.l2(), func(v VNI) bool {
		return slices.ContainsFunc(other.l2(), func(w VNI) bool { return w.ID == v.ID })
	})
}

// Apart reports whether each of the two has a layer 2 VNI that the other
// lacks: one segment under two numbers.
func (o Overlay) Apart() bool {
	return len(alone(o.A, o.B)) > 0 && len(alone(o.B, o.A)) > 0
}

// ApartAt returns the device whose VNI no third one has either; both where
// nothing decides.
func (o Overlay) ApartAt() []string {
	shared := func(d, other *Device) int {
		count := 0
		for _, v := range alone(d, other) {
			for _, t := range o.net.Devices {
				if t != o.A && t != o.B && slices.ContainsFunc(t.l2(), func(w VNI) bool { return w.ID == v.ID }) {
					count++
				}
			}
		}
		return count
	}
	a, b := shared(o.A, o.B), shared(o.B, o.A)
	switch {
	case a > b:
		return []string{o.B.Name}
	case b > a:
		return []string{o.A.Name}
	}
	return []string{o.A.Name, o.B.Name}
}

// VNILines returns the lines of the VNIs that one has alone.
func (o Overlay) VNILines() []Ref {
	var out []Ref
	for _, v := range append(alone(o.A, o.B), alone(o.B, o.A)...) {
		out = append(out, v.Cite("ID"))
	}
	return out
}

// VNIs names the VNIs that each has alone, for texts.
func (o Overlay) VNIs() string {
	words := func(d, other *Device) string {
		var ids []string
		for _, v := range alone(d, other) {
			ids = append(ids, fmt.Sprint(v.ID))
		}
		return d.Name + " has " + strings.Join(ids, ", ")
	}
	return words(o.A, o.B) + "; " + words(o.B, o.A)
}

// targets returns the route targets that a device is configured to import or
// export for a VNI; nil means the automatic one.
func (d *Device) targets(vni int, direction string) []string {
	var out []string
	if d.Config == nil {
		return nil
	}
	for _, s := range d.Config.Sections("router bgp") {
		for _, v := range within(s.Children, fmt.Sprintf("vni %d", vni)) {
			for _, l := range within(v.Children, "route-target") {
				f := strings.Fields(l.Text)
				if len(f) == 3 && (f[1] == direction || f[1] == "both") {
					out = append(out, f[2])
				}
			}
		}
	}
	return out
}

// Strangers returns the devices whose explicit route targets for a VNI that
// both have do not meet those of the other, which are automatic or others.
func (o Overlay) Strangers() []string {
	var out []string
	for _, v := range o.A.l2() {
		if !slices.ContainsFunc(o.B.l2(), func(w VNI) bool { return w.ID == v.ID }) {
			continue
		}
		for _, p := range [][2]*Device{{o.A, o.B}, {o.B, o.A}} {
			imports, exports := p[0].targets(v.ID, "import"), p[1].targets(v.ID, "export")
			auto := fmt.Sprintf("%d:%d", localAS(p[1], BGPSession{}), v.ID)
			if len(exports) == 0 {
				exports = []string{auto}
			}
			own := fmt.Sprintf("%d:%d", localAS(p[0], BGPSession{}), v.ID)
			if len(imports) > 0 && !slices.ContainsFunc(imports, func(t string) bool { return slices.Contains(exports, t) }) && !slices.Contains(out, p[0].Name) {
				if len(p[1].targets(v.ID, "export")) == 0 || !slices.Contains(imports, own) {
					out = append(out, p[0].Name)
				}
			}
		}
	}
	return out
}

// TargetLines returns the lines that configure route targets on the named
// devices.
func (o Overlay) TargetLines(names []string) []Ref {
	var out []Ref
	for _, d := range []*Device{o.A, o.B} {
		if !slices.Contains(names, d.Name) {
			continue
		}
		for _, s := range d.Config.Sections("router bgp") {
			for _, l := range within(s.Children, "route-target") {
				out = append(out, d.Config.ref(l))
			}
		}
	}
	return out
}

// SameVTEP reports whether both use one tunnel address.
func (o Overlay) SameVTEP() bool {
	for _, v := range o.A.l2() {
		for _, w := range o.B.l2() {
			if v.LocalVTEP.IsValid() && v.LocalVTEP == w.LocalVTEP {
				return true
			}
		}
	}
	return false
}

// VTEPLines returns the lines that tell the tunnel addresses.
func (o Overlay) VTEPLines() []Ref {
	var out []Ref
	for _, d := range []*Device{o.A, o.B} {
		for _, v := range d.l2() {
			out = append(out, v.Cite("LocalVTEP"))
		}
	}
	return out
}

// Names returns both devices.
func (o Overlay) Names() []string { return []string{o.A.Name, o.B.Name} }

// PlatformOf returns the platform of the device at a place.
func (o Overlay) PlatformOf(place string) string { return o.net.platformOf(place) }

// Unadvertised reports whether the device has VXLAN interfaces and an EVPN
// session, and its configuration does not say that VNIs are advertised.
func (x Node) Unadvertised() bool {
	if x.D == nil || len(x.D.vxlans()) == 0 || x.D.Config == nil || !x.D.IsConfigured("router bgp") {
		return false
	}
	evpn := slices.ContainsFunc(x.D.BGPSessions, func(s BGPSession) bool {
		_, ok := s.Family("l2vpn evpn")
		return ok
	})
	return (evpn || x.D.IsConfigured("address-family l2vpn evpn")) && !x.D.IsConfigured("advertise-all-vni")
}

// UnadvertisedProof returns the lines of the VXLAN interfaces, and that the
// configuration lacks the statement.
func (x Node) UnadvertisedProof() []any {
	out := []any{x.D.Lacks(TableConfig, "advertise-all-vni")}
	for _, i := range x.D.vxlans() {
		out = append(out, i.Row)
	}
	return out
}

// A Shaper is a queue that limits, delays or loses what an interface sends.
type Shaper struct {
	D     *Device
	Queue Queue

	net *Network
}

// Shapers returns every queue that does more than to queue.
func (n *Network) Shapers() []Shaper {
	var out []Shaper
	for _, d := range n.Devices {
		for _, q := range d.Queues {
			if q.RateBits > 0 || q.Delay > 0 || q.Loss > 0 {
				out = append(out, Shaper{d, q, n})
			}
		}
	}
	return out
}

// Place returns the interface of the queue.
func (s Shaper) Place() string { return s.D.Name + ":" + s.Queue.Interface }

// Narrow reports whether the rate is far below what the interface can do: a
// tenth of its speed or, where that is not known, ten megabit a second.
func (s Shaper) Narrow() bool {
	limit := int64(10_000_000)
	if i := s.D.Interface(s.Queue.Interface); i != nil && i.SpeedMbps > 0 {
		limit = int64(i.SpeedMbps) * 100_000
	}
	return s.Queue.RateBits > 0 && s.Queue.RateBits < limit
}

// Kbit returns the rate in kilobit a second.
func (s Shaper) Kbit() int64 { return s.Queue.RateBits / 1000 }

// PlatformOf returns the platform of the device at a place.
func (s Shaper) PlatformOf(place string) string { return s.net.platformOf(place) }
