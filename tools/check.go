package tools

import (
	"context"
	"fmt"
	"net/netip"
	"reflect"
	"slices"
	"strings"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/devices/state"
	"github.com/netsonde/netsonde/policies"
)

// A Complaint is what the rules are to explain. The zero value asks whether
// anything is wrong anywhere.
type Complaint struct {
	Devices  []devices.Device // to read
	From, To string           // a path: a device, and a device or an address
	Flow     string           // udp/53, tcp/80, icmp
	Config   string           // a candidate configuration of Device, redacted; "" for none
	Device   string
}

// An Examination is what the rules made of what was read: causes with their
// consequences folded under them, the worst first.
type Examination struct {
	Collection
	Paths   []state.Path     // walked; the complaint's first
	Matches []policies.Match // after Explain
	Clear   []string         // rules that had facts to judge and found nothing, by cause label
	Faults  []error          // rules that could not be evaluated
}

// Examine reads the devices and holds the rules against them.
func (e Env) Examine(ctx context.Context, c Complaint) (Examination, error) {
	got, err := e.Collect(ctx, c.Devices)
	if err != nil {
		return Examination{}, err
	}
	got.Seen = append(got.Seen, e.beside(got.Network)...)
	return e.judge(got, c)
}

// beside returns what the operator's own files say of the devices that were
// read.
func (e Env) beside(n *state.Network) []devices.Observation {
	var out []devices.Observation
	for _, o := range e.Beside {
		if n.Device(o.Device) != nil {
			out = append(out, o)
		}
	}
	return out
}

// judge holds the rules against what was collected.
func (e Env) judge(got Collection, c Complaint) (Examination, error) {
	x := Examination{Collection: got}
	live := got.Network
	var err error
	if c.Config != "" {
		if got.Network, err = c.intended(got, e.links(c.Devices)); err != nil {
			return x, err
		}
	}
	for _, n := range []*state.Network{live, got.Network} {
		n.Intent, n.Past = e.Intent, e.Past
	}
	x.Network = got.Network
	if x.Paths, err = paths(got.Network, c); err != nil {
		return x, err
	}
	facts := got.Network.Facts(x.Paths)
	var found []policies.Match
	var quiet []string
	for i := range e.Rules {
		r := &e.Rules[i]
		ms, err := r.Eval(facts[r.Each])
		if err != nil {
			x.Faults = append(x.Faults, err)
		}
		if len(ms) == 0 && err == nil && reflect.ValueOf(facts[r.Each]).Len() > 0 { // without a fact nothing was judged
			quiet = append(quiet, r.RootCause)
		}
		found = append(found, ms...)
	}
	if c.Config != "" { // how protocols would stand, a configuration cannot tell
		found = slices.DeleteFunc(found, func(m policies.Match) bool { return m.Rule.Symptom })
		e.blame(found, live, c.Device)
	}
	x.Matches = policies.Explain(found)
	for _, cause := range quiet {
		if cause != "other" && !slices.Contains(x.Clear, cause) && !slices.ContainsFunc(found, func(m policies.Match) bool { return m.Rule.RootCause == cause }) {
			x.Clear = append(x.Clear, cause)
		}
	}
	return x, nil
}

// paths walks the complaint's path, and those between all hosts where there
// are few.
func paths(n *state.Network, c Complaint) ([]state.Path, error) {
	var out []state.Path
	if c.From != "" && c.To != "" {
		flow, err := state.ParseFlow(c.Flow)
		if err != nil {
			return nil, err
		}
		targets, err := Targets(n, c.To)
		if err != nil {
			return nil, err
		}
		for _, t := range targets {
			flow.Dst = t
			p := n.Walk(c.From, flow)
			p.Asked = true
			out = append(out, p)
		}
	}
	return append(out, n.Probes(400)...), nil
}

// Behind, before a device's name, means the hosts that are linked to it.
const Behind = "behind "

// Targets returns the addresses that "to" means: an address as it stands, a
// device's own, or with [Behind] those of the hosts linked to it.
func Targets(n *state.Network, to string) ([]netip.Addr, error) {
	if name, ok := strings.CutPrefix(to, Behind); ok {
		if out := n.HostsBehind(name); len(out) > 0 {
			return out, nil
		}
		to = name
	}
	if p, err := netip.ParsePrefix(to); err == nil {
		return []netip.Addr{p.Addr().Next()}, nil
	}
	if ip, err := netip.ParseAddr(to); err == nil {
		return []netip.Addr{ip}, nil
	}
	d := n.Device(to)
	if d == nil {
		return nil, fmt.Errorf("%q is neither an address nor a device that was read", to)
	}
	if ip := n.AddressOf(d); ip.IsValid() {
		return []netip.Addr{ip}, nil
	}
	return nil, nil
}

// checkIn is what the check tool takes.
type checkIn struct {
	Devices []string `json:"devices" jsonschema:"device names, globs, groups, or all"`
}

// newCheck makes the tool that runs the rules.
func newCheck(e Env) (Tool, error) {
	return New("check", func(ctx context.Context, in checkIn) (Result, error) {
		ds, err := e.pick(in.Devices)
		if err != nil {
			return Result{}, err
		}
		x, err := e.Examine(ctx, Complaint{Devices: ds})
		if err != nil {
			return Result{}, err
		}
		return Result{Text: shape(x.blocks(), e.Budget), Facts: x, Seen: x.Seen, Unread: x.missing(), Core: x.Core}, nil
	})
}

// blocks words an examination for a reader.
func (x Examination) blocks() []block {
	var out []block
	for _, m := range x.Matches {
		var b strings.Builder
		for _, c := range m.Evidence {
			fmt.Fprintf(&b, "  evidence: %s\n", x.line(c))
		}
		for _, s := range m.Explained {
			fmt.Fprintf(&b, "  explains: %s\n", s.Title)
		}
		title := fmt.Sprintf("%s at %s: %s (rule %s, cause %s)", m.Rule.Severity, strings.Join(m.Locations, ", "), m.Title, m.Rule.ID, m.Rule.RootCause)
		out = append(out, block{title: title, text: strings.TrimRight(b.String(), "\n"), note: "ask for fewer devices"})
	}
	if len(x.Matches) == 0 {
		out = append(out, block{title: "no rule found anything wrong in what was read:", text: x.extent()})
	}
	var notes []string
	for _, u := range x.Unread {
		if u.Core {
			notes = append(notes, u.String())
		}
	}
	for _, f := range x.Faults {
		notes = append(notes, f.Error())
	}
	if len(notes) > 0 {
		out = append(out, block{title: "not evaluated:", text: strings.Join(notes, "\n")})
	}
	return out
}

// extent says what the rules were held against, so that silence can be weighed.
func (x Examination) extent() string {
	n := x.Network
	if n == nil {
		return "nothing was read"
	}
	text := fmt.Sprintf("%d devices, %d links, %d adjacencies, %d BGP sessions, %d paths", len(n.Devices), len(n.Links), len(n.Adjacencies), len(n.Sessions), len(x.Paths))
	if len(x.Clear) > 0 {
		text += "\nlooked for and not found: " + strings.Join(x.Clear, ", ")
		if silent := x.Silent(); len(silent) > 0 {
			text += "\nnothing of this was looked for on " + strings.Join(silent, ", ") + ", which did not answer"
		}
	}
	return text
}

// line words a citation: the device, the query and the line itself.
func (x Examination) line(c policies.Citation) string {
	where := c.Device + ": " + c.Query
	if c.Lacks != "" {
		return fmt.Sprintf("%s does not hold %q", where, c.Lacks)
	}
	for _, o := range x.Seen {
		if o.Device != c.Device || o.Query != c.Query {
			continue
		}
		if lines := strings.Split(o.Output, "\n"); c.Line > 0 && c.Line <= len(lines) {
			return where + ": " + strings.TrimSpace(lines[c.Line-1])
		}
	}
	return where
}
