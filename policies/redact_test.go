package policies

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func newTestRedactor(t testing.TB) *Redactor {
	t.Helper()
	r, err := NewRedactor(os.DirFS("."), []byte("0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// digits matches what differs between tags.
var digits = regexp.MustCompile(`(key|hash)#[0-9a-f]{16}`)

// TestPatternSamples runs the samples that each pattern carries, as they are
// and within what usually stands around a line.
func TestPatternSamples(t *testing.T) {
	r := newTestRedactor(t)
	families, err := loadFamilies(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if len(f.Stays) == 0 {
			t.Errorf("%s has no line that stays", f.file)
		}
		for _, line := range f.Stays {
			if got := r.Redact("", line); got != line {
				t.Errorf("%s: %q should stay, became %q", f.file, line, got)
			}
		}
		for _, p := range f.Patterns {
			if len(p.Samples) == 0 {
				t.Errorf("%s: %q has no sample", f.file, p.Line+p.Match)
			}
			for _, s := range p.Samples {
				checkSample(t, r, f.file, s)
			}
		}
	}
}

func checkSample(t *testing.T, r *Redactor, file string, s sample) {
	t.Helper()
	once := r.Redact("", s.In)
	if d := cmp.Diff(s.Out, digits.ReplaceAllString(once, "$1")); d != "" {
		t.Errorf("%s: %q (-want +got):\n%s", file, s.In, d)
	}
	if twice := r.Redact("", once); twice != once {
		t.Errorf("%s: not idempotent: %q, then %q", file, once, twice)
	}
	if strings.Count(s.In, "\n") != strings.Count(once, "\n") {
		t.Errorf("%s: %q: the number of lines changed", file, s.In)
	}
	if strings.Contains(s.In, "<config>") || strings.Contains(s.In, "\n") {
		return
	}
	around := r.Redact("", "line before\n"+s.In+"\r\nline after")
	if want := "line before\n" + once + "\r\nline after"; around != want {
		t.Errorf("%s: between lines: got %q, want %q", file, around, want)
	}
}
