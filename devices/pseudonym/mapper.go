package pseudonym

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// A Mapper replaces what identifies a network. The same key gives the same
// pseudonyms for the same names. It is safe for concurrent use; all that is to
// be learnt must be learnt before the first text is mapped.
type Mapper struct {
	key   []byte
	block cipher.Block

	mu      sync.Mutex
	names   map[string]string // host and domain names, in lower case
	systems map[string]string // AS numbers
	used    map[string]bool   // pseudonyms that are taken
	addrs   map[netip.Addr]netip.Addr
	texts   map[string]string // free text
	find    *regexp.Regexp    // names that hold marks; see composites
	foundOf int               // how many names there were when find was made
}

// New returns a Mapper of a key, which must be at least 16 bytes.
func New(key []byte) (*Mapper, error) {
	if len(key) < 16 {
		return nil, errors.New("pseudonymise: the key is shorter than 16 bytes")
	}
	sum := sha256.Sum256(append([]byte("addresses "), key...))
	block, err := aes.NewCipher(sum[:16])
	if err != nil {
		return nil, fmt.Errorf("pseudonymise: %w", err)
	}
	return &Mapper{
		key: slices.Clone(key), block: block, names: map[string]string{}, systems: map[string]string{},
		used: map[string]bool{}, addrs: map[netip.Addr]netip.Addr{}, texts: map[string]string{},
	}, nil
}

// A Pair is one row of the table that maps back.
type Pair struct{ Kind, Original, Pseudonym string }

// Table returns what was replaced by what, sorted.
func (m *Mapper) Table() []Pair {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []Pair
	for kind, from := range map[string]map[string]string{"name": m.names, "as": m.systems, "text": m.texts} {
		for a, b := range from {
			out = append(out, Pair{kind, a, b})
		}
	}
	for a, b := range m.addrs {
		if a != b {
			out = append(out, Pair{"address", a.String(), b.String()})
		}
	}
	slices.SortFunc(out, func(a, b Pair) int {
		return strings.Compare(a.Kind+" "+a.Original, b.Kind+" "+b.Original)
	})
	return out
}

// digest is a keyed digest of text, for uses of one kind.
func (m *Mapper) digest(kind, text string) []byte {
	mac := hmac.New(sha256.New, m.key)
	mac.Write([]byte(kind + "\n" + text))
	return mac.Sum(nil)
}

// Name learns a name of a device or a domain. Words that every configuration
// holds are no names.
func (m *Mapper) Name(name string) {
	name = strings.ToLower(strings.TrimSpace(name))
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.names[name]; ok || len(name) < 2 || ordinary[name] || netipLike(name) || m.used[name] {
		return
	}
	d := m.digest("name", name)
	for i := uint16(0); ; i++ {
		p := fmt.Sprintf("n%03d", (binary.BigEndian.Uint16(d)+i)%1000)
		if len(m.used) > 800 {
			p = "n" + hex.EncodeToString(d[:4])
		}
		if !m.used[p] && m.names[p] == "" {
			m.used[p], m.names[name] = true, p
			return
		}
		d = m.digest("name", string(d))
	}
}

// ordinary are words that stand where names do, and are none.
var ordinary = map[string]bool{
	"localhost": true, "default": true, "router": true, "all": true, "none": true, "unknown": true, "host": true, "linux": true, "frr": true,
	"localdomain": true, "local": true, "switch": true, "com": true, "net": true, "org": true, "example": true, "capability": true, "sonic": true, "vyos": true,
}

func netipLike(s string) bool {
	_, err := netip.ParseAddr(s)
	return err == nil
}

// system learns an AS number and returns its pseudonym: of the same class
// (private or public) and of as many digits. Numbers that everybody uses for
// nothing in particular (0, 23456, the last ones) stay.
func (m *Mapper) system(as string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.systems[as]; ok || len(as) > 10 || as == "23456" || strings.Trim(as, "0") == "" {
		return
	}
	var n uint64
	for _, c := range []byte(as) {
		n = n*10 + uint64(c-'0')
	}
	low, high := asRange(n, len(as))
	if high <= low {
		return
	}
	d := m.digest("as", as)
	for {
		p := fmt.Sprint(low + binary.BigEndian.Uint64(d)%(high-low+1))
		if !m.used["as"+p] && (p != as || high-low < 3) {
			m.used["as"+p], m.systems[as] = true, p
			return
		}
		if d = m.digest("as", string(d)); uint64(len(m.systems)) > (high-low)/2 {
			return
		}
	}
}

// asRange returns the range that the pseudonym of an AS number is taken from:
// private numbers are RFC 6996's.
func asRange(n uint64, digits int) (low, high uint64) {
	switch {
	case n >= 64512 && n <= 65534:
		return 64512, 65534
	case n >= 4200000000 && n <= 4294967294:
		return 4200000000, 4294967294
	case n > 4294967294 || n == 65535:
		return 0, 0
	}
	low, high = 1, 9
	for range digits - 1 {
		low, high = low*10, high*10+9
	}
	switch digits {
	case 5:
		high = 64495
	case 10:
		high = 4199999999
	}
	return low, high
}
