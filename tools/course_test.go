package tools

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netsonde/netsonde/policies"
)

const eth1 = "/interfaces/interface[name=eth1]/state/"

func TestSampledCourse(t *testing.T) {
	var b strings.Builder
	b.WriteString("# the device's clock is 1h0m0s ahead of ours\n")
	for i, status := range []string{"UP", "DOWN", "DOWN", "UP"} {
		at := fmt.Sprintf("2026-11-23T17:00:0%d.500Z ", i)
		fmt.Fprintf(&b, "%s%scounters/in-errors: 7\n", at, eth1)
		fmt.Fprintf(&b, "%s%scounters/in-octets: %d\n", at, eth1, uint64(18446744073709550000)+uint64(i)*300)
		fmt.Fprintf(&b, "%s%scounters/in-pkts: %d\n", at, eth1, []int{100, 100, 190, 190}[i])
		fmt.Fprintf(&b, "%s%smtu: 1500\n", at, eth1)
		fmt.Fprintf(&b, "%s%soper-status: %s\n", at, eth1, status)
		fmt.Fprintf(&b, "%s%squeue-depth: %d\n", at, eth1, []int{5, 9, 2, 4}[i])
		if i == 1 {
			b.WriteString("2026-11-23T17:00:01.900Z # gap begins: device unreachable\n")
		}
	}
	want := `# the device's clock is 1h0m0s ahead of ours
2026-11-23T17:00:01.900Z # gap begins: device unreachable
/interfaces/interface[name=eth1]/state/counters/
  in-octets: +900 in 3.0 s (300/s), now 18446744073709550900
  in-pkts: +90 in 3.0 s (30/s, peak 90/s), now 190
/interfaces/interface[name=eth1]/state/
  oper-status: UP -> DOWN at 17:00:01.500Z -> UP at 17:00:03.500Z (2 changes)
  queue-depth: 5 -> 4, between 2 and 9 (it fell: a gauge, or the counter was reset)
errors and discards that did not move:
/interfaces/interface[name=eth1]/state/counters/
  in-errors: 7
1 other leaves, lines or numbers did not move
`
	c := sampledCourse(b.String())
	if diff := cmp.Diff(want, c.text()); diff != "" {
		t.Error(diff)
	}
}

func TestRepeatedCourse(t *testing.T) {
	reading := func(second, packets int, more string) string {
		return fmt.Sprintf("# reading 2026-11-23T17:00:0%d.000Z\nInterface eth1 is up\n  RX %d packets, 0 errors\n  uptime 00:00:0%d\n%s", second, packets, second, more)
	}
	out := reading(0, 100, "nbr 10.0.0.2 Full\n") + reading(2, 150, "nbr 10.0.0.2 Init\n") +
		"# reading 2026-11-23T17:00:04.000Z failed: r1: device unreachable\n\n" + reading(6, 160, "nbr 10.0.0.2 Full\n")
	want := `# 2026-11-23T17:00:04.000Z failed: r1: device unreachable
RX [#] packets, # errors: +60 in 6.0 s (10/s), now 160
nbr 10.0.0.2 Full: in 2 of 3 readings, last at 17:00:06.000Z
nbr 10.0.0.2 Init: in 1 of 3 readings, last at 17:00:02.000Z
4 other leaves, lines or numbers did not move
`
	c := repeatedCourse(out, nil)
	if diff := cmp.Diff(want, c.text()); diff != "" {
		t.Error(diff)
	}
	c = repeatedCourse(out, policies.Filter{{Verb: "include", Arg: "uptime"}})
	if got := c.text(); !strings.Contains(got, "nothing moved\n1 other") {
		t.Errorf("filtered: %s", got)
	}
}

func TestCourseWithoutReadings(t *testing.T) {
	for _, out := range []string{"", "# no update within 10s: the device has nothing at this path\n", "garbage\n2026-11-23T17:00:01.900Z\n2026 x: y\n"} {
		c := sampledCourse(out)
		if got := c.text(); !strings.Contains(got, "nothing moved") {
			t.Errorf("%q reads %q", out, got)
		}
		r := repeatedCourse(out, nil)
		if got := r.text(); !strings.Contains(got, "nothing moved") {
			t.Errorf("%q repeated reads %q", out, got)
		}
	}
}

// TestHang holds that every line below a heading is the end of a line of the
// observation, so that it can be quoted.
func TestHang(t *testing.T) {
	in := "# a remark\n" + eth1 + "mtu: 1500\n" + eth1 + "description: a: b/c\n/interfaces/interface[name=et-0/0/1]/state/mtu: 9000\n/top: 1\n"
	want := "# a remark\n/interfaces/interface[name=eth1]/state/\n  mtu: 1500\n  description: a: b/c\n/interfaces/interface[name=et-0/0/1]/state/\n  mtu: 9000\n/top: 1\n"
	got := hang(in)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for line := range strings.Lines(got) {
		if rest, below := strings.CutPrefix(line, "  "); below && !strings.Contains(in, rest) {
			t.Errorf("%q is not of the observation", rest)
		}
	}
}
