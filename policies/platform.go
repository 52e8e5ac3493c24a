package policies

import (
	"errors"
	"io/fs"
	"time"
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
}

var errNotBuilt = errors.New("platform grammar not built")

// LoadPlatforms reads every platforms/*.yaml of fsys, by canonical name. A
// fault in any file is an error that names file and line.
func LoadPlatforms(fsys fs.FS) (map[string]*Platform, error) { return nil, errNotBuilt }

// Show parses a CLI command. The error is a *Refusal where the text is outside
// the grammar.
func (p *Platform) Show(line string) (Query, error) { return Query{}, errNotBuilt }

// Get parses a gNMI path. The error is a *Refusal where policy does not allow it.
func (p *Platform) Get(path string) (Query, error) { return Query{}, errNotBuilt }

// Watch parses a gNMI path to be subscribed to for a bounded window, sampled
// at an interval of no less than a second.
func (p *Platform) Watch(path string, mode Mode, every, window time.Duration) (Query, error) {
	return Query{}, errNotBuilt
}

// Prepare returns the queries that open an interactive session (such as
// "terminal length 0"). They are parsed by the same grammar.
func (p *Platform) Prepare() []Query { return nil }

// A TableRead says how one table of operational state is read on a platform.
// The alternatives are in order of preference: the first that the device (or
// the recording) answers is enough. Table names are those of devices/state.
type TableRead struct {
	Table        string
	Core         bool // a verdict of healthy needs it (design 1.9); else optional
	Alternatives []Query
}

// Reads returns the state-bearing reads of the platform, from the "reads"
// section of its file, in file order; those of p.Also are not included.
func (p *Platform) Reads() []TableRead { return nil }

// Broader returns the reads that contain q's answer (a whole table, another
// output format of it, a parent gNMI path), narrowest first. A recording
// answers q out of the first that it holds.
func (q Query) Broader() []Query { return nil }

// A Filter is what an engineer types behind a pipe ("| include up"), applied
// by netsonde to the bare answer.
type Filter []Stage

// A Stage is one filter of a pipe.
type Stage struct{ Verb, Arg string }

// Apply runs text through the stages in order. An error names the stage and
// why it cannot be applied (such as a bad regular expression).
func (f Filter) Apply(text string) (string, error) { return text, nil }
