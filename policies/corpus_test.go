package policies

import (
	"bufio"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// corpusLine is one line of a corpus.
type corpusLine struct {
	at             int
	command, print string
	note           string // the comment behind the command
}

// readCorpus reads "command [=> print] [# note]" lines. A file without a
// platform of its name is a defect of the corpus.
func readCorpus(t testing.TB, file string) (platform string, lines []corpusLine) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	scan := bufio.NewScanner(f)
	for n := 1; scan.Scan(); n++ {
		text := scan.Text()
		if strings.HasPrefix(text, "#") || strings.TrimSpace(text) == "" {
			continue
		}
		l := corpusLine{at: n}
		if i := strings.LastIndex(text, " # "); i >= 0 {
			text, l.note = text[:i], text[i+3:]
		}
		l.command, l.print, _ = strings.Cut(text, " => ")
		if l.print = strings.TrimSpace(l.print); l.print == "" {
			l.print = strings.TrimSpace(l.command)
		}
		lines = append(lines, l)
	}
	return strings.TrimSuffix(filepath.Base(file), ".txt"), lines
}

func corpora(t testing.TB, folder string) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/" + folder + "/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no corpus in testdata/%s: %v", folder, err)
	}
	return files
}

// leastLines is how many lines a corpus must have.
const leastLines = 120

func TestAllowCorpora(t *testing.T) {
	ps := load(t)
	for _, file := range corpora(t, "allow") {
		name, lines := readCorpus(t, file)
		p := ps[name]
		if p == nil {
			t.Errorf("%s: no such platform", file)
			continue
		}
		if len(lines) < leastLines {
			t.Errorf("%s: %d lines, want at least %d", file, len(lines), leastLines)
		}
		for _, l := range lines {
			q, err := p.Show(l.command)
			class := Class(l.note)
			if class == "" {
				class = Read
			}
			switch {
			case err != nil:
				t.Errorf("%s:%d: %s: %v", file, l.at, l.command, err)
			case q.Text() != l.print:
				t.Errorf("%s:%d: %s: sends %q, want %q", file, l.at, l.command, q.Text(), l.print)
			case q.Class() != class:
				t.Errorf("%s:%d: %s: class %s, want %s", file, l.at, l.command, q.Class(), class)
			}
		}
	}
}

func TestRefuseCorpora(t *testing.T) {
	ps := load(t)
	for _, file := range corpora(t, "refuse") {
		name, lines := readCorpus(t, file)
		p := ps[name]
		if p == nil {
			t.Errorf("%s: no such platform", file)
			continue
		}
		if len(lines) < leastLines {
			t.Errorf("%s: %d lines, want at least %d", file, len(lines), leastLines)
		}
		for _, l := range lines {
			command := unescape(t, l.command)
			q, err := p.Show(command)
			if err == nil {
				t.Errorf("%s:%d: %q sends %q, want a refusal: %s", file, l.at, command, q.Text(), l.note)
				continue
			}
			checkRefusal(t, p, command, err)
			if l.note == "" {
				t.Errorf("%s:%d: %s: no reason stands in the corpus", file, l.at, command)
			}
		}
	}
}

// checkRefusal holds a refusal to what its type promises: one printable line,
// a reason, and a nearest command that is allowed.
func checkRefusal(t *testing.T, p *Platform, command string, err error) {
	t.Helper()
	r, ok := err.(*Refusal)
	if !ok {
		t.Errorf("%q: %T is no refusal", command, err)
		return
	}
	if printable(r.Error()) != nil && len(r.Error()) < maxLine || r.Reason == "" {
		t.Errorf("%q: refusal is not one printable line with a reason: %q", command, r.Error())
	}
	if r.Nearest == "" || strings.Contains(r.Nearest, "<") {
		return
	}
	if _, err := p.Show(r.Nearest); err != nil {
		t.Errorf("%q: the nearest allowed command %q is refused: %v", command, r.Nearest, err)
	}
}

// unescape decodes \n, \r, \t, \\, \xHH and \uHHHH.
func unescape(t testing.TB, s string) string {
	t.Helper()
	if !strings.Contains(s, `\`) {
		return s
	}
	out, err := strconv.Unquote(`"` + strings.ReplaceAll(s, `"`, `\"`) + `"`)
	if err != nil {
		t.Fatalf("%q: %v", s, err)
	}
	return out
}
