package policies

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/goccy/go-yaml"
)

// A TableRead says how one table of operational state is read on a platform.
// The alternatives are in order of preference: the first that the device (or
// the recording) answers is enough. The platform's own commands come before
// the gNMI path of an OpenConfig model. Table names are those of devices/state.
type TableRead struct {
	Table        string
	Core         bool // a verdict of healthy needs it (design 1.9); else optional
	Alternatives []Query
	Beside       Query // read as well where the device answers it; the zero Query: nothing
}

// Reads returns the state-bearing reads of the platform and of p.Also, from the
// "reads" sections of their files, in file order, with the paths of
// openconfig.yaml behind. A platform whose file lists no reads at all has those
// of the models.
func (p *Platform) Reads() []TableRead {
	out := slices.Clone(p.named().reads)
	if p.also != nil {
		out = append(out, p.also.named().reads...)
	}
	if len(out) == 0 {
		return slices.Clone(p.openconfig)
	}
	for _, oc := range p.openconfig {
		first := true
		for i := range out {
			if out[i].Table != oc.Table {
				continue
			}
			out[i].Alternatives = slices.Concat(out[i].Alternatives, oc.Alternatives)
			if first {
				out[i].Beside = oc.Beside
			}
			first = false
		}
	}
	return out
}

// openconfigFile is where the paths stand below the root of policies' files.
const openconfigFile = "openconfig.yaml"

// openconfigEntry is one table of openconfig.yaml as it is written.
type openconfigEntry struct {
	Table  string `yaml:"table"`
	Core   bool   `yaml:"core"`
	Beside bool   `yaml:"beside"`
	Path   string `yaml:"path"`
}

// loadOpenConfig reads openconfig.yaml of fsys; a file that is missing lists
// nothing.
func loadOpenConfig(fsys fs.FS) ([]openconfigEntry, error) {
	data, err := fs.ReadFile(fsys, openconfigFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", openconfigFile, err)
	}
	var f struct {
		Reads []openconfigEntry `yaml:"reads"`
	}
	if err := yaml.UnmarshalWithOptions(data, &f, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("%s:%w", openconfigFile, err)
	}
	return f.Reads, nil
}

// model gives p the paths of the OpenConfig models.
func (p *Platform) model(entries []openconfigEntry) error {
	for _, e := range entries {
		q, err := p.Get(e.Path)
		if err != nil {
			return fmt.Errorf("%s: %s: %w", openconfigFile, e.Table, err)
		}
		r := TableRead{Table: e.Table, Core: e.Core, Alternatives: []Query{q}}
		if e.Beside {
			r.Beside = q
		}
		p.openconfig = append(p.openconfig, r)
	}
	return nil
}
