package tools

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/netsonde/netsonde/devices"
)

// Unevaluated words what could not be read for a report: one line for the
// tables that the same devices lack for the same reason, what a verdict needs
// first.
func Unevaluated(all []Unread) []string {
	var groups []*unreadGroup
	for _, u := range all {
		why := reason(u)
		i := slices.IndexFunc(groups, func(g *unreadGroup) bool { return g.table == u.Table && g.why == why && g.core == u.Core })
		if i < 0 {
			groups = append(groups, &unreadGroup{table: u.Table, why: why, core: u.Core})
			i = len(groups) - 1
		}
		if !slices.Contains(groups[i].devices, u.Device) {
			groups[i].devices = append(groups[i].devices, u.Device)
		}
	}
	slices.SortStableFunc(groups, func(a, b *unreadGroup) int {
		switch {
		case a.core == b.core:
			return 0
		case a.core:
			return -1
		}
		return 1
	})
	var lines []string
	for i, g := range groups {
		if slices.ContainsFunc(groups[:i], func(o *unreadGroup) bool { return o.alike(g.why, g.core, g.devices) }) {
			continue // told with the first of its kind
		}
		tables := []string{g.table}
		for _, o := range groups[i+1:] {
			if o.alike(g.why, g.core, g.devices) {
				tables = append(tables, o.table)
			}
		}
		need := "optional"
		if g.core {
			need = "needed for a verdict"
		}
		lines = append(lines, fmt.Sprintf("%s of %s (%s): %s", strings.Join(tables, ", "), strings.Join(g.devices, ", "), need, g.why))
	}
	return lines
}

// Why words the reason, without the device where the line names it anyway.
func (u Unread) Why() string { return reason(u) }

// unreadGroup is a table that some devices lack for one reason.
type unreadGroup struct {
	table, why string
	core       bool
	devices    []string
}

// alike reports whether the same devices lack the table for the same reason.
func (g *unreadGroup) alike(why string, core bool, devices []string) bool {
	return g.why == why && g.core == core && slices.Equal(g.devices, devices)
}

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
