package state

import (
	"fmt"
	"strings"
)

// iptablesSave reads `iptables-save [-c]` and `iptables -S`.
func iptablesSave(d *Device, t *text) {
	r := iptablesReader{t: t, family: "ip", table: "filter", policies: map[string]string{}}
	if strings.Contains(t.answer.Query, "ip6tables") {
		r.family = "ip6"
	}
	for i, line := range t.lines {
		r.line(i, strings.TrimSpace(line))
	}
	d.filters(r.rows)
}

type iptablesReader struct {
	t             *text
	family, table string
	policies      map[string]string // by table and chain
	rows          []FilterRule
}

func (r *iptablesReader) line(i int, line string) {
	switch {
	case strings.HasPrefix(line, "*"):
		r.table = line[1:]
	case strings.HasPrefix(line, ":"):
		f := strings.Fields(line[1:])
		if len(f) >= 2 {
			r.chain(i, line, f[0], f[1])
		}
	case strings.HasPrefix(line, "-P "):
		if f := strings.Fields(line); len(f) >= 3 {
			r.chain(i, line, f[1], f[2])
		}
	case strings.HasPrefix(line, "[") || strings.HasPrefix(line, "-A "):
		r.rule(i, line)
	}
}

func (r *iptablesReader) chain(i int, line, name, policy string) {
	if policy == "-" {
		return // a chain of the user's
	}
	r.policies[r.table+" "+name] = strings.ToLower(policy)
	r.rows = append(r.rows, r.row(i, line, name))
}

func (r *iptablesReader) row(i int, line, chain string) FilterRule {
	row := FilterRule{
		Origin: r.t.origin(i), Family: r.family, Table: r.table, Chain: chain, Text: line,
		Policy: r.policies[r.table+" "+chain], Share: 1, Packets: -1, Octets: -1,
	}
	if row.Policy != "" {
		row.Hook = strings.ToLower(chain)
	}
	return row
}

// rule reads "[12:720] -A FORWARD -s 10.0.0.0/8 -p tcp -m tcp --dport 80 -j DROP".
func (r *iptablesReader) rule(i int, line string) {
	counters, rest, counted := strings.Cut(line, "] ")
	if !counted {
		rest = line
	}
	f := nftWords(rest)
	if len(f) < 2 || f[0] != "-A" {
		return
	}
	row := r.row(i, line, f[1])
	if packets, octets, ok := strings.Cut(strings.TrimPrefix(counters, "["), ":"); ok && counted {
		row.Packets, row.Octets = count64(packets), count64(octets)
	}
	row.Action = "count"
	iptablesWords(&row, f[2:])
	r.rows = append(r.rows, row)
}

// iptablesWords reads options and their values. A negated or unknown one goes
// to Conditions.
func iptablesWords(row *FilterRule, f []string) {
	var unknown []string
	for i := 0; i < len(f); i++ {
		if f[i] == "!" {
			for unknown = append(unknown, f[i]); i+1 < len(f) && !strings.HasPrefix(f[i+1], "-j"); i++ {
				unknown = append(unknown, f[i+1])
				if len(unknown) >= 3 {
					i++
					break
				}
			}
			continue
		}
		value := ""
		if i+1 < len(f) {
			value = f[i+1]
		}
		n, ok := iptablesOption(row, f[i], value)
		if !ok {
			unknown = append(unknown, f[i])
		}
		i += n
	}
	row.Conditions = strings.Join(unknown, " ")
}

// iptablesOption reads one option; it returns how many further words it has,
// and false if it is unknown.
func iptablesOption(row *FilterRule, option, value string) (int, bool) {
	switch option {
	case "-s", "-d":
		ps := nftPrefixes(value)
		if option == "-s" {
			row.Src = ps
		} else {
			row.Dst = ps
		}
		return 1, len(ps) > 0
	case "-i":
		row.InIf = strings.ReplaceAll(value, "+", "*")
	case "-o":
		row.OutIf = strings.ReplaceAll(value, "+", "*")
	case "-p":
		row.Protocol = value
	case "--dport", "--dports":
		row.DstPort = strings.ReplaceAll(value, ":", "-")
	case "--sport", "--sports":
		row.SrcPort = strings.ReplaceAll(value, ":", "-")
	case "--icmp-type", "--icmpv6-type":
		row.ICMPType = icmpName(value)
	case "--state", "--ctstate":
		row.CTState = strings.ToLower(value)
	case "--limit":
		row.Rate = "rate " + value
	case "--probability":
		_, err := fmt.Sscanf(value, "%g", &row.Share)
		return 1, err == nil
	case "-j", "-g":
		row.Action = iptablesTarget(value)
	case "-m", "--comment", "--reject-with", "--limit-burst", "--mode", "--log-prefix", "--log-level", "--to-destination", "--to-source", "--to-ports":
	default:
		return 0, false
	}
	return 1, true
}

func iptablesTarget(name string) string {
	switch name {
	case "ACCEPT", "DROP", "REJECT", "RETURN":
		return strings.ToLower(name)
	case "LOG", "NFLOG", "MASQUERADE", "SNAT", "DNAT", "MARK", "REDIRECT", "NOTRACK", "CT", "TCPMSS":
		return "other"
	}
	return "jump"
}

// icmpName gives the numbers of iptables the names of nft.
func icmpName(s string) string {
	switch s {
	case "8", "8/0":
		return "echo-request"
	case "0", "0/0":
		return "echo-reply"
	case "3", "3/4", "fragmentation-needed":
		return "destination-unreachable"
	}
	return s
}
