package state

import "strings"

func (d *Device) bfd(rows []BFDPeer) {
	d.BFD = mergeRows(d.BFD, rows, func(x *BFDPeer) string { return x.Peer.String() + " " + x.Local.String() })
}

// frrBFD reads `show bfd peers`.
func frrBFD(d *Device, t *text) {
	var rows []BFDPeer
	for i, line := range t.lines {
		line = strings.TrimSpace(line)
		if rest, ok := strings.CutPrefix(line, "peer "); ok {
			row := BFDPeer{Origin: t.origin(i), Peer: address(after(rest, "")), Local: address(after(rest, "local-address ")), Interface: after(rest, "interface ")}
			rows = append(rows, row)
			continue
		}
		if s, ok := strings.CutPrefix(line, "Status: "); ok && len(rows) > 0 {
			row := &rows[len(rows)-1]
			row.State, row.Up = s, s == "up"
			row.note(t.ref(i), "State", "Up")
		}
	}
	d.bfd(rows)
}

// frrBFDBrief reads the table of `show bfd peers brief`.
func frrBFDBrief(d *Device, t *text) {
	var rows []BFDPeer
	for i, line := range t.lines {
		f := strings.Fields(line)
		if len(f) < 4 || !address(f[2]).IsValid() {
			continue
		}
		row := BFDPeer{Origin: t.origin(i), Peer: address(f[2]), State: f[3], Up: f[3] == "up"}
		if a := address(f[1]); !a.IsUnspecified() {
			row.Local = a
		}
		rows = append(rows, row)
	}
	d.bfd(rows)
}

// frrDaemons reads `show daemons`: what is running.
func frrDaemons(d *Device, t *text) {
	for i, line := range t.lines {
		for name := range strings.FieldsSeq(line) {
			d.daemon(Daemon{Origin: t.origin(i), Name: name, Running: true})
		}
	}
}

// frrWatch reads `show watchfrr`: the daemons that it watches, up or down.
func frrWatch(d *Device, t *text) {
	for i, line := range t.lines {
		f := strings.Fields(line)
		if len(f) == 2 && knownDaemon(f[0]) && (f[1] == "Up" || f[1] == "Down" || f[1] == "Unresponsive") {
			d.daemon(Daemon{Origin: t.origin(i), Name: f[0], Running: f[1] == "Up"})
		}
	}
}

// daemon adds a process, or says the newer of what is known of it.
func (d *Device) daemon(row Daemon) {
	for i := range d.Daemons {
		if d.Daemons[i].Name == row.Name {
			d.Daemons[i] = row
			return
		}
	}
	d.Daemons = append(d.Daemons, row)
}
