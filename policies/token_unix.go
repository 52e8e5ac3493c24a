package policies

import (
	"net/netip"
	"strings"
)

// globPattern is a name with stars in it.
func globPattern(s string) (string, bool) {
	_, ok := name("x" + strings.ReplaceAll(s, "*", ""))
	return s, ok && s != "" && s[0] != '-' && s[0] != '/'
}

// countFlag is -5, which head and tail read as -n 5.
func countFlag(s string) (string, bool) {
	digits, dash := strings.CutPrefix(s, "-")
	_, ok := decimal(digits)
	return "-n " + digits, ok && dash
}

// portSuffix is :53.
func portSuffix(s string) (string, bool) {
	n, ok := decimal(strings.TrimPrefix(s, ":"))
	return s, ok && s[0] == ':' && n < 65536
}

// serverName is @192.0.2.1, whom a name is asked of.
func serverName(s string) (string, bool) {
	h, ok := hostName(strings.TrimPrefix(s, "@"))
	return "@" + h, ok && s[0] == '@'
}

// fieldList is a list of columns, as ps -o takes it.
func fieldList(s string) (string, bool) {
	ok := !strings.Contains(s, ",,") && !strings.Contains(s, "env")
	for _, f := range strings.Split(s, ",") {
		ok = ok && (identifier(f) || strings.Trim(f, "%") != f && identifier(strings.Trim(f, "%")))
	}
	return s, ok && len(s) <= maxWord
}

// sortKey is a column to sort by.
func sortKey(s string) (string, bool) {
	key := strings.TrimLeft(s, "+-")
	return s, len(s)-len(key) < 2 && identifier(strings.TrimPrefix(key, "%")) && !strings.Contains(key, "env")
}

// endpointName is ADDRESS:PORT, or :PORT.
func endpointName(s string) (string, bool) {
	host, port, ok := strings.Cut(s, ":")
	_, isPort := decimal(port)
	_, isIP := address(host, netip.Addr.Is4)
	_, isNumber := decimal(host)
	return s, ok && isPort && (isIP || isNumber || host == "")
}

// propertyList is proplist=a,b of RouterOS.
func propertyList(s string) (string, bool) {
	list, ok := strings.CutPrefix(s, "proplist=")
	for _, f := range strings.Split(list, ",") {
		ok = ok && identifier(f)
	}
	return s, ok && len(s) <= maxWord
}
