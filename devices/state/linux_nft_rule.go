package state

import (
	"net/netip"
	"strings"
)

// condition reads the condition that words begin with, and returns how many
// words it has; 0 if it is none that a field can hold. A negated condition
// is left to Conditions.
func (r *nftReader) condition(row *FilterRule, words []string) int {
	if len(words) < 2 {
		return 0
	}
	key, value, n := words[0], words[1], 2
	if len(words) > 2 {
		switch pair := words[0] + " " + words[1]; pair {
		case "ip saddr", "ip daddr", "ip6 saddr", "ip6 daddr", "tcp dport", "tcp sport", "udp dport", "udp sport", "th dport", "th sport",
			"ip protocol", "ip6 nexthdr", "meta l4proto", "icmp type", "icmpv6 type", "ct state", "meta iifname", "meta oifname", "sctp dport", "ether type", "meta protocol", "meta nfproto":
			key, value, n = pair, words[2], 3
		}
	}
	if value == "!=" || value == "&" || value == ">" || value == "<" {
		return 0
	}
	if elems, ok := r.sets[value]; ok {
		value = "{" + elems + "}"
	}
	value = strings.TrimSpace(strings.Trim(value, "{}\" "))
	switch key {
	case "ip saddr", "ip6 saddr":
		row.Src = nftPrefixes(value)
		return knownIf(n, len(row.Src) > 0)
	case "ip daddr", "ip6 daddr":
		row.Dst = nftPrefixes(value)
		return knownIf(n, len(row.Dst) > 0)
	case "tcp dport", "udp dport", "sctp dport", "th dport":
		row.DstPort = value
		nftProtocol(row, strings.Fields(key)[0])
	case "tcp sport", "udp sport", "th sport":
		row.SrcPort = value
		nftProtocol(row, strings.Fields(key)[0])
	case "ip protocol", "ip6 nexthdr", "meta l4proto":
		row.Protocol = strings.ReplaceAll(value, " ", "")
	case "icmp type", "icmpv6 type":
		nftProtocol(row, strings.Fields(key)[0])
		row.ICMPType = value
	case "ct state":
		row.CTState = value
	case "iifname", "iif", "meta iifname":
		row.InIf = nftNames(value)
	case "oifname", "oif", "meta oifname":
		row.OutIf = nftNames(value)
	default:
		return 0
	}
	return n
}

// knownIf is n if ok: a condition that could not be read is unknown.
func knownIf(n int, ok bool) int {
	if ok {
		return n
	}
	return 0
}

func nftProtocol(row *FilterRule, p string) {
	if p != "th" && row.Protocol == "" {
		row.Protocol = p
	}
}

func nftNames(value string) string {
	return strings.ReplaceAll(strings.ReplaceAll(value, `"`, ""), " ", "")
}

// nftPrefixes reads addresses, prefixes and ranges; nil if any is none of these.
func nftPrefixes(value string) []netip.Prefix {
	var out []netip.Prefix
	for s := range strings.SplitSeq(value, ",") {
		if s = strings.TrimSpace(s); s == "" {
			continue
		}
		if p, ok := prefix(s); ok {
			out = append(out, p)
			continue
		}
		low, high, _ := strings.Cut(s, "-")
		ps := rangePrefixes(address(low), address(high))
		if len(ps) == 0 {
			return nil
		}
		out = append(out, ps...)
	}
	return out
}

// rangePrefixes covers low to high with prefixes; nil if that is no range or
// takes more than 64.
func rangePrefixes(low, high netip.Addr) []netip.Prefix {
	var out []netip.Prefix
	for low.IsValid() && high.IsValid() && low.BitLen() == high.BitLen() && low.Compare(high) <= 0 {
		bits := low.BitLen()
		for bits > 0 {
			p := netip.PrefixFrom(low, bits-1)
			if p.Masked().Addr() != low || lastAddr(p).Compare(high) > 0 {
				break
			}
			bits--
		}
		p := netip.PrefixFrom(low, bits)
		if out = append(out, p); len(out) > 64 {
			return nil
		}
		if low = lastAddr(p).Next(); !low.IsValid() {
			break
		}
	}
	return out
}

func lastAddr(p netip.Prefix) netip.Addr {
	b := p.Addr().AsSlice()
	for i := range b {
		for bit := range 8 {
			if i*8+bit >= p.Bits() {
				b[i] |= 0x80 >> bit
			}
		}
	}
	a, _ := netip.AddrFromSlice(b)
	return a
}

// nftStatement reads the statement that words begin with, and returns how many
// words it has; 0 if it is none.
func nftStatement(row *FilterRule, words []string) int {
	switch words[0] {
	case "accept", "drop", "return", "continue", "queue":
		row.Action = words[0]
		return 1
	case "reject":
		row.Action = "reject"
		return len(words)
	case "jump", "goto":
		row.Action = "jump"
		return 2
	case "counter":
		return nftCounter(row, words)
	case "limit":
		return nftLimit(row, words)
	case "numgen":
		return nftShare(row, words)
	case "masquerade", "snat", "dnat", "redirect", "tproxy":
		row.Action = "other"
		return len(words)
	case "comment", "log":
		return nftText(words)
	}
	return 0
}

func nftCounter(row *FilterRule, words []string) int {
	if len(words) >= 3 && words[1] == "name" {
		return 3
	}
	if len(words) >= 5 && words[1] == "packets" && words[3] == "bytes" {
		row.Packets, row.Octets = count64(words[2]), count64(words[4])
		return 5
	}
	return 1
}

// nftLimit reads "limit rate [over] 10/second [burst 5 packets]".
func nftLimit(row *FilterRule, words []string) int {
	n := 1
	for n < len(words) && !strings.ContainsAny(words[n], "/") {
		n++
	}
	n = min(n+1, len(words))
	if n+2 < len(words) && words[n] == "burst" {
		n += 3
	} else if n+2 == len(words) && words[n] == "burst" {
		n += 2
	}
	row.Rate = strings.Join(words[1:min(n, len(words))], " ")
	return n
}

// nftShare reads "numgen random mod 100 < 30": the rule takes 30 of 100.
func nftShare(row *FilterRule, words []string) int {
	if len(words) < 6 || words[2] != "mod" {
		return 0
	}
	mod, ok1 := number(words[3])
	value, ok2 := number(words[5])
	if !ok1 || !ok2 || mod == 0 {
		if ok1 && mod > 0 && words[4] != "<" { // numgen random mod 3 0: one of three
			row.Share = 1 / float64(mod)
			return 5
		}
		return 0
	}
	switch words[4] {
	case "<":
		row.Share = float64(value) / float64(mod)
	case "<=":
		row.Share = float64(value+1) / float64(mod)
	case ">=":
		row.Share = float64(mod-value) / float64(mod)
	case ">":
		row.Share = float64(mod-value-1) / float64(mod)
	case "==":
		row.Share = 1 / float64(mod)
	case "!=":
		row.Share = float64(mod-1) / float64(mod)
	default:
		row.Share = 1 / float64(mod)
		return 5
	}
	return 6
}

// nftText is the length of a statement that only says something: a log
// statement with its options, or a comment.
func nftText(words []string) int {
	n := 1
	for n+1 < len(words) && (words[n] == "prefix" || words[n] == "level" || words[n] == "group" || words[n] == "flags") {
		n += 2
	}
	if words[0] == "comment" {
		n = 2
	}
	return n
}
