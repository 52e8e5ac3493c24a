package inventory

import (
	_ "embed" // kinds.yaml
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

//go:embed kinds.yaml
var kindsFile []byte

// A kind is what is known of a kind of lab node.
type kind struct {
	Aliases  []string `yaml:"aliases"`
	Platform string   `yaml:"platform"` // "none": not a device
	User     string   `yaml:"user"`
	Password string   `yaml:"password"`
	GNMI     int      `yaml:"gnmi"`
	Insecure bool     `yaml:"insecure"`
}

// loadKinds returns the kinds by name and alias.
func loadKinds() (map[string]kind, error) {
	var all map[string]kind
	if err := yaml.UnmarshalWithOptions(kindsFile, &all, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("kinds.yaml: %w", err)
	}
	byName := map[string]kind{}
	for name, k := range all {
		for _, n := range append(slices.Clone(k.Aliases), name) {
			byName[n] = k
		}
	}
	return byName, nil
}

// images tells the platform of a Linux container by a part of its image's
// name.
var images = [...]struct{ part, platform string }{
	{"frr", "frr"}, {"vyos", "vyos"}, {"sonic", "sonic"},
}

// platformOf returns the platform of a node of kind linux by its image.
func platformOf(image string) string {
	name := image[strings.LastIndexByte(image, '/')+1:]
	for _, i := range images {
		if strings.Contains(strings.ToLower(name), i.part) {
			return i.platform
		}
	}
	return "linux"
}
