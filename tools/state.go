package tools

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/netsonde/netsonde/devices/state"
)

// stateIn is what the state tool takes.
type stateIn struct {
	Table   string   `json:"table" jsonschema:"one of interfaces, lldp, ospf, ospf_interfaces, ospf_neighbors, isis, isis_interfaces, isis_neighbors, bgp, bgp_sessions, bgp_routes, rib, fib, neighbors, filters, vnis, macs, bfd, queues, listeners, resolvers, parameters, daemons, logs"`
	Devices []string `json:"devices" jsonschema:"device names, globs, groups, or all"`
	Match   []string `json:"match,omitempty" jsonschema:"only rows that contain all of these words, such as eth1 or 10.4.0.0/24"`
	Offset  int      `json:"offset,omitempty" jsonschema:"skip this many rows, to page"`
}

// A shelf names a table as a model asks for it: the reads that fill it, and
// its rows of a device.
type shelf struct {
	name  string
	reads []string
	rows  func(*state.Device) any
}

// shelves lists the tables of the state tool. Tables that two protocols
// versions or address families share are one to the model.
func shelves() []shelf {
	return []shelf{
		{"interfaces", []string{state.TableInterfaces, state.TableAddresses}, func(d *state.Device) any { return d.Interfaces }},
		{"lldp", []string{state.TableLLDP}, func(d *state.Device) any { return d.LLDP }},
		{"ospf", []string{state.TableOSPF}, func(d *state.Device) any { return d.OSPF }},
		{"ospf_interfaces", []string{state.TableOSPFIfs}, func(d *state.Device) any { return d.OSPFInterfaces }},
		{"ospf_neighbors", []string{state.TableOSPFNbrs}, func(d *state.Device) any { return d.OSPFNeighbors }},
		{"isis", []string{state.TableISIS, state.TableConfig}, func(d *state.Device) any { return d.ISIS }},
		{"isis_interfaces", []string{state.TableISISIfs}, func(d *state.Device) any { return d.ISISInterfaces }},
		{"isis_neighbors", []string{state.TableISISNbrs}, func(d *state.Device) any { return d.ISISNeighbors }},
		{"bgp", []string{state.TableBGP}, func(d *state.Device) any { return d.BGP }},
		{"bgp_sessions", []string{state.TableBGPNbrs}, func(d *state.Device) any { return d.BGPSessions }},
		{"bgp_routes", []string{state.TableBGPRoutes, state.TableBGPRoutes6, state.TableEVPN}, func(d *state.Device) any { return d.BGPRoutes }},
		{"rib", []string{state.TableRIB, state.TableRIB6}, func(d *state.Device) any { return d.RIB }},
		{"fib", []string{state.TableFIB, state.TableFIB6}, func(d *state.Device) any { return d.FIB }},
		{"neighbors", []string{state.TableNeighbors}, func(d *state.Device) any { return d.Neighbors }},
		{"filters", []string{state.TableFilters}, func(d *state.Device) any { return d.Filters }},
		{"vnis", []string{state.TableVNIs}, func(d *state.Device) any { return d.VNIs }},
		{"macs", []string{state.TableMACs}, func(d *state.Device) any { return d.MACs }},
		{"bfd", []string{state.TableBFD}, func(d *state.Device) any { return d.BFD }},
		{"queues", []string{state.TableQueues}, func(d *state.Device) any { return d.Queues }},
		{"listeners", []string{state.TableListeners}, func(d *state.Device) any { return d.Listeners }},
		{"resolvers", []string{state.TableResolvers}, func(d *state.Device) any { return d.Resolvers }},
		{"parameters", []string{state.TableParameters}, func(d *state.Device) any { return d.Parameters }},
		{"daemons", []string{state.TableDaemons}, func(d *state.Device) any { return d.Daemons }},
		{"disks", []string{state.TableDisks}, func(d *state.Device) any { return d.Disks }},
		{"sensors", []string{state.TableSensors}, func(d *state.Device) any { return d.Sensors }},
		{"vrrp", []string{state.TableVRRP}, func(d *state.Device) any { return d.VRRP }},
		{"resources", []string{state.TableResources}, func(d *state.Device) any { return []state.Load{d.Load} }},
		{"clock", []string{state.TableClock}, func(d *state.Device) any { return []state.TimeSync{d.TimeSync} }},
		{"logs", []string{state.TableLogs, state.TableSyslog}, func(d *state.Device) any { return d.Logs }},
	}
}

// newState makes the tool that reads a typed table of one or many devices.
func newState(e Env) (Tool, error) {
	return New("state", func(ctx context.Context, in stateIn) (Result, error) {
		all := shelves()
		i := slices.IndexFunc(all, func(s shelf) bool { return s.name == in.Table })
		if i < 0 {
			return Result{}, fmt.Errorf("no table %q; there are %s", in.Table, shelfNames(all))
		}
		ds, err := e.pick(in.Devices)
		if err != nil {
			return Result{}, err
		}
		c, err := e.Collect(ctx, ds, all[i].reads...)
		if err != nil {
			return Result{}, err
		}
		return Result{Text: e.grid(c, all[i], in), Seen: c.Seen, Unread: c.missing(), Core: c.Core}, nil
	})
}

func shelfNames(all []shelf) string {
	names := make([]string, len(all))
	for i, s := range all {
		names[i] = s.name
	}
	return strings.Join(names, ", ")
}

// grid words the rows of a table, what could not be read, and what was read
// and holds nothing: three different things.
func (e Env) grid(c Collection, s shelf, in stateIn) string {
	var g grid
	var notes []string
	for _, d := range c.Network.Devices {
		before := len(g.rows)
		g.add(d.Name, moment(c, d.Name), reflect.ValueOf(s.rows(d)))
		if len(g.rows) == before {
			notes = append(notes, emptiness(d, s))
		}
	}
	for _, u := range c.Unread {
		notes = append(notes, u.String())
	}
	total := len(g.rows)
	g.match(in.Match)
	matched := len(g.rows)
	g.rows = g.rows[min(max(in.Offset, 0), matched):]
	title := fmt.Sprintf("%s: %d rows", s.name, total)
	if len(in.Match) > 0 {
		title += fmt.Sprintf(", %d match %s", matched, strings.Join(in.Match, " "))
	}
	text := g.text()
	if matched == 0 && total > 0 {
		text = "(no row holds all of these words; without match there are rows of other devices or states)"
	}
	blocks := []block{{title: title, text: text, note: "use match, fewer devices, or offset to page"}}
	if len(notes) > 0 {
		blocks = append(blocks, block{title: "notes:", text: strings.Join(notes, "\n")})
	}
	return shape(blocks, e.Budget)
}

// emptiness words a table without rows by how its reading ended.
func emptiness(d *state.Device, s shelf) string {
	for _, table := range s.reads {
		st, ok := d.Table(table)
		switch {
		case !ok:
			continue
		case st.Inactive:
			return fmt.Sprintf("%s: %s: not running or not configured there", d.Name, s.name)
		case st.Err == "" && st.Complete:
			return fmt.Sprintf("%s: %s: the device answered, and the table is empty", d.Name, s.name)
		}
	}
	return fmt.Sprintf("%s: %s: not read", d.Name, s.name)
}

// moment is when a device answered, for ages; zero if it is not known.
func moment(c Collection, device string) time.Time {
	for _, o := range c.Seen {
		if o.Device == device {
			return o.At
		}
	}
	return time.Time{}
}
