package state

import "strings"

// familyLine reads one line of a family's section; it reports whether the line
// belongs to one.
func (r *bgpNeighborReader) familyLine(f *BGPFamily, ref Ref, line string) bool {
	note := func(fields ...string) {
		o := Origin{Fields: f.Fields}
		o.note(ref, fields...)
		f.Fields = o.Fields
	}
	switch {
	case strings.HasSuffix(line, "Route-Reflector Client"):
		f.ReflectorClient = true
		note("ReflectorClient")
	case strings.HasPrefix(line, "Inbound soft reconfiguration allowed"):
		f.SoftInbound = true
		note("SoftInbound")
	case strings.HasPrefix(line, "NEXT_HOP is always this router"):
		f.NextHopSelf = true
		note("NextHopSelf")
	case strings.Contains(line, "updates discarded due to missing policy"):
		f.PolicyRequired = true
		note("PolicyRequired")
	case strings.HasPrefix(line, "Maximum prefixes allowed "):
		f.MaxPrefixes, _ = number(after(line, "allowed "))
		note("MaxPrefixes")
	case strings.HasSuffix(line, " accepted prefixes") || strings.Contains(line, " accepted prefixes,"):
		f.Received = count(line)
		note("Received")
		if _, rest, ok := strings.Cut(line, "prefixes, "); ok && strings.Contains(rest, " sent prefixes") {
			f.Sent = count(rest)
			note("Sent")
		}
	case strings.HasPrefix(line, "Route map for ") || strings.HasPrefix(line, "Incoming update ") || strings.HasPrefix(line, "Outgoing update "):
		familyPolicy(f, note, line)
	default:
		return false
	}
	return true
}

// exceeded notes that the limit, where there is one, holds the session down.
func (f *BGPFamily) exceeded(ref Ref) {
	if f.MaxPrefixes > 0 {
		f.LimitExceeded = true
		o := Origin{Fields: f.Fields}
		o.note(ref, "LimitExceeded")
		f.Fields = o.Fields
	}
}

// familyPolicy reads "Route map for incoming advertisements is *NAME": without
// the star the device has no policy of that name.
func familyPolicy(f *BGPFamily, note func(...string), line string) {
	_, name, ok := strings.Cut(line, " is ")
	if !ok {
		return
	}
	known := strings.HasPrefix(name, "*")
	name = strings.TrimPrefix(name, "*")
	if !known {
		f.UnknownPolicies = append(f.UnknownPolicies, name)
		note("UnknownPolicies")
	}
	if strings.Contains(line, "incoming") || strings.HasPrefix(line, "Incoming") {
		f.ImportPolicy = join(f.ImportPolicy, name)
		note("ImportPolicy")
		return
	}
	f.ExportPolicy = join(f.ExportPolicy, name)
	note("ExportPolicy")
}

func join(a, b string) string {
	if a == "" {
		return b
	}
	return a + ", " + b
}

// familyName gives an address family its one name: "IPv4 Unicast",
// "ipv4Unicast" and "IPv4 unicast" are "ipv4 unicast".
func familyName(s string) string {
	switch s {
	case "ipv4Unicast":
		return "ipv4 unicast"
	case "ipv6Unicast":
		return "ipv6 unicast"
	case "l2VpnEvpn", "l2vpnEvpn":
		return "l2vpn evpn"
	}
	return strings.ToLower(strings.TrimSpace(s))
}
