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
		{"show ipv6 ospf6 [vrf <vrf>]", TableOSPF6, frrOSPF6},
		{"show ipv6 ospf6 [vrf <vrf>] interface", TableOSPF6Ifs, frrOSPF6Interfaces},
		{"show ipv6 ospf6 [vrf <vrf>] interface <name>", TableOSPF6Ifs, frrOSPF6Interfaces},
		{"show ipv6 ospf6 [vrf <vrf>] neighbor", TableOSPF6Nbrs, frrOSPF6Neighbors},
		{"show ipv6 ospf6 [vrf <vrf>] neighbor detail", TableOSPF6Nbrs, frrOSPF6NeighborDetail},
		{"show isis [vrf <vrf>] summary", TableISIS, frrISISSummary},
		{"show isis [vrf <vrf>] neighbor", TableISISNbrs, frrISISNeighbors},
		{"show isis [vrf <vrf>] neighbor detail", TableISISNbrs, frrISISNeighborDetail},
		{"show isis [vrf <vrf>] neighbor <name>", TableISISNbrs, frrISISNeighborDetail},
		{"show isis [vrf <vrf>] interface", TableISISIfs, frrISISInterfaces},
		{"show isis [vrf <vrf>] interface detail", TableISISIfs, frrISISInterfaceDetail},
		{"show isis [vrf <vrf>] interface <name>", TableISISIfs, frrISISInterfaceDetail},
		{"show [ip] bgp [vrf <vrf>] neighbors", TableBGPNbrs + " " + TableBGP, frrBGPNeighbors},
		{"show [ip] bgp [vrf <vrf>] neighbors <name>", TableBGPNbrs + " " + TableBGP, frrBGPNeighbors},
		{"show [ip] bgp [vrf <vrf>] [ipv4|ipv6 unicast] summary", TableBGPNbrs + " " + TableBGP, frrBGPSummary},
		{"show [ip] bgp [vrf <vrf>] l2vpn evpn summary", TableBGPNbrs + " " + TableBGP, frrBGPSummary},
		{"show ip bgp [vrf <vrf>]", TableBGPRoutes, frrBGPTable},
		{"show bgp [vrf <vrf>] ipv4 unicast", TableBGPRoutes, frrBGPTable},
		{"show bgp [vrf <vrf>] ipv6 unicast", TableBGPRoutes6, frrBGPTable},
		{"show ip bgp [vrf <vrf>] <prefix>", TableBGPRoutes, frrBGPEntry},
		{"show bgp [vrf <vrf>] ipv4 unicast <prefix>", TableBGPRoutes, frrBGPEntry},
		{"show bgp [vrf <vrf>] ipv6 unicast <prefix>", TableBGPRoutes6, frrBGPEntry},
		{"show bgp l2vpn evpn", TableEVPN, frrEVPNRoutes},
		{"show bgp l2vpn evpn route", TableEVPN, frrEVPNRoutes},
		{"show bgp l2vpn evpn vni", TableVNIs, frrBGPVNIs},
		{"show evpn vni", TableVNIs, frrVNIs},
		{"show evpn vni detail", TableVNIs, frrVNIDetail},
		{"show evpn vni <vni>", TableVNIs, frrVNIDetail},
		{"show evpn mac vni all", TableMACs, frrEVPNMACs},
		{"show ip route [vrf <vrf>]", TableRIB, frrRoutes},
		{"show ipv6 route [vrf <vrf>]", TableRIB6, frrRoutes},
		{"show ip route [vrf <vrf>] <prefix>", TableRIB, frrRouteEntry},
		{"show ipv6 route [vrf <vrf>] <prefix>", TableRIB6, frrRouteEntry},
		{"show ip fib [vrf <vrf>]", TableFIB, frrFIB},
		{"show ipv6 fib [vrf <vrf>]", TableFIB6, frrFIB},
		{"show bfd [vrf <vrf>] peers", TableBFD, frrBFD},
		{"show bfd [vrf <vrf>] peers brief", TableBFD, frrBFDBrief},
		{"show daemons", TableDaemons, frrDaemons},
		{"show running-config", TableConfig, frrConfig},
	}
}

// linuxReadings is what a Linux shell is asked.
func linuxReadings() []reading {
	return []reading{}
}
