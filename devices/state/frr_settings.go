package state

import "strings"

// fromConfig completes rows of FRR by what only its configuration says: TTL
// security, the style of IS-IS metrics and the authentication of its hellos.
// It adds no rows: what is configured need not run.
func (d *Device) fromConfig() {
	c := d.Config
	if c == nil {
		return
	}
	for i := range d.BGPSessions {
		c.ttlSecurity(&d.BGPSessions[i])
	}
	for i := range d.ISIS {
		c.metricStyle(&d.ISIS[i])
	}
	for i := range d.ISISInterfaces {
		c.isisAuth(&d.ISISInterfaces[i])
	}
}

// ttlSecurity reads "neighbor PEER ttl-security hops N", of the peer or of its
// group (RFC 5082).
func (c *Config) ttlSecurity(row *BGPSession) {
	names := []string{row.Peer.String(), row.PeerInterface, row.PeerGroup}
	for _, process := range c.Lines {
		if !strings.HasPrefix(process.Text, "router bgp ") || configVRF(process.Text) != row.VRF {
			continue
		}
		for _, l := range process.Children {
			f := strings.Fields(l.Text)
			if len(f) < 5 || f[0] != "neighbor" || f[2] != "ttl-security" {
				continue
			}
			for _, name := range names {
				if name != "" && name == f[1] {
					row.TTLSecurity, _ = number(f[4])
					row.note(c.ref(l), "TTLSecurity")
				}
			}
		}
	}
}

// configVRF is the VRF of "router bgp 65001 vrf red".
func configVRF(head string) string { return vrfName(after(head, " vrf ")) }

// metricStyle reads "metric-style narrow"; FRR does not print its default, wide.
func (c *Config) metricStyle(row *ISISProcess) {
	for _, process := range c.Lines {
		f := strings.Fields(process.Text)
		if len(f) < 3 || f[0] != "router" || f[1] != "isis" || f[2] != row.Tag {
			continue
		}
		row.MetricStyle = "wide"
		row.note(c.ref(process), "MetricStyle")
		for _, l := range process.Children {
			if style, ok := strings.CutPrefix(l.Text, "metric-style "); ok {
				row.MetricStyle = style
				row.note(c.ref(l), "MetricStyle")
			}
		}
	}
}

// isisAuth reads "isis password md5 KEY" of an interface.
func (c *Config) isisAuth(row *ISISInterface) {
	for _, section := range c.Lines {
		f := strings.Fields(section.Text)
		if len(f) < 2 || f[0] != "interface" || f[1] != row.Name {
			continue
		}
		row.Auth = "none"
		row.note(c.ref(section), "Auth")
		for _, l := range section.Children {
			if kind := after(l.Text, "isis password "); kind != "" {
				row.Auth = kind
				row.note(c.ref(l), "Auth")
			}
		}
	}
}
