package policies

import (
	"bytes"
	"strings"
)

// matchNames adds a span for the value of each name that says of itself that
// it holds a secret: "password": "x", psk = x, <secret>x</secret>, --password=x,
// and in prose "the password is x" and "pw Hunter2".
func (s *scan) matchNames(v view, p *pattern) {
	a, state := s.r.words, 0
	for i, b := range v.text {
		state = a.next(state, b)
		for _, w := range a.outputs[state] {
			if n := p.names[w]; n > 0 && s.named(v, i+1-n, i+1) {
				break
			}
		}
	}
}

// named adds the span of the value of the name at v.text[from:to], if it has
// one that is a secret.
func (s *scan) named(v view, from, to int) bool {
	t := v.text
	if to-from <= 4 && from > 0 && inWord(t[from-1]) && t[from-1] != '_' {
		return false // "cak" is a name, "pancake" is none
	}
	at := skipSuffix(t, to)
	if at < len(t) && (inWord(t[at]) || t[at] == '-' && at+1 < len(t) && inWord(t[at+1])) {
		return false // password-encryption, secretary
	}
	if end, ok := elementValue(t, from, at); ok {
		at = end
		return s.value(v, at, bytesUntil(t, at, "<"))
	}
	if end, ok := assignment(t, at); ok {
		return s.values(v, end)
	}
	if at == len(t) || t[at] != ' ' {
		return false
	}
	word := nextWord(t, at)
	switch strings.ToLower(string(word)) {
	case "is", "was", "now", "->", "=>", "changed", "set":
		at = bytes.Index(t[at:], word) + at + len(word)
		next := nextWord(t, at)
		if strings.EqualFold(string(next), "to") || strings.EqualFold(string(next), "now") {
			at = bytes.Index(t[at:], next) + at + len(next)
		}
		at = skipBlank(t, at)
		if end := valueEnd(t, at); unlikeWord(t[at:end]) {
			return s.value(v, at, end)
		}
		return false
	}
	at = skipBlank(t, at)
	end := at + len(word)
	if len(word) == 0 && at < len(t) {
		end = valueEnd(t, at) // quoted
	}
	if odd(word) || to-from > 4 && setting(t, from, end) {
		return s.value(v, at, end)
	}
	return false
}

// settings are the words that begin a setting, as against a sentence.
var settings = map[string]bool{
	"set": true, "nv": true, "net": true, "config": true, "configure": true, "username": true, "user": true, "crypto": true, "ddns": true, "dhcp": true,
	"dhcp-server": true, "voice": true, "ip": true, "ipv6": true, "ldap": true, "security": true, "session": true, "aaa": true, "vpdn": true, "ppp": true,
	"interface": true, "l2tp": true, "ipsec": true, "tunnel": true, "tacacs": true, "radius": true, "sudo": true, "/configure": true, "neighbor": true,
}

// setting reports whether the word that ends at t[end], behind a secret's name
// at t[from:], is the last of a line that sets something: it is the value
// then, though a dictionary may hold it.
func setting(t []byte, from, end int) bool {
	switch strings.ToLower(strings.Trim(string(t[end:]), " \t\r\n;'\"")) {
	case "", "encrypted", "hash", "hash2", "localizedkey":
	default:
		return false
	}
	head := strings.Fields(string(t[max(0, from-400):from]))
	return len(head) == 0 && from > 0 || len(head) > 0 && settings[strings.ToLower(head[0])] && from <= 400
}

// values adds the span of the value at v.text[at:], or of each of a list.
func (s *scan) values(v view, at int) bool {
	if at >= len(v.text) || v.text[at] != '[' {
		return s.value(v, at, valueEnd(v.text, at))
	}
	some := false
	for at++; at < len(v.text); at = skipBlank(v.text, at) {
		if v.text[at] != '"' && v.text[at] != '\'' {
			break
		}
		end := valueEnd(v.text, at)
		some = s.value(v, at, end) || some
		if at = skipBlank(v.text, end); at < len(v.text) && v.text[at] == ',' {
			at++
		}
	}
	return some
}

// value adds the span of v.text[from:to], without the full stop of a sentence.
func (s *scan) value(v view, from, to int) bool {
	for to > from+1 && strings.IndexByte(".:)", v.text[to-1]) >= 0 {
		to--
	}
	if to <= from {
		return false
	}
	before := len(s.spans)
	s.secret(v, group{secretGroup, "", from, to})
	return len(s.spans) > before
}

// skipSuffix skips the suffixes that data models give to a secret's name.
func skipSuffix(t []byte, at int) int {
	for _, suffix := range [...]string{"-value", "_value", "-hashed", "_hashed", "-hash", "_hash", "-plain", "-encrypted", "_encrypted", "s"} {
		if n := at + len(suffix); n <= len(t) && strings.EqualFold(string(t[at:n]), suffix) {
			return n
		}
	}
	return at
}

// elementValue returns where the value begins if the name at t[from:at] is
// that of an XML element.
func elementValue(t []byte, from, at int) (int, bool) {
	open := from
	for open > 0 && (inWord(t[open-1]) || strings.IndexByte("-.:", t[open-1]) >= 0) {
		open--
	}
	if open == 0 || t[open-1] != '<' {
		return 0, false
	}
	end := at + bytes.IndexByte(t[at:], '>')
	if end < at || end > at && t[at] != ' ' || t[end-1] == '/' {
		return 0, false
	}
	return skipBlank(t, end+1), true
}

// assignment returns where the value begins if an equals sign or a colon
// follows the name, with the quote and the bracket that close the name.
func assignment(t []byte, at int) (int, bool) {
	for at < len(t) && strings.IndexByte(`\"']`, t[at]) >= 0 {
		at++
	}
	at = skipBlank(t, at)
	for _, op := range [...]string{"=>", ":=", ":", "="} {
		if bytes.HasPrefix(t[at:], []byte(op)) {
			return skipBlank(t, at+len(op)), true
		}
	}
	return 0, false
}

// valueEnd returns where the value that begins at t[at] ends.
func valueEnd(t []byte, at int) int {
	if at >= len(t) {
		return at
	}
	if q := t[at]; q == '"' || q == '\'' {
		for i := at + 1; i < len(t); i++ {
			if t[i] == '\\' {
				i++
			} else if t[i] == q {
				return i + 1
			}
		}
		return len(t)
	}
	i := at
	if t[at] == '\\' {
		i += 2 // a quote within a JSON string
	}
	for i < len(t) && strings.IndexByte(" \t\r\n,;}\"&<", t[i]) < 0 {
		i++
	}
	if i == at && bytes.HasPrefix(t[at:], []byte("&lt;")) {
		return at + 4
	}
	return min(i, len(t))
}

func bytesUntil(t []byte, at int, mark string) int {
	if i := bytes.Index(t[at:], []byte(mark)); i >= 0 {
		return at + i
	}
	return len(t)
}

func skipBlank(t []byte, at int) int {
	for at < len(t) && (t[at] == ' ' || t[at] == '\t') {
		at++
	}
	return at
}

// nextWord returns the word after the blanks at t[at:].
func nextWord(t []byte, at int) []byte {
	at = skipBlank(t, at)
	end := at
	for end < len(t) && strings.IndexByte(" \t\r\n,;\"'<>", t[end]) < 0 {
		end++
	}
	return t[at:end]
}

// odd reports whether a word is unlike a dictionary's: letters and digits
// mixed, or marks that passwords are given. After "password" it is one.
func odd(w []byte) bool {
	var letters, digits, marks bool
	for _, b := range w {
		switch {
		case b >= '0' && b <= '9':
			digits = true
		case inWord(b):
			letters = true
		case strings.IndexByte("!@$%&*?#^", b) >= 0:
			marks = true
		}
	}
	return len(w) >= 4 && (letters && digits || letters && marks) && w[0] != '<' && w[0] != '(' && w[0] != '&'
}

// unlikeWord reports whether what follows "the password is" is a secret: it
// is quoted, odd, or the last word of what was said and long enough.
func unlikeWord(w []byte) bool {
	return len(w) > 0 && (w[0] == '"' || w[0] == '\'' || odd(w) || len(w) >= 4)
}
