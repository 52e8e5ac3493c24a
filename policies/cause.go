package policies

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// causesFile is where the vocabulary stands below the root of policies' files.
const causesFile = "root-causes.yaml"

// A Cause is one label of the vocabulary of root causes.
type Cause struct {
	Label, Domain, Meaning string
}

// Causes is the closed vocabulary in which a diagnosis names its causes. The
// zero value knows none. It is immutable after loading.
type Causes struct {
	list    []Cause
	byLabel map[string]int
}

// LoadCauses reads root-causes.yaml of fsys. A label that stands twice, or a
// label without a meaning, is an error that names file and line.
func LoadCauses(fsys fs.FS) (Causes, error) {
	text, err := fs.ReadFile(fsys, causesFile)
	if err != nil {
		return Causes{}, fmt.Errorf("load root causes: %w", err)
	}
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		return Causes{}, fmt.Errorf("%s: %w", causesFile, err)
	}
	c := Causes{byLabel: map[string]int{}}
	for _, doc := range file.Docs {
		domains, ok := doc.Body.(*ast.MappingNode)
		if !ok {
			return Causes{}, fmt.Errorf("%s: want domains with labels below them", causesFile)
		}
		for _, d := range domains.Values {
			if err := c.addDomain(d); err != nil {
				return Causes{}, err
			}
		}
	}
	if len(c.list) == 0 {
		return Causes{}, fmt.Errorf("%s: no label in it", causesFile)
	}
	return c, nil
}

func (c *Causes) addDomain(d *ast.MappingValueNode) error {
	domain := d.Key.String()
	var labels []*ast.MappingValueNode
	switch v := d.Value.(type) {
	case *ast.MappingNode:
		labels = v.Values
	case *ast.MappingValueNode:
		labels = []*ast.MappingValueNode{v}
	default:
		return fmt.Errorf("%s:%d: domain %s has no labels", causesFile, line(d.Key), domain)
	}
	for _, l := range labels {
		label := l.Key.String()
		var meaning string
		if err := yaml.NodeToValue(l.Value, &meaning); err != nil || strings.TrimSpace(meaning) == "" {
			return fmt.Errorf("%s:%d: label %s has no meaning: write one line that says what is wrong", causesFile, line(l.Key), label)
		}
		if _, twice := c.byLabel[label]; twice {
			return fmt.Errorf("%s:%d: label %s stands twice", causesFile, line(l.Key), label)
		}
		c.byLabel[label] = len(c.list)
		c.list = append(c.list, Cause{Label: label, Domain: domain, Meaning: meaning})
	}
	return nil
}

// Known reports whether label belongs to the vocabulary.
func (c Causes) Known(label string) bool {
	_, ok := c.byLabel[label]
	return ok
}

// Meaning returns what label says is wrong; "" for an unknown label.
func (c Causes) Meaning(label string) string {
	if i, ok := c.byLabel[label]; ok {
		return c.list[i].Meaning
	}
	return ""
}

// All returns the vocabulary in the order of its file.
func (c Causes) All() []Cause { return slices.Clone(c.list) }

// Labels returns every label in the order of the file.
func (c Causes) Labels() []string {
	out := make([]string, len(c.list))
	for i, x := range c.list {
		out[i] = x.Label
	}
	return out
}

// causesOf loads the vocabulary of fsys or, where a directory of a user's own
// rules has none, the one that ships with the program.
func causesOf(fsys fs.FS) (Causes, error) {
	c, err := LoadCauses(fsys)
	if errors.Is(err, fs.ErrNotExist) {
		return LoadCauses(Files)
	}
	return c, err
}

// line returns the line on which n begins in its file.
func line(n ast.Node) int {
	if n == nil || n.GetToken() == nil || n.GetToken().Position == nil {
		return 0
	}
	return n.GetToken().Position.Line
}
