package state

import (
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// after returns the word that follows key in line: up to a space or a comma.
// It is "" where key does not stand in line.
func after(line, key string) string {
	_, rest, ok := strings.Cut(line, key)
	if !ok {
		return ""
	}
	rest = strings.TrimLeft(rest, " ")
	if i := strings.IndexAny(rest, " ,\t"); i >= 0 {
		return rest[:i]
	}
	return rest
}

// number reads a decimal number, if need be with a unit behind it; ok is false
// where there is none.
func number(s string) (n int, ok bool) {
	end := 0
	for end < len(s) && s[end] >= '0' && s[end] <= '9' {
		end++
	}
	n, err := strconv.Atoi(s[:end])
	return n, err == nil
}

// count is number where absence is -1.
func count(s string) int {
	if n, ok := number(s); ok {
		return n
	}
	return -1
}

// count64 is count for counters.
func count64(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return -1
	}
	return n
}

// asn reads an AS number in asplain or asdot notation (RFC 5396).
func asn(s string) uint32 {
	if hi, lo, ok := strings.Cut(s, "."); ok {
		h, err1 := strconv.ParseUint(hi, 10, 16)
		l, err2 := strconv.ParseUint(lo, 10, 16)
		if err1 != nil || err2 != nil {
			return 0
		}
		return uint32(h<<16 | l)
	}
	n, err := strconv.ParseUint(s, 10, 32)
	if err != nil {
		return 0
	}
	return uint32(n)
}

// address reads an IP address, without zone; the zero Addr if it is none.
func address(s string) netip.Addr {
	s, _, _ = strings.Cut(s, "%")
	a, err := netip.ParseAddr(s)
	if err != nil {
		return netip.Addr{}
	}
	return a
}

// prefix reads a prefix, or an address as a host prefix; host bits are kept.
func prefix(s string) (netip.Prefix, bool) {
	if p, err := netip.ParsePrefix(s); err == nil {
		return p, true
	}
	if a := address(s); a.IsValid() {
		return netip.PrefixFrom(a, a.BitLen()), true
	}
	return netip.Prefix{}, false
}

// span reads a duration as routers print it: 00:01:13, 1d02h03m, 02w3d04h,
// 53.555s, 5m22s, 0:00:00:52. ok is false for "never" and the like.
func span(s string) (time.Duration, bool) {
	if strings.Contains(s, ":") {
		return clockSpan(s)
	}
	var total time.Duration
	units := map[byte]time.Duration{'w': 7 * 24 * time.Hour, 'd': 24 * time.Hour, 'h': time.Hour, 'm': time.Minute, 's': time.Second}
	for s != "" {
		end := 0
		for end < len(s) && (s[end] >= '0' && s[end] <= '9' || s[end] == '.') {
			end++
		}
		v, err := strconv.ParseFloat(s[:end], 64)
		if err != nil || end == len(s) || v > 1e9 {
			return 0, false
		}
		unit, ok := units[s[end]]
		if !ok {
			return 0, false
		}
		total += time.Duration(v * float64(unit))
		s = s[end+1:]
	}
	return total, total > 0
}

// clockSpan reads [days:]hours:minutes:seconds.
func clockSpan(s string) (time.Duration, bool) {
	parts := strings.Split(s, ":")
	if len(parts) < 3 || len(parts) > 4 {
		return 0, false
	}
	unit := []time.Duration{24 * time.Hour, time.Hour, time.Minute, time.Second}[4-len(parts):]
	var total time.Duration
	for i, p := range parts {
		n, err := strconv.Atoi(p)
		if err != nil || n < 0 || n > 1e6 {
			return 0, false
		}
		total += time.Duration(n) * unit[i]
	}
	return total, true
}

// vrfName gives the main table its one name.
func vrfName(s string) string {
	switch strings.ToLower(s) {
	case "", "default", "default-ip-routing-table", "master", "global", "grt":
		return mainVRF
	}
	return s
}

// indent counts the spaces (a tab as one) before the first word of line.
func indent(line string) int { return len(line) - len(strings.TrimLeft(line, " \t")) }
