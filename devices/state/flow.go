package state

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// A Flow is the traffic whose path is asked for.
type Flow struct {
	Protocol         string // icmp, tcp, udp, ospf, ...; "" any IP packet
	Src, Dst         netip.Addr
	SrcPort, DstPort int    // 0: any (a client's port)
	ICMPType         string // echo-request, echo-reply
	Reply            bool   // the answers of a flow: its connection is established
}

// ParseFlow reads "udp/53", "tcp/80", "icmp" or "" (an echo request).
func ParseFlow(text string) (Flow, error) {
	if text == "" {
		return Flow{Protocol: "icmp", ICMPType: "echo-request"}, nil
	}
	protocol, port, has := strings.Cut(strings.ToLower(strings.TrimSpace(text)), "/")
	f := Flow{Protocol: protocol}
	switch protocol {
	case "icmp":
		f.ICMPType = "echo-request"
	case "tcp", "udp", "ip", "ospf", "gre", "esp":
	default:
		return f, fmt.Errorf("flow %q: want a protocol and port, such as udp/53, tcp/443 or icmp", text)
	}
	if protocol == "ip" {
		f.Protocol = ""
	}
	if has {
		n, err := strconv.Atoi(port)
		if err != nil || n < 1 || n > 65535 {
			return f, fmt.Errorf("flow %q: %q is no port", text, port)
		}
		f.DstPort = n
	}
	return f, nil
}

// Back returns the flow of the answers.
func (f Flow) Back() Flow {
	f.Src, f.Dst, f.SrcPort, f.DstPort, f.Reply = f.Dst, f.Src, f.DstPort, f.SrcPort, true
	if f.ICMPType == "echo-request" {
		f.ICMPType = "echo-reply"
	}
	return f
}

// String returns "udp/53", or "icmp".
func (f Flow) String() string {
	switch {
	case f.Protocol == "":
		return "ip"
	case f.DstPort > 0:
		return fmt.Sprintf("%s/%d", f.Protocol, f.DstPort)
	case f.Reply && f.SrcPort > 0:
		return fmt.Sprintf("%s/%d replies", f.Protocol, f.SrcPort)
	}
	return f.Protocol
}

// matches reports whether the rule surely takes packets of the flow that come
// in by in and go out by out ("" where there is none). What a rule says that
// is not understood makes it not match: a drop is never assumed.
func (r FilterRule) matches(f Flow, in, out string) bool {
	switch {
	case r.Conditions != "": // what is not understood proves nothing
		return false
	case strings.Contains(r.Text, "!=") || strings.Contains(r.Text, " not "):
		return false
	case r.InIf != "" && !matchName(r.InIf, in), r.OutIf != "" && !matchName(r.OutIf, out):
		return false
	case r.Protocol != "" && !sameProtocol(r.Protocol, f.Protocol):
		return false
	case !within1(r.Src, f.Src), !within1(r.Dst, f.Dst):
		return false
	case r.SrcPort != "" && !matchPort(r.SrcPort, f.SrcPort), r.DstPort != "" && !matchPort(r.DstPort, f.DstPort):
		return false
	case r.ICMPType != "" && !strings.Contains(r.ICMPType, f.ICMPType) || r.ICMPType != "" && f.ICMPType == "":
		return false
	case r.CTState != "":
		return matchState(r.CTState, f)
	}
	return true
}

func matchState(states string, f Flow) bool {
	if f.Reply {
		return strings.Contains(states, "established")
	}
	return strings.Contains(states, "new")
}

func matchName(pattern, name string) bool {
	pattern = strings.Trim(pattern, `"{} `)
	if prefix, ok := strings.CutSuffix(pattern, "*"); ok {
		return name != "" && strings.HasPrefix(name, prefix)
	}
	for _, p := range strings.Split(pattern, ",") {
		if strings.Trim(p, `" `) == name && name != "" {
			return true
		}
	}
	return false
}

var protocolNumbers = map[string]string{"1": "icmp", "6": "tcp", "17": "udp", "47": "gre", "89": "ospf", "ospfigp": "ospf", "58": "ipv6-icmp", "icmpv6": "ipv6-icmp"}

// sameProtocol reports whether b is one of the protocols of a rule: "tcp,udp".
func sameProtocol(a, b string) bool {
	for p := range strings.SplitSeq(a, ",") {
		if protocolName(strings.TrimSpace(p)) == protocolName(b) {
			return true
		}
	}
	return false
}

func protocolName(p string) string {
	p = strings.ToLower(p)
	if name, ok := protocolNumbers[p]; ok {
		return name
	}
	return p
}

// within1 reports whether ip is in one of ps; an empty list holds all.
func within1(ps []netip.Prefix, ip netip.Addr) bool {
	for _, p := range ps {
		if p.Contains(ip) {
			return true
		}
	}
	return len(ps) == 0
}

var portNames = map[string]int{"domain": 53, "http": 80, "https": 443, "bgp": 179, "ssh": 22, "bfd-control": 3784, "http-alt": 8080, "vxlan": 4789}

// matchPort reports whether port is in a set such as "53", "80,443",
// "{ 80, 443 }" or "1024-65535". Port 0, a client's own, is in no set.
func matchPort(set string, port int) bool {
	for _, p := range strings.FieldsFunc(set, func(r rune) bool { return strings.ContainsRune("{}, ", r) }) {
		low, high, ranged := strings.Cut(p, "-")
		from, ok := portNumber(low)
		if name, isName := portNames[p]; isName {
			from, ok, ranged = name, true, false
		}
		to := from
		if ranged {
			to, _ = portNumber(high)
		}
		if ok && port != 0 && port >= from && port <= to {
			return true
		}
	}
	return false
}

func portNumber(s string) (int, bool) {
	if n, ok := portNames[s]; ok {
		return n, true
	}
	n, err := strconv.Atoi(s)
	return n, err == nil
}

// Drops reports whether the rule takes packets away, always or sometimes.
func (r FilterRule) Drops() bool { return r.Action == "drop" || r.Action == "reject" }

// filtered returns the rule (or the chain's policy) of d that drops the flow
// at one of the hooks; false if none does. A rule that takes only a share of
// the packets does not end the walk.
func (d *Device) filtered(f Flow, in, out string, hooks ...string) (FilterRule, bool) {
	for _, hook := range hooks {
		done := map[string]bool{} // chains that accepted
		var policy []FilterRule
		for _, r := range d.Filters {
			chain := r.Family + " " + r.Table + " " + r.Chain
			if r.Hook != hook || done[chain] || r.Family == "arp" || r.Family == "bridge" || (r.Family == "ip" && !f.Dst.Is4()) || (r.Family == "ip6" && f.Dst.Is4()) {
				continue
			}
			if r.Text == "" || r.Action == "" { // the chain itself
				policy = append(policy, r)
				continue
			}
			if !r.matches(f, in, out) {
				continue
			}
			switch {
			case r.Drops() && (r.Share == 0 || r.Share >= 1) && r.Rate == "":
				return r, true
			case r.Action == "accept", r.Action == "return":
				done[chain] = true
			}
			policy = append(policy, r)
		}
		for _, r := range policy {
			if r.Policy == "drop" && !done[r.Family+" "+r.Table+" "+r.Chain] {
				return r, true
			}
		}
	}
	return FilterRule{}, false
}
