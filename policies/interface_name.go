package policies

import "strings"

// interfaceName accepts the name of an interface. A platform whose file lists
// the kinds of interface (GigabitEthernet, Ethernet, ...) takes a kind's
// beginning and a number, with or without a blank between, and prints the kind
// in full; the others take any name without a blank.
func interfaceName(g *grammar, ws []word) (string, int) {
	text := ws[0].text
	if len(g.interfaces) == 0 {
		if s, ok := name(text); ok && strings.IndexByte("0123456789", text[0]) < 0 {
			return s, 1
		}
		return "", 0
	}
	i := 0
	for i < len(text) && (text[i] < '0' || text[i] > '9') {
		i++
	}
	if i == 0 {
		i = g.digitKind(text)
	}
	kind := g.interfaceKind(text[:i])
	if kind == "" {
		return "", 0
	}
	taken, number := 1, text[i:]
	if number == "" && len(ws) > 1 && !strings.HasSuffix(kind, ".") {
		taken, number = 2, ws[1].text
	}
	if number == "" && g.bare[strings.ToLower(kind)] {
		return kind, 1
	}
	if !interfaceNumber(number) {
		return "", 0
	}
	return kind + number, taken
}

// interfaceKind returns the first kind that begins as text does, in any case.
// The file lists the kinds in the order of preference.
func (g *grammar) interfaceKind(text string) string {
	if text == "" || len(text) > 32 {
		return ""
	}
	for _, kind := range g.interfaces {
		if short, full, ok := strings.Cut(kind, "="); ok {
			if strings.EqualFold(short, text) {
				return full
			}
			continue
		}
		if len(text) <= len(kind) && strings.EqualFold(kind[:len(text)], text) {
			return kind
		}
	}
	return ""
}

// digitKind returns the length of the kind that begins with a digit ("10GE")
// with which text begins; 0 if none.
func (g *grammar) digitKind(text string) int {
	for _, kind := range g.interfaces {
		if kind[0] >= '0' && kind[0] <= '9' && len(text) > len(kind) && strings.EqualFold(text[:len(kind)], kind) {
			return len(kind)
		}
	}
	return 0
}

// interfaceNumber accepts 1, 1/0/3, 0/0/0/1.100, 1/1-4, 0/RSP0/CPU0/0.
func interfaceNumber(s string) bool {
	if s == "" || len(s) > 40 || s[0] < '0' || s[0] > '9' {
		return false
	}
	for i := range len(s) {
		if !isAlnum(s[i]) && strings.IndexByte("/.:-,", s[i]) < 0 {
			return false
		}
	}
	return true
}
