package state

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// A ruling is what a routing policy does with a prefix, and the line of the
// configuration that does it.
type ruling struct {
	permit   bool
	explicit bool // a line names it; false: nothing matched, which denies
	line     Ref
	undef    string // a list that the policy refers to and that does not exist
}

// ruling evaluates a route map (or a prefix list) of d for a prefix, as far as
// its clauses match prefixes. Clauses that match on other things are taken to
// match: a denial is never assumed.
func (d *Device) ruling(policy string, p netip.Prefix) ruling {
	if d == nil || d.Config == nil || policy == "" {
		return ruling{permit: true}
	}
	policy = strings.TrimPrefix(policy, "*")
	maps := d.Config.Sections("route-map " + policy)
	if len(maps) == 0 {
		if len(d.prefixList(policy)) > 0 {
			return d.listRuling(policy, p)
		}
		return ruling{permit: true}
	}
	slices.SortStableFunc(maps, func(a, b *ConfigLine) int { return lastNumber(a.Text) - lastNumber(b.Text) })
	undef := ""
	for _, m := range maps {
		permits := strings.Contains(m.Text, " permit ")
		matched, line, missing := d.clause(m, p)
		if missing != "" {
			undef = missing
		}
		if !matched {
			if line.explicit && !line.permit && undef == "" && permits {
				return ruling{explicit: true, line: line.line}
			}
			continue
		}
		return ruling{permit: permits, explicit: true, line: d.Config.ref(m)}
	}
	return ruling{line: d.Config.ref(maps[0]), undef: undef}
}

// clause reports whether one clause of a route map matches the prefix.
func (d *Device) clause(m *ConfigLine, p netip.Prefix) (bool, ruling, string) {
	for _, l := range m.Children {
		f := strings.Fields(l.Text)
		if len(f) < 5 || f[0] != "match" || f[2] != "address" || f[3] != "prefix-list" {
			continue
		}
		if len(d.prefixList(f[4])) == 0 {
			return false, ruling{line: d.Config.ref(l)}, f[4]
		}
		r := d.listRuling(f[4], p)
		return r.permit, r, ""
	}
	return true, ruling{}, ""
}

// prefixList returns the lines of a prefix list, in their order.
func (d *Device) prefixList(name string) []*ConfigLine {
	out := slices.Concat(d.Config.Sections("ip prefix-list "+name), d.Config.Sections("ipv6 prefix-list "+name))
	out = slices.DeleteFunc(out, func(l *ConfigLine) bool {
		return !strings.Contains(l.Text, "permit") && !strings.Contains(l.Text, "deny")
	})
	slices.SortStableFunc(out, func(a, b *ConfigLine) int { return seqOf(a.Text) - seqOf(b.Text) })
	return out
}

func (d *Device) listRuling(name string, p netip.Prefix) ruling {
	for _, l := range d.prefixList(name) {
		if entryMatches(l.Text, p) {
			return ruling{permit: strings.Contains(l.Text, " permit "), explicit: true, line: d.Config.ref(l)}
		}
	}
	return ruling{}
}

// entryMatches applies "... permit PREFIX [ge N] [le N]" to a prefix.
func entryMatches(text string, p netip.Prefix) bool {
	f := strings.Fields(text)
	i := slices.IndexFunc(f, func(w string) bool { return w == "permit" || w == "deny" })
	if i < 0 || i+1 >= len(f) {
		return false
	}
	if f[i+1] == "any" {
		return true
	}
	q, err := netip.ParsePrefix(f[i+1])
	if err != nil || !q.Masked().Contains(p.Addr()) || p.Bits() < q.Bits() {
		return false
	}
	low, high := q.Bits(), q.Bits()
	for j := i + 2; j+1 < len(f); j += 2 {
		n, _ := strconv.Atoi(f[j+1])
		switch f[j] {
		case "ge":
			low = n
			if !slices.Contains(f, "le") {
				high = p.Addr().BitLen()
			}
		case "le":
			high = n
		}
	}
	return p.Bits() >= low && p.Bits() <= high
}

func seqOf(text string) int {
	_, after, ok := strings.Cut(text, " seq ")
	if !ok {
		return 0
	}
	n, _ := strconv.Atoi(strings.Fields(after)[0])
	return n
}

func lastNumber(text string) int {
	f := strings.Fields(text)
	n, _ := strconv.Atoi(f[len(f)-1])
	return n
}
