package policies

import (
	"fmt"
	"strings"
)

// A word is one blank-separated word of a command line.
type word struct {
	text   string
	lower  string // text in lower case, where the platform folds case; else text
	quoted bool   // it stood in quotes, which are not part of text
}

// Limits of a command line. What people and models type is far shorter.
const (
	maxLine  = 1024
	maxWords = 64
)

// printable refuses a line that is not one line of printable ASCII: a control
// character can be a second command, and other scripts have letters that only
// look like ours.
func printable(line string) *Refusal {
	if len(line) > maxLine {
		return &Refusal{Line: line[:60] + "...", Reason: fmt.Sprintf("longer than %d characters", maxLine)}
	}
	for i, r := range line {
		if r >= ' ' && r <= '~' {
			continue
		}
		bad := &Refusal{Line: visible(line), Near: visible(string(r)), Reason: "control character in a command"}
		switch {
		case r == '\n' || r == '\r':
			bad.Reason = "a line break starts a second command: ask one at a time"
		case r > '~' && r != 0x7f:
			bad.Near = fmt.Sprintf("U+%04X", r)
			bad.Reason = fmt.Sprintf("character %d is not ASCII: it may only look like the letter that is meant", i+1)
		}
		return bad
	}
	return nil
}

// visible makes any text one line of printable ASCII.
func visible(line string) string {
	quoted := fmt.Sprintf("%+q", line)
	return strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
}

// oneCommand refuses what would make a second command or a redirect of a
// command's unquoted text, with a reason of its own; the grammar has no such
// characters anyway.
func oneCommand(command string) *Refusal {
	var quote byte
	for i := range len(command) {
		c := command[i]
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == ';' || c == '&':
			return &Refusal{Near: command[i:], Reason: "a separator starts a second command: ask one at a time"}
		case c == '>' || c == '<':
			return &Refusal{Near: command[i:], Reason: "a redirect writes or reads a file"}
		case c == '`' || c == '\\' || c == '!' || c == '?':
			return &Refusal{Near: command[i:], Reason: fmt.Sprintf("%q has a meaning of its own on a command line", c)}
		}
	}
	return nil
}

// splitPipe cuts line at its first "|" outside quotes. The rest includes it.
func splitPipe(line string) (command, rest string) {
	var quote byte
	for i := range len(line) {
		switch c := line[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == '|':
			return line[:i], line[i:]
		}
	}
	return line, ""
}

// lexWords appends the words of text to ws. A quoted word must stand alone.
func lexWords(ws []word, text string, fold bool) ([]word, *Refusal) {
	for i := 0; i < len(text); {
		if text[i] == ' ' {
			i++
			continue
		}
		if len(ws) == maxWords {
			return nil, &Refusal{Reason: fmt.Sprintf("more than %d words", maxWords)}
		}
		if c := text[i]; c == '\'' || c == '"' {
			j := strings.IndexByte(text[i+1:], c)
			if j < 0 {
				return nil, &Refusal{Near: text[i:], Reason: "a quote without its end"}
			}
			end := i + 1 + j + 1
			if end < len(text) && text[end] != ' ' {
				return nil, &Refusal{Near: text[i : end+1], Reason: "text right after a quote"}
			}
			ws = append(ws, word{text: text[i+1 : end-1], lower: text[i+1 : end-1], quoted: true})
			i = end
			continue
		}
		j := i
		for j < len(text) && text[j] != ' ' {
			if c := text[j]; (c == '\'' || c == '"') && strings.HasPrefix(text[i:], "--") && text[j-1] == '=' {
				break // --since="1 hour ago"
			}
			j++
		}
		w := word{text: text[i:j], lower: text[i:j]}
		if j < len(text) && text[j] != ' ' {
			w.text = strings.TrimSuffix(w.text, "=")
			w.lower = w.text
		}
		if fold {
			w.lower = strings.ToLower(w.text)
		}
		ws = append(ws, w)
		i = j
	}
	return ws, nil
}
