package agent

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// mostFalls is how many conclusions that do not hold are sent back.
const mostFalls = 3

// conclude checks what the model concluded. It returns the report if the run
// is to end with it; else the outcome's error says what does not hold. After
// mostFalls such conclusions, what does not hold is dropped, and the report
// says so.
func (r *run) conclude(o *outcome) *Report {
	var args concludeArgs
	if o.err = decode(o.args, &args); o.err != nil {
		r.falls++
		return nil
	}
	o.concluded = true
	report := args.report()
	faults := append(r.ledger.check(&report), r.ledger.mentionFaults(&report)...)
	if len(faults) == 0 {
		o.notes = append(o.notes, "Accepted.")
		return &report
	}
	r.falls++
	r.draft = &report
	r.note("conclusion sent back: %s", strings.Join(faults, "; "))
	if r.falls < mostFalls {
		o.err = errors.New("the conclusion does not hold:\n- " + strings.Join(faults, "\n- ") +
			"\nCorrect it and call conclude again; recall shows an observation as it is.")
		return nil
	}
	pruned := r.pruned()
	return &pruned
}

// mentionFaults finds numbers of observations, in what was ruled out, that do
// not exist.
func (l *ledger) mentionFaults(r *Report) []string {
	var faults []string
	number := regexp.MustCompile(`\bo\d+\b`)
	for i, text := range r.RuledOut {
		for _, id := range number.FindAllString(text, -1) {
			if l.find(id) < 0 {
				faults = append(faults, fmt.Sprintf("ruled_out[%d]: %s", i, l.unknown(id)))
			}
		}
	}
	return faults
}

// pruned returns the last conclusion without what does not hold.
func (r *run) pruned() Report {
	if r.draft == nil {
		return Report{Verdict: Inconclusive}
	}
	report := *r.draft
	dropped := r.ledger.prune(&report)
	report.NotEvaluated = append(slices.Clone(report.NotEvaluated), dropped...)
	if report.Verdict == Inconclusive && strings.TrimSpace(report.Open) == "" {
		report.Open = "what the model concluded does not hold against what the devices said"
		report.Summary = ""
	}
	return report
}

// giveUp ends the run without a conclusion of the model: inconclusive, with
// what it, or the rules on the way, found so far and can be proven.
func (r *run) giveUp(why string) {
	report := r.pruned()
	for _, f := range r.proven {
		same := func(g Finding) bool { return g.RootCause == f.RootCause && slices.Equal(g.Locations, f.Locations) }
		if !slices.ContainsFunc(report.Findings, same) {
			report.Findings = append(report.Findings, f)
		}
	}
	report.Verdict, report.Open = Inconclusive, why
	r.note("%s", why)
	r.finish(report)
}

// finish fills in what the program knows and yields the report.
func (r *run) finish(report Report) {
	report.Case, report.Source, report.Seen = r.c, r.Source, r.ledger.seen
	for _, u := range r.unread { // equal failures once
		if !slices.Contains(report.NotEvaluated, u) {
			report.NotEvaluated = append(report.NotEvaluated, u)
		}
	}
	report.Scope = r.ledger.scope()
	r.usage.DeviceReads = r.ledger.fromDevices() - len(r.c.Given)
	r.usage.Seconds = r.at.Sub(r.start).Seconds()
	report.Usage = r.usage
	if strings.TrimSpace(report.Summary) == "" {
		report.Summary = plainSummary(report)
	}
	r.emit(Concluded{Report: newScrubber(r.c.Question).report(report)})
	r.over = true
}

// plainSummary says in a sentence what a report without a summary holds.
func plainSummary(r Report) string {
	switch {
	case len(r.Findings) > 0:
		return r.Findings[0].Title
	case r.Verdict == Healthy:
		return "No fault was found in what was read."
	}
	return "The run ended without a conclusion."
}

// scope says which devices answered.
func (l *ledger) scope() string {
	var names []string
	for _, n := range l.seen {
		if fromDevice(n) && !slices.Contains(names, n.Device) {
			names = append(names, n.Device)
		}
	}
	slices.Sort(names)
	switch len(names) {
	case 0:
		return "no device answered"
	case 1:
		return names[0]
	}
	return fmt.Sprintf("%d devices: %s", len(names), strings.Join(shorten(names, 40), ", "))
}
