package history

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/netsonde/netsonde/agent"
)

// An Identity is what makes a finding the same one from report to report.
type Identity struct {
	Rule      string   `json:"rule"`      // id of the rule; the cause's label for a model's finding
	Locations []string `json:"locations"` // sorted
	Key       string   `json:"key"`       // what tells it from another of its rule at its place; "" where nothing does
}

// ID is the identity in 16 hexadecimal digits, for links and silences.
func (i Identity) ID() string {
	sum := sha256.Sum256([]byte(i.Rule + "\x00" + strings.Join(i.Locations, "\x00") + "\x00\x00" + i.Key))
	return hex.EncodeToString(sum[:8])
}

// String words it: "ospf_area_mismatch at r5:eth1".
func (i Identity) String() string {
	s := i.Rule + " at " + strings.Join(i.Locations, ", ")
	if i.Key != "" {
		s += " (" + i.Key + ")"
	}
	return s
}

// Identify returns the identities of fs, in their order. Two findings that
// nothing tells apart get a number each.
func Identify(fs []agent.Finding) []Identity {
	out, seen := make([]Identity, len(fs)), map[string]int{}
	for i, f := range fs {
		out[i] = identity(f)
		id := out[i].ID()
		if seen[id]++; seen[id] > 1 {
			out[i].Key = strings.TrimSpace(fmt.Sprintf("%s #%d", out[i].Key, seen[id]))
		}
	}
	return out
}

func identity(f agent.Finding) Identity {
	i := Identity{Rule: f.Rule, Locations: slices.Sorted(slices.Values(f.Locations)), Key: f.Key}
	if i.Rule == "" {
		i.Rule = f.RootCause
	}
	if i.Key == "" {
		i.Key = subjects(f.Title)
	}
	return i
}

// subjects are the addresses and prefixes of a title, in its order: a rule that
// matches twice at a place does so for two of them. Numbers that move from
// report to report (counts, states, times) are none; nor are areas and other
// numbers in dotted form, which stand in 0.0.0.0/8.
func subjects(title string) string {
	var out []string
	for _, w := range strings.FieldsFunc(title, func(r rune) bool { return strings.ContainsRune(" ,;()[]'\"", r) }) {
		w = strings.TrimRight(w, ".:")
		var addr netip.Addr
		if p, err := netip.ParsePrefix(w); err == nil {
			addr = p.Addr()
		} else if addr, err = netip.ParseAddr(w); err != nil {
			continue
		}
		if b := addr.AsSlice(); !strings.Contains(w, "/") && addr.Is4() && b[0] == 0 || slices.Contains(out, w) {
			continue
		}
		out = append(out, w)
	}
	return strings.Join(out, " ")
}
