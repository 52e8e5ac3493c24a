package policies

import (
	"io/fs"
	"slices"
	"sort"
	"strings"
)

// A Redactor replaces secrets by tags. What a secret looks like is data: the
// files patterns/*.yaml. It is immutable and safe for concurrent use.
//
// A text is read once, by an automaton that looks for the words of all patterns
// together; only a line that holds every word of a pattern is matched against
// it. So the cost is linear in the text and hardly grows with the patterns.
type Redactor struct {
	salt     []byte
	patterns []pattern
	words    *automaton
	trigger  [][]int // by word: the patterns that it triggers
	never    map[string]bool
	known    []string // secrets told by the program itself
}

// NewRedactor compiles the patterns of fsys (patterns/*.yaml) with this
// installation's salt, which must be at least 16 bytes. Every fault in a file
// is an error that names the file and the pattern.
func NewRedactor(fsys fs.FS, salt []byte) (*Redactor, error) {
	if len(salt) < 16 {
		return nil, errShortSalt
	}
	families, err := loadFamilies(fsys)
	if err != nil {
		return nil, err
	}
	r := &Redactor{salt: append([]byte(nil), salt...), never: map[string]bool{}}
	ids := map[string]int{}
	for _, f := range families {
		for _, w := range f.NotSecrets {
			r.never[strings.ToLower(w)] = true
		}
		for _, p := range f.Patterns {
			c, err := p.compile(ids)
			if err != nil {
				return nil, patternError(f, p, err)
			}
			r.patterns = append(r.patterns, c)
		}
	}
	r.words = newAutomaton(ids)
	r.trigger = make([][]int, len(ids))
	for i, p := range r.patterns {
		for _, w := range p.triggers() {
			r.trigger[w] = append(r.trigger[w], i)
		}
	}
	return r, nil
}

// Knowing returns a Redactor that also replaces these secrets wherever they
// stand as whole words: the passwords by which netsonde itself logs in, which
// a device may echo. Those shorter than four characters are left out.
func (r *Redactor) Knowing(secrets ...string) *Redactor {
	c := *r
	for _, s := range secrets {
		if len(s) >= 4 {
			c.known = append(c.known[:len(c.known):len(c.known)], s)
		}
	}
	return &c
}

// Redact replaces each secret by a tag of one word (no spaces), idempotently,
// and keeps the number of lines. Equal secrets get equal tags: 64 bits of an
// HMAC under the salt, over the decoded secret where the encoding is
// reversible (Cisco type 7, Junos $9$), so that a key mismatch can still be
// seen: <key#0123456789abcdef>. A secret that is only known as a one-way hash
// or sealed by the device becomes <hash#...>: unequal ones prove nothing.
// A secret that was found in one place goes from the rest of the text too.
//
// Every family's patterns are tried on every text, because a text's platform
// can be mistaken; platform only admits the patterns that are too loose for
// others. It may be "", which admits all.
func (r *Redactor) Redact(platform, text string) string {
	s := scan{r: r, text: text, platform: platform, xml: looksXML(text)}
	s.lines()
	s.echoes()
	return s.replaced()
}

// A span is a part of the text that a tag takes the place of.
type span struct {
	start, end int
	tag        string
}

// A scan is the redaction of one text.
type scan struct {
	r        *Redactor
	text     string
	platform string
	xml      bool
	stack    []enclosing
	spans    []span
	found    map[string]string // plain secrets met, and their tags
	tries    []int             // the patterns that a line admits; kept for its memory
	blockEnd int               // end of the key block that was last replaced
}

// lines runs the automaton over the text and matches the lines that hold
// words of a pattern.
func (s *scan) lines() {
	a, text := s.r.words, s.text
	hits := newWordSet(len(s.r.trigger))
	state, start, odd := 0, 0, false
	for i := 0; i <= len(text); i++ {
		if i < len(text) && text[i] != '\n' {
			b := text[i]
			state = a.next(state, b)
			if a.outputs[state] != nil {
				hits.add(a.outputs[state])
			}
			odd = odd || b < ' ' && b != '\t'
			continue
		}
		if i > start {
			s.enclose(start, i)
			if odd || !hits.empty() {
				s.segments(start, i, hits)
			}
		}
		hits.clear()
		state, start, odd = 0, i+1, false
	}
}

// segments hands a line to line, a long one in parts, so that the cost of a
// JSON text of one line is that of its parts.
func (s *scan) segments(start, end int, hits *wordSet) {
	if end-start <= maxSegment {
		s.line(start, end, hits)
		return
	}
	for start < end {
		stop := min(end, start+maxSegment)
		if stop < end {
			stop = start + breakBefore(s.text[start:stop])
		}
		hits.clear()
		s.r.words.scan([]byte(s.text[start:stop]), hits)
		s.line(start, stop, hits)
		start = stop
	}
}

// maxSegment is the length from which a line is matched in parts.
const maxSegment = 8192

// breakBefore returns where a long line is best parted: between two members
// or elements, else between two words.
func breakBefore(part string) int {
	for _, mark := range [...]string{`"`, "<", `\n`, " "} {
		if i := strings.LastIndex(part, mark); i > len(part)/2 && (mark != `"` || part[i-1] == ',') {
			return i
		}
	}
	return len(part)
}

// line matches the patterns whose words stand on text[start:end], and again on
// the line as it was before a terminal or a router wrapped it.
func (s *scan) line(start, end int, hits *wordSet) {
	if start < s.blockEnd {
		return
	}
	v := viewOf(s.text, start, end)
	if v.changed {
		hits.clear()
		s.r.words.scan(v.text, hits)
	}
	if hits.empty() {
		return
	}
	s.match(v, hits)
	if w, ok := v.wrapped(s.text); ok {
		joined := newWordSet(len(s.r.trigger))
		s.r.words.scan(w.text, joined)
		s.match(w, joined)
	}
}

// match runs the patterns that hits admits over one view of a line.
func (s *scan) match(v view, hits *wordSet) {
	s.tries = s.tries[:0]
	for _, w := range hits.list {
		for _, i := range s.r.trigger[w] {
			if s.r.patterns[i].admits(s.platform, hits) {
				s.tries = append(s.tries, i)
			}
		}
	}
	slices.Sort(s.tries) // the order of the files: what knows more comes first
	for _, i := range slices.Compact(s.tries) {
		p := &s.r.patterns[i]
		if !s.within(v, p) {
			continue
		}
		switch {
		case p.names != nil:
			s.matchNames(v, p)
		case p.program != nil:
			s.matchProgram(v, p)
		case p.block != nil:
			s.block(v, p)
		default:
			s.matchPattern(v, p)
		}
	}
}

// replaced builds the text with the tags in place. Of spans that overlap, the
// one of the earlier pattern gives the tag and all of them go.
func (s *scan) replaced() string {
	if len(s.spans) == 0 {
		return s.text
	}
	sort.SliceStable(s.spans, func(i, j int) bool { return s.spans[i].start < s.spans[j].start })
	merged := s.spans[:1]
	for _, sp := range s.spans[1:] {
		last := &merged[len(merged)-1]
		if sp.start < last.end {
			last.end = max(last.end, sp.end)
			continue
		}
		merged = append(merged, sp)
	}
	var b strings.Builder
	b.Grow(len(s.text) + 16*len(merged))
	at := 0
	for _, sp := range merged {
		b.WriteString(s.text[at:sp.start])
		s.writeTag(&b, sp)
		at = sp.end
	}
	b.WriteString(s.text[at:])
	return b.String()
}

// writeTag writes the tag once for each line of the span, so that the number
// of lines stays.
func (s *scan) writeTag(b *strings.Builder, sp span) {
	for i, part := range strings.Split(s.text[sp.start:sp.end], "\n") {
		if i > 0 {
			b.WriteByte('\n')
		}
		if strings.TrimRight(part, " \t\r\\") == "" && i > 0 {
			b.WriteString(part)
			continue
		}
		b.WriteString(sp.tag)
		if strings.HasSuffix(part, "\r") {
			b.WriteByte('\r')
		}
	}
}
