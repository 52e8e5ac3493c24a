package tools

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/devices/state"
	"github.com/netsonde/netsonde/policies"
)

// A Collection is the state of some devices, joined, with what it rests on and
// what could not be read.
type Collection struct {
	Network *state.Network
	Seen    []devices.Observation
	Unread  []Unread
	Asked   []string   // names of the devices that were to be read
	Core    []CoreRead // the core tables that were asked for
}

// Unread is a table of a device that could not be read, and why.
type Unread struct {
	Device, Table string
	Core          bool // a verdict of healthy needs it (design 1.9)
	Err           error
}

// String words it for a report: "r3: filters: denied ...".
func (u Unread) String() string {
	return fmt.Sprintf("%s: %s: %v", u.Device, u.Table, u.Err)
}

// missing words the tables that a verdict needs and that could not be read.
func (c Collection) missing() []string {
	core := slices.DeleteFunc(slices.Clone(c.Unread), func(u Unread) bool { return !u.Core })
	return Unevaluated(core)
}

// Silent returns the devices of which nothing was read.
func (c Collection) Silent() []string {
	var out []string
	for _, u := range c.Unread {
		read := slices.ContainsFunc(c.Seen, func(o devices.Observation) bool { return o.Device == u.Device })
		if !read && !slices.Contains(out, u.Device) {
			out = append(out, u.Device)
		}
	}
	return out
}

// Unreachable reports whether the device as a whole was not reached.
func (u Unread) Unreachable() bool { return errors.Is(u.Err, devices.ErrUnreachable) }

// Collect reads the tables (all, if none is named) of the devices, all devices
// at once, and joins them. For each table the platform's alternatives are tried
// in order until one answers. What cannot be read is listed, never taken for
// empty; only the end of ctx is an error.
func (e Env) Collect(ctx context.Context, ds []devices.Device, tables ...string) (Collection, error) {
	got := make([]*reading, len(ds))
	var wg sync.WaitGroup
	for i, d := range ds {
		got[i] = &reading{env: e, device: d, state: &state.Device{Name: d.Name, Platform: d.Platform}}
		wg.Go(func() {
			got[i].all(ctx, tables)
			got[i].cored()
		})
	}
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return Collection{}, err
	}
	var c Collection
	var read []*state.Device
	for _, r := range got {
		c.Asked = append(c.Asked, r.device.Name)
		c.Unread = append(c.Unread, r.unread...)
		c.Core = append(c.Core, r.core...)
		c.Seen = append(c.Seen, r.seen...)
		if len(r.seen) > 0 {
			read = append(read, r.state)
		}
	}
	c.Network = state.Join(read, e.links(ds))
	c.Network.Silent = c.Silent()
	return c, nil
}

// links returns the intended links that touch one of ds.
func (e Env) links(ds []devices.Device) []string {
	var out []string
	for _, l := range e.Inventory.Links {
		if slices.ContainsFunc(ds, func(d devices.Device) bool {
			return strings.HasPrefix(l, d.Name+":") || strings.Contains(l, "--"+d.Name+":")
		}) {
			out = append(out, l)
		}
	}
	return out
}

// A reading is the collection of one device.
type reading struct {
	env    Env
	device devices.Device
	state  *state.Device

	seen   []devices.Observation
	unread []Unread
	core   []CoreRead
}

// outcome is what came of one table.
type outcome struct {
	read   policies.TableRead
	obs    []devices.Observation
	beside []devices.Observation // completes what obs tells
	lost   error                 // why the preferred transport did not answer, where another did
	err    error
}

// all reads the tables. The first goes alone: where the device cannot be
// reached, the others are not tried.
func (r *reading) all(ctx context.Context, tables []string) {
	var reads []policies.TableRead
	for _, t := range r.env.reads(r.device.Platform) {
		if len(tables) == 0 || slices.Contains(tables, t.Table) {
			reads = append(reads, t)
		}
	}
	if len(reads) == 0 {
		r.unread = append(r.unread, Unread{Device: r.device.Name, Table: tableNames(tables), Core: len(tables) == 0, Err: fmt.Errorf("a %s device has no such table", r.device.Platform)})
		return
	}
	first := r.table(ctx, reads[0])
	outcomes := []outcome{first}
	if !errors.Is(first.err, devices.ErrUnreachable) {
		rest := make([]outcome, len(reads)-1)
		var wg sync.WaitGroup
		for i, t := range reads[1:] {
			wg.Go(func() { rest[i] = r.table(ctx, t) })
		}
		wg.Wait()
		outcomes = append(outcomes, rest...)
	} else {
		r.unread = append(r.unread, Unread{Device: r.device.Name, Table: "all tables", Core: true, Err: first.err})
		return
	}
	core := false
	for _, o := range outcomes { // first, because what is read later wins
		r.seen = append(r.seen, o.beside...)
		for _, obs := range o.beside {
			r.learn(obs)
		}
	}
	var lost error
	for _, o := range outcomes {
		core = core || o.read.Core && len(o.obs) > 0
		lost = cmp.Or(lost, o.lost)
		r.add(o)
	}
	if lost != nil {
		r.unread = append(r.unread, Unread{Device: r.device.Name, Table: "ssh", Err: fmt.Errorf("read over gNMI where that tells the same: %w", lost)})
	}
	if len(tables) == 0 && !core { // each table alone may be one that the device lacks; all of them together are not
		r.unread = append(r.unread, Unread{Device: r.device.Name, Table: "all tables", Core: true,
			Err: fmt.Errorf("it answered nothing that a verdict needs: is it a %s device", r.device.Platform)})
	}
}

// cored adds to the core tables those that could not be read.
func (r *reading) cored() {
	for _, u := range r.unread {
		if u.Core {
			r.core = append(r.core, CoreRead{u.Device, u.Table, reason(u)})
		}
	}
}

// tableNames lists the tables that were asked for.
func tableNames(tables []string) string {
	if len(tables) == 0 {
		return "all tables"
	}
	return strings.Join(tables, ", ")
}

// reads returns the reads of a platform.
func (e Env) reads(platform string) []policies.TableRead {
	if p := e.Platforms[platform]; p != nil {
		return p.Reads()
	}
	return nil
}

// table tries the alternatives of one table until one answers; a transport
// that does not reach the device is not tried again for it. An answer that came
// with an error (cut off by time) is kept as well.
func (r *reading) table(ctx context.Context, t policies.TableRead) outcome {
	o := outcome{read: t, err: fmt.Errorf("%w: no read is known for it", devices.ErrUnsupported)}
	var lost error // the first alternative's transport does not reach the device
	for _, q := range t.Alternatives {
		if q.Kind() == policies.Show && (lost != nil || state.TablesOf(r.device.Platform, q.String()) == nil) {
			continue // nobody would understand the answer
		}
		obs, err := r.env.Source.Fetch(ctx, r.device.Name, q)
		if err == nil && otherForm(obs) {
			obs, err = devices.Observation{}, fmt.Errorf("%w in this form, but as %s", devices.ErrNotRecorded, obs.From)
		}
		if err == nil || obs.Output != "" {
			obs.Truncated = obs.Truncated || err != nil
			o.obs = append(o.obs, obs)
		}
		switch {
		case lost == nil || err == nil:
			o.err = err
		default:
			o.err = lost // what the second transport lacks is not why the table is missing
		}
		if err == nil {
			o.lost = lost
			break
		}
		if q.Kind() == policies.Show && (errors.Is(err, devices.ErrUnreachable) || errors.Is(err, devices.ErrDenied)) {
			lost = err
			continue
		}
		if !absent(err) {
			break
		}
	}
	if t.Beside.IsZero() || o.err != nil || slices.ContainsFunc(o.obs, func(x devices.Observation) bool { return x.Query == t.Beside.String() }) {
		return o
	}
	if obs, err := r.env.Source.Fetch(ctx, r.device.Name, t.Beside); err == nil {
		o.beside = append(o.beside, obs)
	}
	return o
}

// absent reports whether err says that the device, or the recording, has no
// answer in this form, so that another form is worth asking for.
func absent(err error) bool {
	var refusal *policies.Refusal
	return errors.As(err, &refusal) || errors.Is(err, devices.ErrUnsupported) || errors.Is(err, devices.ErrNotRecorded)
}

// otherForm reports whether a recording answered a question for text with the
// JSON that it holds, or the reverse: the reader of the question would not
// understand it, and the reader of another alternative will.
func otherForm(o devices.Observation) bool {
	if o.From == "" {
		return false
	}
	text := strings.TrimSpace(o.Output)
	isJSON := strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[")
	words := strings.Fields(o.Query)
	wants := slices.Contains(words, "json") || slices.Contains(words, "-j") || slices.Contains(words, "json0")
	return isJSON != wants
}

func (r *reading) add(o outcome) {
	for _, obs := range o.obs {
		r.seen = append(r.seen, obs)
		if err := r.learn(obs); err != nil && o.err == nil {
			o.err = err
		}
	}
	if o.err != nil {
		asked := slices.ContainsFunc(o.read.Alternatives, func(q policies.Query) bool { return r.device.Answers(q.Kind()) })
		lacks := asked && errors.Is(o.err, devices.ErrUnsupported) // a device without the protocol needs no table of it
		r.unread = append(r.unread, Unread{Device: r.device.Name, Table: o.read.Table, Core: o.read.Core && !lacks, Err: o.err})
		return
	}
	if s, ok := r.state.Table(o.read.Table); ok && s.Err != "" {
		r.unread = append(r.unread, Unread{Device: r.device.Name, Table: o.read.Table, Core: o.read.Core, Err: errors.New(s.Err)})
	}
}

// learn reads one answer into the device's state.
func (r *reading) learn(obs devices.Observation) error {
	return r.state.Add(state.Answer{Device: obs.Device, Platform: r.device.Platform, Query: obs.Query, At: obs.At, Output: obs.Output, Truncated: obs.Truncated})
}
