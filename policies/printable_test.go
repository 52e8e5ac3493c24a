package policies

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestPrintable(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain", "eth1 is up\n\tMTU 1500\n", "eth1 is up\n\tMTU 1500\n"},
		{"letters of the world", "Zürich → Осло 東京 👍", "Zürich → Осло 東京 👍"},
		{"colour", "\x1b[1;31mdown\x1b[0m", "down"},
		{"clear screen", "a\x1b[2J\x1b[Hb", "ab"},
		{"title", "a\x1b]0;pwned\x07b", "ab"},
		{"link", "\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\", "click"},
		{"open string swallows nothing", "\x1b]0;x\nrouter ospf\n", "0;x\nrouter ospf\n"},
		{"C1", "a\u009b31mb\u0085c", "abc"},
		{"raw C1 byte", "a\x9b31mb", "a\uFFFD31mb"},
		{"charset", "a\x1b(Bb\x1b=c", "abc"},
		{"lone escape at the end", "a\x1b", "a"},
		{"backspace and bell", "ab\b\ac", "abc"},
		{"carriage returns", "a\r\nb\r\r\nc\rd\r", "a\nb\nc d"},
		{"bidirectional", "user\u202e nimda\u2066x\u2069", "user nimdax"},
		{"zero width", "ig\u200bno\u200dre\ufeff", "ignore"},
		{"tags", "a\U000e0041\U000e0042b", "ab"},
		{"line separator", "a\u2028b", "a b"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Printable(tt.in); got != tt.want {
				t.Errorf("Printable(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func FuzzPrintable(f *testing.F) {
	f.Add("a\x1b]8;;x\x1b\\b\r\n\u202e")
	f.Fuzz(func(t *testing.T, in string) {
		got := Printable(in)
		if again := Printable(got); again != got {
			t.Errorf("not stable: %q then %q", got, again)
		}
		if strings.Count(got, "\n") != strings.Count(in, "\n") {
			t.Errorf("lines changed: %q to %q", in, got)
		}
		if !utf8.ValidString(got) || strings.ContainsAny(got, "\x1b\r\x00\u202e\u200b\u009b") {
			t.Errorf("unsafe: %q", got)
		}
	})
}

func TestPrintableJSONSaysTheSame(t *testing.T) {
	const text = "a\u202eb\u200b\u2028\U000e0041\u00a0é\x7f€"
	raw, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	safe := PrintableJSON(raw)
	var back string
	if err := json.Unmarshal(safe, &back); err != nil || back != text {
		t.Errorf("%s became %s: %q, %v", raw, safe, back, err)
	}
	if Printable(string(safe)) != string(safe) || !strings.Contains(string(safe), "é") {
		t.Errorf("%q is not printable as it is", safe)
	}
}
