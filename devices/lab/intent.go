package lab

import (
	"strings"
)

// An intent is what the routers' configurations, taken together, mean to be
// up. It is computed from the files that the lab was built from, so a health
// check needs no list of its own.
type intent struct {
	ospf, isis []Port // one per end of an adjacency
	bgp        []session
	bfd        map[string]int // sessions per node
}

// A session is one end of a BGP session in one address family.
type session struct{ node, peer, family string }

// families maps FRR's configuration words to the keys of its JSON summary.
var families = map[string]string{"ipv4 unicast": "ipv4Unicast", "ipv6 unicast": "ipv6Unicast", "l2vpn evpn": "l2VpnEvpn"}

// intent reads all configurations.
func (t *Topology) intent() intent {
	in := intent{bfd: map[string]int{}}
	confs := map[string]config{}
	for _, n := range t.Nodes {
		confs[n.Name] = parseConfig(n.Config)
	}
	for _, l := range t.Links {
		a, b := confs[l.A.Node][l.A.Interface], confs[l.B.Node][l.B.Interface]
		if a.speaks("ip ospf area", "ip ospf passive") && b.speaks("ip ospf area", "ip ospf passive") {
			in.ospf = append(in.ospf, l.A, l.B)
		}
		if a.speaks("ip router isis", "isis passive") && b.speaks("ip router isis", "isis passive") {
			in.isis = append(in.isis, l.A, l.B)
		}
		if a.has("ip ospf bfd") && b.has("ip ospf bfd") {
			in.bfd[l.A.Node]++
			in.bfd[l.B.Node]++
		}
	}
	for _, n := range t.Nodes {
		for section, lines := range confs[n.Name] {
			in.addSessions(n.Name, section, lines)
		}
	}
	return in
}

// addSessions adds what one section of a configuration means for BGP.
func (in *intent) addSessions(node, section string, lines stanza) {
	family, isFamily := strings.CutPrefix(section, "address-family ")
	for _, line := range lines {
		f := strings.Fields(line)
		if len(f) < 3 || f[0] != "neighbor" {
			continue
		}
		if isFamily && f[2] == "activate" {
			in.bgp = append(in.bgp, session{node, f[1], families[family]})
		}
		if f[2] == "bfd" && len(f) == 3 {
			in.bfd[node]++
		}
	}
}

// A config is an FRR configuration: the lines of each section by the
// section's heading, for an interface by its name alone.
type config map[string]stanza

type stanza []string

func parseConfig(text string) config {
	c := config{}
	section := ""
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		bare := strings.TrimSpace(line)
		switch {
		case bare == "!" || bare == "exit" || bare == "end":
		case strings.HasPrefix(bare, "address-family "):
			section = bare
		case bare == "exit-address-family":
			section = ""
		case !strings.HasPrefix(line, " "):
			section = strings.TrimPrefix(bare, "interface ")
		default:
			c[section] = append(c[section], bare)
		}
	}
	return c
}

// has reports whether the section holds a line with that beginning.
func (s stanza) has(prefix string) bool {
	for _, line := range s {
		if strings.HasPrefix(line, prefix) {
			return true
		}
	}
	return false
}

// speaks reports whether an interface runs a protocol actively.
func (s stanza) speaks(enabled, passive string) bool { return s.has(enabled) && !s.has(passive) }
