package lab

import (
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

// A Fault is a named way to break the lab, from faults/*.yaml, with the
// diagnosis that it deserves. A fault without a cause changes nothing that is
// wrong: a diagnosis must find the network healthy.
type Fault struct {
	Name      string    `yaml:"name"`
	Title     string    `yaml:"title"`
	Cause     string    `yaml:"cause"`  // label of root-causes.yaml; "" where nothing is wrong
	At        []string  `yaml:"at"`     // where: the end that deviates
	Accept    []string  `yaml:"accept"` // places that are right too, where nothing decides
	Also      []Label   `yaml:"also"`   // the second cause of a double fault
	Hidden    bool      `yaml:"hidden"` // redundancy hides it from users
	Scars     bool      `yaml:"scars"`  // leaves counters and log lines that speak of it long after its undo
	Leaves    bool      `yaml:"leaves"` // what routers say over gNMI alone is enough to find it
	Needs     []string  `yaml:"needs"`  // what the kernel must be able to do (Capabilities)
	Complaint Complaint `yaml:"complaint"`
	Inject    []Step    `yaml:"inject"`
	Undo      []Step    `yaml:"undo"`
	Bites     []Bite    `yaml:"bites"` // all hold once the fault has taken effect
}

// A Label is a cause and the place where it is.
type Label struct {
	Cause  string   `yaml:"cause"`
	At     []string `yaml:"at"`
	Accept []string `yaml:"accept"`
}

// A Complaint is what a user of the network would say.
type Complaint struct {
	Question string `yaml:"question"`
	From     string `yaml:"from"`
	To       string `yaml:"to"`
	Flow     string `yaml:"flow"`
}

// A Step is a shell script that runs as root on a node, with "conf LINE..."
// to type into the router's configuration mode.
type Step struct {
	On  string `yaml:"on"`
	Run string `yaml:"run"`
}

// A Bite is how a fault is shown to have taken effect: a probe that fails, one
// that still works, or a command whose output holds (or lacks) an expression.
type Bite struct {
	Fails string `yaml:"fails"`
	Works string `yaml:"works"`
	On    string `yaml:"on"`
	Run   string `yaml:"run"`
	Shows string `yaml:"shows"`
	Hides string `yaml:"hides"`
}

// Labels returns what a diagnosis must find; none where nothing is wrong.
func (f Fault) Labels() []Label {
	if f.Cause == "" {
		return nil
	}
	return append([]Label{{f.Cause, f.At, f.Accept}}, f.Also...)
}

// Faults reads the whole catalogue, in the order of its files.
func Faults() ([]Fault, error) {
	names, err := fs.Glob(files, "faults/*.yaml")
	if err != nil {
		return nil, err
	}
	topology, err := LoadTopology()
	if err != nil {
		return nil, err
	}
	var all []Fault
	seen := map[string]bool{}
	for _, name := range names {
		data, err := files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		var some []Fault
		if err := yaml.UnmarshalWithOptions(data, &some, yaml.Strict()); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for _, f := range some {
			if err := f.check(topology); err != nil {
				return nil, fmt.Errorf("%s: %s: %w", name, f.Name, err)
			}
			if seen[f.Name] {
				return nil, fmt.Errorf("%s: %s stands there twice", name, f.Name)
			}
			seen[f.Name] = true
		}
		all = append(all, some...)
	}
	return all, nil
}

// check says what a fault's entry lacks.
func (f Fault) check(t *Topology) error {
	var wrong []error
	if f.Name == "" || f.Title == "" || f.Complaint.Question == "" {
		wrong = append(wrong, errors.New("name, title or question is missing"))
	}
	if f.Cause != "" && (len(f.At) == 0 || len(f.Inject) == 0 || len(f.Bites) == 0) {
		wrong = append(wrong, errors.New("a fault needs a place, an injection and a bite"))
	}
	if (len(f.Inject) == 0) != (len(f.Undo) == 0) {
		wrong = append(wrong, errors.New("inject and undo go together"))
	}
	for _, s := range slices.Concat(f.Inject, f.Undo) {
		if _, known := t.Node(s.On); !known {
			wrong = append(wrong, fmt.Errorf("unknown node %q", s.On))
		}
	}
	for _, b := range f.Bites {
		wrong = append(wrong, b.check(t))
	}
	for _, l := range f.Labels() {
		for _, place := range l.At {
			node, _, _ := strings.Cut(place, ":")
			if _, known := t.Node(node); !known {
				wrong = append(wrong, fmt.Errorf("unknown place %q", place))
			}
		}
	}
	return errors.Join(wrong...)
}

func (b Bite) check(t *Topology) error {
	for _, p := range []string{b.Fails, b.Works} {
		if p != "" {
			_, err := ParseProbe(p)
			return err
		}
	}
	_, known := t.Node(b.On)
	_, err := regexp.Compile(b.Shows + b.Hides)
	if !known || b.Run == "" || b.Shows+b.Hides == "" || err != nil {
		return fmt.Errorf("bite %+v is no probe and no command: %w", b, err)
	}
	return nil
}
