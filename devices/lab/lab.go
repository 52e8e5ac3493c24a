package lab

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"time"
)

// A Lab is one network that is up: its directory, its processes and the
// loopback ports by which its nodes are reached. It is what lab.json holds.
type Lab struct {
	Name       string    `json:"name"`
	Dir        string    `json:"-"`
	Created    time.Time `json:"created"`
	Supervisor Process   `json:"supervisor"`
	Nodes      []Running `json:"nodes"` // sorted by name
	Topology   *Topology `json:"-"`
}

// A Running is a node that is up.
type Running struct {
	Name    string  `json:"name"`
	Group   string  `json:"group"`
	Init    Process `json:"init"` // process 1 of the node's PID namespace
	SSH     int     `json:"ssh"`  // loopback port
	GNMI    int     `json:"gnmi,omitempty"`
	HostKey string  `json:"host_key"` // public, in authorized_keys form
}

// ErrNoLab says that no lab of that name is up.
var ErrNoLab = errors.New("no such lab")

var validName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,23}$`)

// CheckName says whether name can be a lab's name.
func CheckName(name string) error {
	if !validName.MatchString(name) {
		return fmt.Errorf("lab name %q: use up to 24 lower-case letters, digits and hyphens", name)
	}
	return nil
}

// Open reads the lab of that name under base, the directory that holds the
// labs of this machine. The error wraps ErrNoLab where there is none.
func Open(base, name string) (*Lab, error) {
	if err := CheckName(name); err != nil {
		return nil, err
	}
	l := &Lab{Dir: filepath.Join(base, name)}
	data, err := os.ReadFile(l.path("lab.json"))
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("%w: %s (looked in %s)", ErrNoLab, name, base)
	}
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(data, l); err != nil {
		return nil, fmt.Errorf("%s: %w", l.path("lab.json"), err)
	}
	if l.Topology, err = LoadTopology(); err != nil {
		return nil, err
	}
	return l, nil
}

// Names lists the labs under base, sorted.
func Names(base string) ([]string, error) {
	found, err := filepath.Glob(filepath.Join(base, "*", "lab.json"))
	if err != nil {
		return nil, err
	}
	names := make([]string, 0, len(found))
	for _, f := range found {
		names = append(names, filepath.Base(filepath.Dir(f)))
	}
	sort.Strings(names)
	return names, nil
}

// Inventory returns the path of netsonde's inventory of the lab.
func (l *Lab) Inventory() string { return l.path("inventory.yaml") }

// Key returns the path of the private key that logs in to every node.
func (l *Lab) Key() string { return l.path("key") }

// KnownHosts returns the path of the file that holds every node's host key.
func (l *Lab) KnownHosts() string { return l.path("known_hosts") }

// Node returns the running node of that name.
func (l *Lab) Node(name string) (Running, error) {
	var names []string
	for _, n := range l.Nodes {
		if n.Name == name {
			return n, nil
		}
		names = append(names, n.Name)
	}
	return Running{}, fmt.Errorf("lab %s has no node %q (it has %s)", l.Name, name, strings.Join(names, ", "))
}

func (l *Lab) path(elem ...string) string {
	return filepath.Join(append([]string{l.Dir}, elem...)...)
}

// save writes lab.json in one step, so that a reader never sees half of it.
func (l *Lab) save() error {
	data, err := json.MarshalIndent(l, "", "  ")
	if err != nil {
		return err
	}
	return writeWhole(l.path("lab.json"), data)
}

// writeWhole writes a file by renaming a finished one into its place.
func writeWhole(path string, data []byte) error {
	part := path + ".part"
	if err := os.WriteFile(part, data, 0o600); err != nil {
		return err
	}
	return os.Rename(part, path)
}
