package main

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/netsonde/netsonde/devices/state"
	"github.com/netsonde/netsonde/policies"
	"github.com/netsonde/netsonde/tools"
)

func newRulesCommand(c *console) *cobra.Command {
	cmd := &cobra.Command{
		Use: "rules", Short: "List, show and test the rules", Args: cobra.NoArgs,
		Long: `Rules are data: policies/rules/README.md of the source says how one is written,
netsonde rules facts what it may look at. The configuration adds, tunes and
switches them off, and names what you intend:

  rules:
    directories: [mine]             # files *.yaml of your own, beside this file
    off: [ospf-cost]
    severity: {link-flaps: minor}
  thresholds:                       # by group or device; netsonde rules list -o json
    all:  {disk-filling.percent: 85}   # names the limits of each rule
    core: {errors-growing.share: 1e-6}
  intent: [intent.yaml]

  # intent.yaml
  reachable:      [{from: h1, to: [10.4.0.0/24, 10.5.0.10], flow: tcp/80}]
  neighbors:      [{protocol: ospf, devices: core, per_link: 2}]
  versions:       [{devices: core, version: "8.4"}]
  support:        [{software: FRRouting, version: "8", end: 2027-03-01}]
  errors:         [{devices: all, under: 1e-6}]
  links:          [r1:eth1--r2:eth1]
  configurations: intended          # folder of DEVICE.conf: what differs is drift
  certificates:   {r1: [r1.pem]}`,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newRulesList(c), newRulesShow(c), newRulesTest(c), newRulesFacts(c))
	return cmd
}

// A ruleLine is one rule in rules list -o json.
type ruleLine struct {
	ID       string             `json:"id"`
	Severity policies.Severity  `json:"severity"`
	Each     string             `json:"each"` // what it looks at
	Cause    string             `json:"cause"`
	Title    string             `json:"title"`
	Symptom  bool               `json:"symptom"`
	Limits   map[string]float64 `json:"limits,omitempty"`
	Off      bool               `json:"off"` // the configuration switches it off
	Source   string             `json:"source"`
}

func newRulesList(c *console) *cobra.Command {
	var out outputFlags
	cmd := &cobra.Command{
		Use:   "list [DIR|FILE...]",
		Short: "List the rules that ship, those of the configuration, and those named here",
		Long: `List every rule: its severity, what it looks at, its cause, its title and where it
stands. A rule that the configuration switches off is marked.`,
		Example: "  netsonde rules list\n  netsonde rules list -o json mine/",
		RunE: func(_ *cobra.Command, args []string) error {
			if err := out.check("text", "json"); err != nil {
				return err
			}
			cfg, rules, _, err := c.ruleBook(args)
			if err != nil {
				return err
			}
			lines := make([]ruleLine, len(rules))
			for i, r := range rules {
				lines[i] = ruleLine{r.ID, r.Severity, r.Each, r.RootCause, r.Title, r.Symptom, r.Limits, slices.Contains(cfg.Rules.Off, r.ID), r.Source}
			}
			if out.format == "json" {
				raw, err := json.MarshalIndent(lines, "", "  ")
				if err != nil {
					return err
				}
				return c.write(out, string(raw)+"\n")
			}
			return c.write(out, ruleTable(lines))
		},
	}
	out.addFormats(cmd, "text or json")
	return cmd
}

// ruleTable lays the rules out in columns.
func ruleTable(lines []ruleLine) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "RULE\tSEVERITY\tLOOKS AT\tCAUSE\tTITLE\tFILE")
	for _, l := range lines {
		severity, cause := l.Severity.String(), l.Cause
		if l.Off {
			severity = "off"
		}
		if l.Symptom {
			cause = "(symptom)"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", l.ID, severity, l.Each, cause, clean(plainTitle(l.Title)), l.Source)
	}
	w.Flush()
	fmt.Fprintf(&b, "%d rules\n", len(lines))
	return b.String()
}

// plainTitle shortens a title's template for a table: {{.A.MTU}} is A.MTU.
func plainTitle(title string) string {
	var b strings.Builder
	for rest := title; ; {
		before, after, ok := strings.Cut(rest, "{{")
		b.WriteString(before)
		if !ok {
			return strings.Join(strings.Fields(b.String()), " ")
		}
		expr, tail, _ := strings.Cut(after, "}}")
		switch word := strings.TrimSpace(expr); {
		case strings.HasPrefix(word, "range ."):
			b.WriteString(strings.TrimPrefix(word, "range ."))
			b.WriteByte(' ')
		case strings.HasPrefix(word, ".") && len(word) > 1:
			b.WriteString(word[1:])
		case strings.HasPrefix(word, "index ."):
			b.WriteString(strings.Fields(word)[1][1:])
		}
		rest = tail
	}
}

func newRulesShow(c *console) *cobra.Command {
	return &cobra.Command{
		Use:     "show ID",
		Short:   "Show a rule whole, as its file has it, with its samples",
		Example: "  netsonde rules show ospf-area",
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			_, rules, files, err := c.ruleBook(nil)
			if err != nil {
				return err
			}
			var ids []string
			for _, r := range rules {
				if r.ID != args[0] {
					ids = append(ids, r.ID)
					continue
				}
				text, err := policies.RuleText(files, r)
				if err != nil {
					return err
				}
				fmt.Fprintf(c.out, "# %s\n%s", r.Source, cleanLines(text))
				return nil
			}
			return hint(usagef("no rule is called %q%s", args[0], policies.Nearest(args[0], ids)), "netsonde rules list names them all")
		},
	}
}

func newRulesTest(c *console) *cobra.Command {
	return &cobra.Command{
		Use:   "test [DIR|FILE...]",
		Short: "Run the samples of the rules, and say which fail and why",
		Long: `Compile the rules and run the samples that stand in them: each rule must find its
unhealthy sample, and be silent on its healthy one and on every healthy
network. Without arguments all rules are tested, those of the configuration
included; with arguments those that stand there.

Exit status: 0 all pass, 1 some fail, 2 a file is wrong.`,
		Example: "  netsonde rules test\n  netsonde rules test mine/ospf.yaml",
		RunE: func(_ *cobra.Command, args []string) error {
			_, rules, files, err := c.ruleBook(args)
			if err != nil {
				return err
			}
			samples, err := tools.LoadSamples(files)
			if err != nil {
				return &usageError{err}
			}
			tested, failed := 0, 0
			for i := range rules {
				r := &rules[i]
				if len(args) > 0 && !slices.Contains(files.named, fileOf(r.Source)) {
					continue
				}
				tested++
				faults := samples.Check(r)
				for _, err := range faults {
					fmt.Fprintf(c.out, "FAIL  %s: rule %s: %s\n", r.Source, r.ID, clean(err.Error()))
				}
				if len(faults) > 0 {
					failed++
				}
			}
			fmt.Fprintf(c.out, "%d rules tested, %d failed\n", tested, failed)
			if failed > 0 {
				return exitStatus(exitFailed)
			}
			return nil
		},
	}
}

// fileOf takes the line off "file:line".
func fileOf(source string) string {
	if i := strings.LastIndex(source, ":"); i >= 0 {
		return source[:i]
	}
	return source
}

func newRulesFacts(c *console) *cobra.Command {
	return &cobra.Command{
		Use:   "facts [FACT]",
		Short: "List what rules may look at, and what an expression may say of it",
		Long: `Without FACT, list the facts that a rule may look at ("each: link"). With one,
list its fields and methods: what the expressions and templates of a rule may
say.`,
		Example: "  netsonde rules facts\n  netsonde rules facts link",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			var names []string
			for _, f := range state.FactTypes() {
				t := reflect.TypeOf(f)
				name := strings.ToLower(t.Name())
				names = append(names, name)
				if len(args) == 0 {
					fmt.Fprintln(c.out, name)
				} else if args[0] == name {
					_, err := fmt.Fprint(c.out, factFields(t))
					return err
				}
			}
			if len(args) > 0 {
				return hint(usagef("no fact is called %q%s", args[0], policies.Nearest(args[0], names)), "netsonde rules facts names them all")
			}
			return nil
		},
	}
}

// factFields lists the fields and methods of a fact, and below them those of
// the types that it leads to, each type once.
func factFields(t reflect.Type) string {
	var b strings.Builder
	seen := map[reflect.Type]bool{}
	todo := []reflect.Type{t}
	for len(todo) > 0 {
		t, todo = todo[0], todo[1:]
		if seen[t] {
			continue
		}
		seen[t] = true
		fmt.Fprintf(&b, "%s\n", t.Name())
		for i := range t.NumField() {
			f := t.Field(i)
			if !f.IsExported() {
				continue
			}
			fmt.Fprintf(&b, "  %-22s %s\n", f.Name, typeName(f.Type))
			e := f.Type
			for e.Kind() == reflect.Pointer || e.Kind() == reflect.Slice {
				e = e.Elem()
			}
			if e.Kind() == reflect.Struct && strings.HasSuffix(e.PkgPath(), "/state") && len(seen) < 12 {
				todo = append(todo, e)
			}
		}
		for i := range t.NumMethod() {
			m := t.Method(i)
			var in, out []string
			for j := 1; j < m.Type.NumIn(); j++ {
				in = append(in, typeName(m.Type.In(j)))
			}
			for j := range m.Type.NumOut() {
				out = append(out, typeName(m.Type.Out(j)))
			}
			fmt.Fprintf(&b, "  %-22s %s\n", m.Name+"("+strings.Join(in, ", ")+")", strings.Join(out, ", "))
		}
	}
	return b.String()
}

// typeName names a type without its package.
func typeName(t reflect.Type) string {
	return strings.NewReplacer("state.", "", "netip.", "", "time.", "").Replace(t.String())
}
