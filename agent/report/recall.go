package report

import (
	"strings"

	"github.com/netsonde/netsonde/agent"
	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/devices/state"
)

// Recall makes the network of a report again out of the answers that the
// report rests on, so that a page of a past run shows what that run saw. inv
// tells platforms and intended links and may be nil: then a platform is told
// from which readers understand a device's answers, and links from what the
// devices say themselves. It returns nil where nothing was read.
func Recall(r agent.Report, inv *devices.Inventory) *state.Network {
	if inv == nil {
		inv = &devices.Inventory{}
	}
	said := map[string][]agent.Numbered{}
	var names []string
	for _, n := range r.Seen {
		if n.Device == "" || n.Query == agent.SuppliedConfig || n.Query == agent.SuspiciousText {
			continue
		}
		if said[n.Device] == nil {
			names = append(names, n.Device)
		}
		said[n.Device] = append(said[n.Device], n)
	}
	var read []*state.Device
	for _, name := range names {
		d := &state.Device{Name: name}
		if known, ok := inv.Find(name); ok {
			d.Platform = known.Platform
		} else {
			d.Platform = platformOf(said[name])
		}
		for _, n := range said[name] {
			_ = d.Add(state.Answer{ // what no reader takes is listed in Unparsed
				Device: name, Platform: d.Platform, Query: n.Query, At: n.At, Output: n.Output, Truncated: n.Truncated,
			})
		}
		read = append(read, d)
	}
	if len(read) == 0 {
		return nil
	}
	return state.Join(read, inv.Links)
}

// platformOf tells a platform by the readers that take most of its answers.
func platformOf(said []agent.Numbered) string {
	best, most := "", 0
	for _, platform := range [...]string{"frr", "cisco_iosxe", "juniper_junos"} {
		n := 0
		for _, s := range said {
			if state.TablesOf(platform, s.Query) != nil {
				n++
			}
		}
		if n > most {
			best, most = platform, n
		}
	}
	if best != "frr" {
		return best
	}
	for _, s := range said {
		if strings.HasPrefix(s.Query, "show ") {
			return best
		}
	}
	return "linux"
}
