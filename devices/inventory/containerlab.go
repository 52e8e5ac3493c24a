package inventory

import (
	"fmt"
	"maps"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/netsonde/netsonde/devices"
)

// clab is what matters here of a containerlab topology file
// (containerlab.dev/manual/topo-def-file). Other keys are passed over.
type clab struct {
	Name     string  `yaml:"name"`
	Prefix   *string `yaml:"prefix"`
	Topology struct {
		Defaults node             `yaml:"defaults"`
		Kinds    map[string]*node `yaml:"kinds"`
		Groups   map[string]*node `yaml:"groups"`
		Nodes    map[string]*node `yaml:"nodes"`
		Links    []link           `yaml:"links"`
	} `yaml:"topology"`
}

type node struct {
	Kind   string            `yaml:"kind"`
	Group  string            `yaml:"group"`
	Image  string            `yaml:"image"`
	MgmtV4 string            `yaml:"mgmt-ipv4"`
	MgmtV6 string            `yaml:"mgmt-ipv6"`
	Labels map[string]string `yaml:"labels"`
}

type link struct {
	Type      string `yaml:"type"` // "" and "veth" join two nodes
	Endpoints []any  `yaml:"endpoints"`
}

// Containerlab reads a containerlab topology file: its nodes are the devices,
// its links the intended links. What the file does not say of a node comes
// from its group, its kind and the defaults, in that order, then from what a
// fresh image of its kind has. Labels say the rest: netsonde.platform,
// netsonde.address, netsonde.user, netsonde.password (a reference),
// netsonde.port, netsonde.gnmi-port, and netsonde.skip ("true") for a node
// that is not to be asked. The warnings say which nodes were left out.
func Containerlab(text []byte, l devices.Loading) (*devices.Inventory, []string, error) {
	var c clab
	if err := yaml.Unmarshal(expand(text, l.Env), &c); err != nil {
		return nil, nil, fmt.Errorf("%s: %s", l.File, strings.TrimSpace(yaml.FormatError(err, false, true)))
	}
	if c.Name == "" || len(c.Topology.Nodes) == 0 {
		return nil, nil, fmt.Errorf("%s: not a containerlab topology: it has no name, or no topology.nodes", l.File)
	}
	kinds, err := loadKinds()
	if err != nil {
		return nil, nil, err
	}
	r := &clabReader{clab: c, kinds: kinds, l: l}
	inv := &devices.Inventory{}
	for _, name := range slices.Sorted(maps.Keys(c.Topology.Nodes)) {
		d, why, err := r.device(name)
		if err != nil {
			return nil, r.warnings, fmt.Errorf("%s: node %s: %w", l.File, name, err)
		}
		if why != "" {
			r.warnings = append(r.warnings, fmt.Sprintf("%s: node %s is left out: %s", l.File, name, why))
			continue
		}
		inv.Devices = append(inv.Devices, d)
	}
	if len(inv.Devices) == 0 {
		return nil, r.warnings, fmt.Errorf("%s: no node is a device that can be asked:\n%s", l.File, strings.Join(r.warnings, "\n"))
	}
	inv.Links = r.links(inv)
	return inv, r.warnings, nil
}

type clabReader struct {
	clab
	kinds    map[string]kind
	l        devices.Loading
	warnings []string
}

// merged returns a node with what it inherits.
func (r *clabReader) merged(name string) node {
	n, t := node{}, &r.Topology
	own := t.Nodes[name]
	if own == nil {
		own = &node{}
	}
	group := firstOf(own.Group, t.Defaults.Group)
	in := t.Groups[group]
	if in == nil {
		in = &node{}
	}
	n.Group = group
	n.Kind = firstOf(own.Kind, in.Kind, t.Defaults.Kind)
	of := t.Kinds[n.Kind]
	if of == nil {
		of = &node{}
	}
	n.Image = firstOf(own.Image, in.Image, of.Image, t.Defaults.Image)
	n.MgmtV4, n.MgmtV6 = own.MgmtV4, own.MgmtV6
	n.Labels = map[string]string{}
	for _, from := range []*node{&t.Defaults, of, in, own} {
		maps.Copy(n.Labels, from.Labels)
	}
	return n
}

func firstOf(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

// device makes a device of a node, or says why it is none.
func (r *clabReader) device(name string) (d devices.Device, why string, err error) {
	n := r.merged(name)
	k, known := r.kinds[n.Kind]
	platform := n.Labels["netsonde.platform"]
	switch {
	case n.Labels["netsonde.skip"] == "true":
		return d, "its label netsonde.skip says so", nil
	case platform != "":
	case !known:
		return d, fmt.Sprintf("kind %q is not known; say which platform it is with the label netsonde.platform", n.Kind), nil
	case k.Platform == "none":
		return d, "a " + n.Kind + " is not a device", nil
	case k.Platform == "linux":
		platform = platformOf(n.Image)
	default:
		platform = k.Platform
	}
	if platform, err = r.l.Canonical(platform); err != nil {
		return d, err.Error(), nil
	}
	d = devices.Device{Name: name, Address: r.address(name, n), Platform: platform}
	if n.Group != "" {
		d.Groups = []string{n.Group}
	}
	d.SSH.User = firstOf(n.Labels["netsonde.user"], k.User, r.l.User)
	d.SSH.KnownHosts = r.l.KnownHosts()
	if d.SSH.Password, _, err = r.l.Secret(firstOf(n.Labels["netsonde.password"], k.Password)); err != nil {
		return d, "", err
	}
	if r.l.Env != nil {
		d.SSH.Agent, _ = r.l.Env("SSH_AUTH_SOCK")
	}
	if d.SSH.Port, err = port(n.Labels["netsonde.port"], 0); err != nil {
		return d, "", err
	}
	d.GNMI = devices.GNMI{User: d.SSH.User, Password: d.SSH.Password, Insecure: k.Insecure}
	if d.GNMI.Port, err = port(n.Labels["netsonde.gnmi-port"], k.GNMI); err != nil || d.GNMI.Port == 0 {
		d.GNMI = devices.GNMI{}
	}
	return d, "", err
}

func port(s string, otherwise int) (int, error) {
	if s == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > 65535 {
		return 0, fmt.Errorf("%q is not a port", s)
	}
	return n, nil
}

// address returns where a node is reached: its management address, or the name
// that containerlab gives its container, which it writes to /etc/hosts.
func (r *clabReader) address(name string, n node) string {
	if a := n.Labels["netsonde.address"]; a != "" {
		return a
	}
	for _, a := range []string{n.MgmtV4, n.MgmtV6} {
		a, _, _ = strings.Cut(a, "/")
		if _, err := netip.ParseAddr(a); err == nil {
			return a
		}
	}
	switch {
	case r.Prefix == nil:
		return "clab-" + r.Name + "-" + name
	case *r.Prefix == "":
		return name
	case *r.Prefix == "__lab-name":
		return r.Name + "-" + name
	}
	return *r.Prefix + "-" + r.Name + "-" + name
}

// links returns the links whose two ends are devices of inv.
func (r *clabReader) links(inv *devices.Inventory) []string {
	var links []string
	for _, l := range r.Topology.Links {
		if l.Type != "" && l.Type != "veth" || len(l.Endpoints) != 2 {
			continue
		}
		a, okA := endpoint(inv, l.Endpoints[0])
		b, okB := endpoint(inv, l.Endpoints[1])
		if okA && okB {
			links = append(links, a+"--"+b)
		}
	}
	return links
}

// endpoint reads one end of a link: "r1:eth1", or {node: r1, interface: eth1}.
func endpoint(inv *devices.Inventory, end any) (string, bool) {
	var name, port string
	switch e := end.(type) {
	case string:
		name, port, _ = strings.Cut(e, ":")
	case map[string]any:
		name, _ = e["node"].(string)
		port, _ = e["interface"].(string)
	}
	_, ok := inv.Find(name)
	return name + ":" + port, ok && port != ""
}

// variable is a reference to the environment: $NAME, ${NAME}, ${NAME:-word},
// ${NAME:=word}.
var variable = regexp.MustCompile(`\$\{([A-Za-z_][A-Za-z0-9_]*)(:?[-=]([^}]*))?\}`)

// expand puts the environment into text, as containerlab does.
func expand(text []byte, env func(string) (string, bool)) []byte {
	return variable.ReplaceAllFunc(text, func(ref []byte) []byte {
		m := variable.FindSubmatch(ref)
		if env != nil {
			if v, ok := env(string(m[1])); ok && v != "" {
				return []byte(v)
			}
		}
		return m[3]
	})
}
