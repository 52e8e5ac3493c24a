package agent

import (
	"strings"
	"testing"

	"github.com/netsonde/netsonde/devices"
)

func BenchmarkSuspicious(b *testing.B) {
	pattern := suspects()
	route := "B>* 10.4.0.0/24 [200/0] via 10.255.0.4 (recursive), weight 1, 00:04:12\n  *                      via 10.0.12.2, eth1, weight 1, 00:04:12\n"
	o := devices.Observation{Device: "r1", Query: "show ip route", Output: strings.Repeat(route, 1<<20/len(route))}
	b.SetBytes(int64(len(o.Output)))
	for b.Loop() {
		suspicious(pattern, o)
	}
}

func BenchmarkLedgerQuote(b *testing.B) {
	route := "B>* 10.4.0.0/24 [200/0] via 10.255.0.4 (recursive), weight 1, 00:04:12\n"
	o := devices.Observation{Device: "r1", Query: "show ip route", Output: strings.Repeat(route, 10_000) + "C>* 10.9.9.0/24 is directly connected, eth9\n"}
	for b.Loop() {
		l := newLedger(NewPlaces(nil), nil)
		l.add(o)
		e := Evidence{Observation: "o1", Quote: "10.9.9.0/24 is directly connected"}
		if fault := l.evidenceFault(&e); fault != "" {
			b.Fatal(fault)
		}
	}
}
