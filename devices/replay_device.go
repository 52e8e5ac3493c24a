package devices

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/netsonde/netsonde/policies"
)

// A recordedDevice is one device of a Recording.
type recordedDevice struct {
	Device
	recording *Recording
	folder    string

	once    sync.Once
	content *folder
}

// A folder is what the folder of a device holds.
type folder struct {
	device   *recordedDevice
	grammars []*policies.Platform // of the device, its own first
	answers  map[string][]entry   // by query, in order of time
	unparsed []entry              // of the index, in words that may not be canonical
	unnamed  []string             // files that are no answer to a known query
	faults   []error
	last     time.Time

	canonical sync.Once
}

// load reads the device's index and the names of its files, once.
func (d *recordedDevice) load() *folder {
	d.once.Do(func() {
		f := &folder{device: d, answers: map[string][]entry{}}
		if p := d.recording.platform(d.Platform); p != nil {
			f.grammars = append(f.grammars, p)
			if also := d.recording.how.Platforms[p.Also]; also != nil {
				f.grammars = append(f.grammars, also)
			}
		}
		f.read()
		d.content = f
	})
	return d.content
}

func (f *folder) fault(format string, args ...any) {
	f.faults = append(f.faults, fmt.Errorf(format, args...))
}

// read fills f from the index and from the files that it does not list.
func (f *folder) read() {
	fsys, dir := f.device.recording.fsys, f.device.folder
	list, err := fs.ReadDir(fsys, dir)
	if err != nil {
		f.fault("%s: %w", dir, err)
		return
	}
	files := map[string]bool{}
	for _, e := range list {
		files[e.Name()] = true
	}
	listed := map[string]bool{}
	if files[indexName] {
		name := path.Join(dir, indexName)
		b, cut, err := readBounded(fsys, name, maxAnswer)
		if err != nil {
			f.fault("%s: %w", name, err)
		}
		if cut {
			f.fault("%s: larger than %d bytes: the rest is not read", name, int64(maxAnswer))
		}
		entries, faults := parseIndex(name, b)
		f.faults = append(f.faults, faults...)
		for i, e := range entries {
			listed[e.File] = true
			if e.File != "" && !files[e.File] {
				f.fault("%s: entry %d: the file %q is missing", name, i+1, e.File)
				continue
			}
			f.add(e)
		}
	}
	for _, e := range list {
		n := e.Name()
		if !listed[n] && n != indexName && !e.IsDir() && !strings.HasPrefix(n, ".") && len(f.unnamed) < maxFiles {
			f.file(n)
		}
	}
}

const maxFiles = 100_000

// add keeps an entry of the index.
func (f *folder) add(e entry) {
	if at := f.device.recording.how.At; !at.IsZero() && e.At.After(at) {
		return
	}
	if e.At.After(f.last) {
		f.last = e.At
	}
	f.answers[e.Query] = append(f.answers[e.Query], e)
	f.unparsed = append(f.unparsed, e)
}

// file keeps a file that the index does not list, as the answer to the query
// that its name or, where that says nothing, its content tells.
func (f *folder) file(name string) {
	q, at, ok := f.named(name)
	if !ok {
		q, ok = f.recognised(name)
	}
	if !ok {
		f.unnamed = append(f.unnamed, name)
		return
	}
	e := entry{Query: q.String(), Platform: q.Platform(), At: at, File: name}
	if limit := f.device.recording.how.At; !limit.IsZero() && at.After(limit) {
		return
	}
	if at.After(f.last) {
		f.last = at
	}
	f.answers[e.Query] = append(f.answers[e.Query], e)
}

// reparse files the entries of a hand-written index under their canonical
// queries, once, and only when something was not found.
func (f *folder) reparse() {
	f.canonical.Do(func() {
		for _, e := range f.unparsed {
			q, ok := f.parse(e.Query)
			if ok && q.String() != e.Query {
				f.answers[q.String()] = append(f.answers[q.String()], e)
			}
		}
		f.unparsed = nil
	})
}

// find returns the entry that answers query: the last answer, else the last
// failure.
func (f *folder) find(query string) (e entry, failed, ok bool) {
	list := f.answers[query]
	best := -1
	for i, c := range list {
		switch {
		case best < 0, list[best].Failure != "" && c.Failure == "":
			best = i
		case (list[best].Failure == "") == (c.Failure == "") && !c.At.Before(list[best].At):
			best = i
		}
	}
	if best < 0 {
		return entry{}, false, false
	}
	return list[best], list[best].Failure != "", true
}

// answer answers q.
func (f *folder) answer(q policies.Query) (Observation, error) {
	e, failed, ok := f.find(q.String())
	if !ok {
		f.reparse()
		e, failed, ok = f.find(q.String())
	}
	if ok && !failed {
		o, err := f.open(e)
		if err == nil {
			o.Query = q.String()
		}
		return o, err
	}
	if o, found, err := f.derive(q); found {
		return o, err
	}
	if !ok {
		return Observation{}, fmt.Errorf("%w; held for %s: %s", ErrNotRecorded, f.device.Name, summary(f.held()))
	}
	o := Observation{}
	if e.File != "" { // what came before a cut
		if part, err := f.open(e); err == nil {
			part.Query, part.Truncated = q.String(), true
			o = part
		}
	}
	return o, e.error()
}

// derive cuts the answer to q out of the first broader one that is held.
func (f *folder) derive(q policies.Query) (o Observation, found bool, err error) {
	if q.Kind() == policies.Watch {
		return f.otherWatch(q)
	}
	f.reparse()
	for _, b := range q.Broader() {
		e, failed, ok := f.find(b.String())
		if !ok || failed {
			continue
		}
		whole, err := f.open(e)
		if err != nil {
			continue
		}
		text, ok := cutOut(q, b, whole)
		if !ok {
			continue
		}
		whole.Query, whole.From, whole.Output = q.String(), b.String(), text
		return whole, true, nil
	}
	return Observation{}, false, nil
}

// otherWatch answers a Watch by a recorded one of the same path that listened
// for another time.
func (f *folder) otherWatch(q policies.Query) (Observation, bool, error) {
	want := "gnmi watch " + q.Text() + " "
	if q.Mode() == policies.Repeated {
		want = q.Text() + " (every "
	}
	for _, name := range f.held() {
		if strings.HasPrefix(name, want) {
			e, failed, _ := f.find(name)
			if failed {
				continue
			}
			o, err := f.open(e)
			o.Query, o.From = q.String(), name
			return o, true, err
		}
	}
	return Observation{}, false, nil
}

// held returns the queries that have an answer, sorted.
func (f *folder) held() []string {
	var out []string
	for q := range f.answers {
		if _, failed, ok := f.find(q); ok && !failed {
			out = append(out, q)
		}
	}
	slices.Sort(out)
	return out
}

// open reads the answer of an entry and looks whether it is damaged. Damage
// makes it a truncated answer, which proves no absence.
func (f *folder) open(e entry) (Observation, error) {
	o, err := f.device.read(e)
	if err != nil {
		return Observation{}, fmt.Errorf("%w: %w", ErrNotRecorded, err)
	}
	if !utf8.ValidString(o.Output) {
		f.hear(e, o.Output)
		o.Output = strings.ToValidUTF8(o.Output, "\uFFFD")
	}
	if inJSON(e.Query) && !o.Truncated && looksCut(o.Output) && !json.Valid([]byte(o.Output)) {
		f.hear(e, o.Output)
		o.Truncated = true
	}
	return o, nil
}

// looksCut reports whether a text begins as JSON does, and so was cut where it
// is none.
func looksCut(text string) bool {
	t := strings.TrimSpace(text)
	return t != "" && (t[0] == '{' || t[0] == '[')
}
