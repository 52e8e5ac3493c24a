package agent

import (
	"fmt"
	"strings"

	"github.com/netsonde/netsonde/policies"
)

// check holds a report against the ledger and fills in what its evidence
// points at. Each fault is a line for its author to correct the report by;
// none means that every claim holds.
func (l *ledger) check(r *Report) []string {
	var faults []string
	for i := range r.Findings {
		for _, fault := range l.findingFaults(&r.Findings[i]) {
			faults = append(faults, fmt.Sprintf("findings[%d]: %s", i, fault))
		}
	}
	return append(faults, l.verdictFaults(r)...)
}

func (l *ledger) verdictFaults(r *Report) []string {
	var faults []string
	switch r.Verdict {
	case Fault:
		if len(r.Findings) == 0 {
			faults = append(faults, `verdict "fault" needs a finding; without one it is "healthy" or "inconclusive"`)
		}
	case Healthy:
		for _, f := range r.Findings {
			if f.Severity > policies.Warning {
				faults = append(faults, fmt.Sprintf(`verdict "healthy" does not go with a finding of severity %s`, f.Severity))
				break
			}
		}
		if fault := l.lackingFault(); fault != "" {
			faults = append(faults, fault)
		}
	case Inconclusive:
		if strings.TrimSpace(r.Open) == "" {
			faults = append(faults, `verdict "inconclusive" needs "open": what is not known, and what would tell`)
		}
	default:
		faults = append(faults, fmt.Sprintf("verdict %s is not one of fault, healthy, inconclusive", quoted(string(r.Verdict))))
	}
	if (r.Verdict == Fault || r.Verdict == Healthy) && l.fromDevices() == 0 {
		faults = append(faults, fmt.Sprintf("verdict %q without one answer of a device: read some first, or conclude inconclusive", r.Verdict))
	}
	return faults
}

func (l *ledger) findingFaults(f *Finding) []string {
	var faults []string
	note := func(fault string) {
		if fault != "" {
			faults = append(faults, fault)
		}
	}
	note(l.causes.fault(f.RootCause))
	if len(f.Locations) == 0 {
		note("no location: name the device, interface or link that deviates")
	}
	for _, where := range f.Locations {
		note(l.placeFault(where))
	}
	if f.Severity < policies.Warning || f.Severity > policies.Critical {
		note("no severity: critical, major, minor or warning")
	}
	if strings.TrimSpace(f.Title) == "" {
		note("no title")
	}
	if len(f.Evidence) == 0 {
		note("no evidence: cite at least one observation by number, with a quote")
	}
	fromDevices := 0
	for i := range f.Evidence {
		if fault := l.evidenceFault(&f.Evidence[i]); fault != "" {
			note(fmt.Sprintf("evidence[%d]: %s", i, fault))
		} else if n := l.seen[l.find(f.Evidence[i].Observation)]; fromDevice(n) {
			fromDevices++
		}
	}
	if len(f.Evidence) > 0 && fromDevices == 0 && len(faults) == 0 {
		note("no evidence from a device: a supplied configuration shows an intent; cite the live state that it contradicts as well")
	}
	return faults
}

// evidenceFault says why e does not hold; "" if it does, and then e names the
// device, query and time of its observation. Evidence that names device and
// query instead of a number is given the number.
func (l *ledger) evidenceFault(e *Evidence) string {
	i := l.find(e.Observation)
	if e.Observation == "" && e.Device != "" {
		if j, ok := l.last[[2]string{e.Device, e.Query}]; ok {
			i = j
		}
	}
	if i < 0 {
		return l.unknown(e.Observation)
	}
	n := l.seen[i]
	quote := fold(e.Quote)
	if !substantial(quote) {
		return fmt.Sprintf("the quote of %s is empty or too short to prove anything: quote the words that matter", n.ID)
	}
	*e = Evidence{Observation: n.ID, Device: n.Device, Query: n.Query, At: n.At, Quote: e.Quote, Absent: e.Absent}
	if e.Absent {
		return l.absenceFault(i, quote)
	}
	if holds(l.text(i), quote) {
		if l.steered(i, quote) {
			return fmt.Sprintf("what %s says there reads like an instruction to its reader: it is no evidence of the network's state", n.ID)
		}
		return ""
	}
	msg := fmt.Sprintf("%s (%s: %s) does not say %s", n.ID, n.Device, n.Query, quoted(e.Quote))
	if other := l.elsewhere(i, quote); other != "" {
		return msg + "; " + other + " does"
	}
	if near := nearest(l.text(i), quote); near != "" {
		msg += "; the nearest line there is " + quoted(near)
	}
	return msg + "; quote it as it stands, or cite another observation"
}

// unknown says that there is no observation id.
func (l *ledger) unknown(id string) string {
	if len(l.seen) == 0 {
		return fmt.Sprintf("there is no observation %s; nothing has been read yet", quoted(id))
	}
	return fmt.Sprintf("there is no observation %s; there are o1 to o%d", quoted(id), len(l.seen))
}

// substantial reports whether a folded quote has at least two letters or
// digits.
func substantial(quote string) bool {
	n := 0
	for _, r := range quote {
		if wordy(r) {
			n++
		}
	}
	return n >= 2
}

// absenceFault says why the i-th observation does not show that quote is
// absent. Absence is proven only by a complete answer, for one line, without
// regard to case.
func (l *ledger) absenceFault(i int, quote string) string {
	const most = 120
	n := l.seen[i]
	switch {
	case n.Truncated:
		return fmt.Sprintf("%s was cut off, so it cannot show that something is absent", n.ID)
	case n.Query == SuspiciousText:
		return n.ID + " is not an answer of a device"
	case strings.Contains(quote, "\n") || len(quote) > most:
		return fmt.Sprintf("the quote of an absence is one line, at most %d characters: the name, address or statement that is missing", most)
	}
	if _, ok := l.lower[i]; !ok {
		l.lower[i] = strings.ToLower(l.text(i))
	}
	if holds(l.lower[i], strings.ToLower(quote)) {
		return fmt.Sprintf("%s (%s: %s) does contain %s", n.ID, n.Device, n.Query, quoted(quote))
	}
	return ""
}

// elsewhere returns the number of another observation that holds quote, of
// the same device if possible; "" if none does.
func (l *ledger) elsewhere(i int, quote string) string {
	found := ""
	for j, n := range l.seen {
		if j == i || !holds(l.text(j), quote) {
			continue
		}
		if n.Device == l.seen[i].Device {
			return n.ID
		}
		if found == "" {
			found = n.ID + " (" + n.Device + ")"
		}
	}
	return found
}

// prune drops what does not hold and returns a line for each thing dropped. A
// fault verdict that loses its last finding becomes inconclusive.
func (l *ledger) prune(r *Report) []string {
	var dropped []string
	kept := r.Findings[:0:0]
	for _, f := range r.Findings {
		proven := f.Evidence[:0:0]
		for _, e := range f.Evidence {
			if l.evidenceFault(&e) == "" {
				proven = append(proven, e)
			}
		}
		f.Evidence = proven
		if faults := l.findingFaults(&f); len(faults) > 0 {
			dropped = append(dropped, fmt.Sprintf("finding %s dropped: %s", quoted(f.Title), faults[0]))
			continue
		}
		kept = append(kept, f)
	}
	r.Findings = kept
	if faults := l.verdictFaults(r); len(faults) > 0 {
		if r.Verdict != Inconclusive {
			dropped = append(dropped, faults[0])
		}
		r.Verdict = Inconclusive
	}
	return dropped
}
