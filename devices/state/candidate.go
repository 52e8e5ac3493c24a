package state

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Intend returns a copy of d as a configuration in FRR's words wants it to be:
// what the text says of interfaces, OSPF, IS-IS and BGP neighbours replaces the
// live rows, and each such row cites the line of the text. What the text does
// not speak of stays as it is live. query names the text in citations. How
// protocols stand is not known of a configuration, so sessions have no state.
func (d *Device) Intend(query, text string) *Device {
	out := *d
	out.Config = NewConfig(text, Ref{Device: d.Name, Query: query})
	c := intention{&out, out.Config}
	out.Interfaces, out.OSPFInterfaces, out.ISISInterfaces = slices.Clone(d.Interfaces), slices.Clone(d.OSPFInterfaces), slices.Clone(d.ISISInterfaces)
	out.OSPF, out.ISIS, out.BGP = slices.Clone(d.OSPF), slices.Clone(d.ISIS), slices.Clone(d.BGP)
	for _, s := range c.Sections("interface ") {
		c.intf(s)
	}
	for _, s := range c.Sections("router ospf") {
		c.routerOSPF(s)
	}
	for _, s := range c.Sections("router isis ") {
		c.routerISIS(s)
	}
	for _, s := range c.Sections("router bgp") {
		c.bgp(s)
	}
	out.Config = out.Config.over(d.Config)
	out.fromConfig()
	return &out
}

// over returns c with the sections of live that c does not speak of.
func (c *Config) over(live *Config) *Config {
	if live == nil {
		return c
	}
	out := &Config{Ref: c.Ref, Lines: slices.Clone(c.Lines)}
	for _, l := range live.Lines {
		if len(l.Children) > 0 && len(c.Sections(l.Text)) == 0 {
			out.Lines = append(out.Lines, l.read(live.Ref))
		}
	}
	return out
}

// read returns a copy of the line, and of what stands under it, that cites
// from.
func (l *ConfigLine) read(from Ref) *ConfigLine {
	out := &ConfigLine{Text: l.Text, Line: l.Line, from: from.Query}
	for _, c := range l.Children {
		out.Children = append(out.Children, c.read(from))
	}
	return out
}

// intention writes the rows that a configuration wants.
type intention struct {
	d *Device
	*Config
}

// sections with a head that ends in a blank are found by prefix.
func (c intention) Sections(head string) []*ConfigLine {
	return slices.DeleteFunc(slices.Clone(c.Lines), func(l *ConfigLine) bool { return !strings.HasPrefix(l.Text, head) })
}

func (c intention) intf(s *ConfigLine) {
	name := strings.Fields(s.Text)[1]
	i := slices.IndexFunc(c.d.Interfaces, func(x Interface) bool { return x.Name == name })
	if i < 0 {
		return
	}
	row := &c.d.Interfaces[i]
	o := unsaid(*row)
	o.Origin = c.origin(s)
	for _, live := range c.d.OSPFInterfaces {
		if live.Name == name {
			o.Cost, o.RouterID, o.MTU = live.Cost, live.RouterID, live.MTU
		}
	}
	var own []Address
	for _, l := range s.Children {
		f := strings.Fields(l.Text)
		switch {
		case l.Text == "shutdown":
			row.AdminUp = false
			c.cite(&row.Origin, l, "AdminUp")
		case len(f) > 2 && (f[0] == "ip" || f[0] == "ipv6") && f[1] == "address":
			if p, err := netip.ParsePrefix(f[2]); err == nil {
				own = append(own, Address{Prefix: p, Ref: c.ref(l)})
			}
		case len(f) > 1 && f[0] == "mtu":
			row.MTU, _ = strconv.Atoi(f[1])
			c.cite(&row.Origin, l, "MTU")
		case len(f) > 2 && f[0] == "ip" && f[1] == "ospf":
			c.ospf(&o, l, f[2:])
		}
	}
	c.isisOf(s, name)
	if len(own) > 0 {
		row.Addresses = own
	}
	c.d.OSPFInterfaces = slices.DeleteFunc(c.d.OSPFInterfaces, func(x OSPFInterface) bool { return x.Name == name })
	if o.Area != "" {
		c.d.OSPFInterfaces = append(c.d.OSPFInterfaces, o)
	}
}

// unsaid is what OSPF does on an interface of which nothing is said (FRR's
// defaults, RFC 2328 appendix C.3).
func unsaid(x Interface) OSPFInterface {
	return OSPFInterface{Version: 2, Name: x.Name, VRF: x.VRF, Up: x.OperUp, NetworkType: "broadcast",
		Hello: 10 * time.Second, Dead: 40 * time.Second, Auth: "none", NeighborCount: -1, AdjacentCount: -1}
}

// ospf takes one "ip ospf ..." line.
func (c intention) ospf(o *OSPFInterface, l *ConfigLine, f []string) {
	value := f[min(1, len(f)-1)]
	switch f[0] {
	case "area":
		o.Area = areaID(value)
		c.cite(&o.Origin, l, "Area")
	case "hello-interval":
		o.Hello = wholeSeconds(value)
		c.cite(&o.Origin, l, "Hello")
	case "dead-interval":
		o.Dead = wholeSeconds(value)
		c.cite(&o.Origin, l, "Dead")
	case "network":
		o.NetworkType = value
		c.cite(&o.Origin, l, "NetworkType")
	case "cost":
		o.Cost, _ = strconv.Atoi(value)
		c.cite(&o.Origin, l, "Cost")
	case "passive":
		o.Passive = true
		c.cite(&o.Origin, l, "Passive")
	case "authentication":
		o.Auth = "simple"
		if value == "message-digest" {
			o.Auth = "md5"
		}
		c.cite(&o.Origin, l, "Auth")
	case "message-digest-key":
		o.AuthKeyID, _ = strconv.Atoi(value)
	}
}

// areaID writes an area as a dotted quad.
func areaID(text string) string {
	n, err := strconv.ParseUint(text, 10, 32)
	if err != nil {
		return text
	}
	return netip.AddrFrom4([4]byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}).String()
}

func wholeSeconds(text string) time.Duration {
	n, _ := strconv.Atoi(text)
	return time.Duration(n) * time.Second
}

func (c intention) origin(l *ConfigLine) Origin { return Origin{Row: c.ref(l)} }

// cite notes the line of a field without touching the live row's own notes.
func (c intention) cite(o *Origin, l *ConfigLine, field string) {
	fields := map[string]Ref{field: c.ref(l)}
	for k, v := range o.Fields {
		if k != field {
			fields[k] = v
		}
	}
	o.Fields = fields
}
