package state

import (
	"net/netip"
	"strings"
)

// sysctl reads "net.ipv4.ip_forward = 1" lines, and the bare values that
// `sysctl -n NAME...` prints.
func sysctl(d *Device, t *text) {
	var rows []Parameter
	for i, line := range t.lines {
		name, value, ok := strings.Cut(line, " = ")
		if !ok {
			name, value, ok = strings.Cut(line, "=")
		}
		name = strings.TrimSpace(name)
		value = strings.TrimSpace(value)
		if !ok || name == "" || strings.Contains(name, " ") || strings.HasPrefix(value, "sysctl: ") { // a warning about another name, in the middle of the line
			continue
		}
		rows = append(rows, Parameter{Origin: t.origin(i), Name: strings.ReplaceAll(name, "/", "."), Value: value})
	}
	if len(rows) == 0 {
		rows = bareValues(t)
	}
	t.partial = strings.Contains(t.answer.Query, ".") // the names that were asked for, not all
	d.Parameters = mergeRows(d.Parameters, rows, func(x *Parameter) string { return x.Name })
}

// bareValues pairs the names of the query with the lines of the answer.
func bareValues(t *text) []Parameter {
	var names []string
	for w := range strings.FieldsSeq(t.answer.Query) {
		if strings.Contains(w, ".") {
			names = append(names, w)
		}
	}
	var rows []Parameter
	for i, line := range t.lines {
		if line = strings.TrimSpace(line); line != "" && len(rows) < len(names) {
			rows = append(rows, Parameter{Origin: t.origin(i), Name: names[len(rows)], Value: line})
		}
	}
	if len(rows) != len(names) {
		return nil
	}
	return rows
}

// ssListeners reads `ss -lntu` and `ss -lntup`.
func ssListeners(d *Device, t *text) {
	var rows []Listener
	for _, f := range t.table("Netid") {
		row := Listener{Origin: t.origin(f.line), Protocol: f.words[0]}
		if len(f.words) < 5 || f.words[1] != "LISTEN" && f.words[1] != "UNCONN" {
			continue
		}
		ap, ok := socketAddress(f.words[4])
		if !ok {
			t.miss(f.line)
			continue
		}
		row.Local = ap
		if _, name, ok := strings.Cut(t.lines[f.line], `users:(("`); ok {
			row.Process, _, _ = strings.Cut(name, `"`)
		}
		rows = append(rows, row)
	}
	_, flags, _ := strings.Cut(t.answer.Query, "-")
	t.partial = !strings.Contains(flags, "l") || !strings.Contains(flags, "t") || !strings.Contains(flags, "u")
	d.listeners(rows)
}

// netstatListeners reads `netstat -lntu`.
func netstatListeners(d *Device, t *text) {
	var rows []Listener
	for i, line := range t.lines {
		f := strings.Fields(line)
		if len(f) < 5 || !strings.HasPrefix(f[0], "tcp") && !strings.HasPrefix(f[0], "udp") || strings.HasPrefix(f[0], "tcp") && (len(f) < 6 || f[5] != "LISTEN") {
			continue
		}
		if ap, ok := socketAddress(f[3]); ok {
			row := Listener{Origin: t.origin(i), Protocol: f[0][:3], Local: ap}
			if _, name, ok := strings.Cut(f[len(f)-1], "/"); ok {
				row.Process = name
			}
			rows = append(rows, row)
		}
	}
	_, flags, _ := strings.Cut(t.answer.Query, "-")
	t.partial = !strings.Contains(flags, "l") || !strings.Contains(flags, "t") || !strings.Contains(flags, "u")
	d.listeners(rows)
}

func (d *Device) listeners(rows []Listener) {
	d.Listeners = mergeRows(d.Listeners, rows, func(x *Listener) string { return x.Protocol + " " + x.Local.String() })
}

// A tableLine is one line of a table, in words.
type tableLine struct {
	line  int
	words []string
}

// table returns the lines below the one that begins with heading.
func (t *text) table(heading string) []tableLine {
	var out []tableLine
	seen := false
	for i, line := range t.lines {
		if strings.HasPrefix(line, heading) {
			seen = true
			continue
		}
		if f := strings.Fields(line); seen && len(f) > 0 {
			out = append(out, tableLine{i, f})
		}
	}
	return out
}

// socketAddress reads "0.0.0.0%eth1:49152", "[::]:179" and "*:22".
func socketAddress(s string) (netip.AddrPort, bool) {
	at := strings.LastIndex(s, ":")
	if at < 0 {
		return netip.AddrPort{}, false
	}
	host, port := strings.Trim(s[:at], "[]"), s[at+1:]
	host, _, _ = strings.Cut(host, "%")
	host = strings.Trim(host, "[]")
	if host == "*" {
		host = "::"
	}
	n, ok := number(port)
	a := address(host)
	if !ok || !a.IsValid() || n > 65535 {
		return netip.AddrPort{}, false
	}
	return netip.AddrPortFrom(a, uint16(n)), true
}

// resolvConf reads /etc/resolv.conf (resolv.conf(5)).
func resolvConf(d *Device, t *text) {
	for i, line := range t.lines {
		f := strings.Fields(line)
		if len(f) >= 2 && f[0] == "nameserver" {
			if a := address(f[1]); a.IsValid() {
				d.resolvers([]Resolver{{Origin: t.origin(i), Server: a}})
			} else {
				t.miss(i)
			}
		}
	}
}

// resolvectl reads `resolvectl status`: the servers of every link.
func resolvectl(d *Device, t *text) {
	for i, line := range t.lines {
		_, list, ok := strings.Cut(line, "DNS Servers:")
		if !ok {
			continue
		}
		for w := range strings.FieldsSeq(list) {
			if a := address(w); a.IsValid() {
				d.resolvers([]Resolver{{Origin: t.origin(i), Server: a}})
			}
		}
	}
}

func (d *Device) resolvers(rows []Resolver) {
	d.Resolvers = mergeRows(d.Resolvers, rows, func(x *Resolver) string { return x.Server.String() })
}

// uname reads `uname -a`: "Linux r1 6.1.0 #1 SMP ...".
func uname(d *Device, t *text) {
	f := strings.Fields(t.lines[0])
	switch {
	case len(f) >= 3:
		d.system(System{Origin: t.origin(0), Software: f[0], Hostname: f[1], Version: f[2]})
	case len(f) == 1 && strings.Contains(t.answer.Query, "-n"):
		d.system(System{Origin: t.origin(0), Hostname: f[0]})
	case len(f) == 0:
		t.fail("empty answer")
	}
}

// hostname reads `hostname`.
func hostname(d *Device, t *text) {
	if name := strings.TrimSpace(t.lines[0]); name != "" && !strings.Contains(name, " ") {
		d.system(System{Origin: t.origin(0), Hostname: name})
	}
}

// psDaemons reads `ps`: the daemons of routing and of the house that run. That
// one is not listed says nothing unless all processes were.
func psDaemons(d *Device, t *text) {
	for i, line := range t.lines {
		for w := range strings.FieldsSeq(line) {
			name := strings.TrimSuffix(w[strings.LastIndex(w, "/")+1:], ":")
			if knownDaemon(name) {
				d.daemon(Daemon{Origin: t.origin(i), Name: name, Running: true})
				break
			}
		}
	}
}

func knownDaemon(name string) bool {
	switch name {
	case "zebra", "mgmtd", "staticd", "bgpd", "ospfd", "ospf6d", "isisd", "bfdd", "ripd", "ripngd", "pimd", "ldpd", "eigrpd", "babeld", "vrrpd", "pathd",
		"watchfrr", "lldpd", "sshd", "named", "unbound", "dnsmasq", "dhcpd", "chronyd", "snmpd", "nginx", "bird", "gobgpd":
		return true
	}
	return false
}
