package devices

import (
	"net/netip"
	"regexp"
	"strings"
)

// blockHeads are lines that begin a block about one thing in answers whose
// indentation does not tell.
var blockHeads = regexp.MustCompile(`^(?:Interface \S+ is |BGP neighbor is |BGP neighbor on |\s?Neighbor \S+, |\s*Neighbor: |\d+: \S+: <|\S+ is (?:up|down|administratively)|` +
	`VNI: |Peer |Routing entry for |Area |\s*peer \S+)`)

// cutText cuts what s selects out of a text. found is false where the value
// stands nowhere in it.
func cutText(text string, s selector) (out string, found bool) {
	lines := strings.SplitAfter(text, "\n")
	if _, ok := s.prefix(); ok {
		if out, found, routes := cutRoutes(lines, s); routes {
			return out, found
		}
	}
	blocks := split(lines)
	for _, where := range [...]func(block) bool{
		func(b block) bool { return b.names(lines, s, 3) },  // its subject
		func(b block) bool { return b.names(lines, s, 40) }, // its first line
		func(b block) bool { return b.holds(lines, s) },
	} {
		var picked []block
		for _, b := range blocks {
			if where(b) {
				picked = append(picked, b)
			}
		}
		if len(picked) > 0 {
			return assemble(lines, picked), true
		}
	}
	return "", false
}

// A block is lines[from:to].
type block struct{ from, to int }

// split cuts an answer into blocks: at the lines that are known to begin one,
// else at the lines that are indented least.
func split(lines []string) []block {
	var heads []int
	least := 1 << 30
	for i, l := range lines {
		if blockHeads.MatchString(l) {
			heads = append(heads, i)
		}
		if t := strings.TrimLeft(l, " \t"); strings.TrimSpace(t) != "" {
			least = min(least, len(l)-len(t))
		}
	}
	if len(heads) == 0 {
		for i, l := range lines {
			if t := strings.TrimLeft(l, " \t"); strings.TrimSpace(t) != "" && len(l)-len(t) == least {
				heads = append(heads, i)
			}
		}
	}
	var out []block
	for k, at := range heads {
		to := len(lines)
		if k+1 < len(heads) {
			to = heads[k+1]
		}
		out = append(out, block{at, to})
	}
	return out
}

// names reports whether one of the first n words of the block's first line is
// what s selects.
func (b block) names(lines []string, s selector, n int) bool {
	words := strings.Fields(lines[b.from])
	for i := 0; i < len(words) && i < n; i++ {
		if s.matches(words[i]) {
			return true
		}
	}
	// "BGP neighbor is 10.0.0.1, ..." names its subject in the fourth word
	return n == 3 && len(words) > 3 && words[0] == "BGP" && s.matches(words[3])
}

func (b block) holds(lines []string, s selector) bool {
	for _, l := range lines[b.from:b.to] {
		for _, w := range strings.Fields(l) {
			if s.matches(w) {
				return true
			}
		}
	}
	return false
}

// assemble joins the picked blocks, with the head of the table before them.
func assemble(lines []string, picked []block) string {
	var b strings.Builder
	if first := picked[0].from; !blockHeads.MatchString(lines[first]) {
		for _, l := range lines[:tableHead(lines[:first])] {
			b.WriteString(l)
		}
	}
	for _, p := range picked {
		for _, l := range lines[p.from:p.to] {
			b.WriteString(l)
		}
	}
	return b.String()
}

// tableHead returns how many of the lines before the first picked row are the
// head of its table: all up to the last one that looks like column titles.
func tableHead(lines []string) int {
	for i := min(len(lines), maxTableHead) - 1; i >= 0; i-- {
		if columnTitles(lines[i]) {
			return i + 1
		}
	}
	return 0
}

const maxTableHead = 30

// columnTitles reports whether a line looks like the titles of columns: two
// capitalised words or more, and no word that begins with a digit.
func columnTitles(line string) bool {
	titles := 0
	for _, w := range strings.Fields(line) {
		if w[0] >= '0' && w[0] <= '9' {
			return false
		}
		if w[0] >= 'A' && w[0] <= 'Z' {
			titles++
		}
	}
	return titles >= 2 && !strings.Contains(line, " is ") && !strings.ContainsAny(line, "=:")
}

// cutRoutes cuts the route that s selects out of a table of routes: the one of
// that prefix, or for an address the longest that contains it. routes is false
// where the text is no such table.
func cutRoutes(lines []string, s selector) (out string, found, routes bool) {
	want, _ := s.prefix()
	address := !strings.Contains(s.value, "/")
	var best []block
	longest, rows, first := -1, 0, -1
	for i := 0; i < len(lines); i++ {
		p, ok := routeOf(lines[i], want.Addr())
		if !ok {
			continue
		}
		if rows++; first < 0 {
			first = i
		}
		to := i + 1
		for to < len(lines) && continuesRoute(lines[to]) {
			to++
		}
		switch {
		case !address && p == want:
			best = append(best, block{i, to})
		case address && p.Contains(want.Addr()) && p.Bits() > longest:
			best, longest = []block{{i, to}}, p.Bits()
		case address && p.Contains(want.Addr()) && p.Bits() == longest:
			best = append(best, block{i, to})
		}
		i = to - 1
	}
	if rows == 0 {
		return "", false, false
	}
	if len(best) == 0 {
		return "", false, true
	}
	var b strings.Builder
	for _, l := range lines[:min(first, maxTableHead)] {
		b.WriteString(l)
	}
	for _, p := range best {
		b.WriteString(strings.Join(lines[p.from:p.to], ""))
	}
	return b.String(), true, true
}

// routeOf returns the prefix of a row of a table of routes. family tells what
// "default" is.
func routeOf(line string, family netip.Addr) (netip.Prefix, bool) {
	words := strings.Fields(line)
	for i := 0; i < len(words) && i < 4; i++ {
		w := strings.Trim(strings.TrimLeft(words[i], "*>=+?!"), ",[]")
		if w == "default" && i == 0 {
			if family.Is4() {
				return netip.PrefixFrom(netip.IPv4Unspecified(), 0), true
			}
			return netip.PrefixFrom(netip.IPv6Unspecified(), 0), true
		}
		if w == "via" || w == "Known" {
			break
		}
		if !strings.Contains(w, "/") {
			continue
		}
		w = strings.TrimLeft(w, "ghijklmnopqrstuvwxyzGHIJKLMNOPQRSTUVWXYZ*>=") // "*>i10.0.0.0/8"
		if p, err := netip.ParsePrefix(w); err == nil && p.Addr().Is4() == family.Is4() {
			return p.Masked(), true
		}
	}
	return netip.Prefix{}, false
}

// continuesRoute reports whether a line tells another path of the route before
// it.
func continuesRoute(line string) bool {
	t := strings.TrimSpace(line)
	if t == "" || strings.HasPrefix(t, "Displayed") || strings.HasPrefix(t, "Total") {
		return false
	}
	if _, ok := routeOf(line, netip.IPv4Unspecified()); ok {
		return false
	}
	if _, ok := routeOf(line, netip.IPv6Unspecified()); ok {
		return false
	}
	return line[0] == ' ' || line[0] == '\t' || strings.HasPrefix(t, "*")
}
