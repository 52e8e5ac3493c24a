package main

import (
	"fmt"
	"slices"

	"github.com/netsonde/netsonde/agent"
	"github.com/netsonde/netsonde/policies"
)

// printPlan says what the rules would read of whom for a case, and sends
// nothing. A model would ask for less, or for more, under the same policy.
func (c *console) printPlan(n *network, kase agent.Case) error {
	total := 0
	for _, d := range n.inv.Devices {
		p := n.platforms[d.Platform]
		reads := slices.Clone(p.Reads())
		if also := n.platforms[p.Also]; also != nil {
			reads = append(reads, also.Reads()...)
		}
		fmt.Fprintf(c.out, "%s (%s)\n", c.style().bold(d.Name), d.Platform)
		for _, r := range reads {
			if len(r.Alternatives) == 0 {
				continue
			}
			total++
			need := "optional"
			if r.Core {
				need = "core"
			}
			fmt.Fprintf(c.out, "  %-16s %-9s %s%s\n", r.Table, need, r.Alternatives[0], class(r.Alternatives[0]))
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
