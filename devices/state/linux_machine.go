package state

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// machineReadings is what a Linux machine says of itself.
func machineReadings() []reading {
	return []reading{
		{"cat /proc/loadavg ...", TableResources, procFiles},
		{"uptime", TableResources, uptime},
		{"df ...", TableDisks, df},
		{"chronyc ...", TableClock, chronyc},
		{"timedatectl ...", TableClock, timedatectl},
		{"sensors ...", TableSensors, lmSensors},
		{"cat /sys/class/thermal/thermal_zone0/temp", TableSensors, thermalZone},
		{"journalctl ...", TableSyslog, journal},
		{"cat /etc/frr/frr.conf", TableStartup, startupConfig},
	}
}

func decimal(s string) (float64, bool) {
	x, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	return x, err == nil
}

var loadLine = regexp.MustCompile(`^(\d+\.\d+) (\d+\.\d+) (\d+\.\d+) \d+/\d+ \d+$`)

// procFiles reads /proc/loadavg, /proc/meminfo and /proc/stat (proc(5)), one
// after the other.
func procFiles(d *Device, t *text) {
	load, memory := Load{One: -1, Five: -1, Fifteen: -1, Busy: -1}, Memory{}
	for i, line := range t.lines {
		if m := loadLine.FindStringSubmatch(line); m != nil {
			load.Origin = t.origin(i)
			load.One, _ = decimal(m[1])
			load.Five, _ = decimal(m[2])
			load.Fifteen, _ = decimal(m[3])
			continue
		}
		f := strings.Fields(line)
		switch {
		case len(f) == 3 && f[2] == "kB":
			memoryLine(&memory, t, i, f)
		case len(f) > 4 && strings.HasPrefix(f[0], "cpu") && f[0] != "cpu":
			load.CPUs++
		case len(f) == 2 && f[0] == "btime":
			d.system(System{Origin: t.origin(i), Booted: time.Unix(count64(f[1]), 0).UTC()})
		}
	}
	if !load.Known() && !memory.Known() {
		t.fail("neither a load nor a size of memory")
		return
	}
	d.Load, d.Memory = load, memory
}

func memoryLine(m *Memory, t *text, i int, f []string) {
	note := func(field *int64, name string) {
		*field = count64(f[1])
		if !m.Known() {
			m.Origin = t.origin(i)
		}
		m.note(t.ref(i), name)
	}
	switch f[0] {
	case "MemTotal:":
		note(&m.TotalKB, "TotalKB")
	case "MemAvailable:":
		note(&m.AvailableKB, "AvailableKB")
	case "SwapTotal:":
		note(&m.SwapTotalKB, "SwapTotalKB")
	case "SwapFree:":
		note(&m.SwapFreeKB, "SwapFreeKB")
	}
}

// uptime reads " 16:25:51 up 10 days, 2:03,  1 user,  load average: 0.00, 0.01, 0.05".
func uptime(d *Device, t *text) {
	for i, line := range t.lines {
		_, rest, ok := strings.Cut(line, "load average")
		if !ok {
			continue
		}
		f := strings.FieldsFunc(rest, func(r rune) bool { return strings.ContainsRune("s:, \t", r) })
		if len(f) == 3 {
			load := Load{Origin: t.origin(i), Busy: -1}
			load.One, _ = decimal(f[0])
			load.Five, _ = decimal(f[1])
			load.Fifteen, _ = decimal(f[2])
			d.Load = load
			return
		}
	}
	t.fail("no load average")
}

// df reads `df -k` and `df -h`: the columns are the same, the sizes are not.
func df(d *Device, t *text) {
	var rows []Disk
	for _, f := range t.table("Filesystem") {
		if len(f.words) < 6 {
			continue
		}
		row := Disk{Origin: t.origin(f.line), Device: f.words[0], Name: strings.Join(f.words[5:], " "), UsedPercent: -1}
		row.SizeKB = sizeKB(f.words[1])
		if n, ok := number(strings.TrimSuffix(f.words[4], "%")); ok {
			row.UsedPercent = n
		}
		rows = append(rows, row)
	}
	if len(rows) == 0 {
		t.fail("no file system")
	}
	d.Disks = mergeRows(d.Disks, rows, func(x *Disk) string { return x.Name })
}

// sizeKB reads "264212084" (kB) and "252G".
func sizeKB(s string) int64 {
	if n := count64(s); n > 0 {
		return n
	}
	if len(s) < 2 {
		return 0
	}
	x, ok := decimal(s[:len(s)-1])
	unit := map[byte]float64{'K': 1, 'M': 1 << 10, 'G': 1 << 20, 'T': 1 << 30}[s[len(s)-1]]
	if !ok {
		return 0
	}
	return int64(x * unit)
}

// chronyc reads `chronyc tracking`.
func chronyc(d *Device, t *text) {
	if !strings.Contains(t.answer.Query, "tracking") {
		t.tables = []string{}
		t.settled = true
		return
	}
	row := TimeSync{Service: "chrony"}
	for i, line := range t.lines {
		key, value, ok := strings.Cut(line, " : ")
		if !ok {
			continue
		}
		key, value = strings.TrimSpace(key), strings.TrimSpace(value)
		if !row.Known() {
			row.Origin = t.origin(i)
		}
		switch key {
		case "Reference ID":
			row.Source = strings.Trim(after(value, "("), "()")
			row.note(t.ref(i), "Source")
		case "Stratum":
			row.Stratum, _ = number(value)
			row.note(t.ref(i), "Stratum")
		case "System time":
			f := strings.Fields(value)
			if len(f) < 3 {
				continue
			}
			if x, ok := decimal(f[0]); ok {
				row.Offset = time.Duration(x * float64(time.Second))
				if f[2] == "slow" {
					row.Offset = -row.Offset
				}
				row.note(t.ref(i), "Offset")
			}
		case "Leap status":
			row.Synced = value != "Not synchronised"
			row.note(t.ref(i), "Synced")
		}
	}
	if row.Fields["Synced"] == (Ref{}) {
		t.fail("no leap status")
		return
	}
	d.TimeSync = row
}

// timedatectl reads `timedatectl status`.
func timedatectl(d *Device, t *text) {
	row := TimeSync{}
	for i, line := range t.lines {
		key, value, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok {
			continue
		}
		switch key {
		case "System clock synchronized", "NTP synchronized":
			row.Synced = value == "yes"
			if !row.Known() {
				row.Origin = t.origin(i)
			}
			row.note(t.ref(i), "Synced")
		case "NTP service", "Network time on":
			row.Service = map[string]string{"active": "systemd-timesyncd", "yes": "systemd-timesyncd"}[value]
			row.note(t.ref(i), "Service")
		}
	}
	if !row.Known() {
		t.fail("it does not say whether the clock is synchronized")
		return
	}
	d.TimeSync = row
}

var sensorLine = regexp.MustCompile(`^([^:]+):\s+([+-]?\d+(?:\.\d+)?)\s*(°C|C|RPM|V|mV|W)\b?(.*)$`)

// lmSensors reads `sensors` (lm-sensors).
func lmSensors(d *Device, t *text) {
	var rows []Sensor
	chip := ""
	for i, line := range t.lines {
		m := sensorLine.FindStringSubmatch(line)
		if m == nil {
			if line != "" && !strings.Contains(line, ":") && indent(line) == 0 {
				chip = strings.TrimSpace(line)
			}
			continue
		}
		row := Sensor{Origin: t.origin(i), Name: strings.TrimSpace(chip + " " + m[1]), Alarm: strings.Contains(m[4], "ALARM")}
		row.Value, _ = decimal(m[2])
		switch m[3] {
		case "RPM":
			row.Kind = Fan
		case "V", "mV", "W":
			row.Kind = Power
		default:
			row.Kind = Temperature
		}
		for _, f := range strings.FieldsFunc(m[4], func(r rune) bool { return strings.ContainsRune("(),", r) }) {
			name, value, _ := strings.Cut(f, "=")
			x, _ := decimal(strings.TrimRight(strings.TrimSpace(value), "°CRPMVWm "))
			switch strings.TrimSpace(name) {
			case "crit":
				row.Critical = x
			case "min":
				row.Least = x
			}
		}
		rows = append(rows, row)
	}
	d.Sensors = mergeRows(d.Sensors, rows, func(x *Sensor) string { return x.Name })
}

// thermalZone reads thousandths of a degree.
func thermalZone(d *Device, t *text) {
	if n, ok := number(strings.TrimSpace(t.lines[0])); ok {
		d.Sensors = append(d.Sensors, Sensor{Origin: t.origin(0), Name: "thermal_zone0", Kind: Temperature, Value: float64(n) / 1000})
		return
	}
	t.fail("no number")
}

var journalLine = regexp.MustCompile(`^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:?\d\d) \S+ ([^:\[]+)(?:\[\d+\])?: (.*)$`)

// journal reads `journalctl -p err -o short-iso`: each line is an error or
// worse.
func journal(d *Device, t *text) {
	var rows []LogLine
	worst := 3 // err, where the query names no other
	if _, p, ok := strings.Cut(t.answer.Query, " -p "); ok {
		if n := severity(map[string]string{"emerg": "emergencies", "alert": "alerts", "crit": "critical", "err": "errors", "warning": "warnings"}[strings.Fields(p)[0]]); n >= 0 {
			worst = n
		}
	}
	for i, line := range t.lines {
		m := journalLine.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		stamp := strings.Replace(m[1], "Z", "+0000", 1)
		at, err := time.Parse("2006-01-02T15:04:05-0700", stamp)
		if err != nil {
			at, err = time.Parse(time.RFC3339, stamp)
		}
		if err == nil {
			rows = append(rows, LogLine{Origin: t.origin(i), At: at.UTC(), Process: m[2], Severity: worst, Text: m[3]})
		}
	}
	t.partial = true
	d.Logs = append(d.Logs, rows...)
}

// startupConfig reads the file that FRR starts with. One that configures
// nothing is that of a system whose daemons have files of their own, or none.
func startupConfig(d *Device, t *text) {
	d.Startup = NewConfig(t.answer.Output, t.ref(-1))
	if len(d.Startup.walk()) == 0 {
		d.Startup = nil
	}
}
