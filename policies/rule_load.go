package policies

import (
	"errors"
	"fmt"
	"io/fs"
	"reflect"
	"slices"
	"strings"
	"text/template"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"
	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// ruleFile is the form of rules/*.yaml.
type ruleFile struct {
	Topic    string         `yaml:"topic"`
	Networks map[string]any `yaml:"networks"` // for samples; read by whoever runs them
	Rules    []ruleText     `yaml:"rules"`
}

type ruleText struct {
	ID          string            `yaml:"id"`
	Title       string            `yaml:"title"`
	Cause       string            `yaml:"cause"`
	Severity    string            `yaml:"severity"`
	Each        string            `yaml:"each"`
	When        string            `yaml:"when"`
	Where       string            `yaml:"where"`
	Touches     string            `yaml:"touches"`
	Explains    []string          `yaml:"explains"`
	Reach       Reach             `yaml:"reach"`
	Symptom     bool              `yaml:"symptom"`
	Evidence    []string          `yaml:"evidence"`
	Explanation string            `yaml:"explanation"`
	Remedy      map[string]string `yaml:"remedy"`
	Sample      RuleSample        `yaml:"sample"`
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
		l.errs = append(l.errs, fmt.Errorf("%s: %s", name, yaml.FormatError(err, false, false)))
		return
	}
	tree, err := parser.ParseBytes(text, 0)
	if err != nil {
		l.errs = append(l.errs, fmt.Errorf("%s: %w", name, err))
		return
	}
	for i, t := range f.Rules {
		c := compiler{loader: l, file: name, tree: tree, index: i}
		c.rule(t)
	}
}

// compiler makes one rule; it knows where each of its parts stands.
type compiler struct {
	*loader
	file  string
	tree  *ast.File
	index int
	bad   bool
}

// at returns file:line of a part of the rule ("" for the rule itself).
func (c *compiler) at(part string) string {
	path := fmt.Sprintf("$.rules[%d]", c.index)
	for _, p := range []string{path + part, path + ".id", path} {
		y, err := yaml.PathString(p)
		if err != nil {
			continue
		}
		if n, err := y.FilterFile(c.tree); err == nil && line(n) > 0 {
			return fmt.Sprintf("%s:%d", c.file, line(n))
		}
	}
	return c.file
}

func (c *compiler) fail(part, format string, args ...any) {
	c.bad = true
	c.errs = append(c.errs, fmt.Errorf("%s: %s", c.at(part), fmt.Sprintf(format, args...)))
}

func (c *compiler) rule(t ruleText) {
	r := Rule{ID: t.ID, Title: t.Title, RootCause: t.Cause, Each: t.Each, When: t.When, Where: t.Where, Touches: t.Touches,
		Explains: t.Explains, Reach: t.Reach, Symptom: t.Symptom, Evidence: t.Evidence, Explanation: t.Explanation, Remedy: t.Remedy,
		Sample: t.Sample, Source: c.at(".id")}
	c.labels(&r, t.Severity)
	fact, ok := c.facts[t.Each]
	if !ok {
		c.fail(".each", "rule %s: unknown fact %q: use one of %s", t.ID, t.Each, strings.Join(sortedKeys(c.facts), ", "))
		return
	}
	r.fact = reflect.TypeOf(fact)
	r.when = c.compile(".when", t.When, fact, expr.AsBool())
	r.where = c.compile(".where", t.Where, fact)
	if t.Touches != "" {
		r.touches = c.compile(".touches", t.Touches, fact)
	}
	if len(t.Evidence) == 0 {
		c.fail(".id", "rule %s: no evidence: name the lines that prove it", t.ID)
	}
	for i, e := range t.Evidence {
		r.evidence = append(r.evidence, c.compile(fmt.Sprintf(".evidence[%d]", i), e, fact))
	}
	c.texts(&r)
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
		c.fail(".cause", "rule %s: unknown cause %q: use a label of %s", r.ID, r.RootCause, causesFile)
	}
	var err error
	if r.Severity, err = ParseSeverity(severity); err != nil {
		c.fail(".severity", "rule %s: %v", r.ID, err)
	}
	switch r.Reach {
	case "":
		r.Reach = ReachPlace
	case ReachPlace, ReachDevice, ReachNetwork:
	default:
		c.fail(".reach", "rule %s: unknown reach %q: use place, device or network", r.ID, r.Reach)
	}
	if r.Sample.On == "" || len(r.Sample.Unhealthy)+len(r.Sample.Lost) == 0 {
		c.fail(".id", "rule %s: no sample: give the network (on) and what makes it unhealthy", r.ID)
	}
}

// texts compiles the templates of a rule.
func (c *compiler) texts(r *Rule) {
	r.title = c.template(".title", r.Title)
	r.because = c.template(".explanation", r.Explanation)
	r.remedies = map[string]*template.Template{}
	for platform, text := range r.Remedy {
		r.remedies[platform] = c.template(".remedy."+platform, text)
	}
	if r.Title == "" {
		c.fail(".id", "rule %s: no title", r.ID)
	}
}

func (c *compiler) compile(part, text string, fact any, more ...expr.Option) *vm.Program {
	if strings.TrimSpace(text) == "" {
		c.fail(".id", "rule has no %s", strings.TrimPrefix(part, "."))
		return nil
	}
	p, err := expr.Compile(text, append([]expr.Option{expr.Env(fact)}, more...)...)
	if err != nil {
		c.fail(part, "%s: %v", strings.TrimPrefix(part, "."), err)
		return nil
	}
	return p
}

func (c *compiler) template(part, text string) *template.Template {
	t, err := template.New(part).Option("missingkey=error").Parse(text)
	if err != nil {
		c.fail(part, "%v", err)
		return nil
	}
	return t
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
				l.errs = append(l.errs, fmt.Errorf("%s: rule %s explains %q, which does not exist", r.Source, r.ID, e))
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
