package state_test

import (
	"fmt"

	"github.com/netsonde/netsonde/devices/state"
)

// A device is read answer by answer; each fact cites its line.
func ExampleDevice_Add() {
	d := &state.Device{Name: "r1", Platform: "frr"}
	err := d.Add(state.Answer{Device: "r1", Platform: "frr", Query: "show ip ospf interface eth1", Output: `eth1 is up
  ifindex 2, MTU 1400 bytes, BW 10000 Mbit <UP,BROADCAST,RUNNING,MULTICAST>
  Internet Address 10.1.2.1/30, Broadcast 10.1.2.3, Area 0.0.0.1 [Stub]
  Timer intervals configured, Hello 2s, Dead 8s, Wait 8s, Retransmit 5
`})
	row := d.OSPFInterfaces[0]
	fmt.Println(err, row.Name, row.Area, row.MTU, row.Hello)
	fmt.Println(row.Cite("Hello").Line, d.Read[state.TableOSPFIfs].Complete)
	// Output:
	// <nil> eth1 0.0.0.1 1400 2s
	// 4 false
}
