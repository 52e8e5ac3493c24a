package state

import (
	"fmt"
	"strings"
)

// frrVRRP reads `show vrrp`: a block of lines a group.
func frrVRRP(d *Device, t *text) {
	var rows []VirtualRouter
	for i, line := range t.lines {
		key, value := columnPair(line)
		if key == "Virtual Router ID" {
			row := VirtualRouter{Origin: t.origin(i)}
			row.ID, _ = number(value)
			rows = append(rows, row)
			continue
		}
		if len(rows) == 0 {
			continue
		}
		row := &rows[len(rows)-1]
		switch {
		case key == "Interface":
			row.Interface = value
		case key == "Shutdown":
			row.Shutdown = value == "Yes"
		case key == "Status (v4)" || key == "Status (v6)" && row.State == "":
			row.State = value
			row.note(t.ref(i), "State")
		case key == "Priority":
			row.Priority, _ = number(value)
			row.note(t.ref(i), "Priority")
		case strings.Trim(key, ".") == "" && key != "":
			if a := address(value); a.IsValid() {
				row.Addresses = append(row.Addresses, a)
			}
		}
	}
	d.VRRP = mergeRows(d.VRRP, rows, func(x *VirtualRouter) string { return fmt.Sprint(x.Interface, " ", x.ID) })
}

// columnPair splits " Priority            200" at its widest gap.
func columnPair(line string) (key, value string) {
	line = strings.TrimSpace(line)
	key, value, ok := strings.Cut(line, "  ")
	if !ok {
		return line, ""
	}
	return key, strings.TrimSpace(value)
}
