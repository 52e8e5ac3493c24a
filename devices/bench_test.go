package devices_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/devices/standin"
	"github.com/netsonde/netsonde/policies"
)

// eight are the commands of one device's turn.
var eight = [...]string{
	"show version", "show ip route", "show interface", "show ip ospf neighbor",
	"show ip ospf interface", "show ip bgp summary", "show running-config", "show ip route summary",
}

// slowRouter answers each command after the time that it takes to think.
func slowRouter(think time.Duration) standin.SSH {
	return standin.SSH{User: "netro", Password: "hunter2", Shell: true, Answer: func(string) standin.Reply {
		time.Sleep(think)
		return standin.Reply{Text: "frr version 8.4.4\n"}
	}}
}

func askAll(b *testing.B, n *devices.Network, count int, qs []policies.Query) time.Duration {
	b.Helper()
	start := time.Now()
	var wg sync.WaitGroup
	for i := range count {
		for _, q := range qs {
			wg.Go(func() {
				if _, err := n.Fetch(b.Context(), fmt.Sprintf("r%d", i+1), q); err != nil {
					b.Error(err)
				}
			})
		}
	}
	wg.Wait()
	return time.Since(start)
}

// BenchmarkTenDevices reads eight commands from each of ten devices, logins
// included, against the slowest device alone (goal: under 1.3 times), and
// counts the logins (goal: one a device).
func BenchmarkTenDevices(b *testing.B) {
	var qs []policies.Query
	for _, line := range eight {
		qs = append(qs, show(b, platforms(b), "frr", line))
	}
	var all, alone time.Duration
	logins := 0
	for b.Loop() {
		slowest := slowRouter(50 * time.Millisecond)
		n, _ := network(b, devices.Wire{}, slowest)
		alone += askAll(b, n, 1, qs)
		_ = n.Close()
		routers := []standin.SSH{slowest}
		for i := range 9 {
			routers = append(routers, slowRouter(time.Duration(5*i)*time.Millisecond))
		}
		n, servers := network(b, devices.Wire{}, routers...)
		all += askAll(b, n, 10, qs)
		_ = n.Close()
		for _, s := range servers {
			logins += s.Counts().Logins
		}
	}
	b.ReportMetric(float64(all)/float64(alone), "times-slowest")
	b.ReportMetric(float64(logins)/float64(b.N)/10, "logins/device")
	b.ReportMetric(float64(all.Milliseconds())/float64(b.N), "ms/run")
}

// BenchmarkFetch is one read over a session that is open.
func BenchmarkFetch(b *testing.B) {
	n, _ := network(b, devices.Wire{}, router())
	q := show(b, platforms(b), "frr", "show version")
	for b.Loop() {
		if _, err := n.Fetch(b.Context(), "r1", q); err != nil {
			b.Fatal(err)
		}
	}
}
