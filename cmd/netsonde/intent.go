package main

import (
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/devices/state"
	"github.com/netsonde/netsonde/policies"
)

// An intentFile is what an operator wants of a network, beyond what its
// configurations say. "devices" takes what --limit takes: names, globs, groups.
type intentFile struct {
	Reachable []struct {
		From string   `yaml:"from"`
		To   []string `yaml:"to"`
		Flow string   `yaml:"flow"`
	} `yaml:"reachable"`
	Neighbors []struct {
		Protocol  string   `yaml:"protocol"`
		Devices   string   `yaml:"devices"`
		Links     []string `yaml:"links"`
		PerLink   int      `yaml:"per_link"`
		PerDevice int      `yaml:"per_device"`
	} `yaml:"neighbors"`
	Versions []struct {
		Devices string `yaml:"devices"`
		Version string `yaml:"version"`
	} `yaml:"versions"`
	Support []struct {
		Software string `yaml:"software"`
		Version  string `yaml:"version"`
		End      string `yaml:"end"`
	} `yaml:"support"`
	Errors []struct {
		Devices string  `yaml:"devices"`
		Under   float64 `yaml:"under"` // damaged frames as a share of all
	} `yaml:"errors"`
	Links          []string            `yaml:"links"`          // intended, beside those of the inventory
	Configurations string              `yaml:"configurations"` // folder of DEVICE.conf
	Certificates   map[string][]string `yaml:"certificates"`   // by device, files in PEM
}

// An intention is the intent files of a configuration, read for a network.
type intention struct {
	state.Intent
	links  []string
	beside []devices.Observation
	shares []errorShare
}

// errorShare is what part of the frames of some devices may be damaged.
type errorShare struct {
	on    func(string) bool
	under float64
}

// intentReader reads one intent file and gathers what is wrong with it.
type intentReader struct {
	n      *network
	file   string
	text   []byte
	faults []error
	out    *intention
}

// intention reads the intent files that the configuration names.
func (n *network) intention() (intention, error) {
	var out intention
	var faults []error
	for i, f := range n.cfg.Intent {
		r := intentReader{n: n, file: n.cfg.beside(f), out: &out}
		var err error
		if r.text, err = os.ReadFile(r.file); err != nil {
			return out, n.cfg.fault(faultAt(fmt.Sprintf("intent[%d]", i), "%w", err))
		}
		var file intentFile
		if err := yaml.UnmarshalWithOptions(r.text, &file, yaml.Strict()); err != nil {
			return out, usagef("intent %s: %s", r.file, yaml.FormatError(err, false, true))
		}
		r.read(file)
		faults = append(faults, r.faults...)
	}
	if err := errors.Join(faults...); err != nil {
		return out, &usageError{err}
	}
	return out, nil
}

func (r *intentReader) fault(path, format string, args ...any) {
	r.faults = append(r.faults, fmt.Errorf("%s: %s: %w", lineIn(r.file, r.text, path), path, fmt.Errorf(format, args...)))
}

// unknown is a fault of a name that the inventory lacks; where some of the
// devices were left out, or a recording has no others, it is only said.
func (r *intentReader) unknown(path, format string, args ...any) {
	if !r.n.inv.Part {
		r.fault(path, format, args...)
		return
	}
	r.n.progress.line(fmt.Sprintf("%s: %s: %v (left out)", lineIn(r.file, r.text, path), path, fmt.Errorf(format, args...)))
}

// chosen returns the names of the devices that a limit names.
func (r *intentReader) chosen(path, limit string) []string {
	ds, err := r.n.inv.Select(limit)
	if err != nil {
		r.unknown(path, "%w", err)
	}
	var out []string
	for _, d := range ds {
		out = append(out, d.Name)
	}
	return out
}

func (r *intentReader) read(f intentFile) {
	r.reachable(f)
	r.neighbors(f)
	for i, v := range f.Versions {
		if v.Version == "" {
			r.fault(fmt.Sprintf("versions[%d]", i), "no version: add version: \"8.4\"")
		}
		r.out.Versions = append(r.out.Versions, state.VersionIntent{Devices: r.chosen(fmt.Sprintf("versions[%d].devices", i), v.Devices), Version: v.Version})
	}
	for i, s := range f.Support {
		end, err := time.Parse("2006-01-02", s.End)
		if err != nil {
			r.fault(fmt.Sprintf("support[%d].end", i), "%q is no day: write 2025-03-01", s.End)
		}
		if s.Version == "" {
			r.fault(fmt.Sprintf("support[%d]", i), "no version")
		}
		r.out.Support = append(r.out.Support, state.SupportEnd{Software: s.Software, Version: s.Version, End: end})
	}
	for i, e := range f.Errors {
		names := r.chosen(fmt.Sprintf("errors[%d].devices", i), e.Devices)
		if e.Under <= 0 || e.Under >= 1 {
			r.fault(fmt.Sprintf("errors[%d].under", i), "%g is no share of the frames: write 1e-6", e.Under)
		}
		r.out.shares = append(r.out.shares, errorShare{on: func(site string) bool { return slices.Contains(names, site) }, under: e.Under})
	}
	for i, l := range f.Links {
		a, b, ok := strings.Cut(l, "--")
		if !ok || !strings.Contains(a, ":") || !strings.Contains(b, ":") {
			r.fault(fmt.Sprintf("links[%d]", i), "%q is no link: write r1:eth1--r2:eth1", l)
			continue
		}
		r.out.links = append(r.out.links, l)
	}
	r.configurations(f.Configurations)
	for _, name := range slices.Sorted(maps.Keys(f.Certificates)) {
		r.certificates(name, f.Certificates[name])
	}
}

func (r *intentReader) reachable(f intentFile) {
	for i, w := range f.Reachable {
		at := fmt.Sprintf("reachable[%d]", i)
		if _, ok := r.n.inv.Find(w.From); !ok {
			r.unknown(at+".from", "no device is called %q%s", w.From, policies.Nearest(w.From, r.names()))
		}
		if _, err := state.ParseFlow(w.Flow); err != nil {
			r.fault(at+".flow", "%w", err)
		}
		if len(w.To) == 0 {
			r.fault(at, "nothing to reach: add to: [PREFIX]")
		}
		for j, to := range w.To {
			p, err := netip.ParsePrefix(to)
			if ip, bad := netip.ParseAddr(to); bad == nil {
				p, err = netip.PrefixFrom(ip, ip.BitLen()), nil
			}
			if err != nil {
				r.fault(fmt.Sprintf("%s.to[%d]", at, j), "%q is neither a prefix nor an address", to)
				continue
			}
			r.out.Reach = append(r.out.Reach, state.ReachIntent{From: w.From, To: p, Flow: w.Flow})
		}
	}
}

func (r *intentReader) neighbors(f intentFile) {
	for i, w := range f.Neighbors {
		at := fmt.Sprintf("neighbors[%d]", i)
		known := []string{"ospf", "isis", "bgp", "bfd"}
		if !slices.Contains(known, w.Protocol) {
			r.fault(at+".protocol", "%q is not known: use %s%s", w.Protocol, strings.Join(known, ", "), policies.Nearest(w.Protocol, known))
		}
		if w.PerLink <= 0 && w.PerDevice <= 0 {
			r.fault(at, "no number: add per_link: 2 or per_device: 1")
		}
		r.out.Neighbors = append(r.out.Neighbors, state.NeighborIntent{
			Protocol: w.Protocol, Devices: r.chosen(at+".devices", w.Devices), PerLink: w.PerLink, PerDevice: w.PerDevice, Links: w.Links,
		})
	}
}

func (r *intentReader) names() []string {
	var out []string
	for _, d := range r.n.inv.Devices {
		out = append(out, d.Name)
	}
	return out
}

// configurations reads the folder of intended configurations, redacted as what
// devices run is: equal secrets have equal tags.
func (r *intentReader) configurations(dir string) {
	if dir == "" {
		return
	}
	path := dir
	if !filepath.IsAbs(dir) {
		path = filepath.Join(filepath.Dir(r.file), dir)
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		r.fault("configurations", "%w", err)
	}
	found := 0
	for _, e := range entries {
		name := strings.TrimSuffix(e.Name(), filepath.Ext(e.Name()))
		d, ok := r.n.inv.Find(name)
		if !ok || e.IsDir() {
			continue
		}
		raw, err := os.ReadFile(filepath.Join(path, e.Name()))
		if err != nil {
			r.fault("configurations", "%w", err)
			continue
		}
		found++
		text := string(raw)
		if r.n.redactor != nil { // nil where the file is checked only
			text = r.n.redactor.Redact(d.Platform, text)
		}
		r.out.Configs = append(r.out.Configs, state.IntendedConfig{Device: name, Config: state.NewConfig(text, state.Ref{Device: name, Query: "intended configuration"})})
	}
	if found == 0 && err == nil {
		r.unknown("configurations", "%s holds no configuration of a device of the inventory: name the files DEVICE.conf", path)
	}
}
