package main

import (
	"strings"
	"unicode/utf8"
)

// A style paints words with the terminal's own sixteen colours, so that light
// and dark palettes both work; it never sets a background. The zero style
// paints nothing.
type style struct{ on bool }

// styleFor decides whether w's text is painted: on a terminal, unless NO_COLOR
// is set or the terminal is dumb; CLICOLOR_FORCE paints anyway.
func (c *console) style() style {
	if c.getenv("NO_COLOR") != "" {
		return style{}
	}
	if f := c.getenv("CLICOLOR_FORCE"); f != "" && f != "0" {
		return style{true}
	}
	return style{c.outTTY && c.getenv("TERM") != "dumb"}
}

func (s style) paint(code, text string) string {
	if !s.on || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

func (s style) bold(t string) string   { return s.paint("1", t) }
func (s style) dim(t string) string    { return s.paint("2", t) }
func (s style) red(t string) string    { return s.paint("1;31", t) }
func (s style) yellow(t string) string { return s.paint("33", t) }
func (s style) green(t string) string  { return s.paint("1;32", t) }

// columns is the width that text is wrapped to: the terminal's, within reason;
// 80 without one.
func (c *console) columns() int {
	if c.width <= 0 {
		return 80
	}
	return min(max(c.width, 40), 120)
}

// wrap breaks text at blanks to lines of at most width columns, each after the
// first line indented. Lines of the text stay lines.
func wrap(text string, width int, indent string) string {
	var out strings.Builder
	for i, line := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
		if i > 0 {
			out.WriteString("\n" + indent)
		}
		col := 0
		for j, word := range strings.Fields(line) {
			n := utf8.RuneCountInString(word)
			if j > 0 && col+1+n > width-utf8.RuneCountInString(indent) {
				out.WriteString("\n" + indent)
				col = 0
			} else if j > 0 {
				out.WriteByte(' ')
				col++
			}
			out.WriteString(word)
			col += n
		}
	}
	return out.String()
}

// verbatim indents text without breaking its lines; leading blanks stay.
func verbatim(text, indent string) string {
	return strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "\n"+indent)
}
