package gnmi

import (
	"fmt"
	"slices"
	"strings"

	pb "github.com/openconfig/gnmi/proto/gnmi"

	"github.com/netsonde/netsonde/devices"
)

// table gathers the leaves of one read. It takes no more than limit bytes of
// text.
type table struct {
	limit, size int
	cut         bool
	leaves      map[string]string
}

func newTable(limit int) *table { return &table{limit: limit, leaves: map[string]string{}} }

func (t *table) empty() bool { return len(t.leaves) == 0 }
func (t *table) full() bool  { return t.cut }

// add takes a notification: what a device deletes within one read goes, and
// of two values of one path the later stays.
func (t *table) add(n *pb.Notification) {
	for _, p := range n.GetDelete() {
		gone := printPath(n.GetPrefix(), p)
		for path := range t.leaves {
			if path == gone || strings.HasPrefix(path, gone+"/") || strings.HasPrefix(path, gone+"[") {
				delete(t.leaves, path)
			}
		}
	}
	for _, u := range n.GetUpdate() {
		for _, l := range flatten(n.GetPrefix(), u) {
			t.size += len(l.path) + len(l.value) + 3
			if t.size > t.limit {
				t.cut = true
				return
			}
			t.leaves[l.path] = l.value
		}
	}
}

// text prints the leaves, the remarks before them. The error is
// devices.ErrTruncated where the limit cut them.
func (t *table) text(remarks []string) (string, error) {
	leaves := make([]leaf, 0, len(t.leaves))
	for path, value := range t.leaves {
		leaves = append(leaves, leaf{path, value})
	}
	sortLeaves(leaves)
	var b strings.Builder
	for _, r := range remarks {
		b.WriteString("# " + r + "\n")
	}
	for _, l := range leaves {
		b.WriteString(l.line() + "\n")
	}
	if t.cut {
		return b.String(), fmt.Errorf("%w (%d bytes): ask for a narrower path", devices.ErrTruncated, t.limit)
	}
	return b.String(), nil
}

func sortLeaves(ls []leaf) {
	slices.SortStableFunc(ls, func(a, b leaf) int { return natural(a.path, b.path) })
}

// natural compares texts with the numbers in them as numbers: eth2 before
// eth10.
func natural(a, b string) int {
	for a != "" && b != "" {
		x, y := digits(a), digits(b)
		if x > 0 && y > 0 {
			m, n := strings.TrimLeft(a[:x], "0"), strings.TrimLeft(b[:y], "0")
			if len(m) != len(n) {
				return len(m) - len(n)
			}
			if c := strings.Compare(m, n); c != 0 {
				return c
			}
			a, b = a[x:], b[y:]
			continue
		}
		if a[0] != b[0] {
			return int(rank(a[0])) - int(rank(b[0]))
		}
		a, b = a[1:], b[1:]
	}
	return len(a) - len(b)
}

// rank puts "/" and "[" before all else, so that a node stands before those
// whose names begin with its own.
func rank(c byte) byte {
	switch c {
	case '/':
		return 1
	case '[':
		return 2
	}
	return c
}

func digits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}
