package policies

import (
	"encoding/hex"
	"strings"
)

// type7Key is the fixed key of Cisco's type 7 encoding, public since 1995.
const type7Key = "dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87"

// decodeType7 reads Cisco's type 7: two digits of offset, then hex bytes that
// are combined with the key by exclusive or.
func decodeType7(s string) (string, bool) {
	if len(s) < 4 || len(s)%2 != 0 || s[0] < '0' || s[0] > '9' || s[1] < '0' || s[1] > '9' {
		return "", false
	}
	raw, err := hex.DecodeString(s[2:])
	if err != nil {
		return "", false
	}
	at := int(s[0]-'0')*10 + int(s[1]-'0')
	for i := range raw {
		raw[i] ^= type7Key[(at+i)%len(type7Key)]
		if raw[i] < ' ' || raw[i] > '~' {
			return "", false
		}
	}
	return string(raw), true
}

// The alphabet of Junos's $9$ encoding, in its four families, and the weights
// by which the distances between its letters are summed (as the public decoders
// of that encoding, such as Crypt::Juniper, describe it).
var (
	junosFamilies = [...]string{"QzF3n6/9CAtpu0O", "B1IREhcSyrleKvMW8LXx", "7N-dVbwsY2g4oaJZGUDj", "iHkq.mPf5T"}
	junosWeights  = [...][]int{{1, 4, 32}, {1, 16, 32}, {1, 8, 32}, {1, 64}, {1, 32}, {1, 4, 16, 128}, {1, 32, 64}}
)

// decodeJunos reads a $9$ secret.
func decodeJunos(s string) (string, bool) {
	alphabet := strings.Join(junosFamilies[:], "")
	s = strings.TrimPrefix(s, "$9$")
	if s == "" || strings.Trim(s, alphabet) != "" {
		return "", false
	}
	skip := 0
	for i, f := range junosFamilies {
		if strings.IndexByte(f, s[0]) >= 0 {
			skip = 3 - i
		}
	}
	prev := strings.IndexByte(alphabet, s[0])
	if len(s) < 1+skip {
		return "", false
	}
	s = s[1+skip:]
	var out []byte
	for len(s) > 0 {
		weights := junosWeights[len(out)%len(junosWeights)]
		if len(s) < len(weights) {
			return "", false
		}
		sum := 0
		for i, w := range weights {
			at := strings.IndexByte(alphabet, s[i])
			distance := (at-prev+len(alphabet))%len(alphabet) - 1
			sum += distance * w
			prev = at
		}
		out = append(out, byte(sum&0xff))
		s = s[len(weights):]
	}
	return string(out), len(out) > 0
}
