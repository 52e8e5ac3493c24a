package pseudonym

import "net/netip"

// kept are the networks whose addresses stay as they are: they say something
// to every network alike, and nothing of this one.
var kept = [...]netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("169.254.0.0/16"),
	netip.MustParsePrefix("224.0.0.0/3"), // multicast, and what masks are written in
	netip.MustParsePrefix("::/16"), netip.MustParsePrefix("fe80::/10"), netip.MustParsePrefix("ff00::/8"),
}

// secondKept are the first octets after which the second tells the class too
// (RFC 6890): 100.64/10, 172.16/12, 192.168/16, 198.18/15, 203.0.113/24.
var secondKept = map[byte]bool{100: true, 169: true, 172: true, 192: true, 198: true, 203: true}

// Address returns the pseudonym of an address.
func (m *Mapper) Address(a netip.Addr) netip.Addr {
	zone := a.Zone()
	a = a.WithZone("").Unmap()
	for _, p := range kept {
		if p.Contains(a) {
			return a.WithZone(zone)
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	out, ok := m.addrs[a]
	if !ok {
		out = m.scramble(a)
		m.addrs[a] = out
	}
	return out
}

// Prefix returns the pseudonym of a prefix. Host bits stay where there are
// any, and stay zero where there are none.
func (m *Mapper) Prefix(p netip.Prefix) netip.Prefix {
	out := netip.PrefixFrom(m.Address(p.Addr()), p.Bits())
	if p == p.Masked() {
		return out.Masked()
	}
	return out
}

// scramble flips each bit of the middle of an address by a keyed function of
// all bits before it, so that two addresses share as many bits as they did.
func (m *Mapper) scramble(a netip.Addr) netip.Addr {
	raw := a.AsSlice()
	from, to := 16, 64
	if a.Is4() {
		from, to = 8, 24
		if secondKept[raw[0]] {
			from = 16
		}
	}
	out := append([]byte(nil), raw...)
	var in, sum [16]byte
	for bit := from; bit < to; bit++ {
		clear(in[:])
		copy(in[:], raw[:bit/8])
		if bit%8 != 0 {
			in[bit/8] = raw[bit/8] & (0xff << (8 - bit%8))
		}
		in[15] ^= byte(bit) // no prefix stands in for a longer one
		m.block.Encrypt(sum[:], in[:])
		out[bit/8] ^= (sum[0] & 1) << (7 - bit%8)
	}
	b, _ := netip.AddrFromSlice(out)
	return b
}
