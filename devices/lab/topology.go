package lab

import (
	"embed"
	"fmt"
	"io/fs"
	"sort"
	"strings"

	"github.com/goccy/go-yaml"
)

// files are the lab's network and its faults.
//
//go:embed network faults
var files embed.FS

// A Topology is the network that a lab builds, from network/lab.clab.yml.
type Topology struct {
	Nodes []Node // sorted by name
	Links []Link // in file order
}

// A Node is one router or host.
type Node struct {
	Name     string
	Group    string   // "router" or "host"
	Daemons  []string // FRR daemons beside zebra and staticd
	Services []string // "dns", "http": what the node serves
	Exec     []string // commands run in the node before its daemons start
	Config   string   // FRR configuration, "" for a host
}

// IsRouter reports whether the node runs FRR.
func (n Node) IsRouter() bool { return n.Group == "router" }

// A Link is a cable between two interfaces.
type Link struct{ A, B Port }

// A Port is one interface of a node.
type Port struct{ Node, Interface string }

// String returns "r1:eth1", as findings name it.
func (p Port) String() string { return p.Node + ":" + p.Interface }

// clab is the part of containerlab's topology file that the lab uses.
type clab struct {
	Topology struct {
		Nodes map[string]struct {
			Group string            `yaml:"group"`
			Env   map[string]string `yaml:"env"`
			Exec  []string          `yaml:"exec"`
		} `yaml:"nodes"`
		Links []struct {
			Endpoints []string `yaml:"endpoints"`
		} `yaml:"links"`
	} `yaml:"topology"`
}

// LoadTopology reads the network that ships with the lab.
func LoadTopology() (*Topology, error) {
	data, err := files.ReadFile("network/lab.clab.yml")
	if err != nil {
		return nil, err
	}
	var c clab
	if err := yaml.Unmarshal(data, &c); err != nil {
		return nil, fmt.Errorf("network/lab.clab.yml: %w", err)
	}
	t := &Topology{}
	for name, n := range c.Topology.Nodes {
		node := Node{
			Name: name, Group: n.Group, Exec: n.Exec,
			Daemons: strings.Fields(n.Env["DAEMONS"]), Services: strings.Fields(n.Env["SERVICES"]),
		}
		if node.IsRouter() {
			conf, err := files.ReadFile("network/" + name + ".conf")
			if err != nil {
				return nil, fmt.Errorf("router %s: %w", name, err)
			}
			node.Config = string(conf)
		}
		t.Nodes = append(t.Nodes, node)
	}
	sort.Slice(t.Nodes, func(i, j int) bool { return t.Nodes[i].Name < t.Nodes[j].Name })
	for _, l := range c.Topology.Links {
		if len(l.Endpoints) != 2 {
			return nil, fmt.Errorf("network/lab.clab.yml: link %v has not two ends", l.Endpoints)
		}
		a, errA := t.port(l.Endpoints[0])
		b, errB := t.port(l.Endpoints[1])
		if errA != nil || errB != nil {
			return nil, fmt.Errorf("network/lab.clab.yml: link %v: unknown end", l.Endpoints)
		}
		t.Links = append(t.Links, Link{a, b})
	}
	return t, nil
}

// port parses "node:interface" and checks that the node exists.
func (t *Topology) port(s string) (Port, error) {
	node, ifname, ok := strings.Cut(s, ":")
	if _, known := t.Node(node); !ok || !known {
		return Port{}, fmt.Errorf("%q is no port of the lab", s)
	}
	return Port{node, ifname}, nil
}

// Node returns the node of that name.
func (t *Topology) Node(name string) (Node, bool) {
	for _, n := range t.Nodes {
		if n.Name == name {
			return n, true
		}
	}
	return Node{}, false
}

// Peer returns the other end of the link at p.
func (t *Topology) Peer(p Port) (Port, bool) {
	for _, l := range t.Links {
		switch p {
		case l.A:
			return l.B, true
		case l.B:
			return l.A, true
		}
	}
	return Port{}, false
}

// networkFiles returns the embedded files of the network.
func networkFiles() fs.FS {
	sub, err := fs.Sub(files, "network")
	if err != nil {
		panic(err) // the directory is embedded above
	}
	return sub
}
