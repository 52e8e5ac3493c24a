package tools

import (
	"fmt"
	"strings"
)

// defaultBudget is the size of one result in tokens where Env gives none.
const defaultBudget = 3000

// charsPerToken is how many characters of device output make a token, on the
// low side: device text is dense in digits and punctuation.
const charsPerToken = 3

// A block is the part of a result that comes from one answer.
type block struct {
	title string // what was asked of whom
	text  string
	note  string // how to ask for what is cut
}

// shape joins blocks into a text of at most budget tokens. Every block keeps a
// fair share; what one does not use goes to the others. What is cut is said,
// with its number of lines and how to ask for it.
func shape(blocks []block, budget int) string {
	if budget <= 0 {
		budget = defaultBudget
	}
	left := budget * charsPerToken
	for _, b := range blocks {
		left -= len(b.title) + 2
	}
	share := shares(blocks, max(left, 0))
	var out strings.Builder
	for i, b := range blocks {
		if i > 0 {
			out.WriteByte('\n')
		}
		if b.title != "" {
			out.WriteString(b.title + "\n")
		}
		out.WriteString(cut(b.text, b.note, share[i]))
	}
	return strings.TrimRight(out.String(), "\n") + "\n"
}

// shares gives each block what it needs, or an equal part of what is left.
func shares(blocks []block, left int) []int {
	share := make([]int, len(blocks))
	open := len(blocks)
	for open > 0 {
		part, settled := left/open, 0
		for i, b := range blocks {
			if share[i] == 0 && len(b.text) <= part {
				share[i] = max(len(b.text), 1)
				left -= len(b.text)
				settled++
			}
		}
		open -= settled
		if settled == 0 {
			for i := range blocks {
				if share[i] == 0 {
					share[i] = max(part, 1)
				}
			}
			return share
		}
	}
	return share
}

// cut keeps the first lines of text that fit size, and says what it left out.
func cut(text, note string, size int) string {
	text = strings.TrimRight(text, "\n")
	if text == "" {
		return "(no output)\n"
	}
	if len(text) <= size {
		return text + "\n"
	}
	if note == "" {
		note = "narrow the question, or use recall on this observation"
	}
	lines := strings.Split(text, "\n")
	room := size - len(note) - 40
	kept, used := 0, 0
	for kept < len(lines) && used+len(lines[kept])+1 <= room {
		used += len(lines[kept]) + 1
		kept++
	}
	tail := fmt.Sprintf("[%d of %d lines not shown: %s]\n", len(lines)-kept, len(lines), note)
	if kept == 0 {
		return tail
	}
	return strings.Join(lines[:kept], "\n") + "\n" + tail
}
