package policies

import (
	"fmt"
	"sort"
	"strings"
)

// A lineTemplate is the notation of a pattern that reads like the command it
// stands in: words, [optional parts], (one | another), and
//
//	<secret>  a secret, in plain or reversibly encoded; one word or quoted
//	<hash>    a one-way hash, or a secret that only the device can open
//	<line>    a secret that may hold spaces: the rest of a configuration line
//	<enc>     how the next secret is encoded: 0, 7, encrypted, ...
//	<word>    any one word        <num>  a number
//	<any>     up to twelve words
//
// A template matches anywhere in a line (after a prompt, in a log line, in a
// JSON string), in any letter case, but begins at a word; ^ holds it to the
// beginning of the line. It is compiled to a lineProgram.
type lineTemplate struct {
	src   string
	at    int
	words [][]string
	prog  lineProgram
}

// compileLine compiles a template; the words returned are those that a line
// must hold, one of each set, the most telling set first.
func compileLine(src string) (*lineProgram, [][]string, error) {
	t := lineTemplate{src: src}
	if strings.HasPrefix(src, "^") {
		t.at, t.prog.anchored = 1, true
	}
	if err := t.sequence(start{first: true, required: true}); err != nil {
		return nil, nil, err
	}
	if t.at < len(t.src) {
		return nil, nil, fmt.Errorf("%q has no beginning", t.src[t.at:])
	}
	if len(t.words) == 0 {
		return nil, nil, fmt.Errorf("no word to look for")
	}
	t.emit(lineOp{code: opDone})
	t.prog.begin(0)
	sort.SliceStable(t.words, func(i, j int) bool { return shortest(t.words[i]) > shortest(t.words[j]) })
	return &t.prog, t.words, nil
}

func shortest(words []string) int {
	n := len(words[0])
	for _, w := range words {
		n = min(n, len(w))
	}
	return n
}

// start says how a sequence of items begins: the first of a line, or of an
// alternative, has no blank before it; required items stand on every line
// that matches.
type start struct{ first, required bool }

func (t *lineTemplate) emit(op lineOp) int {
	t.prog.ops = append(t.prog.ops, op)
	return len(t.prog.ops) - 1
}

// sequence reads items up to a closing mark.
func (t *lineTemplate) sequence(s start) error {
	for {
		for t.at < len(t.src) && t.src[t.at] == ' ' {
			t.at++
		}
		if t.at == len(t.src) || strings.IndexByte("])|", t.src[t.at]) >= 0 {
			return nil
		}
		if err := t.item(s); err != nil {
			return err
		}
		s.first = false
	}
}

// item reads one group, or one run of words and classes without a space.
func (t *lineTemplate) item(s start) error {
	if t.src[t.at] == '[' {
		t.at++
		split := t.emit(lineOp{code: opSplit})
		if err := t.sequence(start{first: s.first}); err != nil {
			return err
		}
		t.prog.ops[split].to = len(t.prog.ops)
		return t.close(']')
	}
	if !s.first {
		t.emit(lineOp{code: opGap})
	}
	if t.src[t.at] == '(' {
		t.at++
		return t.choice(s.required)
	}
	return t.chunks(s.required)
}

// choice reads the alternatives of a group whose opening was read.
func (t *lineTemplate) choice(required bool) error {
	var heads []string
	var exits []int
	for {
		begin := t.at
		split := t.emit(lineOp{code: opSplit})
		if err := t.sequence(start{first: true}); err != nil {
			return err
		}
		heads = append(heads, longestWord(t.src[begin:t.at]))
		exits = append(exits, t.emit(lineOp{code: opJump}))
		t.prog.ops[split].to = len(t.prog.ops)
		if t.at == len(t.src) || t.src[t.at] != '|' {
			break
		}
		t.at++
	}
	t.emit(lineOp{code: opFail})
	for _, e := range exits {
		t.prog.ops[e].to = len(t.prog.ops)
	}
	if required && shortest(heads) >= 2 {
		t.words = append(t.words, heads)
	}
	return t.close(')')
}

func (t *lineTemplate) close(mark byte) error {
	if t.at == len(t.src) || t.src[t.at] != mark {
		return fmt.Errorf("%c is missing", mark)
	}
	t.at++
	return nil
}

// longestWord returns the longest literal of an alternative that is not
// optional in it.
func longestWord(s string) string {
	best, depth := "", 0
	for _, f := range strings.Fields(s) {
		depth += strings.Count(f, "[")
		if depth == 0 && !strings.ContainsAny(f, "<(|)") && len(f) > len(best) {
			best = f
		}
		depth -= strings.Count(f, "]")
	}
	return best
}

// chunks reads words and classes that stand together, such as key=<secret>.
func (t *lineTemplate) chunks(required bool) error {
	for t.at < len(t.src) && strings.IndexByte(" []()|", t.src[t.at]) < 0 {
		rest := t.src[t.at:]
		if rest[0] == '<' {
			end := strings.IndexByte(rest, '>')
			if end < 0 {
				return fmt.Errorf("> is missing")
			}
			if err := t.class(rest[1:end]); err != nil {
				return err
			}
			t.at += end + 1
			continue
		}
		n := strings.IndexAny(rest, " <[]()|")
		if n < 0 {
			n = len(rest)
		}
		t.emit(lineOp{code: opWord, word: strings.ToLower(rest[:n])})
		if required && n >= 2 {
			t.words = append(t.words, []string{rest[:n]})
		}
		t.at += n
	}
	return nil
}

// class emits what reads a class of tokens.
func (t *lineTemplate) class(name string) error {
	switch name {
	case "word":
		t.emit(lineOp{code: opToken})
	case "num":
		t.emit(lineOp{code: opNumber})
	case "any":
		t.emit(lineOp{code: opToken})
		t.emit(lineOp{code: opMore})
	case "enc", "secret", "hash", "line":
		t.emit(lineOp{code: opCapture, kind: groupKind(name)})
	default:
		return fmt.Errorf("<%s> is no class", name)
	}
	return nil
}
