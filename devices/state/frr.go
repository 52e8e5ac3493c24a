package state

// frrReadings is what FRRouting's vtysh is asked, in text and JSON. Text is
// read by preference: its lines are what a finding quotes.
func frrReadings() []reading {
	return []reading{
		{"show version", TableSystem, frrVersion},
		{"show interface [vrf <vrf>]", TableInterfaces + " " + TableAddresses, frrInterfaces},
		{"show interface <name> [vrf <vrf>]", TableInterfaces + " " + TableAddresses, frrInterfaces},
		{"show ip ospf [vrf <vrf>]", TableOSPF, frrOSPF},
		{"show ip ospf [vrf <vrf>] interface", TableOSPFIfs, frrOSPFInterfaces},
		{"show ip ospf [vrf <vrf>] interface <name>", TableOSPFIfs, frrOSPFInterfaces},
		{"show ip ospf [vrf <vrf>] neighbor", TableOSPFNbrs, frrOSPFNeighbors},
		{"show ip ospf [vrf <vrf>] neighbor detail [all]", TableOSPFNbrs, frrOSPFNeighborDetail},
	}
}

// linuxReadings is what a Linux shell is asked.
func linuxReadings() []reading {
	return []reading{}
}
