// Package lab is a network of real routers on one machine: FRR daemons, hosts,
// sshd, lldpd and a gNMI target a node, each node in network, mount, UTS and
// PID namespaces of its own, and a catalogue of named faults to break it with.
//
// It is the only package that writes anything to a router, so only
// cmd/sondelab imports it; netsonde meets the lab as it meets any network,
// over SSH and gNMI through an inventory file.
//
// The rules it keeps. Nothing is added to the machine's own interfaces, routes
// or accounts: a node's /etc, /run, /var/log and /home are private, and the
// user's shell reaches a node only through a relay that listens on loopback
// and dials from inside the node's network namespace. A lab lives under one
// directory and the processes that its supervisor started; Down ends those by
// process id and start time and removes that directory. Many labs can be up
// at once. A lab needs root, and Debian's packages frr, openssh-server,
// iproute2, nftables, lldpd and iputils-ping.
//
// The network itself is data: network/lab.clab.yml (containerlab's format) and
// one FRR configuration a router; faults are data too: faults/*.yaml. Health is
// computed from those files: what is configured on both ends must be up.
//
// A lab on disk:
//
//	lab.json        the nodes, their processes and ports (Lab)
//	inventory.yaml  netsonde's inventory of it
//	known_hosts key key.pub ca.pem lab.clab.yml network/ nodes/NAME/...
package lab
