package state

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// ErrNoReader is returned (wrapped) by [Device.Add] for an answer to a query
// that no reader knows. The answer stays text, and is listed in
// Device.Unparsed.
var ErrNoReader = errors.New("no reader for this query")

// A reading is one row of the tables of readers: the queries that it takes,
// the tables that their answers fill, and the function that fills them.
type reading struct {
	pattern string // see matchQuery
	tables  string // table names, separated by spaces
	read    func(d *Device, t *text)
}

// readings returns the readers of a platform in the order in which they are
// tried. A platform whose shell takes a second grammar (policies.Platform.Also)
// has the readers of both.
func readings(platform string) [][]reading {
	switch platform {
	case "frr", "linux", "cumulus", "vyos", "sonic":
		return [][]reading{frrJSONReadings(), frrReadings(), linuxJSONReadings(), linuxReadings(), machineReadings()}
	case "cisco_iosxe", "cisco_ios", "arista_eos":
		return [][]reading{ciscoReadings()}
	case "juniper_junos":
		return [][]reading{junosReadings()}
	}
	return nil
}

// Add reads one answer into d: it fills the tables that the query tells of,
// sets their Status, and lists what it did not understand in Unparsed. Rows
// that another answer of the same moment has told of are completed, not
// repeated: the value read last wins, and a line that was cited for an equal
// value stays cited. Add never panics on any output. The error wraps
// [ErrNoReader] where no reader takes the query; an answer that says that the
// process is not running or not configured is no error.
func (d *Device) Add(a Answer) error {
	if d.Read == nil {
		d.Read = map[string]Status{}
	}
	if d.answered == nil {
		d.answered = map[string]time.Time{}
	}
	d.answered[a.Query] = a.At
	r, args, ok := find(a.Platform, a.Query)
	if !ok {
		d.Unparsed = append(d.Unparsed, Unparsed{Ref: Ref{Device: a.Device, Query: a.Query}, Text: ErrNoReader.Error()})
		return fmt.Errorf("%s: %s: %w", a.Device, a.Query, ErrNoReader)
	}
	t := newText(a, args)
	tables := strings.Fields(r.tables)
	if ref, why, refused := t.refusal(); refused {
		d.inactive(ref, why)
		d.settle(tables, why.status(ref))
		return nil
	}
	d.guard(r, t)
	if len(t.tables) > 0 { // the reader knows better which of them were told
		tables = t.tables
	}
	if t.settled {
		tables = nil
	}
	d.settle(tables, Status{
		Ref:      t.ref(-1),
		Complete: !a.Truncated && !t.partial && !narrowed(args) && t.err == "",
		Err:      t.err,
	})
	d.Unparsed = append(d.Unparsed, t.unparsed...)
	if a.Platform == "frr" {
		d.fromConfig()
	}
	return nil
}

// guard runs a reader. What a device says is not ours to trust: should a reader
// fail on it, the answer is unparsed, and the diagnosis goes on.
func (d *Device) guard(r reading, t *text) {
	defer func() {
		if p := recover(); p != nil {
			t.fail(fmt.Sprintf("%s: %v", ReaderFailed, p))
		}
	}()
	r.read(d, t)
}

// ReaderFailed begins the text of an Unparsed whose reader failed on the
// answer: a defect of the reader, not of the device.
const ReaderFailed = "reader failed"

// TablesOf returns the names of the tables that an answer to query fills; nil
// if no reader takes it.
func TablesOf(platform, query string) []string {
	r, _, ok := find(platform, query)
	if !ok {
		return nil
	}
	return strings.Fields(r.tables)
}

func find(platform, query string) (reading, map[string]string, bool) {
	query = bare(query)
	if r, args, ok := ocReading(query); ok {
		return r, args, true
	}
	words := strings.Fields(query)
	if w, ok := shellWords(words); ok {
		words = w
	}
	for _, rs := range readings(platform) {
		for _, r := range rs {
			if args, ok := matchQuery(r.pattern, words); ok {
				return r, args, true
			}
		}
	}
	return reading{}, nil, false
}

// bare takes off what a shell needs to reach vtysh: recordings that others
// made name their queries so.
func bare(query string) string {
	query = strings.TrimPrefix(query, "sudo ")
	if rest, ok := strings.CutPrefix(query, "vtysh -c "); ok {
		return strings.Trim(rest, `'"`)
	}
	return query
}

// settle records how the reading of tables ended. A better ending (the whole
// table) is not replaced by a lesser one (one row of it).
func (d *Device) settle(tables []string, s Status) {
	for _, name := range tables {
		if old, ok := d.Read[name]; !ok || old.rank() < s.rank() {
			d.Read[name] = s
		}
	}
}

func (s Status) rank() int {
	switch {
	case s.Complete:
		return 4
	case s.Inactive:
		return 3
	case s.Err == "":
		return 2
	}
	return 1
}

// Table returns the status of a table and whether it was asked for at all.
func (d *Device) Table(name string) (Status, bool) {
	s, ok := d.Read[name]
	return s, ok
}

// inactive notes the daemon that an answer says is not running.
func (d *Device) inactive(ref Ref, why refusal) {
	if why.daemon == "" || why.daemon == "watchfrr" { // a router works without its watchdog
		return
	}
	if slices.ContainsFunc(d.Daemons, func(x Daemon) bool { return x.Name == why.daemon }) {
		return
	}
	d.Daemons = append(d.Daemons, Daemon{Origin: Origin{Row: ref}, Name: why.daemon})
}
