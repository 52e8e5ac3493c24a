package devices

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

// A Recorded is one entry of a recording: an answer, or a failure to get one,
// or both where an answer was cut off.
type Recorded struct {
	Observation
	Platform string // the grammar of its query
	Err      error
}

// Recorded yields all that is held of a device, also repeated answers and
// failures, in the order of their queries and times. A file that cannot be
// read is left out; Damage tells of it.
func (r *Recording) Recorded(device string) iter.Seq[Recorded] {
	return func(yield func(Recorded) bool) {
		d := r.devices[device]
		if d == nil {
			return
		}
		f := d.load()
		var queries []string
		for q := range f.answers {
			queries = append(queries, q)
		}
		slices.Sort(queries)
		for _, q := range queries {
			for _, e := range f.answers[q] {
				if e.Query != q {
					continue // filed a second time, under its canonical query
				}
				k := Recorded{Observation: Observation{Device: device, Query: e.Query, At: e.At, Truncated: e.Truncated}, Platform: e.Platform, Err: e.error()}
				if e.File != "" {
					o, err := f.open(e)
					if err != nil {
						continue
					}
					k.Observation = o
				}
				if !yield(k) {
					return
				}
			}
		}
	}
}

// Damage reads every answer of the recording and tells which are damaged, by
// file and line: invalid UTF-8, JSON that ends early, a missing file. It may
// take long.
func (r *Recording) Damage() []error {
	out := r.Faults()
	for _, d := range r.inv.Devices {
		f := r.devices[d.Name].load()
		for _, q := range f.held() {
			for _, e := range f.answers[q] {
				out = append(out, f.damage(e)...)
			}
		}
	}
	return out
}

// damage reads the file of an entry and tells what is damaged in it.
func (f *folder) damage(e entry) []error {
	if e.File == "" {
		return nil
	}
	o, err := f.device.read(e)
	if err != nil {
		return []error{err}
	}
	return f.damageIn(e, o.Output)
}

// damageIn tells what is damaged in the text of an entry.
func (f *folder) damageIn(e entry, text string) (faults []error) {
	name := path.Join(f.device.folder, e.File)
	line := func(at int) int { return 1 + strings.Count(text[:min(at, len(text))], "\n") }
	if at := strings.IndexFunc(text, func(r rune) bool { return r == utf8.RuneError }); at >= 0 && !utf8.ValidString(text) {
		faults = append(faults, fmt.Errorf("%s:%d: invalid UTF-8", name, line(at)))
	}
	var syntax *json.SyntaxError
	var v json.RawMessage
	if inJSON(e.Query) && looksCut(text) {
		if err := json.Unmarshal([]byte(text), &v); errors.As(err, &syntax) {
			faults = append(faults, fmt.Errorf("%s:%d: %w", name, line(int(syntax.Offset)), err))
		}
	}
	return faults
}

// inJSON reports whether a query asks for JSON.
func inJSON(query string) bool {
	words := strings.Fields(query)
	return slices.Contains(words, "json") || slices.Contains(words, "json0") || slices.Contains(words, "-j")
}

// hear tells the recording's listener of the damage of an entry, once.
func (f *folder) hear(e entry, text string) {
	r := f.device.recording
	if r.how.Damaged == nil {
		return
	}
	if _, heard := r.told.LoadOrStore(path.Join(f.device.folder, e.File), true); heard {
		return
	}
	for _, err := range f.damageIn(e, text) {
		r.how.Damaged(err)
	}
}
