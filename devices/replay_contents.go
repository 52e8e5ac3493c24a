package devices

import (
	"bytes"
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

func (f *folder) damage(e entry) (faults []error) {
	if e.File == "" {
		return nil
	}
	name := path.Join(f.device.folder, e.File)
	o, err := f.device.read(e)
	if err != nil {
		return []error{err}
	}
	b := []byte(o.Output)
	for at := 0; at < len(b); {
		r, n := utf8.DecodeRune(b[at:])
		if r == utf8.RuneError && n == 1 {
			faults = append(faults, fmt.Errorf("%s:%d: invalid UTF-8", name, 1+bytes.Count(b[:at], []byte("\n"))))
			break
		}
		at += n
	}
	var syntax *json.SyntaxError
	var v json.RawMessage
	if strings.HasSuffix(e.Query, " json") && looksCut(o.Output) {
		if err := json.Unmarshal(b, &v); errors.As(err, &syntax) {
			faults = append(faults, fmt.Errorf("%s:%d: %w", name, 1+bytes.Count(b[:min(int(syntax.Offset), len(b))], []byte("\n")), err))
		}
	}
	return faults
}
