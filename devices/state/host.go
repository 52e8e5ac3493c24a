package state

import (
	"net/netip"
	"time"
)

// A Listener is one open server socket.
type Listener struct {
	Origin
	Protocol string         // tcp, udp
	Local    netip.AddrPort // address :: or 0.0.0.0 means any
	Process  string
}

// A Resolver is one name server that a host asks.
type Resolver struct {
	Origin
	Server netip.Addr
}

// A Parameter is one kernel or system parameter, such as
// net.ipv4.ip_forward.
type Parameter struct {
	Origin
	Name, Value string
}

// A Daemon is one process that the device needs for its work.
type Daemon struct {
	Origin
	Name    string
	Running bool
}

// A LogLine is one line of a device's log.
type LogLine struct {
	Origin
	At       time.Time // by the device's clock
	Process  string
	Severity int // RFC 5424: 0 emergency ... 7 debug; -1 if not told
	Text     string
}

// A ProbeResult is a ping or traceroute that somebody ran and recorded.
type ProbeResult struct {
	Origin
	Target         netip.Addr
	Sent, Received int
	Hops           []netip.Addr // traceroute; zero for an unanswered hop
	Errors         []string     // "Destination Net Unreachable", ...
}
