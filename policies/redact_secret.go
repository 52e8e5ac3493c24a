package policies

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"
)

const (
	keyTag  = "key"  // comparable: equal tags are equal secrets, others differ
	hashTag = "hash" // not comparable: unequal tags prove nothing
)

// tagForm is what a tag looks like, also where XML escapes it.
var tagForm = regexp.MustCompile(`^(?:<|&lt;)(?:key|hash)#[0-9a-f]{16}(?:>|&gt;)`)

// tagAnywhere is a tag as part of a text.
var tagAnywhere = regexp.MustCompile(`(?:<|&lt;)(?:key|hash)#[0-9a-f]{16}(?:>|&gt;)`)

// touchesTag reports whether text[start:end] shares a byte with a tag.
func touchesTag(text string, start, end int) bool {
	from, to := max(0, start-30), min(len(text), end+30)
	if strings.IndexByte(text[from:to], '#') < 0 {
		return false
	}
	for _, m := range tagAnywhere.FindAllStringIndex(text[from:to], -1) {
		if m[0]+from < end && start < m[1]+from {
			return true
		}
	}
	return false
}

func isTag(s string) bool { return tagForm.MatchString(s) }

// tag returns the tag of a secret; one that is told as a hash, or encoded so
// that nobody can compare it, becomes a hash tag.
func (s *scan) tag(kind, value string) string {
	mac := hmac.New(sha256.New, s.r.salt)
	mac.Write([]byte(value))
	t := kind + "#" + hex.EncodeToString(mac.Sum(nil)[:8])
	if s.xml {
		return "&lt;" + t + "&gt;"
	}
	return "<" + t + ">"
}

// matchPattern adds a span for each secret that p finds in the view.
func (s *scan) matchPattern(v view, p *pattern) {
	for at := 0; at < len(v.text); {
		m := p.re.FindSubmatchIndex(v.text[at:])
		if m == nil {
			return
		}
		enc, last := "", at
		for g := 1; g < len(p.groups); g++ {
			from, to := m[2*g]+at, m[2*g+1]+at
			if m[2*g] < 0 || p.groups[g] == noGroup {
				continue
			}
			if p.groups[g] == encGroup {
				enc = strings.ToLower(string(v.text[from:to]))
				continue
			}
			last = max(last, s.secret(v, group{p.groups[g], enc, from, to}))
			enc = ""
		}
		at = max(last, at+m[0]+1)
	}
}

// A group is what a capture group of a pattern matched in a view.
type group struct {
	kind     groupKind
	enc      string
	from, to int
}

// secret adds the span of one captured value, unless it is none, and returns
// where in the view it ended.
func (s *scan) secret(v view, g group) int {
	from, to := trimView(v.text, g.from, g.to)
	if to <= from || s.harmless(string(v.text[from:to])) || bareNumber(v.text, from, to) {
		return g.to
	}
	if g.kind == lineGroup {
		g.to = lineEnd(v.text, g.from, g.to)
		from, to = trimView(v.text, g.from, g.to)
	}
	value := string(v.text[from:to])
	kind, plain := keyTag, value
	if g.kind == hashGroup {
		kind = hashTag
	} else if p, ok := revealed(g.enc, value); ok {
		plain = p
	} else {
		kind = hashTag
	}
	start, end := v.place(from, to)
	s.add(span{start, end, s.tag(kind, plain)}, value, plain)
	return g.to
}

// bareNumber reports whether a value is a number that says how the next word
// is encoded, or how many bits it has: two digits, or three before a word.
func bareNumber(text []byte, from, to int) bool {
	for _, b := range text[from:to] {
		if b < '0' || b > '9' {
			return false
		}
	}
	rest := text[min(to+1, len(text)):]
	return to-from <= 2 || to-from == 3 && to < len(text) && text[to] == ' ' && skipBlank(rest, 0) < len(rest)
}

// harmless reports whether a value that stands where a secret could is none:
// it is a tag already, a word of the command's grammar, or blanked out.
func (s *scan) harmless(value string) bool {
	if isTag(value) || strings.Trim(value, "*xX.") == "" || s.r.never[strings.ToLower(value)] {
		return true
	}
	return strings.HasPrefix(value, "<") && strings.HasSuffix(value, ">") && len(value) > 2 && !strings.ContainsAny(value, "0123456789/+")
}

// add keeps a span; one that overlaps an earlier pattern's span widens it. A
// span that touches a tag is dropped: it was redacted before.
func (s *scan) add(sp span, words ...string) {
	if touchesTag(s.text, sp.start, sp.end) || !s.continues(sp) {
		return
	}
	if s.found == nil {
		s.found = map[string]string{}
	}
	for _, w := range words {
		if _, ok := s.found[w]; !ok && memorable(w) {
			s.found[w] = sp.tag
		}
	}
	for i := len(s.spans) - 1; i >= 0 && i >= len(s.spans)-16; i-- {
		o := &s.spans[i]
		if sp.start < o.end && o.start < sp.end {
			if sp.start == o.start || !strings.Contains(s.text[sp.start:sp.end], " ") {
				if sp.start == o.start && sp.end > o.end {
					o.tag = sp.tag // the whole of a secret that was wrapped
				}
				o.start, o.end = min(o.start, sp.start), max(o.end, sp.end)
			}
			return
		}
	}
	s.spans = append(s.spans, sp)
}

// continues reports whether a span that runs into the next line really does:
// that line begins with the rest of a value, not with a word of its own.
func (s *scan) continues(sp span) bool {
	i := strings.IndexByte(s.text[sp.start:sp.end], '\n')
	if i < 0 || strings.HasSuffix(strings.TrimRight(s.text[sp.start:sp.start+i], "\r"), `\`) {
		return true
	}
	rest := s.text[sp.start+i+1 : sp.end]
	return strings.Trim(rest, "abcdefghijklmnopqrstuvwxyz-!#\r\n") != "" && strings.IndexByte(rest, ' ') < 0
}

// lineEnd returns where a secret that may hold spaces ends: at the end of the
// line where the command begins the line, else after one word.
func lineEnd(text []byte, from, to int) int {
	head := strings.TrimLeft(string(text[:min(from, len(text))]), " \t+-")
	if text[from] == '"' || text[from] == '\'' || strings.ContainsAny(head, `"'{}<>%:#$|;`) {
		return to
	}
	end := len(text)
	for end > to && (text[end-1] == ' ' || text[end-1] == '\t' || text[end-1] == '\r') {
		end--
	}
	return max(end, to)
}

// revealed returns the plain text of a secret, and whether it could be told.
func revealed(enc, value string) (string, bool) {
	switch {
	case strings.HasPrefix(value, "$9$") && strings.Count(value, "$") == 2:
		return decodeJunos(value)
	case crypted.MatchString(value):
		return "", false
	}
	switch enc {
	case "", "0", "clear", "cleartext", "plain", "plaintext", "simple", "plaintext-password":
		return value, true
	case "7", "encrypted", "password":
		return decodeType7(value)
	case "md5": // names the algorithm of a key more often than the form of a hash
		return value, len(value) != 32
	}
	return "", false
}

// crypted is the modular crypt format ($6$salt$hash), LDAP's ({SSHA512}...)
// and the sealed forms of SR Linux, VRP and EOS.
var crypted = regexp.MustCompile(`^(?:\$\w{1,8}\$|\{[A-Z0-9-]+\}|%\^%#|%\$%\$|@%@%|%@%@)`)
