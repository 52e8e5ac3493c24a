package devices

import (
	"fmt"

	"github.com/netsonde/netsonde/policies"
)

// Admit is the last look at a query before it may be answered for d: the zero
// Query, and a query of a grammar that d's platform does not take, are refused
// with a *policies.Refusal. A device takes its platform's grammar and the one
// that the platform file names under "also".
func Admit(d Device, ps map[string]*policies.Platform, q policies.Query) error {
	if q.IsZero() {
		return &policies.Refusal{Reason: "an empty query is never sent"}
	}
	if q.Platform() == d.Platform {
		return nil
	}
	if p := ps[d.Platform]; p != nil && p.Also != "" && p.Also == q.Platform() {
		return nil
	}
	return &policies.Refusal{
		Line:   q.Text(),
		Reason: fmt.Sprintf("%s is a %s device and does not take the grammar of %s", d.Name, d.Platform, q.Platform()),
	}
}

// Found returns the device of that name, or an error that wraps ErrUnknown and
// names the nearest name of the inventory.
func (inv *Inventory) Found(name string) (Device, error) {
	if d, ok := inv.Find(name); ok {
		return d, nil
	}
	names := make([]string, 0, len(inv.Devices))
	for _, d := range inv.Devices {
		names = append(names, d.Name)
	}
	return Device{}, fmt.Errorf("%s: %w%s", printable(name), ErrUnknown, policies.Nearest(name, names))
}
