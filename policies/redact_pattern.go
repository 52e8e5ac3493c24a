package policies

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"sort"
	"strings"

	"github.com/goccy/go-yaml"
)

var errShortSalt = errors.New("the redaction salt is shorter than 16 bytes")

// A family is one file of patterns.
type family struct {
	Family     string        `yaml:"family"`
	About      string        `yaml:"about"`
	NotSecrets []string      `yaml:"not_secrets"` // words that stand where a secret could, and are none
	Patterns   []patternLine `yaml:"patterns"`
	Stays      []string      `yaml:"stays"` // lines that hold no secret, for the test
	file       string
}

// A patternLine says what one kind of secret looks like, in one of three ways.
type patternLine struct {
	Line    string   `yaml:"line"`  // like a command: see README.md of patterns
	Match   string   `yaml:"match"` // a regular expression with groups named secret, hash, line, enc
	Names   []string `yaml:"names"` // names whose values are secrets, however assigned
	Has     []string `yaml:"has"`   // for match and block: the words of which the text holds one
	Block   string   `yaml:"block"` // a regular expression: the last line of a block that begins with match
	Under   string   `yaml:"under"` // a regular expression: a line that encloses this one
	Near    string   `yaml:"near"`  // the same, or this line itself
	Only    []string `yaml:"only"`  // platforms; the pattern is too loose for others
	About   string   `yaml:"about"`
	Samples []sample `yaml:"samples"`
}

// A sample is a text and what it becomes; <key> stands for any key tag.
type sample struct {
	In  string `yaml:"in"`
	Out string `yaml:"out"`
}

// A pattern is a compiled patternLine.
type pattern struct {
	re      *regexp.Regexp
	groups  []groupKind // by capture group
	program *lineProgram
	names   map[int]int // by word: its length, where the pattern is a list of names
	needs   [][]int     // of each of these sets of words, the line holds one
	block   *regexp.Regexp
	under   *regexp.Regexp
	near    *regexp.Regexp
	only    []string
}

// groupKind says what a capture group holds.
type groupKind string

const (
	noGroup     groupKind = ""
	secretGroup groupKind = "secret" // a secret, in plain or in a reversible encoding
	hashGroup   groupKind = "hash"   // a one-way hash, or sealed by the device
	lineGroup   groupKind = "line"   // a secret that may hold spaces, to the end of a configuration line
	encGroup    groupKind = "enc"    // how the secret that follows is encoded
)

// loadFamilies reads every patterns/*.yaml, in order of name, generic last.
func loadFamilies(fsys fs.FS) ([]family, error) {
	names, err := fs.Glob(fsys, "patterns/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("patterns: %w", err)
	}
	if len(names) == 0 {
		return nil, errors.New("no patterns/*.yaml: refusing to redact with nothing")
	}
	sort.SliceStable(names, func(i, j int) bool {
		return !strings.HasSuffix(names[i], "generic.yaml") && strings.HasSuffix(names[j], "generic.yaml")
	})
	var all []family
	for _, name := range names {
		b, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("patterns: %w", err)
		}
		f := family{file: path.Base(name)}
		if err := yaml.UnmarshalWithOptions(b, &f, yaml.Strict()); err != nil {
			return nil, fmt.Errorf("patterns: %s: %w", name, err)
		}
		all = append(all, f)
	}
	return all, nil
}

func patternError(f family, p patternLine, err error) error {
	return fmt.Errorf("patterns/%s: %q: %w", f.file, p.Line+p.Match, err)
}

// compile turns the line into a pattern; ids numbers the words it needs.
func (l patternLine) compile(ids map[string]int) (pattern, error) {
	words := [][]string{l.Has}
	p := pattern{only: l.Only}
	if l.Line != "" {
		if l.Match != "" {
			return pattern{}, errors.New("has both line and match")
		}
		var err error
		if p.program, words, err = compileLine(l.Line); err != nil {
			return pattern{}, err
		}
		if len(l.Has) > 0 {
			words = append(words, l.Has)
		}
	}
	if len(l.Names) > 0 {
		words = [][]string{l.Names}
	}
	for _, e := range []struct {
		re  **regexp.Regexp
		src string
	}{{&p.re, l.Match}, {&p.block, l.Block}, {&p.under, l.Under}, {&p.near, l.Near}} {
		if e.src == "" {
			continue
		}
		var err error
		if *e.re, err = regexp.Compile("(?i)" + e.src); err != nil {
			return pattern{}, err
		}
	}
	if p.re == nil && p.program == nil && len(l.Names) == 0 {
		return pattern{}, errors.New("has neither line, match nor names")
	}
	if p.re != nil {
		for _, n := range p.re.SubexpNames() {
			p.groups = append(p.groups, groupKind(strings.TrimRight(n, "0123456789")))
		}
	}
	err := p.require(words, ids)
	for _, n := range l.Names {
		if p.names == nil {
			p.names = map[int]int{}
		}
		p.names[ids[strings.ToLower(n)]] = len(n)
	}
	return p, err
}

// require numbers the sets of words of which the line holds one each.
func (p *pattern) require(words [][]string, ids map[string]int) error {
	for _, set := range words {
		var need []int
		for _, w := range set {
			w = strings.ToLower(w)
			if w == "" {
				return errors.New("has an empty word to look for")
			}
			if _, ok := ids[w]; !ok {
				ids[w] = len(ids)
			}
			need = append(need, ids[w])
		}
		if len(need) == 0 {
			return errors.New("needs at least one word to look for (has)")
		}
		p.needs = append(p.needs, need)
	}
	return nil
}

// triggers returns the words of which one stands on each line that p matches.
func (p *pattern) triggers() []int { return p.needs[0] }

// admits reports whether p may match a text of that platform whose line holds
// the words hits.
func (p *pattern) admits(platform string, hits *wordSet) bool {
	for _, need := range p.needs {
		ok := false
		for _, w := range need {
			ok = ok || hits.has[w]
		}
		if !ok {
			return false
		}
	}
	if len(p.only) == 0 || platform == "" {
		return true
	}
	for _, o := range p.only {
		if o == platform {
			return true
		}
	}
	return false
}
