package policies

import (
	"os"
	"strings"
	"testing"
)

// One target a platform, because go test fuzzes one at a time.
func FuzzShowAristaEOS(f *testing.F)        { fuzzShow(f, "arista_eos") }
func FuzzShowCiscoIOSXE(f *testing.F)       { fuzzShow(f, "cisco_iosxe") }
func FuzzShowCiscoIOSXR(f *testing.F)       { fuzzShow(f, "cisco_iosxr") }
func FuzzShowCiscoNXOS(f *testing.F)        { fuzzShow(f, "cisco_nxos") }
func FuzzShowCumulusNVUE(f *testing.F)      { fuzzShow(f, "cumulus_nvue") }
func FuzzShowFRR(f *testing.F)              { fuzzShow(f, "frr") }
func FuzzShowHuaweiVRP(f *testing.F)        { fuzzShow(f, "huawei_vrp") }
func FuzzShowJuniperJunos(f *testing.F)     { fuzzShow(f, "juniper_junos") }
func FuzzShowLinux(f *testing.F)            { fuzzShow(f, "linux") }
func FuzzShowMikrotikRouterOS(f *testing.F) { fuzzShow(f, "mikrotik_routeros") }
func FuzzShowNokiaSRLinux(f *testing.F)     { fuzzShow(f, "nokia_srlinux") }
func FuzzShowNokiaSROS(f *testing.F)        { fuzzShow(f, "nokia_sros") }
func FuzzShowSONiC(f *testing.F)            { fuzzShow(f, "sonic") }
func FuzzShowVyOS(f *testing.F)             { fuzzShow(f, "vyos") }

// fuzzShow holds a platform to three properties: the print of a parse parses to
// itself; it is one line of printable ASCII; and each of its tokens stands in
// the grammar, or fits the type that let it in.
func fuzzShow(f *testing.F, name string) {
	ps := load(f)
	p := ps[name]
	for _, folder := range []string{"allow", "refuse"} {
		_, lines := readCorpus(f, "testdata/"+folder+"/"+name+".txt")
		for _, l := range lines {
			if folder == "refuse" {
				l.command = unescape(f, l.command)
			}
			f.Add(l.command)
		}
	}
	known := map[string]map[string]bool{}
	for _, of := range []*Platform{p, p.also} {
		if of == nil {
			continue
		}
		known[of.Name] = map[string]bool{}
		for _, w := range of.words() {
			known[of.Name][w] = true
		}
	}
	f.Fuzz(func(t *testing.T, line string) {
		q, err := p.Show(line)
		if err != nil {
			return
		}
		if printable(q.Text()) != nil || q.Text() == "" || strings.TrimSpace(q.Text()) != q.Text() {
			t.Errorf("%q sends %q: not one line of printable ASCII", line, q.Text())
		}
		again, err := ps[q.Platform()].Show(q.Text())
		if err != nil || again.Text() != q.Text() || again.Class() != q.Class() {
			t.Errorf("%q sends %q, which parses to %q (%v)", line, q.Text(), again.Text(), err)
		}
		checkTokens(t, known[q.Platform()], q)
	})
}

// TestFuzzTargets holds every platform to a target of its own.
func TestFuzzTargets(t *testing.T) {
	source, err := os.ReadFile("fuzz_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for name := range load(t) {
		if !strings.Contains(string(source), `fuzzShow(f, "`+name+`")`) {
			t.Errorf("%s has no fuzz target", name)
		}
	}
}

// checkTokens checks by another way than the parser's that a query holds only
// words of its platform's file and values that its types allow.
func checkTokens(t *testing.T, known map[string]bool, q Query) {
	t.Helper()
	values := map[string]bool{}
	for _, a := range q.Args() {
		for _, part := range strings.Fields(a.Value) {
			values[part] = true
		}
	}
	for _, w := range strings.Fields(q.Text()) {
		if !values[w] && !known[w] {
			t.Errorf("%s: %q holds %q, which the file lacks", q.Platform(), q.Text(), w)
		}
	}
	text := q.Text()
	if q.Help() {
		text = strings.TrimSuffix(text, " ?")
	}
	if strings.ContainsAny(text, "\"`\\;&<>!?") && !strings.Contains(text, "'") {
		t.Errorf("%s: %q holds a character with a meaning of its own", q.Platform(), q.Text())
	}
}
