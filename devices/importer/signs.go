package importer

import (
	_ "embed"
	"fmt"
	"regexp"

	"github.com/goccy/go-yaml"
)

//go:embed signs.yaml
var signsFile []byte

// signs are how other people's files tell what they are, from signs.yaml.
type signs struct {
	configurations []configuration
	read           []string
	names          []*regexp.Regexp
	sections       []*regexp.Regexp
	skip           map[string]bool
}

// A configuration is a platform and what all its configurations hold.
type configuration struct {
	platform string
	has      []*regexp.Regexp
}

func loadSigns() (*signs, error) {
	var file struct {
		Configurations []struct {
			Platform string   `yaml:"platform"`
			Has      []string `yaml:"has"`
		} `yaml:"configurations"`
		Read     []string `yaml:"read"`
		Names    []string `yaml:"names"`
		Sections []string `yaml:"sections"`
		Skip     []string `yaml:"skip"`
	}
	if err := yaml.UnmarshalWithOptions(signsFile, &file, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("signs.yaml: %w", err)
	}
	s := &signs{read: file.Read, skip: map[string]bool{}}
	for _, n := range file.Skip {
		s.skip[n] = true
	}
	for _, c := range file.Configurations {
		has, err := compile(c.Has)
		if err != nil {
			return nil, err
		}
		s.configurations = append(s.configurations, configuration{c.Platform, has})
	}
	var err error
	if s.names, err = compile(file.Names); err != nil {
		return nil, err
	}
	s.sections, err = compile(file.Sections)
	return s, err
}

func compile(exprs []string) ([]*regexp.Regexp, error) {
	var out []*regexp.Regexp
	for _, e := range exprs {
		re, err := regexp.Compile("(?m)" + e)
		if err != nil {
			return nil, fmt.Errorf("signs.yaml: %w", err)
		}
		out = append(out, re)
	}
	return out, nil
}

// configuration returns the platform of a configuration; "" if text is none.
func (s *signs) configuration(text string) string {
	head := text[:min(len(text), 64<<10)]
	for _, c := range s.configurations {
		all := true
		for _, re := range c.has {
			all = all && re.MatchString(head)
		}
		if all {
			return c.platform
		}
	}
	return ""
}

// name returns the name that a configuration gives its device; "" if none.
func (s *signs) name(text string) string {
	for _, re := range s.names {
		if m := re.FindStringSubmatch(text); m != nil {
			return m[1]
		}
	}
	return ""
}

// section returns the command that a line heads the output of.
func (s *signs) section(line string) (string, bool) {
	for _, re := range s.sections {
		if m := re.FindStringSubmatch(line); m != nil {
			return m[1], true
		}
	}
	return "", false
}
