package policies

import "strings"

// A lineProgram is a compiled lineTemplate. It is run by backtracking, which
// is bounded: a template has few choices and no loop but <any>.
type lineProgram struct {
	ops      []lineOp
	anchored bool
	first    [256]bool // the bytes that a match can begin with
}

// A lineOp is one step of a lineProgram.
type lineOp struct {
	code opCode
	to   int // of opSplit and opJump
	word string
	kind groupKind
}

type opCode uint8

const (
	opWord    opCode = iota // the word, in any letter case
	opGap                   // blanks, at least one
	opToken                 // any one token
	opNumber                // digits
	opMore                  // up to eleven more tokens, as few as possible
	opCapture               // a token that is kept
	opSplit                 // what follows; if that fails, from to on
	opJump
	opFail
	opDone
)

// maxMore is how many tokens an <any> takes beside its first.
const maxMore = 11

// A run is a lineProgram at work on one line.
type run struct {
	prog *lineProgram
	text []byte
	got  []group
	fuel int
}

// matchProgram adds a span for each secret that p's program finds in the view.
func (s *scan) matchProgram(v view, p *pattern) {
	r := run{prog: p.program, text: v.text}
	for at := firstWord(v.text); at < len(v.text); {
		r.got, r.fuel = r.got[:0], maxLineFuel
		last := at
		if p.program.first[v.text[at]] && r.from(0, at) {
			enc := ""
			for _, g := range r.got {
				if g.kind == encGroup {
					enc = strings.ToLower(string(v.text[g.from:g.to]))
					continue
				}
				g.enc = enc
				last, enc = max(last, s.secret(v, g)), ""
			}
		}
		if p.program.anchored {
			return
		}
		at = wordAfter(v.text, max(last, at+1))
	}
}

// begin notes the bytes that a match from op pc on can begin with.
func (p *lineProgram) begin(pc int) {
	switch op := p.ops[pc]; op.code {
	case opSplit:
		p.begin(pc + 1)
		p.begin(op.to)
	case opJump:
		p.begin(op.to)
	case opWord:
		p.first[op.word[0]] = true
		p.first[strings.ToUpper(op.word)[0]] = true
	case opFail:
	default:
		for b := range p.first {
			p.first[b] = true
		}
	}
}

// maxLineFuel bounds the steps of one attempt, whatever the text.
const maxLineFuel = 4000

// from runs the program from op pc at text[at:].
func (r *run) from(pc, at int) bool {
	for r.fuel--; r.fuel > 0; r.fuel-- {
		op := &r.prog.ops[pc]
		pc++
		end := at
		switch op.code {
		case opDone:
			return true
		case opFail:
			return false
		case opJump:
			pc = op.to
			continue
		case opSplit:
			kept := len(r.got)
			if r.from(pc, at) {
				return true
			}
			r.got = r.got[:kept]
			pc = op.to
			continue
		case opMore:
			return r.more(pc, at)
		case opGap:
			end = skipBlank(r.text, at)
		case opWord:
			end = foldedPrefix(r.text, at, op.word)
		case opNumber:
			for end < len(r.text) && r.text[end] >= '0' && r.text[end] <= '9' {
				end++
			}
		case opToken:
			end = tokenEnd(r.text, at)
		case opCapture:
			end = tokenEnd(r.text, at)
			if op.kind == encGroup && !isEncoding(r.text[at:end]) {
				return false
			}
			r.got = append(r.got, group{kind: op.kind, from: at, to: end})
		}
		if end == at {
			return false
		}
		at = end
	}
	return false
}

// more tries the rest of the program after each of the next tokens.
func (r *run) more(pc, at int) bool {
	for range maxMore + 1 {
		kept := len(r.got)
		if r.from(pc, at) {
			return true
		}
		r.got = r.got[:kept]
		next := skipBlank(r.text, at)
		end := tokenEnd(r.text, next)
		if next == at || end == next {
			return false
		}
		at = end
	}
	return false
}

// foldedPrefix returns where word ends if text[at:] begins with it, else at.
func foldedPrefix(text []byte, at int, word string) int {
	if len(text)-at < len(word) {
		return at
	}
	for i := 0; i < len(word); i++ {
		b := text[at+i]
		if b >= 'A' && b <= 'Z' {
			b += 'a' - 'A'
		}
		if b != word[i] {
			return at
		}
	}
	return at + len(word)
}

// tokenEnd returns the end of the token at text[at:]: a quoted string, or all
// up to the next blank.
func tokenEnd(text []byte, at int) int {
	if at < len(text) && (text[at] == '"' || text[at] == '\'') {
		for i := at + 1; i < len(text); i++ {
			if text[i] == '\\' && text[at] == '"' {
				i++
			} else if text[i] == text[at] {
				return i + 1
			}
		}
		if text[at] == '"' {
			return at
		}
	}
	for at < len(text) && text[at] != ' ' && text[at] != '\t' && text[at] != '\n' {
		at++
	}
	return at
}

// firstWord returns where the first word begins, behind the mark of a diff.
func firstWord(text []byte) int {
	at := 0
	if len(text) > 1 && (text[0] == '+' || text[0] == '-') {
		at = 1
	}
	return skipBlank(text, at)
}

// wordAfter returns the next place at or after at where a word begins.
func wordAfter(text []byte, at int) int {
	for ; at < len(text); at++ {
		if p := text[at-1]; !inWord(p) && p != '-' && text[at] != ' ' {
			return at
		}
	}
	return at
}

// isEncoding reports whether a token says how the next secret is encoded.
func isEncoding(token []byte) bool {
	switch strings.ToLower(string(token)) {
	case "encrypted", "clear", "cleartext", "plain", "plaintext", "hidden", "md5", "sha512", "cipher", "simple", "hash", "hash2",
		"encrypted-password", "plaintext-password", "8a", "irreversible-cipher", "ciphertext", "password":
		return true
	}
	return len(token) <= 2 && strings.Trim(string(token), "0123456789") == ""
}
