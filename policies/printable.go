package policies

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Printable makes text of a device safe to show: escape and control
// sequences (ECMA-48: CSI, OSC, DCS and kin), C0 and C1 controls, and
// characters that reorder or hide text (bidirectional controls, zero-width and
// tag characters, variation selectors: Unicode TR 36) are taken out; invalid
// UTF-8 becomes U+FFFD. Newline and tab stay, "\r\n" becomes "\n", a lone
// carriage return becomes a space, and the number of lines is kept. Text that
// is safe already is returned as it is.
func Printable(text string) string {
	at := firstUnsafe(text)
	if at < 0 {
		return text
	}
	var b strings.Builder
	b.Grow(len(text))
	b.WriteString(text[:at])
	for i := at; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == 0x1b || r == 0x9b || r == 0x9d || r == 0x90:
			size = escapeLen(text[i:], r)
		case r == '\r':
			if rest := strings.TrimLeft(text[i:], "\r"); rest != "" && rest[0] != '\n' {
				b.WriteByte(' ')
			}
			size = len(text[i:]) - len(strings.TrimLeft(text[i:], "\r"))
		case r == '\u2028' || r == '\u2029' || r == '\v' || r == '\f':
			b.WriteByte(' ')
		case !hidden(r):
			b.WriteRune(r)
		}
		i += size
	}
	return b.String()
}

// PrintableJSON makes JSON safe to show without changing what it says: the
// characters that Printable takes out, and that JSON does not escape by itself,
// are written as \uXXXX.
func PrintableJSON(text []byte) []byte {
	var out []byte
	done := 0
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if r > '~' && (hidden(r) || r == '\u2028' || r == '\u2029') {
			out = append(out, text[done:i]...)
			for _, u := range utf16.Encode([]rune{r}) {
				out = fmt.Appendf(out, "\\u%04x", u)
			}
			done = i + size
		}
		i += size
	}
	if done == 0 {
		return text
	}
	return append(out, text[done:]...)
}

// firstUnsafe returns the offset of the first rune that Printable changes, or -1.
func firstUnsafe(text string) int {
	for i, r := range text {
		if r >= ' ' && r < 0x7f || r == '\n' || r == '\t' {
			continue
		}
		if hidden(r) || r == '\u2028' || r == '\u2029' || r == utf8.RuneError {
			return i
		}
	}
	return -1
}

// hidden reports whether r has no shape of its own or acts on other text.
func hidden(r rune) bool {
	switch {
	case r == '\n' || r == '\t':
		return false
	case r < ' ' || r >= 0x7f && r < 0xa0:
		return true
	case r == 0xad || r == 0x34f || r == 0x115f || r == 0x1160 || r == 0x3164 || r == 0xffa0:
		return true // soft hyphen, grapheme joiner, Hangul fillers
	case r >= 0xfe00 && r <= 0xfe0f, r >= 0xe0000 && r <= 0xe0fff:
		return true // variation selectors, tags
	case r >= 0xfff9 && r <= 0xfffb:
		return true // interlinear annotation
	}
	return unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Co, r)
}

// escapeLen returns how long the control sequence is that s starts with. A
// string sequence (OSC, DCS) that does not end before its line does is taken
// to be as long as its introducer, so that nothing can swallow what follows.
func escapeLen(s string, r rune) int {
	body, kind := s[utf8.RuneLen(r):], r
	intro := utf8.RuneLen(r)
	if r == 0x1b {
		if body == "" {
			return 1
		}
		switch body[0] {
		case '[':
			kind = 0x9b
		case ']', 'P', '^', '_', 'X':
			kind = 0x9d
		default:
			return shortEscape(body) + 1
		}
		body, intro = body[1:], intro+1
	}
	if kind == 0x9b {
		return intro + csiLen(body)
	}
	for i := 0; i < len(body) && body[i] != '\n'; i++ {
		if body[i] == 0x07 {
			return intro + i + 1
		}
		if body[i] == 0x1b && i+1 < len(body) && body[i+1] == '\\' || strings.HasPrefix(body[i:], "\u009c") {
			return intro + i + 2
		}
	}
	return intro
}

// csiLen returns how much of s is the rest of a control sequence: parameters,
// intermediates and the final byte.
func csiLen(s string) int {
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 0x20 && c <= 0x3f:
		case c >= 0x40 && c <= 0x7e:
			return i + 1
		default:
			return i
		}
	}
	return len(s)
}

// shortEscape returns how much of s belongs to a two- or three-byte escape
// whose ESC came just before.
func shortEscape(s string) int {
	i := 0
	for i < len(s) && s[i] >= 0x20 && s[i] <= 0x2f {
		i++
	}
	if i < len(s) && s[i] >= 0x30 && s[i] <= 0x7e {
		i++
	}
	return i
}
