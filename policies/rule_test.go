package policies

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// wire and port stand for the facts of other packages: this one cannot import
// them, and need not.
type wire struct {
	A, B port
}

type port struct {
	Name string
	MTU  int
}

func (p port) Line(field string) quoted { return quoted{p.Name, field} }

type quoted struct{ name, field string }

func (q quoted) Citation() (device, query string, line int, lacks string) {
	return q.name, "show " + q.field, 3, ""
}

type box struct {
	Name string
	Down bool
}

func (b box) PlatformOf(string) string { return "frr" }

const goodRules = `topic: links
rules:
  - id: mtu
    title: "MTU {{.A.MTU}} on {{.A.Name}}, {{.B.MTU}} on {{.B.Name}}"
    cause: mtu_mismatch
    severity: major
    each: wire
    when: A.MTU != B.MTU
    where: '[A.Name, B.Name]'
    explains: [box-down]
    evidence: ['[A.Line("mtu"), B.Line("mtu")]']
    explanation: they differ
    remedy: {any: 'set {{.A.MTU}}'}
    sample: {on: pair, unhealthy: {r1.Interfaces.eth1.MTU: 1400}}
  - id: box-down
    title: "{{.Name}} is down"
    cause: node_down
    severity: critical
    each: box
    when: Down
    where: Name
    symptom: true
    evidence: ['nil']
    remedy: {frr: 'in vtysh', any: 'elsewhere'}
    sample: {on: pair, unhealthy: {r1.Down: true}}
`

func ruleFiles(text string) fstest.MapFS {
	return fstest.MapFS{"rules/a.yaml": {Data: []byte(text)}}
}

func TestRuleEval(t *testing.T) {
	rules, err := LoadRules(ruleFiles(goodRules), wire{}, box{})
	if err != nil {
		t.Fatal(err)
	}
	ms, err := rules[0].Eval([]wire{{port{"r1:e1", 1500}, port{"r2:e1", 1500}}, {port{"r1:e2", 1400}, port{"r2:e2", 1500}}})
	if err != nil {
		t.Fatal(err)
	}
	if len(ms) != 1 {
		t.Fatalf("want the one differing link, got %d matches", len(ms))
	}
	m := ms[0]
	want := Match{Locations: []string{"r1:e2", "r2:e2"}, Title: "MTU 1400 on r1:e2, 1500 on r2:e2", Explanation: "they differ", Remedy: "set 1400",
		Evidence: []Citation{{Device: "r1:e2", Query: "show mtu", Line: 3}, {Device: "r2:e2", Query: "show mtu", Line: 3}}}
	m.Rule = nil
	if d := cmp.Diff(want, m); d != "" {
		t.Error(d)
	}
	down, err := rules[1].Eval(box{"r9", true})
	if err != nil || len(down) != 1 || down[0].Remedy != "in vtysh" || down[0].Evidence != nil {
		t.Errorf("got %+v, %v: want the platform's remedy and no evidence", down, err)
	}
	if _, err := rules[1].Eval(wire{}); err == nil || !strings.Contains(err.Error(), "looks at box") {
		t.Errorf("a fact of another type: got %v", err)
	}
}

func TestLoadRulesSaysWhatIsWrong(t *testing.T) {
	for _, c := range []struct{ name, old, new, want string }{
		{"field", "A.MTU != B.MTU", "A.MUT != B.MTU", "rules/a.yaml:8: when: "},
		{"cause", "cause: node_down", "cause: node_gone", `rules/a.yaml:17: rule box-down: unknown cause "node_gone"`},
		{"severity", "severity: critical", "severity: bad", `rules/a.yaml:18: rule box-down: unknown severity "bad"`},
		{"fact", "each: box", "each: bax", `rules/a.yaml:19: rule box-down: unknown fact "bax": use one of box, wire`},
		{"evidence", `['nil']`, `['Nme']`, "rules/a.yaml:23: evidence[0]: unknown name Nme"},
		{"not a bool", "when: Down", "when: Name", "rules/a.yaml:20: when: expected bool"},
		{"twice", "id: box-down", "id: mtu", "rule mtu stands already in rules/a.yaml:3"},
		{"explains", "explains: [box-down]", "explains: [box-dwn]", `explains "box-dwn", which does not exist`},
		{"unknown key", "symptom: true", "symptoms: true", "symptoms"},
		{"no sample", "sample: {on: pair, unhealthy: {r1.Down: true}}", "", "no sample"},
		{"reach", "symptom: true", "reach: far", `unknown reach "far"`},
		{"template", "{{.Name}} is down", "{{.Name is down", "title"},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := strings.Replace(goodRules, c.old, c.new, 1)
			if text == goodRules {
				t.Fatal("the sample did not change")
			}
			_, err := LoadRules(ruleFiles(text), wire{}, box{})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v\nwant %s", err, c.want)
			}
		})
	}
}

func TestExplain(t *testing.T) {
	rule := func(id string, s Severity, reach Reach, explains ...string) *Rule {
		return &Rule{ID: id, RootCause: "other", Severity: s, Reach: reach, Explains: explains}
	}
	link := rule("link", Major, ReachPlace, "adjacency", "session")
	adjacency := rule("adjacency", Critical, ReachNetwork, "session", "path")
	session := rule("session", Critical, ReachPlace, "path")
	path := rule("path", Critical, ReachPlace)
	at := func(r *Rule, where ...string) Match { return Match{Rule: r, Locations: where} }
	got := Explain([]Match{
		at(path, "h1"), at(session, "r1"), at(adjacency, "r1:e1--r2:e1"), at(adjacency, "r1:e1--r2:e1"),
		at(link, "r2:e1"), at(link, "r5:e1"), at(adjacency, "r7:e1--r8:e1"),
	})
	var tree []string
	for _, m := range got {
		s := m.Rule.ID + " " + strings.Join(m.Locations, ",")
		for _, e := range m.Explained {
			s += " < " + e.Rule.ID + " " + strings.Join(e.Locations, ",")
		}
		tree = append(tree, s)
	}
	want := []string{
		"adjacency r7:e1--r8:e1",
		"link r2:e1 < path h1 < session r1 < adjacency r1:e1--r2:e1",
		"link r5:e1",
	}
	if d := cmp.Diff(want, tree); d != "" {
		t.Error(d)
	}
}

func TestLoadCauses(t *testing.T) {
	c, err := LoadCauses(Files)
	if err != nil {
		t.Fatal(err)
	}
	if !c.Known("ospf_area_mismatch") || c.Known("ospf") || c.Meaning("ospf_area_mismatch") == "" || len(c.Labels()) < 80 {
		t.Errorf("vocabulary of %d labels lacks what it should hold", len(c.Labels()))
	}
	_, err = LoadCauses(fstest.MapFS{"root-causes.yaml": {Data: []byte("a:\n  x: one\nb:\n  x: two\n")}})
	if err == nil || !strings.Contains(err.Error(), "root-causes.yaml:4: label x stands twice") {
		t.Errorf("got %v", err)
	}
}
