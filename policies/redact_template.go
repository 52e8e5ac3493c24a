package policies

import (
	"fmt"
	"regexp"
	"sort"
	"strings"
)

// A lineTemplate is the notation of a pattern that reads like the command it
// stands in: words, [optional parts], (one | another), and
//
//	<secret>  a secret, in plain or reversibly encoded; one word or quotedToken
//	<hash>    a one-way hash, or a secret that only the device can open
//	<line>    a secret that may hold spaces: the rest of a configuration line
//	<enc>     how the next secret is encoded: 0, 7, encrypted, ...
//	<word>    any one word        <num>  a number
//	<any>     up to twelve words
//
// A template matches anywhere in a line (after a prompt, in a log line, in a
// JSON string), in any letter case, but begins at a word; ^ holds it to the
// beginning of the line.
type lineTemplate struct {
	src    string
	at     int
	groups int
	words  [][]string
}

const (
	gap         = `[ \t]+`
	wordStart   = `(?:^[-+]?|[^\w-])`
	quotedToken = `"(?:\\.|[^"\\])*"|'[^']*'`
)

// compile returns the regular expression of the template and the words that a
// line must hold, the most telling first.
func (t *lineTemplate) compile() (string, [][]string, error) {
	expr := wordStart
	if strings.HasPrefix(t.src, "^") {
		t.at, expr = 1, `^[-+]?[ \t]*`
	}
	body, err := t.sequence("", true)
	if err != nil {
		return "", nil, err
	}
	if t.at < len(t.src) {
		return "", nil, fmt.Errorf("%q has no beginning", t.src[t.at:])
	}
	if len(t.words) == 0 {
		return "", nil, fmt.Errorf("no word to look for")
	}
	sort.SliceStable(t.words, func(i, j int) bool { return shortest(t.words[i]) > shortest(t.words[j]) })
	return expr + body, t.words, nil
}

func shortest(words []string) int {
	n := len(words[0])
	for _, w := range words {
		n = min(n, len(w))
	}
	return n
}

// sequence reads items up to a closing mark; the first has lead before it.
// required says that the items stand on every line that matches.
func (t *lineTemplate) sequence(lead string, required bool) (string, error) {
	var b strings.Builder
	for {
		for t.at < len(t.src) && t.src[t.at] == ' ' {
			t.at++
		}
		if t.at == len(t.src) || strings.IndexByte("])|", t.src[t.at]) >= 0 {
			return b.String(), nil
		}
		item, err := t.item(lead, required)
		if err != nil {
			return "", err
		}
		b.WriteString(item)
		lead = gap
	}
}

// item reads one group, or one run of words and classes without a space.
func (t *lineTemplate) item(lead string, required bool) (string, error) {
	switch t.src[t.at] {
	case '[':
		t.at++
		s, err := t.sequence(lead, false)
		if err != nil {
			return "", err
		}
		return "(?:" + s + ")?", t.close(']')
	case '(':
		t.at++
		return t.choice(lead, required)
	}
	s, err := t.chunks(required)
	return lead + s, err
}

// choice reads the alternatives of a group whose opening was read.
func (t *lineTemplate) choice(lead string, required bool) (string, error) {
	var alts, heads []string
	for {
		start := t.at
		s, err := t.sequence("", false)
		if err != nil {
			return "", err
		}
		alts = append(alts, s)
		heads = append(heads, longestWord(t.src[start:t.at]))
		if t.at < len(t.src) && t.src[t.at] == '|' {
			t.at++
			continue
		}
		break
	}
	if required && shortest(heads) >= 2 {
		t.words = append(t.words, heads)
	}
	return lead + "(?:" + strings.Join(alts, "|") + ")", t.close(')')
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
func (t *lineTemplate) chunks(required bool) (string, error) {
	var b strings.Builder
	for t.at < len(t.src) && strings.IndexByte(" []()|", t.src[t.at]) < 0 {
		rest := t.src[t.at:]
		if rest[0] == '<' {
			end := strings.IndexByte(rest, '>')
			if end < 0 {
				return "", fmt.Errorf("> is missing")
			}
			s, err := t.class(rest[1:end])
			if err != nil {
				return "", err
			}
			b.WriteString(s)
			t.at += end + 1
			continue
		}
		n := strings.IndexAny(rest, " <[]()|")
		if n < 0 {
			n = len(rest)
		}
		b.WriteString(regexp.QuoteMeta(rest[:n]))
		if required && n >= 2 {
			t.words = append(t.words, []string{rest[:n]})
		}
		t.at += n
	}
	return b.String(), nil
}

// class returns the expression of a class of tokens.
func (t *lineTemplate) class(name string) (string, error) {
	switch name {
	case "word":
		return `(?:` + quotedToken + `|[^\s"]\S*)`, nil
	case "num":
		return `\d+`, nil
	case "any":
		return `\S+(?:[ \t]+\S+){0,11}?`, nil
	case "enc":
		t.groups++
		return fmt.Sprintf(`(?P<enc%d>\d{1,2}a?|encrypted|clear|cleartext|plain|plaintext|hidden|md5|sha512|cipher|simple|hash2?|`+
			`encrypted-password|plaintext-password|8a|irreversible-cipher|ciphertext|password)`, t.groups), nil
	case "secret", "hash", "line":
		t.groups++
		return fmt.Sprintf(`(?P<%s%d>%s|[^\s"]\S*)`, name, t.groups, quotedToken), nil
	}
	return "", fmt.Errorf("<%s> is no class", name)
}
