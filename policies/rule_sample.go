package policies

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"

	"github.com/goccy/go-yaml"
)

// A RuleSample is how a rule shows that it works: on the network named On it is
// silent, with Unhealthy changed it matches at Where, with Healthy changed it
// is silent. The changes are "device.table.row.Field: value".
type RuleSample struct {
	On        string         `yaml:"on"`
	Unhealthy map[string]any `yaml:"unhealthy"`
	Healthy   map[string]any `yaml:"healthy"`
	Where     []string       `yaml:"where"`
	Lost      []string       `yaml:"lost"` // rows that the unhealthy network lacks: "device.table.row"
}

// A SampleNetwork is a healthy network written in a rule file, for samples to
// start from: devices by name, with the tables and fields of devices/state, and
// the intended links.
type SampleNetwork struct {
	Links   []string                  `yaml:"links"`
	Intent  map[string]any            `yaml:"intent"` // fields of state.Intent
	Devices map[string]map[string]any `yaml:"devices"`
	Source  string                    `yaml:"-"` // the file
}

// LoadSamples reads the networks of rules/*.yaml of fsys, by name. A name that
// stands in two files is an error.
func LoadSamples(fsys fs.FS) (map[string]SampleNetwork, error) {
	names, err := fs.Glob(fsys, "rules/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("load samples: %w", err)
	}
	out := map[string]SampleNetwork{}
	var faults []error
	for _, name := range names {
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("load samples: %w", err)
		}
		var f struct {
			Networks map[string]SampleNetwork `yaml:"networks"`
		}
		if err := yaml.Unmarshal(text, &f); err != nil {
			faults = append(faults, yamlFault(name, text, err))
			continue
		}
		for _, key := range slices.Sorted(maps.Keys(f.Networks)) {
			if old, twice := out[key]; twice {
				faults = append(faults, fmt.Errorf("%s: network %s stands already in %s", name, key, old.Source))
				continue
			}
			n := f.Networks[key]
			n.Source = name
			out[key] = n
		}
	}
	return out, errors.Join(faults...)
}
