package devices

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/netsonde/netsonde/policies"
)

// cutKind keeps of a recorded table the rows of the kind that q names with a
// word where b names none: the routes of one protocol ("show ip route ospf"),
// the sockets of one transport ("ss -lnt" out of "ss -lntu").
func cutKind(q, b policies.Query, text string) string {
	if strings.HasPrefix(q.Text(), "ss ") && strings.HasPrefix(b.Text(), "ss ") {
		return cutSockets(q.Text(), text)
	}
	have := strings.Fields(b.Text())
	for _, word := range strings.Fields(q.Text()) {
		codes, ok := routeCodes[word]
		if !ok || slices.Contains(have, word) || !strings.Contains(q.Text(), " route ") {
			continue
		}
		if looksCut(text) {
			return keepRoutesJSON(word, text)
		}
		return keepRoutes(codes, text)
	}
	return text
}

// routeCodes are the letters with which FRR and IOS begin a route of a
// protocol (the "Codes:" block of show ip route).
var routeCodes = map[string]string{
	"ospf": "O", "ospf6": "O", "bgp": "B", "isis": "Ii", "static": "S", "connected": "C", "kernel": "K", "rip": "R", "ripng": "R",
	"eigrp": "ED", "local": "L", "babel": "A", "pbr": "F", "nhrp": "N", "table": "T",
}

// keepRoutes keeps what stands before the first route, and the routes whose code
// is one of codes, with the lines that go on with them.
func keepRoutes(codes, text string) string {
	var b strings.Builder
	keep, begun := true, false
	for _, line := range strings.SplitAfter(text, "\n") {
		trimmed := strings.TrimRight(line, "\r\n")
		switch {
		case isRoute(trimmed):
			begun = true
			keep = strings.IndexByte(codes, trimmed[0]) >= 0
		case trimmed == "" || !begun || trimmed[0] != ' ': // a blank line, the legend, the head of a VRF
			keep = true
		}
		if keep {
			b.WriteString(line)
		}
	}
	return b.String()
}

// isRoute reports whether a line begins a route: a code, flags, and a prefix.
func isRoute(line string) bool {
	if line == "" || (line[0]|0x20) < 'a' || (line[0]|0x20) > 'z' {
		return false
	}
	for i, w := range strings.Fields(line) {
		if _, ok := (selector{value: w}).prefix(); ok {
			return i > 0
		}
		if i > 2 {
			break
		}
	}
	return false
}

// keepRoutesJSON keeps the routes of a protocol of FRR's JSON, an object of
// prefixes with their paths.
func keepRoutesJSON(protocol, text string) string {
	var all map[string][]json.RawMessage
	if json.Unmarshal([]byte(text), &all) != nil {
		return text
	}
	for prefix, paths := range all {
		paths = slices.DeleteFunc(paths, func(raw json.RawMessage) bool {
			var p struct {
				Protocol string `json:"protocol"`
			}
			return json.Unmarshal(raw, &p) != nil || p.Protocol != protocol
		})
		if all[prefix] = paths; len(paths) == 0 {
			delete(all, prefix)
		}
	}
	out, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		return text
	}
	return string(out) + "\n"
}

// cutSockets keeps the rows of the transports that the flags name: t, u, or
// both where they name neither.
func cutSockets(query, text string) string {
	var flags string
	for _, w := range strings.Fields(query)[1:] {
		if strings.HasPrefix(w, "-") && !strings.HasPrefix(w, "--") {
			flags += w
		}
	}
	t, u := strings.Contains(flags, "t"), strings.Contains(flags, "u")
	if t == u {
		return text
	}
	var b strings.Builder
	for _, line := range strings.SplitAfter(text, "\n") {
		if t && strings.HasPrefix(line, "udp") || u && strings.HasPrefix(line, "tcp") {
			continue
		}
		b.WriteString(line)
	}
	return b.String()
}
