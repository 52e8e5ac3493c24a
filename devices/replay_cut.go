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
		text, ok = cutPath(q.Text(), whole.Output)
		return settle(text, ok, none, whole)
	}
	text = whole.Output
	json := strings.HasSuffix(b.Text(), " json") || looksCut(text)
	if vrf, all := vrfOf(q), strings.Contains(b.Text(), "vrf all"); vrf != "all" && all && !json {
		text = cutVRF(text, vrf)
	} else if vrf != vrfOf(b) && !all {
		return "", false
	}
	for _, s := range selectors(q, b) {
		var found bool
		switch {
		case json:
			text, found = cutJSON(text, s)
		default:
			text, found = cutText(text, s)
		}
		if !found {
			return settle("", false, none, whole)
		}
	}
	return text, true
}

// settle makes the answer of a cut that found nothing.
func settle(text string, found bool, none string, whole Observation) (string, bool) {
	if found {
		return text, true
	}
	return none, !whole.Truncated
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
// the answer has no such parts, it stays whole.
func cutVRF(text, vrf string) string {
	var out []string
	in, any := true, false
	for _, line := range strings.SplitAfter(text, "\n") {
		if m := vrfHead.FindStringSubmatch(line); m != nil {
			in, any = m[1] == vrf, true
		}
		if in {
			out = append(out, line)
		}
	}
	if !any {
		return text
	}
	return strings.Join(out, "")
}

// vrfHead is the line that begins the part of a VRF.
var vrfHead = regexp.MustCompile(`^(?:IPv[46] [\w ]+ )?(?:VRF|Instance|VRF Name:)\s+"?([\w.:-]+)"?:?\s*$`)
