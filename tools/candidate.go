package tools

import (
	"fmt"
	"slices"
	"strings"

	"github.com/netsonde/netsonde/devices/state"
	"github.com/netsonde/netsonde/policies"
)

// SuppliedConfig names the text of a candidate configuration in citations.
const SuppliedConfig = "supplied configuration"

// intended returns the network with the candidate configuration in the place
// of what the device runs. The error says what is missing.
func (c Complaint) intended(got Collection, links []string) (*state.Network, error) {
	d := got.Network.Device(c.Device)
	if d == nil {
		return nil, fmt.Errorf("%s was not read, so the configuration given for it cannot be held against it", c.Device)
	}
	ds := slices.Clone(got.Network.Devices)
	ds[slices.Index(ds, d)] = d.Intend(SuppliedConfig, c.Config)
	out := state.JoinCandidate(ds, links, c.Device)
	out.Silent = got.Network.Silent
	return out, nil
}

// blame says of each match whether the candidate configuration brings it in or
// the network has it already. What the configuration brings in deviates at its
// device, whatever the majority of interfaces would say: the others run.
func (e Env) blame(found []policies.Match, live *state.Network, device string) {
	facts := live.Facts(nil)
	stands := map[string]bool{}
	for i := range e.Rules {
		r := &e.Rules[i]
		ms, _ := r.Eval(facts[r.Each]) // a fault of the rule was told where the candidate was judged
		for _, m := range ms {
			stands[identity(m)] = true
		}
	}
	for i := range found {
		m := &found[i]
		if stands[identity(*m)] {
			m.Explanation = strings.TrimSpace(m.Explanation + " The network has this already, without the supplied configuration.")
			continue
		}
		if !slices.ContainsFunc(m.Evidence, func(c policies.Citation) bool { return c.Device == device && c.Query == SuppliedConfig }) {
			continue
		}
		m.Explanation = strings.TrimSpace(m.Explanation + " The supplied configuration would bring this in.")
		m.Locations = own(slices.Concat(m.Locations, m.Touches), device)
	}
}

// own returns the places of the device, the more precise ones where there are
// such; the device itself if there is none.
func own(places []string, device string) []string {
	var out []string
	for _, p := range places {
		if strings.HasPrefix(p, device+":") && !strings.Contains(p, "--") && !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	if len(out) == 0 || slices.Contains(places, device) && !slices.Contains(out, places[0]) {
		return []string{device}
	}
	return out
}

// identity is the same for a match before and after a configuration.
func identity(m policies.Match) string {
	places := slices.Concat(m.Locations, m.Touches)
	slices.Sort(places)
	return m.Rule.ID + " " + strings.Join(slices.Compact(places), " ")
}
