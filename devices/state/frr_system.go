package state

import "strings"

// frrVersion reads `show version`.
func frrVersion(d *Device, t *text) {
	for i, line := range t.lines {
		if !strings.HasPrefix(line, "FRRouting ") {
			continue
		}
		row := System{Origin: t.origin(i), Software: "FRRouting", Version: after(line, "FRRouting ")}
		if _, rest, ok := strings.Cut(line, "("); ok {
			row.Hostname, _, _ = strings.Cut(rest, ")")
		}
		d.system(row)
		return
	}
	t.fail("no line begins with FRRouting")
}

// system completes what is known of the device itself. The kernel below does
// not hide the network operating system above it.
func (d *Device) system(row System) {
	if d.System.Software != "" && row.Software == "Linux" {
		row.Software, row.Version = "", ""
	}
	if !d.System.Known() {
		d.System = row
		return
	}
	mergeRow(&d.System, &row)
}
