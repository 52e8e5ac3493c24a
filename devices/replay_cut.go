package devices

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/netsonde/netsonde/policies"
)

// cutOut cuts the answer to q out of the answer to b, which is broader: rows
// of a table, a block of an interface or a neighbour, the part of a VRF, the
// leaves under a gNMI path. ok is false where that cannot be done, such as
// where the row is missing and whole is not complete. A row that a complete
// answer lacks makes an answer that says so.
func cutOut(q, b policies.Query, whole Observation) (text string, ok bool) {
	none := fmt.Sprintf("%% no such entry in the recorded %q\n", b.String())
	if q.Kind() == policies.Get {
		if text, ok = cutPath(q.Text(), whole.Output); !ok {
			return none, !whole.Truncated
		}
		return text, true
	}
	text = whole.Output
	json := strings.HasSuffix(b.Text(), " json") || looksCut(text)
	if vrf, all := vrfOf(q), strings.Contains(b.Text(), "vrf all"); vrf != "all" && all && !json {
		if text, ok = cutVRF(text, vrf); !ok {
			return none, !whole.Truncated
		}
	} else if vrf != vrfOf(b) && !all {
		return "", false
	}
	wanted := selectors(q, b)
	if len(wanted) > 0 && !sameTable(q, b) {
		return "", false
	}
	for _, s := range wanted {
		var found bool
		switch {
		case json:
			text, found = cutJSON(text, s)
		default:
			text, found = cutText(text, s)
		}
		if !found {
			return none, !whole.Truncated
		}
	}
	return cutKind(q, b, text), true
}

// sameTable reports whether b reads the table of which q reads a part: it has
// all the words of q but the values, and those that only select or format.
func sameTable(q, b policies.Query) bool {
	words := map[string]bool{}
	for _, w := range strings.Fields(b.Text()) {
		words[w] = true
	}
	for _, a := range q.Args() {
		words[a.Value] = true
	}
	for _, w := range strings.Fields(q.Text()) {
		if !words[w] && !selecting[w] && w[0] != '-' {
			return false
		}
	}
	return true
}

// selecting are the words that select a part of a table or format it.
var selecting = map[string]bool{
	"dev": true, "to": true, "exact": true, "match": true, "root": true, "vrf": true, "all": true, "json": true, "detail": true, "details": true,
	"ip": true, "show": true, "get": true, "list": true, "unicast": true, "brief": true, "extensive": true, "terse": true,
}

// vrfOf returns the VRF that a query is about: "default" where it names none,
// "all" for all of them.
func vrfOf(q policies.Query) string {
	if v := q.Arg("vrf"); v != "" {
		return v
	}
	if strings.Contains(q.Text()+" ", " vrf all ") {
		return "all"
	}
	return "default"
}

// A selector is a typed word of a query that the broader query lacks.
type selector struct{ kind, value string }

func selectors(q, b policies.Query) []selector {
	var out []selector
	have := b.Args()
	for _, a := range q.Args() {
		if a.Type == "vrf" || a.Type == "flags" || slices.Contains(have, a) {
			continue
		}
		out = append(out, selector{a.Type, a.Value})
	}
	return out
}

// prefix returns the prefix or the address that s selects by.
func (s selector) prefix() (netip.Prefix, bool) {
	if p, err := netip.ParsePrefix(s.value); err == nil {
		return p.Masked(), true
	}
	if a, err := netip.ParseAddr(s.value); err == nil {
		return netip.PrefixFrom(a, a.BitLen()), true
	}
	return netip.Prefix{}, false
}

// matches reports whether a word of an answer is what s selects.
func (s selector) matches(word string) bool {
	word = strings.Trim(word, `,:;()[]"`)
	if strings.EqualFold(word, s.value) {
		return true
	}
	if p, ok := s.prefix(); ok {
		w, ok := selector{value: word}.prefix()
		return ok && w == p
	}
	if name, _, ok := strings.Cut(word, "@"); ok && name == s.value {
		return true // eth1@if2
	}
	if name, _, ok := strings.Cut(word, ":"); ok && name == s.value {
		return true // eth1:10.0.0.1
	}
	return s.kind == "interface" && sameInterface(word, s.value)
}

var interfaceName = regexp.MustCompile(`^([A-Za-z-]+) ?(\d[\d/.:]*)$`)

// sameInterface reports whether one name abbreviates the other: Gi0/1 and
// GigabitEthernet0/1.
func sameInterface(a, b string) bool {
	m, n := interfaceName.FindStringSubmatch(a), interfaceName.FindStringSubmatch(b)
	if m == nil || n == nil || m[2] != n[2] || len(m[1]) < 2 || len(n[1]) < 2 {
		return false
	}
	x, y := strings.ToLower(m[1]), strings.ToLower(n[1])
	return strings.HasPrefix(x, y) || strings.HasPrefix(y, x)
}

// cutVRF cuts the part of one VRF out of an answer about all of them. Where
// the answer has no such parts, it stays whole; found is false where it has
// parts, and none of that VRF.
func cutVRF(text, vrf string) (out string, found bool) {
	var b strings.Builder
	in, parts := true, 0
	for _, line := range strings.SplitAfter(text, "\n") {
		if m := vrfHead.FindStringSubmatch(line); m != nil {
			parts++
			in = m[1]+m[2] == vrf
			found = found || in
		}
		if in {
			b.WriteString(line)
		}
	}
	return b.String(), found || parts == 0
}

// vrfHead is the line that begins the part of a VRF: "VRF red:",
// "Instance red:", "VRF Name: red", "IPv4 Unicast Summary (VRF red):".
var vrfHead = regexp.MustCompile(`^(?:(?:VRF|Instance|VRF Name:)\s+"?([\w.-]+)"?:?|[\w ]+\(VRF ([\w.-]+)\):?)\s*$`)
