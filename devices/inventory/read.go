package inventory

import (
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/netsonde/netsonde/devices"
)

// Read reads an inventory in any format that is known here, told by what is in
// it: netsonde's own, or a containerlab topology. The warnings are for the
// user to read.
func Read(text []byte, l devices.Loading) (inv *devices.Inventory, warnings []string, err error) {
	var top struct {
		Version  any `yaml:"version"`
		Devices  any `yaml:"devices"`
		Topology *struct {
			Nodes any `yaml:"nodes"`
		} `yaml:"topology"`
	}
	if err := yaml.Unmarshal(text, &top); err != nil {
		return nil, nil, fmt.Errorf("%s: %s", l.File, strings.TrimSpace(yaml.FormatError(err, false, true)))
	}
	if top.Topology != nil && top.Devices == nil {
		return Containerlab(text, l)
	}
	if top.Version == nil && top.Devices == nil && looksNornir(text) {
		return Nornir(text, l)
	}
	return devices.ParseInventory(text, l)
}
