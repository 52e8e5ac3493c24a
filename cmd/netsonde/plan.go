package main

import (
	"fmt"

	"github.com/netsonde/netsonde/agent"
	"github.com/netsonde/netsonde/policies"
)

// printPlan says what the rules would read of whom for a case, and sends
// nothing. A model would ask for less, or for more, under the same policy.
func (c *console) printPlan(n *network, kase agent.Case) error {
	total := 0
	for _, d := range n.inv.Devices {
		fmt.Fprintf(c.out, "%s (%s)\n", c.style().bold(d.Name), d.Platform)
		line := func(table, need string, q policies.Query) {
			total++
			fmt.Fprintf(c.out, "  %-16s %-9s %s%s\n", table, need, q, class(q))
		}
		for _, r := range n.platforms[d.Platform].Reads() {
			q, ok := preferred(d, r)
			if !ok {
				continue
			}
			need := "optional"
			if r.Core {
				need = "core"
			}
			line(r.Table, need, q)
			if b := r.Beside; !b.IsZero() && b.String() != q.String() && d.Answers(b.Kind()) {
				line("", "optional", b)
			}
		}
	}
	if kase.From != "" || kase.Device != "" {
		fmt.Fprintln(c.out, "the reading starts at "+or(kase.From, kase.Device)+" and widens along the path and its neighbours; these are the most")
	}
	fmt.Fprintf(c.out, "%d reads on %d devices at most; nothing was sent\n", total, len(n.inv.Devices))
	return nil
}

func class(q policies.Query) string {
	if q.Class() == policies.Read {
		return ""
	}
	return "  (" + string(q.Class()) + ")"
}
