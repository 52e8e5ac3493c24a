package state

import (
	"strconv"
	"strings"
	"time"
)

// tcQdisc reads `tc -s qdisc show`.
func tcQdisc(d *Device, t *text) {
	var rows []Queue
	for i, line := range t.lines {
		if f := strings.Fields(line); len(f) > 2 && f[0] == "qdisc" {
			row := Queue{Origin: t.origin(i), Interface: after(line, " dev "), Kind: f[1], Dropped: -1, Overlimits: -1, Backlog: -1}
			row.RateBits = rateBits(after(line, " rate "))
			row.Delay = delay(after(line, " delay "))
			row.Loss = percent(after(line, " loss "))
			if strings.Contains(line, " root ") || !strings.Contains(line, " parent ") {
				rows = append(rows, row)
			}
			continue
		}
		if len(rows) == 0 {
			continue
		}
		row := &rows[len(rows)-1]
		switch line = strings.TrimSpace(line); {
		case strings.HasPrefix(line, "Sent ") && row.Dropped < 0:
			row.Dropped, row.Overlimits = count64(after(line, "(dropped ")), count64(after(line, "overlimits "))
			row.note(t.ref(i), "Dropped", "Overlimits")
		case strings.HasPrefix(line, "backlog ") && row.Backlog < 0:
			if f := strings.Fields(line); len(f) > 2 {
				row.Backlog = count64(strings.TrimSuffix(f[2], "p"))
				row.note(t.ref(i), "Backlog")
			}
		}
	}
	d.queues(rows)
}

func (d *Device) queues(rows []Queue) {
	d.Queues = mergeRows(d.Queues, rows, func(x *Queue) string { return x.Interface + " " + x.Kind })
}

// rateBits reads a rate as tc prints it: "5Mbit", "100Kbit", "1Gbit".
func rateBits(s string) int64 {
	num, unit := splitUnit(s)
	v, err := strconv.ParseFloat(num, 64)
	if err != nil || v < 0 || v > 1e9 {
		return 0
	}
	switch strings.ToLower(unit) {
	case "bit":
		return int64(v)
	case "kbit":
		return int64(v * 1e3)
	case "mbit":
		return int64(v * 1e6)
	case "gbit":
		return int64(v * 1e9)
	}
	return 0
}

// delay reads a time as tc prints it: "100ms", "1.5s", "20us".
func delay(s string) time.Duration {
	d, err := time.ParseDuration(s)
	if err != nil {
		return 0
	}
	return d
}

// percent reads "1.5%" as a share.
func percent(s string) float64 {
	v, err := strconv.ParseFloat(strings.TrimSuffix(s, "%"), 64)
	if err != nil {
		return 0
	}
	return v / 100
}

func splitUnit(s string) (num, unit string) {
	i := 0
	for i < len(s) && (s[i] >= '0' && s[i] <= '9' || s[i] == '.') {
		i++
	}
	return s[:i], s[i:]
}

// bridgeFDB reads `bridge fdb show`.
func bridgeFDB(d *Device, t *text) {
	var rows []MAC
	for i, line := range t.lines {
		f := strings.Fields(line)
		if len(f) < 3 || strings.Count(f[0], ":") != 5 {
			if len(f) > 0 {
				t.miss(i)
			}
			continue
		}
		row := MAC{Origin: t.origin(i), Address: f[0], Interface: after(line, " dev "), Bridge: after(line, " master "), Remote: address(after(line, " dst "))}
		row.VLAN, _ = number(after(line, " vlan "))
		row.Local = strings.HasSuffix(strings.TrimSpace(line), "permanent") && !row.Remote.IsValid()
		if multicastMAC(row.Address) {
			continue
		}
		rows = append(rows, row)
	}
	d.macs(rows)
}

// multicastMAC recognises a group address (IEEE 802): nobody's place.
func multicastMAC(mac string) bool {
	n, err := strconv.ParseUint(mac[:min(2, len(mac))], 16, 8)
	return err != nil || n&1 == 1
}
