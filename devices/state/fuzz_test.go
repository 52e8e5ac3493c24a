package state_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/netsonde/netsonde/devices/state"
)

// FuzzAdd gives every reader damaged answers: none may panic, and every line
// that is cited must exist.
func FuzzAdd(f *testing.F) {
	for _, file := range fixtures(f) {
		a := fixture(f, file)
		f.Add(a.Platform, a.Query, a.Output)
	}
	f.Fuzz(func(t *testing.T, platform, query, output string) {
		d := &state.Device{}
		a := state.Answer{Device: "r1", Platform: platform, Query: query, Output: output, At: captured}
		for range 2 { // the second time, rows are merged
			if err := d.Add(a); err != nil {
				return
			}
		}
		noReaderFailed(t, d)
		lines := strings.Count(output, "\n") + 1
		for _, r := range references(d) {
			if r.Line < 0 || r.Line > lines {
				t.Errorf("%s cites line %d of %d", query, r.Line, lines)
			}
		}
	})
}

func noReaderFailed(t *testing.T, d *state.Device) {
	t.Helper()
	for _, u := range d.Unparsed {
		if strings.HasPrefix(u.Text, state.ReaderFailed) {
			t.Errorf("%s: %s", u.Ref.Query, u.Text)
		}
	}
}

// references collects what the rows of d cite.
func references(d *state.Device) []state.Ref {
	var out []state.Ref
	add := func(o state.Origin) {
		out = append(out, o.Row)
		for _, r := range o.Fields {
			out = append(out, r)
		}
	}
	for _, r := range d.Interfaces {
		add(r.Origin)
		for _, a := range r.Addresses {
			out = append(out, a.Ref)
		}
	}
	for _, r := range d.BGPSessions {
		add(r.Origin)
		for _, f := range r.Families {
			add(state.Origin{Row: f.Ref, Fields: f.Fields})
		}
	}
	for _, r := range d.BGPRoutes {
		add(r.Origin)
	}
	for _, r := range append(d.RIB, d.FIB...) {
		add(r.Origin)
	}
	for _, r := range d.OSPFInterfaces {
		add(r.Origin)
	}
	for _, r := range d.Filters {
		add(r.Origin)
	}
	for _, u := range d.Unparsed {
		out = append(out, u.Ref)
	}
	return out
}

// Cut-off answers are what a timeout leaves: each prefix of each fixture is one.
func TestCutAnswersDoNotPanic(t *testing.T) {
	for _, file := range fixtures(t) {
		whole := fixture(t, file)
		for n := 0; n < len(whole.Output); n += 1 + len(whole.Output)/40 {
			a := whole
			a.Output, a.Truncated = whole.Output[:n], true
			d := &state.Device{}
			if err := d.Add(a); err != nil {
				t.Fatal(err)
			}
			noReaderFailed(t, d)
			for name, s := range d.Read {
				if s.Complete {
					t.Errorf("%s: table %s of a cut answer is complete", filepath.Base(file), name)
				}
			}
		}
	}
}
