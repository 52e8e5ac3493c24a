package history

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/netsonde/netsonde/agent"
)

// A Past is what a report is compared with: the findings that stood after the
// report before, and how often findings came up lately.
type Past struct {
	Report  string // id of the report before; "" for none
	At      time.Time
	Verdict agent.Verdict
	Open    []Entry        // State is the one they were left in
	Swings  map[string]int // by finding: how often it came up within the flapping window, before this report
}

// Flapping is when a finding counts as flapping: it came up at least Times
// times within Window. The zero value means 3 times in 24 hours.
type Flapping struct {
	Times  int
	Window time.Duration
}

func (f Flapping) orDefault() Flapping {
	if f.Times <= 0 {
		f.Times = 3
	}
	if f.Window <= 0 {
		f.Window = 24 * time.Hour
	}
	return f
}

// A Comparison is a report to be held against the past of its scope.
type Comparison struct {
	Past     Past
	Report   agent.Report
	At       time.Time
	Flapping Flapping
	Silences []Silence // those that may be active
}

// Compare says what changed. It is pure, and takes time in proportion to the
// findings on both sides.
func (c Comparison) Compare() Delta {
	c.Flapping = c.Flapping.orDefault()
	d := Delta{Before: c.Past.Report, BeforeAt: c.Past.At}
	was := make(map[string]Entry, len(c.Past.Open))
	for _, e := range c.Past.Open {
		was[e.ID] = e
	}
	now := map[string]bool{}
	for i, id := range Identify(c.Report.Findings) {
		e := Entry{ID: id.ID(), Identity: id, Finding: c.Report.Findings[i]}
		before, stood := was[e.ID]
		now[e.ID] = true
		d.add(c.present(e, before, stood))
	}
	extent := newExtent(c.Report)
	for _, e := range c.Past.Open {
		if !now[e.ID] {
			d.add(c.absent(e, extent))
		}
	}
	d.Turned = c.turned(d)
	for _, list := range d.lists() {
		slices.SortStableFunc(*list, func(a, b Entry) int {
			return cmp.Or(-cmp.Compare(a.Finding.Severity, b.Finding.Severity), a.Since.Compare(b.Since), cmp.Compare(a.String(), b.String()))
		})
	}
	return d
}

// turned reports whether the verdict became another one. A fault all of whose
// findings are silenced is none for this: nobody is to hear of it.
func (c Comparison) turned(d Delta) bool {
	if c.Past.Report == "" || c.Past.Verdict == c.Report.Verdict {
		return false
	}
	was, is := c.Past.Verdict, c.Report.Verdict
	if was == agent.Fault && !slices.ContainsFunc(c.Past.Open, func(e Entry) bool { return e.State != Silenced }) {
		was = agent.Healthy
	}
	if is == agent.Fault && !slices.ContainsFunc(Identify(c.Report.Findings), func(i Identity) bool { return !d.Silent(i.ID()) }) {
		is = agent.Healthy
	}
	return was != is
}

// present judges a finding that the report has.
func (c Comparison) present(e, before Entry, stood bool) Entry {
	e.State, e.Since, e.Last, e.Seen = New, c.At, c.At, 1
	e.Swings = c.Past.Swings[e.ID]
	if stood {
		e.Since, e.Seen, e.State = before.Since, before.Seen+1, Standing
		switch {
		case before.State == Silenced || before.State == Folded:
			e.State = New // nobody was told of it so far
		case e.Finding.Severity > before.Finding.Severity:
			e.State, e.Was = Worse, before.Finding.Severity
		case e.Finding.Severity < before.Finding.Severity:
			e.State, e.Was = Better, before.Finding.Severity
		}
	} else {
		e.Swings++
	}
	if !stood && e.Swings >= c.Flapping.Times {
		e.State = Flaps
	}
	return c.silence(e)
}

// absent judges a finding that stood and that the report does not have.
func (c Comparison) absent(e Entry, x extent) Entry {
	e.Swings = c.Past.Swings[e.ID]
	if by := x.folded(e.Identity); by != "" {
		e.State, e.Why = Folded, "explained by: "+by
		return e
	}
	silent := e.State == Silenced
	if why := x.unknown(e); why != "" {
		if e.Why = why; !silent { // one that nobody was told of stays so: it is new when it is seen and the silence is over
			e.State = Unknown
		}
		return e
	}
	e.State, e.Seen, e.Why = Resolved, 0, ""
	if e.Swings >= c.Flapping.Times {
		e.State = Flaps
	}
	if silent {
		e.State, e.Why = Silenced, "resolved"
	}
	return e
}

// silence mutes e where a silence matches it.
func (c Comparison) silence(e Entry) Entry {
	for _, s := range c.Silences {
		if s.Active(c.At) && s.Matches(e.ID, e.Identity) {
			e.State, e.Why = Silenced, s.String()
			break
		}
	}
	return e
}

func (d *Delta) lists() map[State]*[]Entry {
	return map[State]*[]Entry{
		New: &d.New, Worse: &d.Worse, Better: &d.Better, Standing: &d.Standing, Resolved: &d.Resolved,
		Flaps: &d.Flapping, Unknown: &d.Unknown, Folded: &d.Folded, Silenced: &d.Silenced,
	}
}

func (d *Delta) add(e Entry) {
	list := d.lists()[e.State]
	*list = append(*list, e)
}

// Entries returns all entries: what changed first.
func (d Delta) Entries() []Entry {
	return slices.Concat(d.New, d.Worse, d.Flapping, d.Better, d.Resolved, d.Standing, d.Folded, d.Unknown, d.Silenced)
}

// Silent reports whether the finding of that id is silenced.
func (d Delta) Silent(id string) bool {
	return slices.ContainsFunc(d.Silenced, func(e Entry) bool { return e.ID == id })
}

// An extent is what a report looked at.
type extent struct {
	read   map[string]bool // devices; nil where the report does not say
	ran    map[string]bool // rules; nil where the report does not say
	unread map[string]string
	rules  map[string]string // rules that could not be evaluated, and why
	under  map[string]string
}

func newExtent(r agent.Report) extent {
	x := extent{unread: map[string]string{}, rules: map[string]string{}, under: map[string]string{}}
	x.read, x.ran = set(r.Read), set(r.Ran)
	for _, u := range r.Unread {
		if u.Rule != "" {
			x.rules[u.Rule] = u.Why
		} else if u.Device != "" {
			x.unread[u.Device+"/"+u.Table] = u.Why
		}
	}
	for _, f := range r.Findings {
		for _, s := range f.Consequences {
			x.under[identity(agent.Finding{Rule: s.Rule, Locations: s.Locations, Title: s.Title}).ID()] = f.Title
		}
	}
	return x
}

func (x extent) folded(i Identity) string { return x.under[i.ID()] }

// unknown says why nobody can tell whether e still holds; "" where its absence
// means that it is resolved.
func (x extent) unknown(e Entry) string {
	if why, ok := x.rules[e.Rule]; ok {
		return "rule " + e.Rule + " could not be evaluated: " + why
	}
	if x.ran != nil && e.Finding.Rule != "" && !x.ran[e.Rule] {
		return "rule " + e.Rule + " was not run"
	}
	for _, device := range concerned(e.Finding) {
		if x.read != nil && !x.read[device] {
			return device + " was not read"
		}
		if why, ok := x.unread[device+"/all tables"]; ok {
			return device + ": " + why
		}
	}
	for _, table := range e.Finding.Rests {
		if why, ok := x.unread[table]; ok {
			return strings.Replace(table, "/", ": ", 1) + ": " + why
		}
	}
	return ""
}

// concerned lists the devices that a finding is about, or rests on.
func concerned(f agent.Finding) []string {
	var out []string
	add := func(name string) {
		if name != "" && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	for _, l := range f.Locations {
		for _, end := range strings.Split(l, "--") {
			name, _, _ := strings.Cut(end, ":")
			add(name)
		}
	}
	for _, e := range f.Evidence {
		add(e.Device)
	}
	return out
}

func set(list []string) map[string]bool {
	if list == nil {
		return nil
	}
	out := make(map[string]bool, len(list))
	for _, s := range list {
		out[s] = true
	}
	return out
}
