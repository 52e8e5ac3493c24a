package inventory

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/netsonde/netsonde/devices"
)

// nornirHost is a host of Nornir's SimpleInventory (its hosts.yaml): a map of
// names to these.
type nornirHost struct {
	Hostname string   `yaml:"hostname"`
	Platform string   `yaml:"platform"`
	Username string   `yaml:"username"`
	Password string   `yaml:"password"`
	Port     int      `yaml:"port"`
	Groups   []string `yaml:"groups"`
}

var errNoPlatform = errors.New("it has no platform")

// Nornir reads the hosts file of a Nornir SimpleInventory, as containerlab
// writes it too (nornir-simple-inventory.yml). Its groups file is not read:
// what hosts inherit there is missing, and a host without a platform is left
// out with a warning.
func Nornir(text []byte, l devices.Loading) (*devices.Inventory, []string, error) {
	var hosts map[string]nornirHost
	if err := yaml.Unmarshal(text, &hosts); err != nil {
		return nil, nil, fmt.Errorf("%s: %s", l.File, strings.TrimSpace(yaml.FormatError(err, false, true)))
	}
	inv := &devices.Inventory{}
	var warnings []string
	for _, name := range slices.Sorted(maps.Keys(hosts)) {
		h := hosts[name]
		platform, err := l.Canonical(h.Platform)
		if h.Platform == "" {
			err = errNoPlatform
		}
		if err != nil {
			warnings = append(warnings, fmt.Sprintf("%s: host %s is left out: %v", l.File, name, err))
			continue
		}
		d := devices.Device{Name: name, Address: h.Hostname, Platform: platform, Groups: h.Groups}
		if d.Address == "" {
			d.Address = name
		}
		d.SSH = devices.SSH{Port: h.Port, User: firstOf(h.Username, l.User), KnownHosts: l.KnownHosts()}
		open := false
		if d.SSH.Password, open, err = l.Secret(h.Password); err != nil {
			return nil, warnings, fmt.Errorf("%s: host %s: %w", l.File, name, err)
		}
		if open {
			warnings = append(warnings, fmt.Sprintf("%s: host %s: the password stands in the open; write env:NAME or file:PATH instead", l.File, name))
		}
		if l.Env != nil {
			d.SSH.Agent, _ = l.Env("SSH_AUTH_SOCK")
		}
		inv.Devices = append(inv.Devices, d)
	}
	if len(inv.Devices) == 0 {
		return nil, warnings, fmt.Errorf("%s: no host that can be asked:\n%s", l.File, strings.Join(warnings, "\n"))
	}
	return inv, warnings, nil
}

// looksNornir reports whether every entry of a file is a host.
func looksNornir(text []byte) bool {
	var hosts map[string]map[string]any
	if yaml.Unmarshal(text, &hosts) != nil || len(hosts) == 0 {
		return false
	}
	for _, h := range hosts {
		_, named := h["hostname"]
		_, typed := h["platform"]
		if !named && !typed {
			return false
		}
	}
	return true
}
