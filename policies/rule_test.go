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
		{"field", "A.MTU != B.MTU", "A.MUT != B.MTU", "rules/a.yaml:8: rule mtu: when: type policies.port has no field MUT (1:3); did you mean MTU? (netsonde rules facts wire"},
		{"cause", "cause: node_down", "cause: node_gone", `rules/a.yaml:17: rule box-down: cause: unknown cause "node_gone": use a label of root-causes.yaml; did you mean node_down?`},
		{"severity", "severity: critical", "severity: bad", `rules/a.yaml:18: rule box-down: severity: unknown severity "bad"`},
		{"fact", "each: box", "each: bax", `rules/a.yaml:19: rule box-down: each: unknown fact "bax": use one of box, wire`},
		{"evidence", `['nil']`, `['Nme']`, "rules/a.yaml:23: rule box-down: evidence[0]: unknown name Nme (1:1); did you mean Name?"},
		{"not a bool", "when: Down", "when: Name", "rules/a.yaml:20: rule box-down: when: expected bool"},
		{"twice", "id: box-down", "id: mtu", "rule mtu stands already in rules/a.yaml:3"},
		{"explains", "explains: [box-down]", "explains: [box-dwn]", `explains: "box-dwn" is neither a rule nor cause:LABEL; did you mean box-down?`},
		{"unknown key", "symptom: true", "symptoms: true", `rules/a.yaml:22: unknown field "symptoms"; did you mean symptom?`},
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

const limitedRule = `rules:
  - id: mtu-small
    title: "MTU {{.A.MTU}} of {{.A.Name}} is below {{limit \"least\"}}"
    cause: mtu_mismatch
    severity: minor
    each: wire
    limits: {least: 1500}
    when: A.MTU < limit("least")
    where: A.Name
    evidence: [A.Line("mtu")]
    sample: {on: pair, unhealthy: {r1.Interfaces.eth1.MTU: 1400}}
`

func (w wire) Site() string { return w.A.Name }

// A limit holds for a device where it is set for that device, else everywhere.
func TestRuleLimits(t *testing.T) {
	rules, err := LoadRules(ruleFiles(limitedRule), wire{})
	if err != nil {
		t.Fatal(err)
	}
	r := &rules[0]
	if err := r.Limit(map[string]float64{"least": 9000}, func(site string) bool { return site == "core" }); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		w    wire
		want string
	}{
		{wire{A: port{"edge", 1400}}, "MTU 1400 of edge is below 1500"},
		{wire{A: port{"edge", 1500}}, ""},
		{wire{A: port{"core", 1500}}, "MTU 1500 of core is below 9000"},
	} {
		ms, err := r.Eval(c.w)
		got := ""
		if len(ms) > 0 {
			got = ms[0].Title
		}
		if err != nil || got != c.want {
			t.Errorf("%+v: %q, %v, want %q", c.w, got, err, c.want)
		}
	}
	if err := r.Limit(map[string]float64{"leest": 1}, nil); err == nil || !strings.Contains(err.Error(), "did you mean least?") {
		t.Errorf("got %v", err)
	}
	_, err = LoadRules(ruleFiles(strings.Replace(limitedRule, `limit("least")`, `limit("most")`, 1)), wire{})
	if err == nil || !strings.Contains(err.Error(), `rules/a.yaml:8: rule mtu-small: when: the rule has no limit "most"`) {
		t.Errorf("got %v", err)
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

// A consequence goes to the cause that rests on the same line, also where a
// worse and nearer cause could explain it.
func TestExplainBySameLine(t *testing.T) {
	line := Citation{Device: "r4", Query: "nft list ruleset", Line: 7}
	session := Match{Rule: &Rule{ID: "session", Severity: Critical, Reach: ReachNetwork, Explains: []string{"*"}}, Locations: []string{"r2"}}
	filter := Match{Rule: &Rule{ID: "filter", Severity: Major, Reach: ReachNetwork, Explains: []string{"*"}}, Locations: []string{"r4"}, Evidence: []Citation{line}}
	path := Match{Rule: &Rule{ID: "path", Severity: Critical, Symptom: true, Reach: ReachNetwork}, Locations: []string{"h1"}, Touches: []string{"r2"}, Evidence: []Citation{line}}
	unsaved := Match{Rule: &Rule{ID: "unsaved", Severity: Warning}, Locations: []string{"r4"}, Evidence: []Citation{line}}
	if got := Explain([]Match{unsaved, filter}); len(got) != 1 || got[0].Rule.ID != "filter" {
		t.Errorf("a warning on the cause's own line stands beside it: %d", len(got))
	}
	for _, m := range Explain([]Match{session, filter, path}) {
		if want := m.Rule.ID == "filter"; (len(m.Explained) == 1) != want {
			t.Errorf("%s explains %d", m.Rule.ID, len(m.Explained))
		}
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
