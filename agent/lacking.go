package agent

import (
	"fmt"
	"slices"
	"strings"

	"github.com/netsonde/netsonde/tools"
)

// rests notes which of the tables that a verdict of healthy rests on are
// missing, and which no longer are; it returns those of core that changed this.
func (l *ledger) rests(core []tools.CoreRead) []tools.CoreRead {
	var changed []tools.CoreRead
	for _, c := range core {
		i := slices.IndexFunc(l.lacking, func(x tools.CoreRead) bool { return x.Device == c.Device && x.Table == c.Table })
		switch {
		case c.Missing != "" && i < 0:
			l.lacking = append(l.lacking, c)
		case c.Missing == "" && i >= 0:
			l.lacking = slices.Delete(l.lacking, i, i+1)
		default:
			continue
		}
		changed = append(changed, c)
	}
	return changed
}

// lackingFault says why nothing can be called healthy; "" if it can.
func (l *ledger) lackingFault() string {
	if len(l.lacking) == 0 {
		return ""
	}
	const most = 4
	var parts []string
	for i, c := range l.lacking {
		if i == most {
			parts = append(parts, fmt.Sprintf("and %d more", len(l.lacking)-most))
			break
		}
		parts = append(parts, fmt.Sprintf("%s of %s (%s)", c.Table, c.Device, c.Missing))
	}
	return `verdict "healthy" rests on tables that could not be read: ` + strings.Join(parts, ", ") +
		`; read them with state, or conclude "inconclusive" and name them in "open"`
}
