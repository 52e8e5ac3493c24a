package state

import (
	"strings"
	"time"
)

// frrLog reads lines of FRR's log file: "2026/11/23 16:21:51.883 OSPF: [Y05P2-YJVXY] AdjChg: ...".
// The file has no zone; its times are taken as UTC.
func frrLog(d *Device, t *text) {
	var rows []LogLine
	for i, line := range t.lines {
		if row, ok := frrLogLine(line); ok {
			row.Origin = t.origin(i)
			rows = append(rows, row)
		} else if strings.TrimSpace(line) != "" {
			t.partial = true
		}
	}
	if n, ok := number(t.args["lines"]); ok && len(t.lines) > n { // tail: older lines may have been left out
		t.partial = true
	}
	d.Logs = append(d.Logs, rows...)
}

func frrLogLine(line string) (LogLine, bool) {
	if len(line) < 22 || line[4] != '/' && line[4] != '-' {
		return LogLine{}, false
	}
	stamp, rest, ok := strings.Cut(line[11:], " ")
	if !ok {
		return LogLine{}, false
	}
	at, err := time.Parse("2006/01/02 15:04:05", line[:11]+stamp)
	if err != nil {
		return LogLine{}, false
	}
	row := LogLine{At: at, Severity: -1}
	name, text, ok := strings.Cut(rest, ": ")
	if words := strings.Fields(name); ok && len(words) > 0 && len(words) < 3 {
		row.Severity = severity(words[0]) // with "log record-priority"
		row.Process = words[len(words)-1]
		rest = text
	}
	row.Text = rest
	if strings.HasPrefix(rest, "[") { // message and error codes
		if _, text, ok := strings.Cut(rest, "] "); ok {
			row.Text = text
		}
	}
	return row, true
}

// severity gives the names of syslog (RFC 5424) their numbers.
func severity(name string) int {
	names := [...]string{"emergencies", "alerts", "critical", "errors", "warnings", "notifications", "informational", "debugging"}
	for i, n := range names {
		if strings.TrimSuffix(name, ":") == n {
			return i
		}
	}
	return -1
}
