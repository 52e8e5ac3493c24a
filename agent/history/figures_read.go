package history

import (
	"cmp"
	"slices"
	"strings"

	"github.com/netsonde/netsonde/devices/state"
)

// Figures reads the key figures of what a report read: traffic, errors and
// discards of interfaces, prefixes of BGP sessions, and how many routes,
// established sessions and full adjacencies a device has. A table that was not
// read gives no figure, and so no zero.
func Figures(n *state.Network) []Figure {
	if n == nil {
		return nil
	}
	var out []Figure
	for _, d := range n.Devices {
		out = append(out, ofDevice(d)...)
		for i := range d.Interfaces {
			out = append(out, ofInterface(d.Name, &d.Interfaces[i])...)
		}
		for i := range d.BGPSessions {
			s := &d.BGPSessions[i]
			for _, f := range s.Families {
				if f.Received >= 0 {
					peer := cmp.Or(s.PeerInterface, s.Peer.String())
					out = append(out, Figure{Device: d.Name, Place: strings.TrimSpace(peer + " " + f.Name), Name: "bgp_prefixes", Unit: "1", Value: float64(f.Received)})
				}
			}
		}
	}
	return out
}

func ofDevice(d *state.Device) []Figure {
	var out []Figure
	count := func(table, name string, n int) {
		if s, ok := d.Read[table]; ok && s.Err == "" && s.Complete {
			out = append(out, Figure{Device: d.Name, Name: name, Unit: "1", Value: float64(n)})
		}
	}
	established, full := 0, 0
	for _, s := range d.BGPSessions {
		if s.State == "Established" {
			established++
		}
	}
	for _, n := range d.OSPFNeighbors {
		if strings.EqualFold(n.State, "Full") {
			full++
		}
	}
	count(state.TableRIB, "routes", len(d.RIB))
	count(state.TableFIB, "forwarding_routes", len(d.FIB))
	count(state.TableBGPNbrs, "bgp_established", established)
	count(state.TableOSPFNbrs, "ospf_full", full)
	return out
}

// ofInterface leaves out what a device does not count, and loopbacks.
func ofInterface(device string, i *state.Interface) []Figure {
	if i.Kind == state.KindPseudo || i.Kind == "loopback" || i.Name == "lo" {
		return nil
	}
	var out []Figure
	c := i.Counters
	for _, f := range []struct {
		name, unit string
		times      float64
		counts     []int64
	}{
		{"in", "bit/s", 8, []int64{c.InOctets}}, {"out", "bit/s", 8, []int64{c.OutOctets}},
		{"errors", "1/s", 1, []int64{c.InErrors, c.OutErrors}}, {"discards", "1/s", 1, []int64{c.InDiscards, c.OutDiscards}},
	} {
		sum, told := int64(0), false
		for _, n := range f.counts {
			if n >= 0 {
				sum, told = sum+n, true
			}
		}
		if told {
			out = append(out, Figure{Device: device, Place: i.Name, Name: f.name, Unit: f.unit, Counter: true, Value: f.times * float64(sum)})
		}
	}
	return out
}

// Notable picks at most most series for a report: what is odd first, then what
// is told of whole devices, then the busiest.
func Notable(all []Series, most int) []Series {
	rank := func(s Series) int {
		switch {
		case s.Odd:
			return 0
		case s.Place == "":
			return 1
		}
		return 2
	}
	out := slices.DeleteFunc(slices.Clone(all), func(s Series) bool { return len(s.Samples) == 0 })
	last := func(s Series) float64 { return s.Samples[len(s.Samples)-1].Value }
	slices.SortStableFunc(out, func(a, b Series) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), -cmp.Compare(last(a), last(b)))
	})
	return out[:min(most, len(out))]
}
