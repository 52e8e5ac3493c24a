package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/netsonde/netsonde/devices/lab"
)

// A diagnosis is the part of netsonde's report that the arena judges.
type diagnosis struct {
	Verdict  string `json:"verdict"`
	Findings []struct {
		RootCause string   `json:"root_cause"`
		Locations []string `json:"locations"`
		Title     string   `json:"title"`
		Severity  string   `json:"severity"`
		Evidence  []struct {
			Quote  string `json:"quote"`
			Absent bool   `json:"absent"`
		} `json:"evidence"`
	} `json:"findings"`
	Observations []struct {
		Device string `json:"device"`
		Query  string `json:"query"`
	} `json:"observations"`
	failure string // netsonde ended without a report
}

// diagnose runs the netsonde binary on the fault's complaint, live, and keeps
// what it read in dir.
func (a *arena) diagnose(l *lab.Lab, f lab.Fault, dir string) diagnosis {
	return a.netsondeOn(f, "--inventory", l.Inventory(), "--record", dir)
}

// replay diagnoses the same complaint from what the live run kept.
func (a *arena) replay(f lab.Fault, dir string) diagnosis {
	return a.netsondeOn(f, "--replay", dir)
}

// netsondeOn runs the binary on the fault's complaint and the network that the
// flags name.
func (a *arena) netsondeOn(f lab.Fault, network ...string) diagnosis {
	args := append([]string{"diagnose", "-q", "-o", "json"}, network...)
	for _, part := range [][2]string{{"--from", f.Complaint.From}, {"--to", f.Complaint.To}, {"--flow", f.Complaint.Flow}} {
		if part[1] != "" {
			args = append(args, part[0], part[1])
		}
	}
	cmd := a.command(append(args, f.Complaint.Question)...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		return diagnosis{failure: err.Error()}
	}
	var d diagnosis
	if err := json.Unmarshal(out.Bytes(), &d); err != nil {
		d.failure = fmt.Sprintf("%v: %s", err, strings.TrimSpace(errs.String()))
	}
	return d
}

// has reports whether one finding above warning names the label's cause, at
// one of its places and nowhere else.
func (d diagnosis) has(want lab.Label) bool {
	for _, f := range d.Findings {
		if f.RootCause == want.Cause && len(f.Locations) > 0 && !slices.ContainsFunc(f.Locations, func(place string) bool {
			return !slices.Contains(want.At, place) && !slices.Contains(want.Accept, place)
		}) {
			return true
		}
	}
	return false
}

// leads reports whether the first finding is one of the labels: the report
// leads with the cause.
func (d diagnosis) leads(labels []lab.Label) bool {
	if len(d.Findings) == 0 {
		return false
	}
	first := diagnosis{Findings: d.Findings[:1]}
	return slices.ContainsFunc(labels, first.has)
}

// alarms reports whether a finding is above warning.
func (d diagnosis) alarms() bool {
	for _, f := range d.Findings {
		if f.Severity != "warning" {
			return true
		}
	}
	return false
}

// conclusion is what a replay must reach again: the verdict, and causes with
// their places in their order.
func (d diagnosis) conclusion() string {
	var b strings.Builder
	b.WriteString(d.Verdict + d.failure)
	for _, f := range d.Findings {
		fmt.Fprintf(&b, "; %s at %s", f.RootCause, strings.Join(f.Locations, ","))
	}
	return b.String()
}

// faults is the conclusion without warnings, which come and go with counters,
// and without the order of equal findings.
func (d diagnosis) faults() string {
	var parts []string
	for _, f := range d.Findings {
		if f.Severity != "warning" {
			parts = append(parts, fmt.Sprintf("%s at %s", f.RootCause, strings.Join(f.Locations, ",")))
		}
	}
	slices.Sort(parts)
	return strings.Join(append([]string{d.Verdict + d.failure}, parts...), "; ")
}

// detail is what netsonde found, one finding a line.
func (d diagnosis) detail() string {
	var b strings.Builder
	if d.failure != "" {
		fmt.Fprintf(&b, "      no report: %s\n", d.failure)
	}
	for _, f := range d.Findings {
		fmt.Fprintf(&b, "      %s %s at %s: %s\n", f.Severity, f.RootCause, strings.Join(f.Locations, ","), f.Title)
	}
	return b.String()
}

// right reports whether the diagnosis is what the fault's label says.
func (o outcome) right() bool {
	labels := o.fault.Labels()
	if len(labels) == 0 {
		return o.found.failure == "" && o.found.Verdict != "" && !o.found.alarms()
	}
	for _, l := range labels {
		if !o.found.has(l) {
			return false
		}
	}
	return o.found.Verdict == "fault" && o.found.leads(labels)
}

func (o outcome) verdict() string {
	switch {
	case o.broken != "":
		return "LAB FAILED"
	case o.right():
		return "right"
	}
	return "WRONG (" + o.found.Verdict + ")"
}

func wanted(f lab.Fault) string {
	var all []string
	for _, l := range f.Labels() {
		all = append(all, l.Cause+" at "+strings.Join(l.At, ","))
	}
	if len(all) == 0 {
		return "nothing above warning"
	}
	return strings.Join(all, " and ")
}

// A score counts outcomes.
type score struct {
	singles, right          int // single faults; cause and place right
	doubles, both           int
	seen                    int // faults whose report says fault
	healthy, clean          int // variants without a finding above warning
	inject, diagnose, clear float64
}

func (s *score) add(o outcome) {
	s.inject += o.seconds[0]
	s.diagnose += o.seconds[1]
	s.clear += o.seconds[2]
	one := 0
	if o.right() {
		one = 1
	}
	switch len(o.fault.Labels()) {
	case 0:
		s.healthy++
		s.clean += one
		return
	case 1:
		s.singles++
		s.right += one
	default:
		s.doubles++
		s.both += one
	}
	if o.found.Verdict == "fault" {
		s.seen++
	}
}

func (s score) String() string {
	return fmt.Sprintf("single faults right %d of %d; double %d of %d; verdict fault %d of %d; healthy variants clean %d of %d; %.0f s injecting, %.0f s diagnosing, %.0f s mending",
		s.right, s.singles, s.both, s.doubles, s.seen, s.singles+s.doubles, s.clean, s.healthy, s.inject, s.diagnose, s.clear)
}

// The arena's judgement is itself tested, for one that accepts everything
// would look like a perfect score.
func TestJudgement(t *testing.T) {
	fault := lab.Fault{Cause: "ospf_area_mismatch", At: []string{"r5:eth1"}, Accept: []string{"r3:eth3"}}
	tests := []struct {
		name, report string
		fault        lab.Fault
		want         bool
	}{
		{"right", `{"verdict":"fault","findings":[{"root_cause":"ospf_area_mismatch","locations":["r5:eth1"],"severity":"major"}]}`, fault, true},
		{"both ends", `{"verdict":"fault","findings":[{"root_cause":"ospf_area_mismatch","locations":["r5:eth1","r3:eth3"],"severity":"major"}]}`, fault, true},
		{"wrong place", `{"verdict":"fault","findings":[{"root_cause":"ospf_area_mismatch","locations":["r4:eth1"],"severity":"major"}]}`, fault, false},
		{"a place too many", `{"verdict":"fault","findings":[{"root_cause":"ospf_area_mismatch","locations":["r5:eth1","r4:eth1"],"severity":"major"}]}`, fault, false},
		{"wrong cause", `{"verdict":"fault","findings":[{"root_cause":"link_down","locations":["r5:eth1"],"severity":"major"}]}`, fault, false},
		{"a symptom leads", `{"verdict":"fault","findings":[{"root_cause":"other","locations":["r1"],"severity":"major"},{"root_cause":"ospf_area_mismatch","locations":["r5:eth1"],"severity":"major"}]}`, fault, false},
		{"healthy", `{"verdict":"healthy","findings":[]}`, fault, false},
		{"nothing wrong", `{"verdict":"healthy","findings":[]}`, lab.Fault{}, true},
		{"a warning", `{"verdict":"healthy","findings":[{"root_cause":"other","locations":["r1"],"severity":"warning"}]}`, lab.Fault{}, true},
		{"a false alarm", `{"verdict":"fault","findings":[{"root_cause":"link_down","locations":["r1:eth8"],"severity":"minor"}]}`, lab.Fault{}, false},
		{"no report", `{}`, lab.Fault{}, false},
	}
	for _, tt := range tests {
		var o outcome
		o.fault = tt.fault
		if err := json.Unmarshal([]byte(tt.report), &o.found); err != nil {
			t.Fatal(err)
		}
		if got := o.right(); got != tt.want {
			t.Errorf("%s: right is %v, want %v", tt.name, got, tt.want)
		}
	}
}

// The secrets that stand in the lab's configurations must appear in nothing
// that netsonde keeps or prints.
func (a *arena) canaries() {
	found := 0
	err := filepath.WalkDir(a.state, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		found++
		if bytes.Contains(data, []byte("Canary4")) {
			a.t.Errorf("%s holds a secret of the lab", path)
		}
		return nil
	})
	if err != nil {
		a.t.Error(err)
	}
	if found == 0 {
		a.t.Error("netsonde kept no journal, so nothing was searched for secrets")
	}
}
