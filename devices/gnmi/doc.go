// Package gnmi reads devices over gNMI (the gRPC Network Management
// Interface, specification 0.10): Get, and Subscribe as a bounded Watch.
//
// The rules that it keeps: a session sends nothing but the path of a
// policies.Query; an interceptor on every call, unary and stream, refuses any
// method but Capabilities, Get and Subscribe, so that a Set cannot leave the
// process even by mistake; plaintext and clear passwords only where the
// inventory says insecure, a token never without TLS; certificates are always
// verified; every answer is bounded.
//
// What a session brings back is text of one leaf a line, which can be quoted
// as evidence and is read by devices/state:
//
//	/interfaces/interface[name=eth1]/state/mtu: 1500
//
// with the keys of a list in the path, module prefixes of names taken off, in
// the order of the paths (eth2 before eth10). A Watch puts the device's time
// before each line. A line that starts with "#" (behind the time, if there is
// one) is not of the device: it says that the device's clock is off, that a
// stream broke and was resumed, or that an answer is not whole.
package gnmi
