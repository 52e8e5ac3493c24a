package pseudonym

import (
	"cmp"
	"encoding/hex"
	"net/netip"
	"regexp"
	"slices"
	"strings"
)

// named are the places where a text tells a host's or a domain's name.
var named = regexp.MustCompile(`(?mi)^\s*(?:hostname:?|switchname|sysname|host-name|set system host-name|domain|search|ip domain[- ]name|domain-name|` +
	`sysname:|SysName:|System Name:|set name)[ \t:=]+["']?([\w.-]+)["']?;?[ \t\r]*$`)

// systems are the places where a text tells an AS number.
var systemsAt = regexp.MustCompile(`(?i)(?:router bgp|remote-as|local-as|remote AS|local AS(?: number)?|peer-as|AS number|autonomous-system|system-as|` +
	`confederation (?:identifier|peers)|"(?:remoteAs|localAs|as|peerAs|asn)"\s*:|(?:peer|local)-as:)[ \t]*["']?(\d{1,10})`)

// Learn reads a text for the names and AS numbers that it tells.
func (m *Mapper) Learn(text string) {
	for _, g := range named.FindAllStringSubmatch(text, -1) {
		host, domain, _ := strings.Cut(g[1], ".")
		m.Name(host)
		if domain != "" {
			m.Name(strings.TrimSuffix(domain, "."))
		}
	}
	for _, g := range systemsAt.FindAllStringSubmatch(text, -1) {
		m.system(g[1])
	}
}

// free is a line's free text: what somebody wrote, that no router reads.
var free = regexp.MustCompile(`(?mi)^(\s*(?:[+-]\s*)?(?:set [\w ./-]*)?(?:description|remark|contact|location|snmp-server (?:contact|location)|desc|alias)(?::| )\s*|` +
	`.*"(?:desc|description|nbrDesc|ifalias)"\s*:\s*"|.*/description: "?)([^\s"][^"\r\n]*)`)

// word is anything that may be an address, a prefix, an AS number or a name.
var word = regexp.MustCompile(`[0-9A-Fa-f]*:[0-9A-Fa-f:.]+(?:/\d{1,3})?|\d+(?:\.\d+)+(?:/\d{1,2})?|[A-Za-z0-9]+`)

// netmask is an address with its mask, or its wildcard, behind it.
var netmask = regexp.MustCompile(`\b(\d+\.\d+\.\d+\.\d+)( (?:mask |wildcard )?)((?:255|0)\.\d+\.\d+\.\d+)\b`)

// Text returns the text with pseudonyms in place. The number of lines stays;
// columns stay aligned where there is room.
func (m *Mapper) Text(text string) string {
	text = free.ReplaceAllStringFunc(text, func(s string) string {
		g := free.FindStringSubmatch(s)
		return g[1] + m.free(g[2])
	})
	text = m.composite(text)
	text = netmask.ReplaceAllStringFunc(text, func(s string) string {
		g := netmask.FindStringSubmatch(s)
		return m.masked(g) + g[2] + g[3]
	})
	var b strings.Builder
	at := 0
	for _, span := range word.FindAllStringIndex(text, -1) {
		from, to := span[0], span[1]
		if from < at {
			continue
		}
		old := text[from:to]
		now := m.word(text, from, to)
		if now == old {
			continue
		}
		b.WriteString(text[at:from])
		b.WriteString(now)
		at = to
		room := 0
		for at+room < len(text) && text[at+room] == ' ' {
			room++
		}
		switch grown := len(now) - len(old); {
		case room < 2:
		case grown > 0:
			at += min(grown, room-1)
		default:
			b.WriteString(strings.Repeat(" ", -grown))
		}
	}
	b.WriteString(text[at:])
	return strings.ReplaceAll(b.String(), done, "")
}

// composite maps the names that hold marks (core-2, dc1.example.net), which
// are more than one word.
func (m *Mapper) composite(text string) string {
	re := m.composites()
	if re == nil {
		return text
	}
	var b strings.Builder
	at := 0
	for _, s := range re.FindAllStringIndex(text, -1) {
		if s[0] > 0 && alnum(text[s[0]-1]) || s[1] < len(text) && alnum(text[s[1]]) {
			continue
		}
		m.mu.Lock()
		now := m.names[strings.ToLower(text[s[0]:s[1]])]
		m.mu.Unlock()
		b.WriteString(text[at:s[0]])
		b.WriteString(now)
		at = s[1]
	}
	b.WriteString(text[at:])
	return b.String()
}

// composites returns what finds the names that hold marks, the longest first.
func (m *Mapper) composites() *regexp.Regexp {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.foundOf == len(m.names) {
		return m.find
	}
	var names []string
	for n := range m.names {
		if strings.ContainsAny(n, "-_.") {
			names = append(names, regexp.QuoteMeta(n))
		}
	}
	m.find, m.foundOf = nil, len(m.names)
	if len(names) > 0 {
		slices.SortFunc(names, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
		m.find = regexp.MustCompile("(?i)" + strings.Join(names, "|"))
	}
	return m.find
}

func alnum(b byte) bool {
	return digit(b) || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
}

// done marks, in front of an address, that it was mapped with its mask.
const done = "\x00"

// masked maps the network of an address that is followed by its mask.
func (m *Mapper) masked(g []string) string {
	a, err1 := netip.ParseAddr(g[1])
	mask, err2 := netip.ParseAddr(g[3])
	if err1 != nil || err2 != nil {
		return g[1]
	}
	bits, host, was := mask.As4(), m.Address(a).As4(), a.As4()
	network := true
	for i := range bits {
		if bits[0] == 0 { // a wildcard
			bits[i] = ^bits[i]
		}
	}
	for i := range bits {
		network = network && was[i]&^bits[i] == 0
	}
	for i := range bits {
		if network {
			host[i] &= bits[i]
		}
	}
	return done + netip.AddrFrom4(host).String()
}

// word returns what takes the place of text[from:to].
func (m *Mapper) word(text string, from, to int) string {
	w := text[from:to]
	if strings.ContainsAny(w, ".:") {
		return m.addressWord(text, from, to)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if p, ok := m.systems[w]; ok && (len(w) >= 4 || asContext(text[:from])) && !decimal(text, from, to) {
		return p
	}
	if p, ok := m.names[strings.ToLower(w)]; ok && (from == 0 || text[from-1] != '%') {
		return p
	}
	return w
}

// addressWord maps an address or a prefix. What only looks like one (a
// version, a time, a MAC address) stays.
func (m *Mapper) addressWord(text string, from, to int) string {
	w := text[from:to]
	if from > 0 && text[from-1] == done[0] || decimal(text, from, to) {
		return w
	}
	tail := ""
	if strings.HasSuffix(w, ":") && !strings.HasSuffix(w, "::") || strings.HasSuffix(w, ".") {
		w, tail = w[:len(w)-1], w[len(w)-1:]
	}
	if p, err := netip.ParsePrefix(w); err == nil {
		return m.Prefix(p).String() + tail
	}
	if a, err := netip.ParseAddr(w); err == nil {
		return m.Address(a).String() + tail
	}
	if host, port, ok := strings.Cut(w, ":"); ok && strings.Count(w, ":") == 1 { // 10.0.0.1:179, a route distinguisher
		if a, err := netip.ParseAddr(host); err == nil {
			return m.Address(a).String() + ":" + port + tail
		}
		m.mu.Lock()
		defer m.mu.Unlock()
		if p, ok := m.systems[host]; ok { // 65001:100
			return p + ":" + port + tail
		}
	}
	return text[from:to]
}

// decimal reports whether text[from:to] is a part of a longer number or of a
// version, which is no address and no AS number.
func decimal(text string, from, to int) bool {
	before := from > 1 && text[from-1] == '.' && digit(text[from-2]) || from > 0 && (text[from-1] == '_' || text[from-1] == '-') && from > 1 && digit(text[from-2])
	return before || to+1 < len(text) && (text[to] == '.' || text[to] == '-') && digit(text[to+1]) && !strings.Contains(text[from:to], ".")
}

func digit(b byte) bool { return b >= '0' && b <= '9' }

// asContext reports whether a short number behind head is an AS number.
func asContext(head string) bool {
	head = strings.ToLower(head[max(0, len(head)-24):])
	for _, s := range [...]string{"bgp ", "-as ", " as ", "as number ", `as": `, `as":`, "-as: "} {
		if strings.HasSuffix(head, s) {
			return true
		}
	}
	return false
}

// free maps a free text as a whole.
func (m *Mapper) free(s string) string {
	s = strings.TrimRight(s, " ;,")
	if s == "" {
		return s
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	p, ok := m.texts[s]
	if !ok {
		p = "text-" + hex.EncodeToString(m.digest("text", s)[:4])
		m.texts[s] = p
	}
	return p
}
