package lab

import (
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/netsonde/netsonde/policies"
)

func loadFaults(t *testing.T) []Fault {
	t.Helper()
	all, err := Faults()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// vocabulary returns the labels of root-causes.yaml by their domain.
func vocabulary(t *testing.T) map[string]string {
	t.Helper()
	data, err := policies.Files.ReadFile("root-causes.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var domains map[string]map[string]string
	if err := yaml.Unmarshal(data, &domains); err != nil {
		t.Fatal(err)
	}
	labels := map[string]string{}
	for domain, causes := range domains {
		for cause := range causes {
			labels[cause] = domain
		}
	}
	return labels
}

func TestCatalogueSpeaksTheVocabulary(t *testing.T) {
	labels := vocabulary(t)
	domains := map[string]int{}
	singles, doubles, healthy := 0, 0, 0
	for _, f := range loadFaults(t) {
		for _, l := range f.Labels() {
			if labels[l.Cause] == "" {
				t.Errorf("%s: cause %q is not in root-causes.yaml", f.Name, l.Cause)
			}
			domains[labels[l.Cause]]++
		}
		switch {
		case f.Cause == "":
			healthy++
		case len(f.Also) > 0:
			doubles++
		case len(f.Needs) == 0:
			singles++
		}
	}
	if singles < 36 || doubles < 2 || healthy < 5 {
		t.Errorf("%d single faults, %d double, %d healthy: want 36, 2 and 5 or more", singles, doubles, healthy)
	}
	for _, d := range []string{"link", "node", "addressing", "service", "filter", "forwarding", "ospf", "isis", "bgp", "policy", "overlay"} {
		if domains[d] == 0 {
			t.Errorf("no fault of domain %s", d)
		}
	}
}

func TestFaultsNeedKnownCapabilities(t *testing.T) {
	for _, f := range loadFaults(t) {
		for _, need := range f.Needs {
			if _, known := capabilities[need]; !known {
				t.Errorf("%s needs %q, which no command finds out", f.Name, need)
			}
		}
	}
}

func TestCheckFindsWhatAFaultLacks(t *testing.T) {
	topology := loadTopology(t)
	whole := Fault{
		Name: "x", Title: "x", Cause: "link_down", At: []string{"r1:eth1"}, Complaint: Complaint{Question: "x"},
		Inject: []Step{{"r1", "true"}}, Undo: []Step{{"r1", "true"}}, Bites: []Bite{{Fails: "ping h1 10.4.0.53"}},
	}
	if err := whole.check(topology); err != nil {
		t.Fatalf("a whole fault: %v", err)
	}
	tests := []struct {
		name   string
		change func(*Fault)
		want   string
	}{
		{"no undo", func(f *Fault) { f.Undo = nil }, "inject and undo go together"},
		{"no bite", func(f *Fault) { f.Bites = nil }, "a bite"},
		{"no place", func(f *Fault) { f.At = nil }, "a place"},
		{"unknown place", func(f *Fault) { f.At = []string{"r99"} }, `unknown place "r99"`},
		{"unknown node", func(f *Fault) { f.Inject = []Step{{"r99", "true"}} }, `unknown node "r99"`},
		{"no question", func(f *Fault) { f.Complaint.Question = "" }, "question is missing"},
		{"bad probe", func(f *Fault) { f.Bites = []Bite{{Fails: "ping"}} }, "want VERB FROM TO"},
		{"bad expression", func(f *Fault) { f.Bites = []Bite{{On: "r1", Run: "true", Shows: "("}} }, "no probe and no command"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := whole
			tt.change(&f)
			if err := f.check(topology); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one with %q", err, tt.want)
			}
		})
	}
}
