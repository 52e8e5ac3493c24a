package devices_test

import (
	"fmt"

	"github.com/netsonde/netsonde/devices"
)

func ExampleParseInventory() {
	inv, warnings, err := devices.ParseInventory([]byte(`
version: 1
defaults: {platform: frr, ssh: {user: netro, password: env:LAB_PASSWORD}}
devices:
  r1: {address: 192.0.2.1, groups: [core]}
  r2: {address: 192.0.2.2, groups: [core, edge]}
  h1: {address: 192.0.2.9, platform: linux}
links: ["r1:eth1--r2:eth1"]
`), devices.Loading{
		File: "inventory.yaml",
		Env:  func(string) (string, bool) { return "hunter2", true },
	})
	fmt.Println(len(warnings), err)
	chosen, err := inv.Select("core !edge")
	for _, d := range chosen {
		fmt.Println(d.Name, d.Address, d.Platform, d.SSH.User, d.SSH.Password, err)
	}
	// Output:
	// 0 <nil>
	// r1 192.0.2.1 frr netro <secret> <nil>
}

func ExampleInventory_Select() {
	inv := &devices.Inventory{Devices: []devices.Device{{Name: "r1"}, {Name: "r2"}}}
	_, err := inv.Select("r3")
	fmt.Println(err)
	// Output:
	// limit "r3": unknown device; did you mean r1?
}
