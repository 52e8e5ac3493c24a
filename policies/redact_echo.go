package policies

import (
	"strings"
	"unicode"
)

// memorable reports whether a secret is unlike enough to ordinary text that
// its other occurrences may go too: at least six characters, no mere word and
// no mere number or address.
func memorable(w string) bool {
	if len(w) < 6 || len(w) > 256 || strings.ContainsAny(w, " \t\n") {
		return false
	}
	var letters, others bool
	for _, r := range w {
		letters = letters || unicode.IsLetter(r)
		others = others || !unicode.IsLetter(r) && r != '-' && r != '_'
	}
	if letters && others {
		return true
	}
	lower, upper := strings.ToLower(w) != w, strings.ToUpper(w) != w
	return letters && lower && upper && !unicode.IsUpper(rune(w[0])) // mixed case inside the word
}

// echoes adds the other places where the secrets that were found stand as
// whole words: a host line that repeats a community, a log line, a remark.
func (s *scan) echoes() {
	for _, k := range s.r.known {
		if s.found == nil {
			s.found = map[string]string{}
		}
		s.found[k] = s.tag(keyTag, k)
	}
	if len(s.found) == 0 {
		return
	}
	var starts [1 << 16]bool
	lengths := map[int]bool{}
	for w := range s.found {
		starts[pair(w)] = true
		lengths[len(w)] = true
	}
	text := s.text
	for i := 0; i+4 <= len(text); i++ {
		if !starts[int(text[i])<<8|int(text[i+1])] || i > 0 && inWord(text[i-1]) {
			continue
		}
		for n := range lengths {
			if i+n > len(text) || i+n < len(text) && inWord(text[i+n]) {
				continue
			}
			if tag, ok := s.found[text[i:i+n]]; ok {
				s.echo(span{i, i + n, tag})
			}
		}
	}
}

func pair(w string) int { return int(w[0])<<8 | int(w[1]) }

func inWord(b byte) bool {
	return b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b == '_'
}

// echo keeps a span that was found by its text. It is not compared with the
// others: replaced merges those that overlap.
func (s *scan) echo(sp span) { s.spans = append(s.spans, sp) }

// block replaces the lines of a key block, from after the line that begins it
// (which v is) to before the line that ends it, each by the tag of the whole.
func (s *scan) block(v view, p *pattern) {
	m := p.re.FindIndex(v.text)
	if m == nil {
		return
	}
	_, head := v.place(m[0], m[1])
	limit := min(len(s.text), head+maxBlock)
	body := s.text[head:limit]
	end := len(body)
	if loc := p.block.FindStringIndex(body); loc != nil {
		end = loc[0]
	}
	if text := strings.TrimSpace(body[:end]); text == "" || isTag(text) && !strings.Contains(text, "\n") {
		return
	}
	if lines := strings.Split(body[:end], "\n"); len(lines) == 1 || strings.Contains(lines[0], `\n`) {
		s.add(span{head, head + end, s.tag(hashTag, body[:end])})
		return
	}
	s.blockLines(head, body[:end])
}

// maxBlock bounds how far the end of a key block is looked for.
const maxBlock = 64 << 10

// blockLines gives each line of a block its tag and keeps its indentation.
func (s *scan) blockLines(at int, body string) {
	tag := s.tag(hashTag, strings.Join(strings.Fields(body), "\n"))
	for _, line := range strings.SplitAfter(body, "\n") {
		text := strings.TrimSpace(line)
		if text != "" && !isTag(text) {
			from := at + strings.Index(line, text)
			s.spans = append(s.spans, span{from, from + len(text), tag})
		}
		at += len(line)
	}
	s.blockEnd = at - len(body) + strings.LastIndexByte(body, '\n') + 1
}
