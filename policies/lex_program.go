package policies

import "strings"

// programWords brings a program's command line into the one form that the
// grammar spells: no folder before the program's name, -n 5 for -n5, and
// --lines 5 for --lines=5.
func (p *Platform) programWords(words []word) []word {
	out := make([]word, 0, len(words)+4)
	for i, w := range words {
		if i == 0 || i == 1 && words[0].lower == "sudo" {
			w.text = p.program(w.text)
			w.lower = w.text
		}
		if first, rest, ok := splitOption(w); ok {
			out = append(out, first, rest)
			continue
		}
		out = append(out, w)
	}
	return out
}

// program takes the folder off a program's name.
func (p *Platform) program(name string) string {
	for _, folder := range p.file.Paths {
		if rest, ok := strings.CutPrefix(name, folder); ok && strings.IndexByte(rest, '/') < 0 {
			return rest
		}
	}
	return name
}

// splitOption cuts an option from the value that is attached to it.
func splitOption(w word) (option, value word, ok bool) {
	s := w.text
	at, skip := 0, 0
	switch {
	case w.quoted || len(s) < 3 || s[0] != '-':
		return w, w, false
	case s[1] == '-':
		at, skip = strings.IndexByte(s, '='), 1
	case isAlnum(s[1]) && (s[1] < '0' || s[1] > '9'):
		if _, isNumber := decimal(s[2:]); isNumber {
			at = 2
		}
	}
	if at <= 0 || at+skip >= len(s) {
		return w, w, false
	}
	return word{text: s[:at], lower: s[:at]}, word{text: s[at+skip:], lower: s[at+skip:]}, true
}

// menuWords cuts the menu path that a RouterOS command may begin with into its
// words: "/ip/route/print" and "/ip route print" are "ip route print".
func menuWords(words []word) []word {
	if len(words) == 0 || !strings.HasPrefix(words[0].text, "/") || words[0].quoted {
		return words
	}
	var out []word
	for _, part := range strings.Split(words[0].text[1:], "/") {
		if part != "" {
			out = append(out, word{text: part, lower: strings.ToLower(part)})
		}
	}
	return append(out, words[1:]...)
}
