package state

import (
	"net/netip"
	"slices"
	"strings"
)

// routerOSPF takes "router ospf": the router-id, the kinds of areas, and
// network statements, which put interfaces into areas by their addresses.
func (c intention) routerOSPF(s *ConfigLine) {
	vrf := configVRF(s.Text)
	i := slices.IndexFunc(c.d.OSPF, func(p OSPFProcess) bool { return p.VRF == vrf && p.Version == 2 })
	if i < 0 {
		i = len(c.d.OSPF)
		c.d.OSPF = append(c.d.OSPF, OSPFProcess{Origin: c.origin(s), VRF: vrf, Version: 2})
	}
	p := &c.d.OSPF[i]
	p.Areas = slices.Clone(p.Areas)
	for n := range p.Areas { // an area is a normal one unless the text says otherwise
		p.Areas[n].Kind, p.Areas[n].Row = "normal", c.ref(s)
		p.Areas[n].Fields = nil
	}
	for _, l := range s.Children {
		f := strings.Fields(l.Text)
		switch {
		case len(f) > 2 && f[0] == "ospf" && f[1] == "router-id":
			p.RouterID = f[2]
			c.cite(&p.Origin, l, "RouterID")
			for n := range c.d.OSPFInterfaces {
				c.d.OSPFInterfaces[n].RouterID = f[2]
				c.cite(&c.d.OSPFInterfaces[n].Origin, l, "RouterID")
			}
		case len(f) > 2 && f[0] == "area" && (f[2] == "stub" || f[2] == "nssa"):
			a := p.area(areaID(f[1]), c.ref(l))
			a.Kind = f[2]
			c.cite(&a.Origin, l, "Kind")
		case len(f) > 3 && f[0] == "network" && f[2] == "area":
			c.network(l, f[1], areaID(f[3]))
		case len(f) > 1 && f[0] == "passive-interface":
			for n := range c.d.OSPFInterfaces {
				if o := &c.d.OSPFInterfaces[n]; o.Name == f[1] || f[1] == "default" {
					o.Passive = true
					c.cite(&o.Origin, l, "Passive")
				}
			}
		}
	}
}

// area returns the area of that name, which it adds where the process has none.
func (p *OSPFProcess) area(id string, at Ref) *OSPFArea {
	for i := range p.Areas {
		if p.Areas[i].ID == id {
			return &p.Areas[i]
		}
	}
	p.Areas = append(p.Areas, OSPFArea{Origin: Origin{Row: at}, ID: id, Kind: "normal"})
	return &p.Areas[len(p.Areas)-1]
}

// network takes "network PREFIX area AREA".
func (c intention) network(l *ConfigLine, prefix, area string) {
	p, err := netip.ParsePrefix(prefix)
	if err != nil {
		return
	}
	for _, x := range c.d.Interfaces {
		if !slices.ContainsFunc(x.Addresses, func(a Address) bool { return p.Contains(a.Prefix.Addr()) }) {
			continue
		}
		i := slices.IndexFunc(c.d.OSPFInterfaces, func(o OSPFInterface) bool { return o.Name == x.Name && o.Version != 3 })
		if i < 0 {
			i = len(c.d.OSPFInterfaces)
			o := unsaid(x)
			o.Origin = c.origin(l)
			c.d.OSPFInterfaces = append(c.d.OSPFInterfaces, o)
		}
		c.d.OSPFInterfaces[i].Area = area
		c.cite(&c.d.OSPFInterfaces[i].Origin, l, "Area")
	}
}

// routerISIS takes "router isis TAG": its NET and level. FRR prints no level
// that is the default.
func (c intention) routerISIS(s *ConfigLine) {
	tag := strings.Fields(s.Text)[2]
	i := slices.IndexFunc(c.d.ISIS, func(p ISISProcess) bool { return p.Tag == tag })
	if i < 0 {
		i = len(c.d.ISIS)
		c.d.ISIS = append(c.d.ISIS, ISISProcess{Origin: c.origin(s), Tag: tag, VRF: mainVRF})
	}
	p := &c.d.ISIS[i]
	p.Level = "1-2"
	c.cite(&p.Origin, s, "Level")
	for _, l := range s.Children {
		f := strings.Fields(l.Text)
		switch {
		case len(f) > 1 && f[0] == "net":
			isisNET(p, f[1], c.ref(l))
		case len(f) > 1 && f[0] == "is-type":
			p.Level = isisLevelOf(f[1])
			c.cite(&p.Origin, l, "Level")
		}
	}
	for n := range c.d.ISISInterfaces {
		x := &c.d.ISISInterfaces[n]
		if x.Tag == tag && x.Level == "" {
			x.Level = p.Level
			c.cite(&x.Origin, s, "Level")
		}
	}
}

// isisOf takes the IS-IS lines of an interface; one without "ip router isis"
// does not run it.
func (c intention) isisOf(s *ConfigLine, name string) {
	var row ISISInterface
	for _, l := range s.Children {
		f := strings.Fields(l.Text)
		switch {
		case len(f) > 3 && (f[0] == "ip" || f[0] == "ipv6") && f[1] == "router" && f[2] == "isis":
			if !row.Known() {
				row.Origin = c.origin(l)
			}
			row.Name, row.Tag, row.Up = name, f[3], true
			if row.NetworkType == "" {
				row.NetworkType = "broadcast"
			}
		case len(f) > 1 && f[0] == "isis" && f[1] == "passive":
			row.Passive = true
			c.cite(&row.Origin, l, "Passive")
		case len(f) > 2 && f[0] == "isis" && f[1] == "circuit-type":
			row.Level = isisLevelOf(f[2])
			c.cite(&row.Origin, l, "Level")
		case len(f) > 2 && f[0] == "isis" && f[1] == "network":
			row.NetworkType = f[2]
			c.cite(&row.Origin, l, "NetworkType")
		}
	}
	c.d.ISISInterfaces = slices.DeleteFunc(c.d.ISISInterfaces, func(x ISISInterface) bool { return x.Name == name })
	if row.Tag != "" {
		c.d.ISISInterfaces = append(c.d.ISISInterfaces, row)
	}
}

// isisLevelOf reads level-1, level-2-only and level-1-2.
func isisLevelOf(text string) string {
	return strings.TrimSuffix(strings.TrimPrefix(text, "level-"), "-only")
}
