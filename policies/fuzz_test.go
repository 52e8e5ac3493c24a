package policies

import (
	"slices"
	"strings"
	"testing"
)

// FuzzShow holds every platform to three properties: the print of a parse
// parses to itself; it is one line of printable ASCII; and each of its tokens
// stands in the grammar, or fits the type that let it in.
func FuzzShow(f *testing.F) {
	ps := load(f)
	for _, folder := range []string{"allow", "refuse"} {
		for _, file := range corpora(f, folder) {
			_, lines := readCorpus(f, file)
			for _, l := range lines {
				if folder == "refuse" {
					l.command = unescape(f, l.command)
				}
				f.Add(l.command)
			}
		}
	}
	f.Fuzz(func(t *testing.T, line string) {
		for name, p := range ps {
			q, err := p.Show(line)
			if err != nil {
				continue
			}
			if printable(q.Text()) != nil || q.Text() == "" || strings.TrimSpace(q.Text()) != q.Text() {
				t.Errorf("%s: %q sends %q: not one line of printable ASCII", name, line, q.Text())
			}
			again, err := ps[q.Platform()].Show(q.Text())
			if err != nil || again.Text() != q.Text() || again.Class() != q.Class() {
				t.Errorf("%s: %q sends %q, which parses to %q (%v)", name, line, q.Text(), again.Text(), err)
			}
			checkTokens(t, ps[q.Platform()], q)
		}
	})
}

// checkTokens checks by another way than the parser's that a query holds only
// words of its platform's file and values that its types allow.
func checkTokens(t *testing.T, p *Platform, q Query) {
	t.Helper()
	values := map[string]bool{}
	for _, a := range q.Args() {
		for _, part := range strings.Fields(a.Value) {
			values[part] = true
		}
	}
	known := p.words()
	for _, w := range strings.Fields(q.Text()) {
		if !values[w] && !slices.Contains(known, w) {
			t.Errorf("%s: %q holds %q, which the file lacks", p.Name, q.Text(), w)
		}
	}
	text := q.Text()
	if q.Help() {
		text = strings.TrimSuffix(text, " ?")
	}
	if strings.ContainsAny(text, "\"`\\;&<>!?") && !strings.Contains(text, "'") {
		t.Errorf("%s: %q holds a character with a meaning of its own", p.Name, q.Text())
	}
}
