package policies

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"text/template"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"
)

// A partFault is what is wrong with one part of a rule.
type partFault struct {
	part, text string
	empty      bool // the part is not there at all
}

// build compiles the expressions and texts of r against the type of the fact
// that it looks at, with its own limits.
func (r *Rule) build(fact any) []partFault {
	b := ruleBuilder{rule: r, fact: fact}
	r.when = b.expression(".when", r.When, expr.AsBool())
	r.where = b.expression(".where", r.Where)
	r.touches = nil
	if r.Touches != "" {
		r.touches = b.expression(".touches", r.Touches)
	}
	r.evidence = nil
	for i, e := range r.Evidence {
		r.evidence = append(r.evidence, b.expression(fmt.Sprintf(".evidence[%d]", i), e))
	}
	r.title = b.template(".title", r.Title)
	r.because = b.template(".explanation", r.Explanation)
	r.remedies = map[string]*template.Template{}
	for platform, text := range r.Remedy {
		r.remedies[platform] = b.template(".remedy."+platform, text)
	}
	return b.faults
}

// ruleBuilder compiles the parts of one rule.
type ruleBuilder struct {
	rule   *Rule
	fact   any
	faults []partFault
}

func (b *ruleBuilder) fault(part, text string) {
	b.faults = append(b.faults, partFault{part: part, text: text})
}

// limitCall finds the limits that a text asks for, in an expression
// (limit("share")) and in a template (limit "share").
var limitCall = regexp.MustCompile(`\blimit\s*\(?\s*["'](\w+)["']`)

// limits reports whether every limit that text asks for exists.
func (b *ruleBuilder) limits(part, text string) bool {
	ok := true
	for _, m := range limitCall.FindAllStringSubmatch(text, -1) {
		if _, known := b.rule.Limits[m[1]]; !known {
			b.fault(part, fmt.Sprintf("the rule has no limit %q%s: add it under limits:", m[1], Nearest(m[1], sortedKeys(b.rule.Limits))))
			ok = false
		}
	}
	return ok
}

func (b *ruleBuilder) expression(part, text string, more ...expr.Option) *vm.Program {
	if strings.TrimSpace(text) == "" {
		b.faults = append(b.faults, partFault{part: part, text: "is missing", empty: true})
		return nil
	}
	if !b.limits(part, text) {
		return nil
	}
	values := b.rule.Limits
	limit := expr.Function("limit", func(in ...any) (any, error) { return values[in[0].(string)], nil }, new(func(string) float64))
	p, err := expr.Compile(text, append([]expr.Option{expr.Env(b.fact), limit}, more...)...)
	if err != nil {
		b.fault(part, exprFault(err, reflect.TypeOf(b.fact)))
		return nil
	}
	return p
}

func (b *ruleBuilder) template(part, text string) *template.Template {
	if !b.limits(part, text) {
		return nil
	}
	values := b.rule.Limits
	t, err := template.New(part).Option("missingkey=error").Funcs(template.FuncMap{
		"limit": func(name string) float64 { return values[name] },
		"list":  func(words ...string) []string { return words },
		"join":  func(words []string) string { return strings.Join(words, ", ") },
		"first": func(words []string) string { return slices.Concat(words, []string{""})[0] },
	}).Parse(text)
	if err != nil {
		b.fault(part, strings.TrimPrefix(err.Error(), "template: "))
		return nil
	}
	return t
}

// A Sited fact says on which device it stands, so that the limits of that
// device hold for it.
type Sited interface {
	Site() string
}

// localLimits is a rule with the limits of some devices.
type localLimits struct {
	on   func(site string) bool
	rule *Rule
}

// Limit sets limits of r for the facts on the devices for which on is true;
// everywhere where on is nil. What was set last wins. A name that r has no limit of
// is an error. It is called before the rule is used.
func (r *Rule) Limit(values map[string]float64, on func(site string) bool) error {
	own := *r
	own.local = nil
	own.Limits = map[string]float64{}
	for name, v := range r.Limits {
		own.Limits[name] = v
	}
	for name, v := range values {
		if _, ok := r.Limits[name]; !ok {
			if len(r.Limits) == 0 {
				return fmt.Errorf("rule %s has no limits", r.ID)
			}
			return fmt.Errorf("rule %s has no limit %q, but %s%s", r.ID, name, strings.Join(sortedKeys(r.Limits), ", "), Nearest(name, sortedKeys(r.Limits)))
		}
		own.Limits[name] = v
	}
	if fs := own.build(reflect.New(r.fact).Elem().Interface()); len(fs) > 0 {
		return fmt.Errorf("rule %s: %s: %s", r.ID, fs[0].part, fs[0].text)
	}
	if on == nil {
		own.local = r.local
		*r = own
		return nil
	}
	r.local = append([]localLimits{{on, &own}}, r.local...)
	return nil
}

// at returns the rule as it holds for a fact.
func (r *Rule) at(fact any) *Rule {
	s, ok := fact.(Sited)
	if !ok || len(r.local) == 0 {
		return r
	}
	site := s.Site()
	for _, l := range r.local {
		if l.on(site) {
			return l.rule
		}
	}
	return r
}
