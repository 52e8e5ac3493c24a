package devices

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
)

// answerName returns the name of the file that keeps the answer to a query:
// its spaces as "_", every unsafe character (a literal "_" among them)
// percent-encoded, and ".txt". A time that is not zero stands behind an "@":
// such a file keeps a repeated answer.
func answerName(query string, at time.Time) string {
	var b strings.Builder
	for i := 0; i < len(query); i++ {
		switch c := query[i]; {
		case c == ' ':
			b.WriteByte('_')
		case safeInName(c) && (c != '.' || i > 0):
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	name := b.String()
	if len(name) > maxName {
		sum := sha256.Sum256([]byte(query))
		cut := strings.TrimRight(name[:maxName-20], "%0123456789ABCDEF")
		name = cut + "~" + hex.EncodeToString(sum[:8]) // the index tells the query
	}
	if !at.IsZero() {
		name += "@" + at.UTC().Format(nameTime)
	}
	return name + answerSuffix
}

const (
	answerSuffix = ".txt"
	nameTime     = "20060102T150405.000Z"
	maxName      = 200
)

func safeInName(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte(".-,+=", c) >= 0
}

// folderName returns the name of the folder of a device. Its own "_" stays: a
// device's name has no spaces to tell it from.
func folderName(device string) string {
	var b strings.Builder
	for i := 0; i < len(device); i++ {
		if c := device[i]; safeInName(c) && (c != '.' || i > 0) || c == '_' && i > 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// unescape reads the percent-encoding of a name; what is none stays.
func unescape(name string) string {
	var b strings.Builder
	for i := 0; i < len(name); i++ {
		if name[i] == '%' && i+2 < len(name) {
			if raw, err := hex.DecodeString(name[i+1 : i+3]); err == nil {
				b.Write(raw)
				i += 2
				continue
			}
		}
		b.WriteByte(name[i])
	}
	return b.String()
}

// splitAnswerName takes the suffix and the time off the name of an answer's
// file. The time is zero where the name has none.
func splitAnswerName(name string) (base, suffix string, at time.Time) {
	base = name
	for _, s := range [...]string{".txt", ".json", ".log", ".out", ".cfg", ".conf", ".xml", ".raw"} {
		if b, ok := strings.CutSuffix(base, s); ok && b != "" {
			base, suffix = b, s
			break
		}
	}
	if i := strings.LastIndexByte(base, '@'); i > 0 {
		for _, form := range [...]string{nameTime, "20060102T150405Z", time.RFC3339, "2006-01-02T15-04-05Z"} {
			if t, err := time.Parse(form, base[i+1:]); err == nil {
				return base[:i], suffix, t
			}
		}
	}
	return base, suffix, time.Time{}
}

// queryTexts returns what the base name of an answer's file may mean, the most
// likely first: every "_" a space; then one of them a literal "_", then two.
// The grammar decides. yield ends the search by returning false.
func queryTexts(base string, yield func(string) bool) {
	parts := strings.Split(base, "_")
	for i, p := range parts {
		parts[i] = unescape(p)
	}
	joined := make([]bool, len(parts)) // joined[i]: parts[i] is bound to parts[i-1] by a literal "_"
	text := func() string {
		var b strings.Builder
		for i, p := range parts {
			if i > 0 && joined[i] {
				b.WriteByte('_')
			} else if i > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(p)
		}
		return b.String()
	}
	if !yield(text()) {
		return
	}
	for i := len(parts) - 1; i > 0; i-- {
		joined[i] = true
		if !yield(text()) {
			return
		}
		joined[i] = false
	}
	for i := len(parts) - 1; i > 1 && len(parts) <= maxParts; i-- {
		joined[i] = true
		for j := i - 1; j > 0; j-- {
			joined[j] = true
			if !yield(text()) {
				return
			}
			joined[j] = false
		}
		joined[i] = false
	}
	for k := range joined[1:] { // a name whose end is one word with many "_"
		joined[len(joined)-1-k] = true
		if !yield(text()) {
			return
		}
	}
}

// maxParts bounds the search for two literal "_" in a name.
const maxParts = 16
