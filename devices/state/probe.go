package state

import (
	"net/netip"
	"strings"
)

// probe reads what ping and traceroute of Linux print.
func probe(d *Device, t *text) {
	row := ProbeResult{Origin: t.origin(-1)}
	words := strings.Fields(t.answer.Query)
	for _, w := range words[1:] {
		if a := address(w); a.IsValid() {
			row.Target = a
		}
	}
	for i, line := range t.lines {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "PING ") || strings.HasPrefix(line, "traceroute to "):
			if a := address(inBrackets(line)); a.IsValid() {
				row.Target = a
			}
		case strings.Contains(line, " packets transmitted, "):
			row.Sent = max(count(line), 0)
			row.Received = max(count(after(line, "transmitted, ")), 0)
			row.note(t.ref(i), "Sent", "Received")
		case probeError(line) != "":
			row.Errors = appendNew(row.Errors, probeError(line))
			row.note(t.ref(i), "Errors")
		case strings.HasPrefix(words[0], "traceroute"):
			if hop, ok := traceHop(line); ok {
				if _, flag, ok := strings.Cut(line, " !"); ok { // !N, !H, !X: what the hop answered
					row.Errors = appendNew(row.Errors, "!"+after(flag, ""))
				}
				row.Hops = append(row.Hops, hop)
				row.note(t.ref(i), "Hops")
			}
		}
	}
	d.Probes = append(d.Probes, row)
}

func inBrackets(line string) string {
	_, rest, _ := strings.Cut(line, "(")
	in, _, _ := strings.Cut(rest, ")")
	return in
}

// probeError is the reason in "From 10.0.0.1 icmp_seq=1 Destination Net Unreachable"
// and "ping: connect: Network is unreachable".
func probeError(line string) string {
	for _, s := range []string{"Destination ", "Time to live exceeded", "Frag needed", "Packet filtered", "Network is unreachable", "message too long", "Name or service not known"} {
		if at := strings.Index(line, s); at >= 0 && !strings.HasPrefix(line, "traceroute to") {
			return strings.TrimSpace(line[at:])
		}
	}
	return ""
}

func appendNew(list []string, s string) []string {
	for _, x := range list {
		if x == s {
			return list
		}
	}
	return append(list, s)
}

// traceHop reads " 2  10.1.5.2 (10.1.5.2)  0.09 ms" or " 3  * * *".
func traceHop(line string) (netip.Addr, bool) {
	f := strings.Fields(line)
	if len(f) < 2 {
		return netip.Addr{}, false
	}
	if n, ok := number(f[0]); !ok || n < 1 || len(f[0]) > 3 {
		return netip.Addr{}, false
	}
	for _, w := range f[1:] {
		if a := address(strings.Trim(w, "()")); a.IsValid() {
			return a, true
		}
	}
	return netip.Addr{}, true
}
