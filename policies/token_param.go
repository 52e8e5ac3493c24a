package policies

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// The types that the platform file narrows by a parameter, and those that are
// sent in quotes.

// intRange makes the matcher of <int 1..20>.
func intRange(param string) (matcher, error) {
	lo, hi, ok := strings.Cut(param, "..")
	least, ok1 := decimal(lo)
	most, ok2 := decimal(hi)
	if !ok || !ok1 || !ok2 || least > most {
		return nil, fmt.Errorf("<int %s>: want a range such as 1..20", param)
	}
	return one(func(s string) (string, bool) {
		n, ok := decimal(s)
		return s, ok && n >= least && n <= most
	}), nil
}

// flagLetters makes the matcher of <flags lntu>: a hyphen and some of the
// letters, each once, printed in the order of the file.
func flagLetters(param string) (matcher, error) {
	if _, ok := only(param, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", 1, 62); !ok {
		return nil, fmt.Errorf("<flags %s>: want letters and digits", param)
	}
	return one(func(s string) (string, bool) {
		if len(s) < 2 || s[0] != '-' {
			return "", false
		}
		given, out := s[1:], []byte{'-'}
		for i := range len(param) {
			if strings.IndexByte(given, param[i]) >= 0 {
				out = append(out, param[i])
			}
		}
		return string(out), len(out) == len(s)
	}), nil
}

// innerCommand makes the matcher of <command frr>: a quoted command of another
// platform's grammar, printed between single quotes.
func innerCommand(platform string) (matcher, error) {
	return func(g *grammar, ws []word) (string, int) {
		inner := g.inner[platform]
		if inner == nil || !ws[0].quoted {
			return "", 0
		}
		q, err := inner.showOwn(ws[0].text)
		if err != nil || q.filter != nil || q.class == Probe || strings.ContainsRune(q.text, '\'') {
			return "", 0
		}
		return "'" + q.text + "'", 1
	}, nil
}

// filePattern makes the matcher of <file /sys/class/net/*/mtu>: a path whose
// segments are those of the pattern, where * stands for any one name, and
// *.conf for one that ends so.
func filePattern(pattern string) (matcher, error) {
	if !strings.HasPrefix(pattern, "/") {
		return nil, fmt.Errorf("<file %s>: want an absolute path", pattern)
	}
	want := strings.Split(pattern, "/")
	return one(func(s string) (string, bool) {
		have := strings.Split(s, "/")
		if len(have) != len(want) || len(s) > maxWord {
			return "", false
		}
		for i, w := range want {
			tail, open := strings.CutPrefix(w, "*")
			if !open && have[i] != w {
				return "", false
			}
			if _, ok := name(have[i]); open && (!ok || !strings.HasSuffix(have[i], tail) || strings.Contains(have[i], "secret")) {
				return "", false
			}
		}
		return s, true
	}), nil
}

// sysctlName accepts the name of a kernel parameter: never an assignment.
func sysctlName(s string) (string, bool) {
	name, ok := name(s)
	return name, ok && !strings.Contains(s, "secret") && strings.IndexByte(s, '.') > 0
}

// quotedPattern accepts an expression that a program on the device evaluates.
// It is sent between single quotes, in which nothing has a meaning to a shell.
func quotedPattern(g *grammar, ws []word) (string, int) {
	s := ws[0].text
	if s == "" || len(s) > maxWord || strings.ContainsAny(s, "'`;&<>") || strings.Contains(s, "$(") || !ws[0].quoted && strings.ContainsAny(s, "\"$*?~#{}()[]") || s[0] == '-' {
		return "", 0
	}
	if g.secretWord(s) != "" {
		return "", 0
	}
	return "'" + s + "'", 1
}

// keyValue makes the matcher of <kv count 1..20> (count=3) and <kv src> (any
// name, address or prefix behind it).
func keyValue(param string) (matcher, error) {
	key, bounds, bounded := strings.Cut(param, " ")
	value := one(func(s string) (string, bool) {
		if p, ok := prefix(s, netip.Addr.IsValid); ok {
			return p, true
		}
		return hostName(s)
	})
	if bounded {
		var err error
		if value, err = intRange(bounds); err != nil {
			return nil, err
		}
	}
	return func(g *grammar, ws []word) (string, int) {
		text, ok := strings.CutPrefix(ws[0].text, key+"=")
		if !ok || text == "" || ws[0].quoted {
			return "", 0
		}
		printed, took := value(g, []word{{text: text, lower: text}})
		return key + "=" + printed, took
	}, nil
}

// whereClause accepts one condition of RouterOS's "print where":
// dst-address=10.0.0.0/8, name~ether, disabled, active=yes. What print itself
// would take in that place is none: file writes, follow and interval never end.
func whereClause(s string) (string, bool) {
	word, _, _ := strings.Cut(s, "=")
	if slices.Contains([]string{"file", "append", "follow", "follow-only", "interval", "do"}, word) {
		return "", false
	}
	at := strings.IndexAny(s, "=~")
	if at < 0 {
		return identifierOnly(s)
	}
	if v := s[at+1:]; len(v) > 2 && v[0] == '"' && v[len(v)-1] == '"' {
		s = s[:at+1] + v[1:len(v)-1] // what follows has nothing that wants quotes
	}
	_, key := identifierOnly(s[:at])
	_, plainName := name(s[at+1:])
	_, isPrefix := prefix(s[at+1:], netip.Addr.IsValid)
	_, isAddress := address(s[at+1:], netip.Addr.IsValid)
	return s, key && (plainName || isPrefix || isAddress)
}

func identifierOnly(s string) (string, bool) { return s, identifier(s) && s[0] > '9' }
