package policies

import (
	"errors"
	"fmt"
	"io/fs"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

// ruleFile is the form of rules/*.yaml.
type ruleFile struct {
	Topic    string         `yaml:"topic"`
	Networks map[string]any `yaml:"networks"` // for samples; read by whoever runs them
	Rules    []ruleText     `yaml:"rules"`
}

type ruleText struct {
	ID          string             `yaml:"id"`
	Title       string             `yaml:"title"`
	Cause       string             `yaml:"cause"`
	Severity    string             `yaml:"severity"`
	Each        string             `yaml:"each"`
	When        string             `yaml:"when"`
	Where       string             `yaml:"where"`
	Touches     string             `yaml:"touches"`
	Explains    []string           `yaml:"explains"`
	Reach       Reach              `yaml:"reach"`
	Symptom     bool               `yaml:"symptom"`
	Evidence    []string           `yaml:"evidence"`
	Explanation string             `yaml:"explanation"`
	Remedy      map[string]string  `yaml:"remedy"`
	Limits      map[string]float64 `yaml:"limits"`
	Sample      RuleSample         `yaml:"sample"`
}

// LoadRules reads rules/*.yaml of fsys and compiles every expression against
// the type of the facts that the rule looks at. facts are values of the types
// that rules may look at; a rule's "each" is the type's name in lower case. A
// misspelt field, an unknown cause, a rule without a sample: each is an error
// that names file and line; all of them are told at once.
func LoadRules(fsys fs.FS, facts ...any) ([]Rule, error) {
	causes, err := causesOf(fsys)
	if err != nil {
		return nil, err
	}
	names, err := fs.Glob(fsys, "rules/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("load rules: %w", err)
	}
	l := loader{causes: causes, facts: map[string]any{}, seen: map[string]string{}}
	for _, f := range facts {
		l.facts[factName(f)] = f
	}
	for _, name := range names {
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("load rules: %w", err)
		}
		l.file(name, text)
	}
	l.checkExplains()
	if err := errors.Join(l.errs...); err != nil {
		return nil, err
	}
	return l.rules, nil
}

func factName(f any) string {
	t := reflect.TypeOf(f)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return strings.ToLower(t.Name())
}

// loader gathers rules and what is wrong with them.
type loader struct {
	causes Causes
	facts  map[string]any
	seen   map[string]string // rule ID -> where it stands
	rules  []Rule
	errs   []error
}

func (l *loader) file(name string, text []byte) {
	var f ruleFile
	if err := yaml.UnmarshalWithOptions(text, &f, yaml.Strict()); err != nil {
		l.errs = append(l.errs, yamlFault(name, text, err))
		return
	}
	lines := strings.Split(string(text), "\n")
	for i, t := range f.Rules {
		c := compiler{loader: l, file: name, lines: lines, index: i}
		c.rule(t)
	}
}

// compiler makes one rule; it knows where each of its parts stands.
type compiler struct {
	*loader
	file  string
	lines []string
	index int
	bad   bool
}

// at returns file:line of a part of the rule (".id" for the rule itself).
func (c *compiler) at(part string) string {
	return fmt.Sprintf("%s:%d", c.file, ruleLine(c.lines, c.index, part))
}

func (c *compiler) fail(part, format string, args ...any) {
	c.bad = true
	c.errs = append(c.errs, fmt.Errorf("%s: %s", c.at(part), fmt.Sprintf(format, args...)))
}

func (c *compiler) rule(t ruleText) {
	r := Rule{ID: t.ID, Title: t.Title, RootCause: t.Cause, Each: t.Each, When: t.When, Where: t.Where, Touches: t.Touches,
		Explains: t.Explains, Reach: t.Reach, Symptom: t.Symptom, Evidence: t.Evidence, Explanation: t.Explanation, Remedy: t.Remedy,
		Limits: t.Limits, Sample: t.Sample, Source: c.at(".id")}
	c.labels(&r, t.Severity)
	fact, ok := c.facts[t.Each]
	if !ok {
		c.fail(".each", "rule %s: each: unknown fact %q: use one of %s", t.ID, t.Each, strings.Join(sortedKeys(c.facts), ", "))
		return
	}
	r.fact = reflect.TypeOf(fact)
	if len(t.Evidence) == 0 {
		c.fail(".id", "rule %s: no evidence: name the lines that prove it", t.ID)
	}
	if t.Title == "" {
		c.fail(".id", "rule %s: no title", t.ID)
	}
	for _, f := range r.build(fact) {
		at := f.part
		if f.empty {
			at = ".id"
		}
		c.fail(at, "rule %s: %s: %s", t.ID, strings.TrimPrefix(f.part, "."), f.text)
	}
	if !c.bad {
		c.rules = append(c.rules, r)
	}
}

// labels checks what a rule is called by.
func (c *compiler) labels(r *Rule, severity string) {
	if r.ID == "" {
		c.fail("", "a rule without an id")
	}
	if before, twice := c.seen[r.ID]; twice {
		c.fail(".id", "rule %s stands already in %s", r.ID, before)
	}
	c.seen[r.ID] = r.Source
	if !c.causes.Known(r.RootCause) {
		c.fail(".cause", "rule %s: cause: unknown cause %q: use a label of %s%s", r.ID, r.RootCause, causesFile, Nearest(r.RootCause, c.causes.Labels()))
	}
	var err error
	if r.Severity, err = ParseSeverity(severity); err != nil {
		c.fail(".severity", "rule %s: severity: %v", r.ID, err)
	}
	switch r.Reach {
	case "":
		r.Reach = ReachPlace
	case ReachPlace, ReachDevice, ReachNetwork:
	default:
		c.fail(".reach", "rule %s: reach: unknown reach %q: use place, device or network", r.ID, r.Reach)
	}
	if r.Sample.On == "" || len(r.Sample.Unhealthy)+len(r.Sample.Lost) == 0 {
		c.fail(".id", "rule %s: no sample: give the network (on) and what makes it unhealthy", r.ID)
	}
}

// checkExplains finds references to rules and causes that do not exist.
func (l *loader) checkExplains() {
	for _, r := range l.rules {
		for _, e := range r.Explains {
			label, isCause := strings.CutPrefix(e, "cause:")
			switch {
			case e == "*":
			case isCause && l.causes.Known(label):
			case !isCause && l.seen[e] != "":
			default:
				l.errs = append(l.errs, fmt.Errorf("%s: rule %s explains: %q is neither a rule nor cause:LABEL%s", r.Source, r.ID, e, Nearest(e, sortedKeys(l.seen))))
			}
		}
	}
}

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
