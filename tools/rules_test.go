package tools

import (
	"strings"
	"testing"

	"github.com/netsonde/netsonde/policies"
)

func sampleNetworks(t *testing.T) Samples {
	t.Helper()
	s, err := LoadSamples(policies.Files)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func shippedRules(t *testing.T) []policies.Rule {
	t.Helper()
	rules, err := LoadRules(policies.Files)
	if err != nil {
		t.Fatal(err)
	}
	return rules
}

// Each rule is silent on every healthy network, finds its sample's fault where
// the sample says, with evidence, and is silent on its near miss.
func TestRuleSamples(t *testing.T) {
	networks := sampleNetworks(t)
	for _, r := range shippedRules(t) {
		t.Run(r.ID, func(t *testing.T) {
			for _, err := range networks.Check(&r) {
				t.Errorf("%s: %v", r.Source, err)
			}
		})
	}
}

// What is wrong with a sample is said, with what would fit.
func TestSampleFaults(t *testing.T) {
	networks := sampleNetworks(t)
	r := shippedRules(t)[0]
	for _, c := range []struct {
		name   string
		change func(*policies.RuleSample)
		want   string
	}{
		{"network", func(s *policies.RuleSample) { s.On = "large" }, `no network is called "large": use one of small, trio`},
		{"device", func(s *policies.RuleSample) { s.Unhealthy = map[string]any{"r9.BGP": nil} }, "no device r9"},
		{"field", func(s *policies.RuleSample) { s.Unhealthy = map[string]any{"r2.Interfaces.eth1.MTV": 1} }, "Interface has no field MTV; did you mean MTU?"},
		{"row", func(s *policies.RuleSample) { s.Unhealthy = map[string]any{"r2.Interfaces.eth77.MTU": 1} }, "no such row"},
		{"value", func(s *policies.RuleSample) { s.Unhealthy = map[string]any{"r2.Interfaces.eth1.MTU": "big"} }, "big is no int"},
		{"lost", func(s *policies.RuleSample) { s.Lost = []string{"r2.Interfaces.eth1.MTU"} }, "is no row"},
		{"silent", func(s *policies.RuleSample) { s.Unhealthy = map[string]any{"r2.Interfaces.eth9.MTU": 1400} }, "it is silent"},
		{"where", func(s *policies.RuleSample) { s.Where = []string{"r1"} }, "not at [r1]"},
		{"healthy", func(s *policies.RuleSample) { s.Healthy = s.Unhealthy }, "it should be silent"},
	} {
		bad := r
		c.change(&bad.Sample)
		var all []string
		for _, err := range networks.Check(&bad) {
			all = append(all, err.Error())
		}
		if !strings.Contains(strings.Join(all, "\n"), c.want) {
			t.Errorf("%s: got %q, want %s", c.name, all, c.want)
		}
	}
}

// A network that is well as a whole has no finding at all, whatever the rules.
func TestRulesAreSilentOnHealth(t *testing.T) {
	for name, s := range sampleNetworks(t) {
		n, err := spoil(s, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		x, err := Env{Rules: shippedRules(t)}.judge(Collection{Network: n}, Complaint{})
		if err != nil || len(x.Faults) > 0 {
			t.Fatal(err, x.Faults)
		}
		for _, m := range x.Matches {
			t.Errorf("%s: %s", name, m.Title)
		}
	}
}

func TestRulesCoverTheVocabulary(t *testing.T) {
	causes := map[string]bool{}
	for _, r := range shippedRules(t) {
		causes[r.RootCause] = true
	}
	if len(causes) < 55 {
		t.Errorf("rules for %d causes; there were 55", len(causes))
	}
}
