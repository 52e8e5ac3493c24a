package policies

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

// platformFile is platforms/NAME.yaml as it is written.
type platformFile struct {
	Aliases    []string          `yaml:"aliases"`
	Also       string            `yaml:"also"`
	Exec       bool              `yaml:"exec"`
	Prompt     string            `yaml:"prompt"`
	Prepare    []string          `yaml:"prepare"`
	Rejects    []string          `yaml:"rejects"`
	Denials    []string          `yaml:"denials"`
	Abbreviate bool              `yaml:"abbreviate"` // keywords may be cut short
	FoldCase   bool              `yaml:"fold-case"`  // keywords may be in any case
	Interfaces []string          `yaml:"interfaces"` // kinds of interface, the preferred first; "kind!" needs no number, "be=Bundle-Ether" is a short form
	Reserved   []string          `yaml:"reserved"`   // no name may be, or abbreviate, one of these: the device has a command of it
	Filters    []string          `yaml:"filters"`    // what may stand behind a pipe in short form, the preferred first
	Secrets    []string          `yaml:"secrets"`    // words that secrets are filed under in a configuration
	Selectors  []string          `yaml:"selectors"`  // words that, with a typed token behind, narrow a read
	Define     map[string]string `yaml:"define"`
	Help       []string          `yaml:"help"`      // first words of commands that a "?" may follow: it asks what could come next
	Getopt     bool              `yaml:"getopt"`    // -n5 and --lines=5 are -n 5 and --lines 5
	MenuPath   bool              `yaml:"menu-path"` // /ip/route/print is ip route print
	Prefix     string            `yaml:"prefix"`    // what any command may begin with
	Paths      []string          `yaml:"paths"`     // folders that may stand before a program's name; they are not sent
	Allow      block             `yaml:"allow"`     // class read
	Config     block             `yaml:"config"`    // class read, shows configuration
	Heavy      block             `yaml:"heavy"`     // class heavy
	Probe      block             `yaml:"probe"`     // class probe
	Formats    block             `yaml:"formats"`   // output formats that any read may end in, without their pipe
	Privilege  accountEntry      `yaml:"privilege"` // what the login may do
	Clock      clockEntry        `yaml:"clock"`
	Reads      []readEntry       `yaml:"reads"`
	Record     recordEntry       `yaml:"record"`
	Broader    []broaderEntry    `yaml:"broader"`
	GNMI       gnmiEntry         `yaml:"gnmi"`
}

type readEntry struct {
	Table string   `yaml:"table"`
	Core  bool     `yaml:"core"`
	From  []string `yaml:"from"`
}

type recordEntry struct {
	Quick block `yaml:"quick"`
	Full  block `yaml:"full"` // in addition to quick
}

// A broaderEntry says that the answer to one read is contained in another.
type broaderEntry struct {
	Query string `yaml:"query"`
	In    string `yaml:"in"`
}

type gnmiEntry struct {
	Origins []string `yaml:"origins"` // native origins beside openconfig
	Ports   []int    `yaml:"ports"`   // in the order to try
	Record  []string `yaml:"record"`  // paths that a full recording takes too
}

// A block is a literal block of lines that knows where each stands.
type block []numbered

type numbered struct {
	line int
	text string
}

// UnmarshalYAML keeps the lines that are neither empty nor comments.
func (b *block) UnmarshalYAML(n ast.Node) error {
	first := n.GetToken().Position.Line
	text := ""
	switch n := n.(type) {
	case *ast.LiteralNode:
		text, first = n.Value.Value, first+1
	case *ast.StringNode:
		text = n.Value
	default:
		return fmt.Errorf("line %d: want a block of lines (key: |)", first)
	}
	for i, l := range strings.Split(text, "\n") {
		l, _, _ = strings.Cut(l, "#")
		if l = strings.TrimSpace(l); l != "" {
			*b = append(*b, numbered{first + i, l})
		}
	}
	return nil
}

// LoadPlatforms reads every platforms/*.yaml of fsys, by canonical name, and
// compiles each. A fault in any file is an error that names file and line.
func LoadPlatforms(fsys fs.FS) (map[string]*Platform, error) {
	all, err := OpenPlatforms(fsys)
	if err != nil {
		return nil, err
	}
	var faults []error
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if _, err := all[name].queries(); err != nil {
			faults = append(faults, err)
		}
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	return all, nil
}

// OpenPlatforms is LoadPlatforms for files that are known to be good: a
// platform's grammar is compiled when it is first asked, because a run needs
// one or two of them. A fault that shows only then is what Show and Get return.
func OpenPlatforms(fsys fs.FS) (map[string]*Platform, error) {
	names, err := fs.Glob(fsys, "platforms/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("platform files: %w", err)
	}
	all := map[string]*Platform{}
	var faults []error
	for _, file := range names {
		p, err := loadPlatform(fsys, file)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		all[p.Name] = p
	}
	models, err := loadOpenConfig(fsys)
	if err != nil {
		faults = append(faults, err)
	}
	for _, p := range all {
		p.all = all
		if err := p.model(models); err != nil {
			faults = append(faults, err)
		}
		p.also = all[p.Also]
		if p.Also != "" && p.also == nil && len(faults) == 0 {
			faults = append(faults, fmt.Errorf("platforms/%s.yaml: also: there is no platforms/%s.yaml", p.Name, p.Also))
		}
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	return all, nil
}

func loadPlatform(fsys fs.FS, file string) (*Platform, error) {
	data, err := fs.ReadFile(fsys, file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	var f platformFile
	if err := yaml.UnmarshalWithOptions(data, &f, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("%s:%w", file, err)
	}
	p := &Platform{
		Name: strings.TrimSuffix(path.Base(file), ".yaml"), Aliases: f.Aliases, Prompt: f.Prompt,
		Rejects: f.Rejects, Denials: f.Denials, Also: f.Also, Exec: f.Exec, file: &f,
	}
	p.compiled = sync.OnceValues(func() (*grammar, error) {
		g, err := f.compile()
		if err != nil {
			return nil, fmt.Errorf("%s:%w", file, err)
		}
		g.inner = p.all
		return g, nil
	})
	p.queries = sync.OnceValues(p.parseQueries)
	for _, t := range f.Formats {
		first, _, _ := strings.Cut(t.text, " ")
		p.tails = append(p.tails, first)
	}
	return p, nil
}

// compile turns the sections of commands into one automaton.
func (f *platformFile) compile() (*grammar, error) {
	b := newBuilder(f.Abbreviate)
	format, err := f.format()
	if err != nil {
		return nil, err
	}
	sections := []struct {
		lines   block
		end     ending
		formats string
	}{
		{f.Allow, ending{class: Read}, format},
		{f.Config, ending{class: Read, config: true}, format},
		{f.Heavy, ending{class: Heavy}, format},
		{f.Probe, ending{class: Probe}, ""},
	}
	for _, s := range sections {
		for _, l := range s.lines {
			text, err := expand(f.Prefix+" "+l.text+s.formats, f.Define)
			if err != nil {
				return nil, fmt.Errorf("%d: %s: %w", l.line, l.text, err)
			}
			end, err := readNotation(b, text)
			if err != nil {
				return nil, fmt.Errorf("%d: %s: %w", l.line, l.text, err)
			}
			b.ends[end] = s.end
		}
	}
	g := &grammar{vertices: b.determinize(), sets: b.sets, fold: f.FoldCase, secrets: f.Secrets, reserved: f.Reserved, bare: map[string]bool{}}
	if err := attach(g.vertices); err != nil {
		return nil, err
	}
	complete(g.vertices)
	g.vertices = withHelp(g.vertices, f.Help)
	for _, kind := range f.Interfaces {
		kind, bare := strings.CutSuffix(kind, "!")
		if kind == "" {
			return nil, fmt.Errorf("interfaces: an empty kind; put Null in quotes")
		}
		g.interfaces = append(g.interfaces, kind)
		g.bare[strings.ToLower(kind)] = bare
	}
	return g, nil
}

// attach gives each typed arc its matcher.
func attach(vs []vertex) error {
	made := map[string]matcher{}
	for i := range vs {
		for j := range vs[i].types {
			a := &vs[i].types[j]
			name := a.sym.String()
			if made[name] == nil {
				m, err := newMatcher(a.sym.kind, a.sym.param)
				if err != nil {
					return err
				}
				made[name] = m
			}
			a.match = made[name]
		}
	}
	return nil
}

// format writes the output formats as an optional end of a line. The pipe is
// spelled in a way of its own, because "|" is the notation's.
func (f *platformFile) format() (string, error) {
	var alts []string
	for _, t := range f.Formats {
		text, err := expand(t.text, f.Define)
		if err != nil {
			return "", fmt.Errorf("%d: %w", t.line, err)
		}
		alts = append(alts, notationPipe+" "+text)
	}
	if len(alts) == 0 {
		return "", nil
	}
	return " [" + strings.Join(alts, "|") + "]", nil
}

// parseQueries parses the commands that the file itself names: those that open
// a session, that bear state, that a recording takes.
func (p *Platform) parseQueries() (platformQueries, error) {
	var out platformQueries
	if _, err := p.automaton(); err != nil {
		return out, err
	}
	file := "platforms/" + p.Name + ".yaml"
	show := func(where, line string) (Query, error) {
		q, err := p.showOwn(line)
		if err != nil {
			return q, fmt.Errorf("%s: %s: %q: %w", file, where, line, err)
		}
		return q, nil
	}
	var faults []error
	list := func(where string, lines ...string) (qs []Query) {
		for _, l := range lines {
			q, err := show(where, l)
			if err != nil {
				faults = append(faults, err)
				continue
			}
			qs = append(qs, q)
		}
		return qs
	}
	out.prepare = list("prepare", p.file.Prepare...)
	for _, r := range p.file.Reads {
		out.reads = append(out.reads, TableRead{Table: r.Table, Core: r.Core, Alternatives: list("reads: "+r.Table, r.From...)})
	}
	quick := list("record: quick", p.file.Record.Quick.texts()...)
	full := list("record: full", p.file.Record.Full.texts()...)
	for _, path := range p.file.GNMI.Record {
		q, err := p.Get(path)
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: gnmi: record: %q: %w", file, path, err))
		}
		full = append(full, q)
	}
	out.record = map[string][]Query{string(Quick): quick, string(Full): slices.Concat(quick, full)}
	for _, b := range p.file.Broader {
		out.broader = append(out.broader, widening{strings.Fields(b.Query), strings.Fields(b.In)})
	}
	return out, errors.Join(faults...)
}

func (b block) texts() []string {
	var ts []string
	for _, l := range b {
		ts = append(ts, l.text)
	}
	return ts
}
