package state

import (
	"fmt"
	"slices"
	"strings"
)

// Odd returns the places of the ends that deviate in a field on which the two
// ends of the link disagree. The end deviates whose value the other interfaces
// of the two devices have least, else those of the whole network; else the
// one that its configuration sets while the other has its platform's default;
// else nothing decides, and both ends are named. Fields: MTU, OSPF.Area, OSPF.Hello,
// OSPF.Dead, OSPF.Auth, OSPF.NetworkType, OSPF.Cost, ISIS.Level, ISIS.Auth,
// Subnet, Duplex.
func (l Link) Odd(field string) []string {
	a, okA := l.A.value(field)
	b, okB := l.B.value(field)
	if !okA || !okB {
		return []string{l.A.Place(), l.B.Place()}
	}
	both := func(e End) bool { return e.Device == l.A.Device || e.Device == l.B.Device }
	for _, among := range []func(End) bool{both, func(End) bool { return true }} {
		forA, forB := l.support(field, a, among), l.support(field, b, among)
		switch {
		case forA > forB:
			return []string{l.B.Place()}
		case forB > forA:
			return []string{l.A.Place()}
		}
	}
	return l.oddByConfig(field)
}

// OddLine returns the lines that say the field, of the deviating end first.
func (l Link) OddLine(field string) []Ref {
	a, b := l.A.cite(field), l.B.cite(field)
	if odd := l.Odd(field); len(odd) == 1 && odd[0] == l.B.Place() {
		return []Ref{b, a}
	}
	return []Ref{a, b}
}

// support counts the other interfaces that have the value. Loopbacks do not
// count, nor do passive interfaces but for their area: what they are set to,
// nobody depends on.
func (l Link) support(field, value string, among func(End) bool) int {
	count := 0
	for _, p := range l.net.Ports() {
		e := p.End
		if !among(e) || e.Interface.Loopback() || e.Place() == l.A.Place() || e.Place() == l.B.Place() || e.OSPF.Passive && field != "OSPF.Area" {
			continue
		}
		if v, ok := e.value(field); ok && v == value {
			count++
		}
	}
	return count
}

var configWords = map[string]string{
	"OSPF.Area": "ip ospf area", "OSPF.Hello": "ip ospf hello-interval", "OSPF.Dead": "ip ospf dead-interval",
	"OSPF.Auth": "ip ospf authentication", "OSPF.NetworkType": "ip ospf network", "OSPF.Cost": "ip ospf cost",
	"ISIS.Level": "isis circuit-type", "ISIS.Auth": "isis password", "MTU": "mtu",
}

func (l Link) oddByConfig(field string) []string {
	words := configWords[field]
	a, b := l.A.Config(words).Device != "", l.B.Config(words).Device != ""
	switch {
	case words != "" && a && !b && l.B.Node.Has(TableConfig):
		return []string{l.A.Place()}
	case words != "" && b && !a && l.A.Node.Has(TableConfig):
		return []string{l.B.Place()}
	}
	return []string{l.A.Place(), l.B.Place()}
}

// value returns a field of an end as text; false where it is not known or the
// end has nothing to do with it.
func (e End) value(field string) (string, bool) {
	protocol, name, _ := strings.Cut(field, ".")
	switch protocol {
	case "MTU":
		return fmt.Sprint(e.Interface.MTU), e.Interface.MTU > 0
	case "Duplex":
		return e.Interface.Duplex, e.Interface.Duplex != ""
	case "OSPF":
		return e.ospfValue(name)
	case "ISIS":
		return e.isisValue(name)
	}
	return "", false
}

func (e End) ospfValue(name string) (string, bool) {
	o := e.OSPF
	if !o.Known() {
		return "", false
	}
	switch name {
	case "Area":
		return o.Area, o.Area != ""
	case "Hello":
		return o.Hello.String(), o.Hello > 0
	case "Dead":
		return o.Dead.String(), o.Dead > 0
	case "Auth":
		return fmt.Sprint(o.Auth, " ", o.AuthKeyID, " ", e.OSPFKey()), true
	case "NetworkType":
		return o.NetworkType, o.NetworkType != ""
	case "Cost":
		return fmt.Sprint(o.Cost), o.Cost > 0
	}
	return "", false
}

func (e End) isisValue(name string) (string, bool) {
	s := e.ISIS
	if !s.Known() {
		return "", false
	}
	switch name {
	case "Level":
		return s.Level, s.Level != ""
	case "Auth":
		return s.Auth + " " + e.ISISKey(), true
	case "NetworkType":
		return s.NetworkType, s.NetworkType != ""
	}
	return "", false
}

// cite returns the line that says a field.
func (e End) cite(field string) Ref {
	protocol, name, _ := strings.Cut(field, ".")
	switch {
	case protocol == "OSPF":
		return e.OSPF.Cite(name)
	case protocol == "ISIS":
		return e.ISIS.Cite(name)
	}
	return e.Interface.Cite(protocol)
}

// OSPFKey returns the (redacted) key of OSPF authentication in the interface's
// configuration; "" for none.
func (e End) OSPFKey() string {
	return e.secret("ip ospf message-digest-key", "ip ospf authentication-key")
}

// ISISKey returns the (redacted) key of IS-IS hellos; "" for none.
func (e End) ISISKey() string { return e.secret("isis password") }

func (e End) secret(begins ...string) string {
	if e.Node == nil || e.Node.Config == nil {
		return ""
	}
	for _, b := range begins {
		for _, l := range e.Node.Config.AllUnder("interface "+e.Interface.Name, b) {
			words := strings.Fields(l.Text)
			return strings.Join(words[min(len(words), len(strings.Fields(b))):], " ")
		}
	}
	return ""
}

// Place returns how findings name the link: "r1:eth1--r2:eth1".
func (l Link) Place() string { return l.A.Place() + "--" + l.B.Place() }

// Known reports whether both ends were read.
func (l Link) Known() bool { return l.A.Known() && l.B.Known() }

// Ends returns both ends.
func (l Link) Ends() []End { return []End{l.A, l.B} }

// PlatformOf returns the platform of the device at a place.
func (l Link) PlatformOf(place string) string { return l.net.platformOf(place) }

// Intended reports whether the design (a topology file) has the link.
func (l Link) Intended() bool { return slices.Contains(l.By, "topology") }

func (n *Network) platformOf(place string) string {
	first, _, _ := strings.Cut(place, "--")
	if d := n.Device(deviceOf(first)); d != nil {
		return d.Platform
	}
	return ""
}
