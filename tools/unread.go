package tools

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/netsonde/netsonde/devices"
)

// Unevaluated words what could not be read for a report: one line a table and
// reason, the devices joined, what a verdict needs first.
func Unevaluated(all []Unread) []string {
	type group struct {
		table, why string
		core       bool
		devices    []string
	}
	var groups []*group
	for _, u := range all {
		why := reason(u)
		i := slices.IndexFunc(groups, func(g *group) bool { return g.table == u.Table && g.why == why && g.core == u.Core })
		if i < 0 {
			groups = append(groups, &group{table: u.Table, why: why, core: u.Core})
			i = len(groups) - 1
		}
		if !slices.Contains(groups[i].devices, u.Device) {
			groups[i].devices = append(groups[i].devices, u.Device)
		}
	}
	slices.SortStableFunc(groups, func(a, b *group) int {
		switch {
		case a.core == b.core:
			return 0
		case a.core:
			return -1
		}
		return 1
	})
	lines := make([]string, len(groups))
	for i, g := range groups {
		need := "optional"
		if g.core {
			need = "needed for a verdict"
		}
		lines[i] = fmt.Sprintf("%s of %s (%s): %s", g.table, strings.Join(g.devices, ", "), need, g.why)
	}
	return lines
}

// Why words the reason, without the device where the line names it anyway.
func (u Unread) Why() string { return reason(u) }

// reason words why a table is not known, without the device and the query
// where the sentinel errors say all there is to say.
func reason(u Unread) string {
	switch {
	case errors.Is(u.Err, devices.ErrNotRecorded):
		return "not recorded"
	case errors.Is(u.Err, devices.ErrUnsupported):
		return "not supported by the device"
	}
	text := u.Err.Error()
	if rest, ok := strings.CutPrefix(text, u.Device+": "); ok {
		text = rest
	}
	return text
}
