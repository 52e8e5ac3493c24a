package policies

import (
	"fmt"
	"math"
	"net/netip"
	"slices"
	"strings"
)

// A matcher takes typed text off the front of ws. It returns the canonical
// print of what it took and how many words that was; 0 if the text does not
// fit. No print holds a blank, a quote or anything that a shell or a router's
// command line gives a meaning of its own, unless the type says so.
type matcher func(g *grammar, ws []word) (string, int)

// tokenType is one <type> of the notation.
type tokenType struct {
	name  string
	param bool // <name param>
	match func(param string) (matcher, error)
}

// tokenTypes are the types, the most particular first: where several fit a
// word, parsing tries them in this order.
func tokenTypes() []tokenType {
	plain := func(name string, fit func(string) (string, bool)) tokenType {
		return tokenType{name: name, match: func(string) (matcher, error) { return one(fit), nil }}
	}
	return []tokenType{
		{name: "command", param: true, match: innerCommand},
		{name: "flags", param: true, match: flagLetters},
		{name: "int", param: true, match: intRange},
		plain("ip", func(s string) (string, bool) { return address(s, netip.Addr.Is4) }),
		plain("ip6", func(s string) (string, bool) { return address(s, is6) }),
		plain("addr", func(s string) (string, bool) { return address(s, netip.Addr.IsValid) }),
		plain("prefix", func(s string) (string, bool) { return prefix(s, netip.Addr.Is4) }),
		plain("prefix6", func(s string) (string, bool) { return prefix(s, is6) }),
		plain("subnet", func(s string) (string, bool) { return prefix(s, netip.Addr.IsValid) }),
		plain("mac", macAddress),
		plain("asn", asNumber),
		plain("community", func(s string) (string, bool) { return numbers(s, ":", 2) }),
		plain("large-community", func(s string) (string, bool) { return numbers(s, ":", 3) }),
		plain("rd", routeDistinguisher),
		plain("esi", func(s string) (string, bool) { return only(s, "0123456789abcdefABCDEF:.", 3, 64) }),
		plain("system-id", systemID),
		{name: "interface", match: func(string) (matcher, error) { return interfaceName, nil }},
		{name: "vrf", match: func(string) (matcher, error) { return one(name), nil }},
		{name: "name", match: func(string) (matcher, error) { return one(name), nil }},
		{name: "host", match: func(string) (matcher, error) { return one(hostName), nil }},
		{name: "when", match: func(string) (matcher, error) { return one(moment), nil }},
		{name: "word", match: func(string) (matcher, error) { return one(name), nil }},
		plain("list", func(s string) (string, bool) { return only(s, "0123456789,-", 1, maxWord) }),
		plain("glob", globPattern),
		plain("sysctl", sysctlName),
		plain("count", countFlag),
		plain("port", portSuffix),
		plain("server", serverName),
		{name: "file", param: true, match: filePattern},
		{name: "kv", param: true, match: keyValue},
		plain("where", whereClause),
		plain("fields", fieldList),
		plain("sortkey", sortKey),
		plain("endpoint", endpointName),
		plain("proplist", propertyList),
		{name: "pattern", match: func(string) (matcher, error) { return quotedPattern, nil }},
		{name: "topic", match: func(string) (matcher, error) { return topic, nil }},
		plain("regexp", regexpText),
	}
}

// findType returns the type of the notation called kind and its rank.
func findType(kind string) (tokenType, int) {
	ts := tokenTypes()
	i := slices.IndexFunc(ts, func(t tokenType) bool { return t.name == kind })
	if i < 0 {
		return tokenType{}, -1
	}
	return ts[i], i
}

func newMatcher(kind, param string) (matcher, error) {
	t, at := findType(kind)
	switch {
	case at < 0:
		return nil, fmt.Errorf("<%s> is no type; the types are in token.go", kind)
	case t.param && param == "":
		return nil, fmt.Errorf("<%s> wants a parameter", kind)
	case !t.param && param != "":
		return nil, fmt.Errorf("<%s> takes no parameter", kind)
	}
	return t.match(param)
}

// one makes a matcher of a single word.
func one(fit func(string) (string, bool)) matcher {
	return func(_ *grammar, ws []word) (string, int) {
		if s, ok := fit(ws[0].text); ok {
			return s, 1
		}
		return "", 0
	}
}

// maxWord bounds a typed token, in bytes.
const maxWord = 128

// only accepts text of the given characters and length.
func only(s, chars string, least, most int) (string, bool) {
	if len(s) < least || len(s) > most {
		return "", false
	}
	for i := range len(s) {
		if strings.IndexByte(chars, s[i]) < 0 {
			return "", false
		}
	}
	return s, true
}

func isAlnum(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// name accepts what routers call VRFs, lists, maps, processes and files'
// names. It cannot begin with a hyphen (an option), and holds nothing that a
// shell reads.
func name(s string) (string, bool) {
	if s == "" || len(s) > maxWord || !isAlnum(s[0]) && s[0] != '_' {
		return "", false
	}
	for i := range len(s) {
		if !isAlnum(s[i]) && strings.IndexByte("_.:/@-", s[i]) < 0 {
			return "", false
		}
	}
	return s, !strings.Contains(s, "..")
}

func is6(a netip.Addr) bool { return a.Is6() }

// address accepts an IP address without a zone.
func address(s string, family func(netip.Addr) bool) (string, bool) {
	if _, ok := only(s, "0123456789abcdefABCDEF:.", 2, 45); !ok || !strings.ContainsAny(s, ".:") {
		return "", false
	}
	a, err := netip.ParseAddr(s)
	if err != nil || a.Zone() != "" || !family(a) {
		return "", false
	}
	return a.String(), true
}

// prefix accepts a prefix; host bits stay as they are.
func prefix(s string, family func(netip.Addr) bool) (string, bool) {
	if _, ok := only(s, "0123456789abcdefABCDEF:./", 4, 49); !ok || strings.IndexByte(s, '/') < 0 {
		return "", false
	}
	p, err := netip.ParsePrefix(s)
	if err != nil || !family(p.Addr()) {
		return "", false
	}
	return p.String(), true
}

// numbers accepts decimal numbers with separators between, such as 65000:1.
func numbers(s, sep string, count int) (string, bool) {
	if strings.Count(s, sep) != count-1 {
		return "", false
	}
	for rest, more := s, true; more; {
		var part string
		part, rest, more = strings.Cut(rest, sep)
		if _, ok := decimal(part); !ok {
			return "", false
		}
	}
	return s, true
}

// decimal reads an unsigned number of at most 32 bits, without leading zeros.
func decimal(s string) (uint64, bool) {
	if len(s) > 1 && s[0] == '0' || s == "" || len(s) > 10 {
		return 0, false
	}
	n := uint64(0)
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + uint64(s[i]-'0')
	}
	return n, n <= math.MaxUint32
}

// asNumber accepts an AS number in plain or dotted form (RFC 5396).
func asNumber(s string) (string, bool) {
	if _, ok := decimal(s); ok {
		return s, true
	}
	return numbers(s, ".", 2)
}

// routeDistinguisher accepts ASN:NN and A.B.C.D:NN (RFC 4364, 4.2).
func routeDistinguisher(s string) (string, bool) {
	admin, number, ok := strings.Cut(s, ":")
	if _, isNumber := decimal(number); !ok || !isNumber {
		return "", false
	}
	if _, isAS := asNumber(admin); isAS {
		return s, true
	}
	_, isIP := address(admin, netip.Addr.Is4)
	return s, isIP
}

// macAddress accepts 00:11:22:33:44:55, 00-11-..., 0011.2233.4455 and
// 0011-2233-4455, in the form in which it was given: platforms differ.
func macAddress(s string) (string, bool) {
	if _, ok := only(s, "0123456789abcdefABCDEF:-.", 12, 17); !ok {
		return "", false
	}
	for _, form := range []string{"xx:xx:xx:xx:xx:xx", "xx-xx-xx-xx-xx-xx", "xxxx.xxxx.xxxx", "xxxx-xxxx-xxxx"} {
		if fits(s, form) {
			return s, true
		}
	}
	return "", false
}

// fits reports whether s has form's separators in form's places.
func fits(s, form string) bool {
	if len(s) != len(form) {
		return false
	}
	for i := range len(s) {
		if isAlnum(s[i]) != (form[i] == 'x') || form[i] != 'x' && s[i] != form[i] {
			return false
		}
	}
	return true
}

// systemID accepts an IS-IS system id, LSP id or host name (ISO 10589):
// 0000.0000.0001, 0000.0000.0001.00-00, r1.00-00.
func systemID(s string) (string, bool) { return name(s) }

// hostName accepts a DNS name or an address (with a zone where it is IPv6
// link-local).
func hostName(s string) (string, bool) {
	if a, err := netip.ParseAddr(s); err == nil {
		if _, ok := name("z" + a.Zone()); !ok || len(s) > 64 {
			return "", false
		}
		return a.String(), true
	}
	if s == "" || len(s) > 253 || s[0] == '-' || s[0] == '.' {
		return "", false
	}
	for i := range len(s) {
		if !isAlnum(s[i]) && s[i] != '.' && s[i] != '-' && s[i] != '_' {
			return "", false
		}
	}
	return s, true
}

// moment accepts what journalctl takes for a time: a date, a time of day,
// both (which want quotes), today, yesterday, now, or how long ago ("-15min", printed without a blank).
func moment(s string) (string, bool) {
	if n, unit, ok := strings.Cut(strings.TrimSuffix(s, " ago"), " "); ok && strings.HasSuffix(s, " ago") {
		s = "-" + n + unit
	}
	if date, clock, ok := strings.Cut(s, " "); ok {
		_, isDate := only(date, "0123456789-", 8, 10)
		_, isClock := only(clock, "0123456789:", 4, 8)
		return "'" + s + "'", isDate && isClock
	}
	if s == "today" || s == "yesterday" || s == "now" {
		return s, true
	}
	if rest, ok := strings.CutPrefix(s, "-"); ok {
		unit := strings.TrimLeft(rest, "0123456789")
		_, isNumber := decimal(strings.TrimSuffix(rest, unit))
		return s, isNumber && slices.Contains([]string{"s", "sec", "seconds", "m", "min", "minutes", "h", "hour", "hours", "d", "day", "days"}, unit)
	}
	return only(s, "0123456789-:", 5, 19)
}

// regexpText accepts an expression that the device itself evaluates (BGP
// regexp). There is no "|" (a pipe), no "?" (help) and nothing of a shell's in
// it. "$" ends an expression or a group: before anything else it would name a
// variable or a command to the shells that read the lines of VyOS, unquoted,
// and to NX-OS.
func regexpText(s string) (string, bool) {
	if len(s) > maxWord {
		return "", false
	}
	for i := range len(s) {
		if !isAlnum(s[i]) && strings.IndexByte("_.^$*+()[]:,-", s[i]) < 0 {
			return "", false
		}
		if s[i] == '$' && i+1 < len(s) && s[i+1] != ')' {
			return "", false
		}
	}
	return s, s != "" && s[0] != '-'
}

// topic accepts a name that is not one of the words that secrets are filed
// under, such as a section of a configuration.
func topic(g *grammar, ws []word) (string, int) {
	s, ok := name(ws[0].text)
	if !ok || g.secretWord(s) != "" {
		return "", 0
	}
	return s, 1
}
