package state_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/netsonde/netsonde/devices/state"
)

// bigTable is `show ip route` with n routes.
func bigTable(n int) string {
	var b strings.Builder
	b.WriteString("Codes: K - kernel route, C - connected\n       > - selected route\n\n")
	for i := range n {
		fmt.Fprintf(&b, "B>* 10.%d.%d.0/24 [20/0] via 192.0.2.%d, eth%d, weight 1, 01:02:03\n", i/256, i%256, i%250+1, i%8)
	}
	return b.String()
}

func BenchmarkAdd(b *testing.B) {
	const routes = 10_000
	var tables = [...]struct{ name, query, output string }{
		{"rib", "show ip route", bigTable(routes)},
		{"fib", "ip route show table all", strings.Repeat("10.1.5.0/24 nhid 45 via 10.1.1.2 dev eth1 proto bgp metric 20\n", routes)},
		{"bgp", "show ip bgp", "   Network          Next Hop            Metric LocPrf Weight Path\n" + strings.Repeat("*> 10.88.1.0/24     10.1.5.2                 0             0 65003 65004 ?\n", routes)},
		{"rib_json", "show ip route json", "{" + strings.TrimSuffix(strings.Repeat(`"10.1.2.0/24":[{"prefix":"10.1.2.0/24","protocol":"bgp","selected":true,"distance":20,"metric":0,"installed":true,"uptime":"00:09:53","nexthops":[{"fib":true,"ip":"10.1.1.2","interfaceName":"eth1","active":true}]}],`+"\n", routes), ",\n") + "}"},
	}
	for _, t := range tables {
		b.Run(t.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(t.output)))
			for b.Loop() {
				d := &state.Device{}
				if err := d.Add(state.Answer{Device: "r1", Platform: "frr", Query: t.query, Output: t.output, At: captured}); err != nil {
					b.Fatal(err)
				}
				if len(d.RIB)+len(d.FIB)+len(d.BGPRoutes) != routes {
					b.Fatalf("%d routes read", len(d.RIB)+len(d.FIB)+len(d.BGPRoutes))
				}
			}
		})
	}
}
