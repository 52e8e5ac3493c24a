package state

import "strings"

// linuxReadings is what a Linux shell is asked, in the words of shellWords.
func linuxReadings() []reading {
	links, both := TableInterfaces, TableInterfaces+" "+TableAddresses
	return []reading{
		{"ip link", links, ipLink},
		{"ip link <what> ...", links, ipLink},
		{"ip brief link ...", links, ipBrief},
		{"ip [4|6] addr", both, ipLink},
		{"ip [4|6] addr <what> ...", both, ipLink},
		{"ip brief [4|6] addr ...", both, ipBrief},
		{"ip [4|6] route get ...", "", ignore}, // one packet's way is no row of a table
		{"ip route table all", TableFIB + " " + TableFIB6, ipRoute},
		{"ip [4] route [table <table>]", TableFIB, ipRoute},
		{"ip 6 route [table <table>]", TableFIB6, ipRoute},
		{"ip [4] route <what> ...", TableFIB, ipRoute},
		{"ip 6 route <what> ...", TableFIB6, ipRoute},
		{"ip [4|6] neigh", TableNeighbors, ipNeigh},
		{"ip [4|6] neigh <what> ...", TableNeighbors, ipNeigh},
		{"arp ...", TableNeighbors, arpTable},
		{"netstat ...", TableListeners, netstatListeners},
		{"nft list ruleset", TableFilters, nftRuleset},
		{"iptables-save ...", TableFilters, iptablesSave},
		{"ip6tables-save ...", TableFilters, iptablesSave},
		{"iptables|ip6tables ...", TableFilters, iptablesSave},
		{"sysctl all", TableParameters, sysctl},
		{"sysctl <name> ...", TableParameters, sysctl},
		{"sysctl", TableParameters, sysctl},
		{"tc qdisc", TableQueues, tcQdisc},
		{"tc qdisc <what> ...", TableQueues, tcQdisc},
		{"bridge fdb", TableMACs, bridgeFDB},
		{"bridge fdb <what> ...", TableMACs, bridgeFDB},
		{"lldpcli show neighbors [details]", TableLLDP, lldpText},
		{"lldpcli show neighbors <what> ...", TableLLDP, lldpText},
		{"lldpctl", TableLLDP, lldpText},
		{"ss ...", TableListeners, ssListeners},
		{"cat /etc/resolv.conf", TableResolvers, resolvConf},
		{"resolvectl [status]", TableResolvers, resolvectl},
		{"uname ...", TableSystem, uname},
		{"hostname", TableSystem, hostname},
		{"ps ...", TableDaemons, psDaemons},
		{"ping ...", "", probe},
		{"traceroute ...", "", probe},
		{"cat /var/log/frr/frr.log", TableLogs, frrLog},
		{"tail -n <lines> /var/log/frr/frr.log", TableLogs, frrLog},
		{"show logging", TableLogs, frrLog},
	}
}

// ignore reads nothing: the answer stays text.
func ignore(*Device, *text) {}

// ipObjects are the objects of iproute2 by the first letters that name them.
var ipObjects = [...]struct{ short, name string }{
	{"link", "link"}, {"address", "addr"}, {"route", "route"}, {"neighbour", "neigh"}, {"neighbor", "neigh"}, {"rule", "rule"}, {"nexthop", "nexthop"}, {"vrf", "vrf"},
}

// shellWords puts a shell command into the one form that the patterns have:
// "/sbin/ip -6 -j r ls table all" is "ip 6 route table all json".
func shellWords(words []string) ([]string, bool) {
	if len(words) == 0 {
		return nil, false
	}
	name := words[0][strings.LastIndex(words[0], "/")+1:]
	switch name {
	case "ip", "bridge", "tc", "nft", "lldpcli", "sysctl":
		return toolWords(name, words[1:]), true
	case "ss", "arp", "netstat", "uname", "hostname", "ps", "ping", "ping6", "traceroute", "lldpctl":
		return append([]string{strings.TrimSuffix(name, "6")}, words[1:]...), true
	}
	return nil, false
}

// toolWords takes the options off a command, in whatever order they stand.
func toolWords(name string, words []string) []string {
	out := []string{name}
	var rest []string
	json := false
	for i := 0; i < len(words); i++ {
		switch w := words[i]; {
		case w == "-j" || w == "-json" || w == "-jd" || w == "-dj":
			json = true
		case w == "-f" && i+1 < len(words):
			i++
			json = strings.HasPrefix(words[i], "json")
		case (w == "-u" || w == "-n" && name == "ip") && i+1 < len(words):
			i++
		case w == "-4" || w == "-6":
			out = append(out, w[1:])
		case w == "-br" || w == "-brief":
			out = append(out, "brief")
		case w == "-a" && name == "sysctl":
			rest = append(rest, "all")
		case strings.HasPrefix(w, "-"):
		default:
			rest = append(rest, w)
		}
	}
	if name == "ip" {
		rest = ipWords(rest)
	}
	if name == "bridge" || name == "tc" {
		rest = dropVerb(rest)
	}
	out = append(out, rest...)
	if json {
		out = append(out, "json")
	}
	return out
}

// ipWords gives the object its one name and drops the verb.
func ipWords(words []string) []string {
	if len(words) == 0 {
		return words
	}
	for _, o := range ipObjects {
		if strings.HasPrefix(o.short, words[0]) || words[0] == o.name {
			words = append([]string{o.name}, words[1:]...)
			break
		}
	}
	return dropVerb(words)
}

func dropVerb(words []string) []string {
	if len(words) > 1 {
		switch words[1] {
		case "show", "sh", "s", "list", "ls", "lst", "l":
			return append(words[:1:1], words[2:]...)
		}
	}
	return words
}
