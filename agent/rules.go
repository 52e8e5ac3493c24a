package agent

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/devices/state"
	"github.com/netsonde/netsonde/policies"
	"github.com/netsonde/netsonde/tools"
)

// Rules is the investigator without a model: it reads the devices that a case
// is about, holds the rules against what they said, follows the complaint's
// path, and reports causes with their consequences under them. It yields the
// events that a model's run yields, and its evidence passes the same check.
// It holds no state of a run and may be used for many at once.
type Rules struct {
	Env    tools.Env // with Rules
	Places Places
	Causes Causes
	Source SourceInfo
	Now    func() time.Time // nil means time.Now
	Most   int              // devices read at most; 0 means 200

	// Examined, unless nil, is given what the rules were held against: for
	// figures of a report that are no finding.
	Examined func(tools.Examination)
}

// Investigate works on c and yields what happens. A case without a device or
// endpoints asks about everything. The last event of a run that was not cut
// short is Concluded; an error ends the run and comes last.
func (a Rules) Investigate(ctx context.Context, c Case) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		r := &rulesRun{Rules: a, c: c, yield: yield, ledger: newLedger(a.Places, a.Causes)}
		if r.Now == nil {
			r.Now = time.Now
		}
		r.begin = r.Now().UTC().Truncate(time.Millisecond)
		if err := r.all(ctx); err != nil && !r.over {
			yield(nil, err)
		}
	}
}

// rulesRun is one run. It belongs to one goroutine.
type rulesRun struct {
	Rules
	c      Case
	yield  func(Event, error) bool
	over   bool
	ledger *ledger
	begin  time.Time
	calls  int
}

func (r *rulesRun) emit(e Event) {
	if !r.over && !r.yield(e, nil) {
		r.over = true
	}
}

func (r *rulesRun) all(ctx context.Context) error {
	ask, scope, err := r.complaint()
	if err != nil {
		return err
	}
	given := r.given()
	r.emit(Started{Version: 1, At: r.begin, Case: r.c, Source: r.Source, Devices: r.Places.Devices(), Links: r.Places.Interfaces(), Causes: r.Causes, Given: given})
	r.emit(Planned{Hypotheses: plan(ask)})
	call := r.call(ask)
	x, err := r.Env.Examine(ctx, ask)
	if err != nil {
		return err
	}
	back := Returned{Step: 1, At: r.Now().UTC().Truncate(time.Millisecond), Call: call, Text: summary(x)}
	back.Took = back.At.Sub(r.begin)
	for _, o := range x.Seen {
		n, fresh := r.ledger.number(o)
		back.Cited = append(back.Cited, n.ID)
		back.Seen = append(back.Seen, fresh...)
		for _, f := range fresh {
			if f.Query == SuspiciousText {
				r.emit(Noted{Text: fmt.Sprintf("suspicious text on %s: %s", f.Device, quoted(f.Output))})
			}
		}
	}
	r.emit(back)
	if r.Examined != nil {
		r.Examined(x)
	}
	r.emit(Concluded{Report: newScrubber(r.c.Question).report(r.report(x, scope))})
	return nil
}

// given numbers what came with the case.
func (r *rulesRun) given() []Numbered {
	if r.c.Config != "" {
		r.ledger.number(devices.Observation{Device: r.c.Device, Query: SuppliedConfig, Output: r.c.Config, At: r.begin})
	}
	for _, o := range r.c.Given {
		r.ledger.number(o)
	}
	return r.ledger.seen
}

// plan says what the run sets out to test.
func plan(c tools.Complaint) []string {
	out := []string{fmt.Sprintf("a rule finds a cause on one of %d devices", len(c.Devices))}
	if c.From != "" && c.To != "" {
		out = append(out, strings.TrimSpace(fmt.Sprintf("the path from %s to %s is broken %s", c.From, c.To, c.Flow)))
	}
	if c.Config != "" {
		out = append(out, fmt.Sprintf("the configuration given for %s contradicts its neighbours", c.Device))
	}
	return out
}

// call announces the one call of the run.
func (r *rulesRun) call(c tools.Complaint) Call {
	var in struct {
		Devices []string `json:"devices"`
	}
	for _, d := range c.Devices {
		in.Devices = append(in.Devices, d.Name)
	}
	args, _ := json.Marshal(in) // a list of strings always marshals
	call := Call{ID: "rules-1", Name: "check", Arguments: string(args)}
	r.emit(Called{Step: 1, Call: call})
	r.calls++
	return call
}

// summary words what the rules found for who follows the run.
func summary(x tools.Examination) string {
	var b strings.Builder
	for _, p := range x.Paths {
		if p.Asked {
			fmt.Fprintln(&b, p.String())
		}
	}
	for _, m := range x.Matches {
		fmt.Fprintf(&b, "%s: %s\n", m.Rule.Severity, m.Title)
	}
	if b.Len() == 0 {
		return "no rule found anything wrong"
	}
	return strings.TrimRight(b.String(), "\n")
}

// report makes the report of what the rules found.
func (r *rulesRun) report(x tools.Examination, scope string) Report {
	unproven := false
	rep := Report{Case: r.c, Source: r.Source, Scope: scope, RuledOut: []string{}, NotEvaluated: []string{}, Findings: []Finding{}}
	for _, m := range x.Matches {
		f := r.finding(m)
		if faults := r.ledger.findingFaults(&f); len(faults) > 0 {
			rep.NotEvaluated = append(rep.NotEvaluated, fmt.Sprintf("rule %s at %s: not proven: %s", m.Rule.ID, strings.Join(m.Locations, ", "), strings.Join(faults, "; ")))
			rep.Unread = append(rep.Unread, Unread{Rule: m.Rule.ID, Core: m.Rule.Severity > policies.Warning, Why: "not proven at " + strings.Join(m.Locations, ", ")})
			unproven = unproven || m.Rule.Severity > policies.Warning
			continue
		}
		rep.Findings = append(rep.Findings, f)
	}
	core := r.unread(x, &rep)
	r.extent(x, &rep)
	rep.RuledOut = ruledOut(x)
	rep.Verdict = verdict(rep, core || unproven || len(x.Faults) > 0)
	if rep.Verdict == Inconclusive {
		rep.Open = "not all that a verdict needs could be read: see what was not evaluated"
	}
	rep.Summary = summarize(rep, x)
	rep.Seen = r.ledger.seen
	end := r.Now().UTC().Truncate(time.Millisecond)
	rep.Usage = Usage{Model: "rules", Steps: 1, ToolCalls: r.calls, DeviceReads: r.ledger.fromDevices() - len(r.c.Given) - len(r.Env.Beside), Seconds: end.Sub(r.begin).Seconds()}
	return rep
}

// verdict is the outcome: a proven fault stands whatever else is not known;
// healthy needs every core table, and every rule that found something to have
// proven it.
func verdict(rep Report, incomplete bool) Verdict {
	switch {
	case slices.ContainsFunc(rep.Findings, func(f Finding) bool { return f.Severity > policies.Warning }):
		return Fault
	case incomplete || len(rep.Seen) == 0 && rep.Scope == "":
		return Inconclusive
	}
	return Healthy
}

// unread lists what could not be read; it reports whether a core table is
// among it.
func (r *rulesRun) unread(x tools.Examination, rep *Report) bool {
	core := false
	for _, u := range x.Unread {
		core = core || u.Core
	}
	rep.NotEvaluated = append(rep.NotEvaluated, tools.Unevaluated(x.Unread)...)
	return core || len(x.Seen) == 0
}

// finding makes a finding of a match: its consequences as symptoms, its lines
// as quotes.
func (r *rulesRun) finding(m policies.Match) Finding {
	f := Finding{
		Rule: m.Rule.ID, RootCause: m.Rule.RootCause, Locations: m.Locations, Title: m.Title, Explanation: m.Explanation,
		Severity: m.Rule.Severity, Remedy: m.Remedy, Symptoms: []string{}, Evidence: []Evidence{},
	}
	for _, e := range m.Explained {
		f.Consequences = append(f.Consequences, Consequence{Rule: e.Rule.ID, Locations: e.Locations, Title: e.Title})
		if !slices.Contains(f.Symptoms, e.Title) {
			f.Symptoms = append(f.Symptoms, e.Title)
		}
	}
	r.quote(&f, m.Evidence)
	for _, e := range m.Explained { // what proves a consequence speaks for its cause
		if len(f.Evidence) < 6 && !e.Rule.Symptom {
			r.quote(&f, e.Evidence)
		}
	}
	return f
}

// quote adds the lines that the citations point at.
func (r *rulesRun) quote(f *Finding, cs []policies.Citation) {
	const most = 12
	for _, c := range cs {
		if len(f.Evidence) >= most {
			return
		}
		e, ok := Evidence{}, false
		if c.Lacks != "" {
			e, ok = r.ledger.absent(c.Device, c.Query, c.Lacks)
		} else {
			e, ok = r.ledger.cite(state.Ref{Device: c.Device, Query: c.Query, Line: c.Line})
		}
		if ok && !slices.Contains(f.Evidence, e) && substantial(fold(e.Quote)) {
			f.Evidence = append(f.Evidence, e)
		}
	}
}

// ruledOut says which causes were looked for and not found.
func ruledOut(x tools.Examination) []string {
	out := []string{}
	for _, p := range x.Paths {
		if p.Asked && p.Outcome == state.Delivered && !p.Broken() {
			out = append(out, "path "+p.String())
		}
	}
	if len(x.Clear) > 0 {
		where := "in what was read"
		if silent := x.Silent(); len(silent) > 0 {
			where += ", which is nothing of " + strings.Join(silent, ", ") + ","
		}
		out = append(out, "no sign "+where+" of "+strings.Join(x.Clear, ", "))
	}
	return out
}

// summarize says in a sentence or two what was found.
func summarize(rep Report, x tools.Examination) string {
	switch rep.Verdict {
	case Fault:
		s := rep.Findings[0].Title
		if n := len(rep.Findings); n > 1 {
			s += fmt.Sprintf("; and %d more", n-1)
		}
		return s
	case Healthy:
		s := "No rule found a fault in what was read."
		if len(rep.Findings) > 0 {
			s += " " + rep.Findings[0].Title + " (a warning)."
		}
		return s
	}
	return "No fault was proven, and not everything that a verdict needs could be read."
}
