package policies

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"text/template"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"
)

// A Rule is one health check over the facts of the network, from rules/*.yaml.
// Facts are joined across devices: a link, a session, an adjacency has both
// its ends (A and B), also where one end is missing, because most faults are a
// disagreement of two devices that each look well alone.
//
// A Rule is made by [LoadRules], is immutable and safe for concurrent use.
type Rule struct {
	ID, Title, RootCause string // RootCause is a label of root-causes.yaml; Title is a template over the fact
	Severity             Severity
	Each, When           string   // over which facts; the expression that is true when it is wrong
	Where                string   // expression: the location or locations at fault
	Explains             []string // rules (or "cause:LABEL", "*") whose matches are consequences of this one
	Reach                Reach    // how far its consequences go; of a symptom, how far off its cause may be
	Symptom              bool     // it names a consequence: a cause is to be sought elsewhere
	Touches              string   // expression: further places that it has to do with; "" for none
	Evidence             []string // expressions: the lines that prove it
	Explanation          string   // template over the fact
	Remedy               map[string]string
	Limits               map[string]float64 // by name: what limit("name") gives in its expressions and texts
	Sample               RuleSample
	Source               string // file:line

	fact     reflect.Type
	when     *vm.Program
	where    *vm.Program
	touches  *vm.Program
	evidence []*vm.Program
	title    *template.Template
	because  *template.Template
	remedies map[string]*template.Template
	local    []localLimits
}

// Reach says how far the consequences of a match go.
type Reach string

// The reaches. A consequence at another place is folded only under a cause
// that reaches it.
const (
	ReachPlace   Reach = "place"   // the same interface, link or named place
	ReachDevice  Reach = "device"  // anything that has to do with the same device
	ReachNetwork Reach = "network" // anywhere: paths, sessions and routes over it
)

// A Citation points at a line of the answer that a device gave to a query.
// Lacks, where set, is text that the complete answer does not hold. A Line
// below 0 says that the answer does not tell what was to be cited.
type Citation struct {
	Device, Query string
	Line          int // from 1; 0 means the answer as a whole
	Lacks         string
}

// Cited is what an evidence expression may give: a fact's reference to the
// line that it was read from.
type Cited interface {
	Citation() (device, query string, line int, lacks string)
}

// A Match is a rule that found something wrong at a place.
type Match struct {
	Rule        *Rule
	Locations   []string // at fault
	Touches     []string // further places it has to do with
	Title       string
	Explanation string
	Remedy      string
	Evidence    []Citation
	Explained   []Match // its consequences, folded by Explain
}

// Eval holds r against facts: one fact of the type that r looks at, or a slice
// of such. The error names the rule; it means a fault in the rule or in the
// facts, never that something is wrong with the network.
func (r *Rule) Eval(facts any) ([]Match, error) {
	v := reflect.ValueOf(facts)
	if v.Kind() != reflect.Slice {
		return r.evalOne(facts)
	}
	var out []Match
	for i := range v.Len() {
		ms, err := r.evalOne(v.Index(i).Interface())
		if err != nil {
			return out, err
		}
		out = append(out, ms...)
	}
	return out, nil
}

func (r *Rule) evalOne(fact any) (ms []Match, err error) {
	defer func() {
		if p := recover(); p != nil { // a method of a fact failed on an unforeseen state
			err = &RuleFault{Rule: r.ID, Source: r.Source, Err: fmt.Errorf("%v", p)}
		}
	}()
	r = r.at(fact)
	if reflect.TypeOf(fact) != r.fact {
		return nil, fmt.Errorf("rule %s looks at %s, not at %T", r.ID, r.Each, fact)
	}
	wrong, err := expr.Run(r.when, fact)
	if err != nil {
		return nil, r.fault("when", err)
	}
	if wrong != true {
		return nil, nil
	}
	m := Match{Rule: r}
	if m.Locations, err = places(r.where, fact); err != nil {
		return nil, r.fault("where", err)
	}
	if m.Touches, err = places(r.touches, fact); err != nil {
		return nil, r.fault("touches", err)
	}
	for i, p := range r.evidence {
		got, err := expr.Run(p, fact)
		if err != nil {
			return nil, r.fault(fmt.Sprintf("evidence %d", i+1), err)
		}
		m.Evidence = append(m.Evidence, citations(got)...)
	}
	if slices.ContainsFunc(m.Evidence, func(c Citation) bool { return c.Line < 0 }) {
		return nil, nil // a value that nobody told looks like a zero, and proves nothing
	}
	return r.worded(m, fact)
}

// worded fills in the texts of m.
func (r *Rule) worded(m Match, fact any) ([]Match, error) {
	var err error
	if m.Title, err = render(r.title, fact); err != nil {
		return nil, r.fault("title", err)
	}
	if m.Explanation, err = render(r.because, fact); err != nil {
		return nil, r.fault("explanation", err)
	}
	if m.Remedy, err = render(r.remedyFor(fact, m.Locations), fact); err != nil {
		return nil, r.fault("remedy", err)
	}
	return []Match{m}, nil
}

// A Platformed fact says on which platform a place stands, so that a remedy is
// in that platform's words.
type Platformed interface {
	PlatformOf(place string) string
}

// For returns r with the remedy of one platform, whatever the platform of the
// place is: to try its words.
func (r *Rule) For(platform string) *Rule {
	own := *r
	own.remedies = map[string]*template.Template{"any": r.remedies[platform]}
	own.local = nil
	return &own
}

func (r *Rule) remedyFor(fact any, locations []string) *template.Template {
	if p, ok := fact.(Platformed); ok && len(locations) > 0 {
		if t := r.remedies[p.PlatformOf(locations[0])]; t != nil {
			return t
		}
	}
	return r.remedies["any"]
}

func (r *Rule) fault(part string, err error) error {
	return &RuleFault{Rule: r.ID, Source: r.Source, Err: fmt.Errorf("%s: %w", part, err)}
}

func render(t *template.Template, fact any) (string, error) {
	if t == nil {
		return "", nil
	}
	var b strings.Builder
	if err := t.Execute(&b, fact); err != nil {
		return "", err
	}
	return strings.Join(strings.Fields(b.String()), " "), nil
}

// places runs p and takes its answer as places: a string, or strings.
func places(p *vm.Program, fact any) ([]string, error) {
	if p == nil {
		return nil, nil
	}
	got, err := expr.Run(p, fact)
	if err != nil {
		return nil, err
	}
	var out []string
	add := func(s string) {
		if s != "" {
			out = append(out, s)
		}
	}
	switch v := got.(type) {
	case string:
		add(v)
	case []string:
		for _, s := range v {
			add(s)
		}
	case []any:
		for _, s := range v {
			switch s := s.(type) {
			case string:
				add(s)
			case []string:
				for _, s := range s {
					add(s)
				}
			default:
				return nil, fmt.Errorf("a place is a string, not %T", s)
			}
		}
	case nil:
	default:
		return nil, fmt.Errorf("want a place or places, got %T", got)
	}
	return out, nil
}

// citations takes what an evidence expression gave: one citation or several;
// those that point nowhere are left out.
func citations(got any) []Citation {
	if c, ok := got.(Cited); ok {
		device, query, line, lacks := c.Citation()
		if device == "" || query == "" {
			return nil
		}
		return []Citation{{device, query, line, lacks}}
	}
	v := reflect.ValueOf(got)
	if !v.IsValid() || v.Kind() != reflect.Slice {
		return nil
	}
	var out []Citation
	for i := range v.Len() {
		out = append(out, citations(v.Index(i).Interface())...)
	}
	return out
}
