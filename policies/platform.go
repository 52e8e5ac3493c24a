package policies

import (
	"strings"
)

// A Platform is everything netsonde knows about talking to one network
// operating system, loaded from platforms/NAME.yaml. It is immutable after
// loading and safe for concurrent use.
type Platform struct {
	Name    string   // canonical name, such as "frr"
	Aliases []string // what other tools call it
	Prompt  string   // regular expression of the exec prompt on an interactive session
	Rejects []string // texts by which the device says that it did not take a command
	Denials []string // texts by which the device's AAA says no
	Also    string   // a second grammar that the device takes ("linux" for frr); "" if none
	Exec    bool     // commands go on an SSH exec channel (a shell account), not on a terminal

	also       *Platform
	all        map[string]*Platform // the grammars that this one's commands may hold
	file       *platformFile
	tails      []string    // the first words of output formats behind a pipe ("json", "display")
	openconfig []TableRead // what OpenConfig models tell of each table

	compiled func() (*grammar, error)        // once, when first asked
	queries  func() (platformQueries, error) // those that the file itself names; once, when first asked
}

// platformQueries are the queries that a platform file names.
type platformQueries struct {
	prepare []Query
	reads   []TableRead
	record  map[string][]Query
	broader []widening
}

// Show parses a CLI command. The error is a *Refusal where the text is outside
// the grammar. Where p has a second grammar (Also), a line outside the first is
// tried in that, and Query.Platform tells which one allowed it.
func (p *Platform) Show(line string) (Query, error) {
	q, err := p.showOwn(line)
	if err == nil || p.also == nil {
		return q, err
	}
	q, err2 := p.also.showOwn(line)
	if err2 != nil {
		return Query{}, closer(err, err2)
	}
	if inner, ok := strings.CutPrefix(strings.TrimPrefix(strings.TrimPrefix(q.text, "sudo "), "-n "), "vtysh -c '"); ok && p.all["frr"] == p {
		own, err := p.showOwn(strings.TrimSuffix(inner, "'"))
		own.filter = q.filter
		return own, err
	}
	return q, nil
}

// showOwn parses a command in p's own grammar.
func (p *Platform) showOwn(line string) (Query, error) {
	g, err := p.automaton()
	if err != nil {
		return Query{}, err
	}
	if r := printable(line); r != nil {
		return Query{}, r
	}
	command, rest := splitPipe(line)
	asked, help := p.asksHelp(command, rest)
	r := oneCommand(asked)
	var words []word
	if r == nil {
		words, r = lexWords(make([]word, 0, 16), asked, g.fold)
	}
	if help {
		words = append(words, word{text: helpWord, lower: helpWord})
	}
	if r == nil && p.file.MenuPath {
		words = menuWords(words)
	}
	if r == nil && p.file.Getopt {
		words = p.programWords(words)
	}
	if r == nil && len(words) == 0 {
		r = &Refusal{Reason: "no command"}
	}
	var filter Filter
	if r == nil && rest != "" {
		words, filter, r = p.pipe(g, words, rest)
	}
	if r != nil {
		r.Line = line
		return Query{}, r
	}
	ps := walker{g: g, words: words, steps: make([]step, 0, 16)}
	if !ps.parse() {
		return Query{}, p.translate(ps.refusal(line), command)
	}
	if r := arrange(g, ps.steps); r != nil {
		r.Line = line
		return Query{}, r
	}
	end := ps.end
	for _, s := range ps.steps {
		if s.sym.kind == "command" {
			inner, _ := g.inner[s.sym.param].showOwn(unquoted(s.text))
			end = costlier(end, ending{class: inner.class, config: inner.config})
		}
	}
	if end.config {
		if r := g.secretFilter(filter); r != nil {
			r.Line = line
			return Query{}, r
		}
	}
	text, args := printSteps(ps.steps)
	return Query{kind: Show, class: end.class, platform: p, text: text, args: args, filter: filter, config: end.config}, nil
}

// closer returns the refusal of the grammar in which more of the line made
// sense; on a tie the first.
func closer(a, b error) error {
	ra, okA := a.(*Refusal)
	rb, okB := b.(*Refusal)
	if okA && okB && rb.depth > ra.depth {
		return b
	}
	return a
}

// Prepare returns the queries that open an interactive session (such as
// "terminal length 0"). They are parsed by the same grammar.
func (p *Platform) Prepare() []Query { return p.named().prepare }

// A Profile says how much a recording takes.
type Profile string

// The profiles of a recording.
const (
	Quick Profile = "quick"
	Full  Profile = "full"
)

// Record returns what a recording of the given profile reads, in file order;
// those of p.Also are not included.
func (p *Platform) Record(profile Profile) []Query { return p.named().record[string(profile)] }

// automaton returns p's grammar, compiled.
func (p *Platform) automaton() (*grammar, error) {
	if p.compiled == nil {
		return nil, &Refusal{Reason: "the platform has no grammar"}
	}
	return p.compiled()
}

// named returns the queries that p's file names; none where the file is faulty,
// which Show tells, and none for a Platform that was not loaded from a file.
func (p *Platform) named() platformQueries {
	if p.queries == nil {
		return platformQueries{}
	}
	qs, _ := p.queries()
	return qs
}
