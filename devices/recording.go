package devices

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/netsonde/netsonde/policies"
)

// Create opens dir (made if need be) for a recording that is written by
// [Recorder.Keep] alone. inv says what to write about each device.
func Create(dir string, inv *Inventory) (*Recorder, error) {
	r, err := Record(nil, dir, inv)
	return r, err
}

// Keep writes down an answer, or a failure, that did not come from a Source.
// It must be redacted.
func (r *Recorder) Keep(k Recorded) error {
	e := entry{Query: k.Query, Platform: k.Platform, At: k.At, Truncated: k.Truncated, Failure: failureOf(k.Err)}
	if k.Took > 0 {
		e.Took = k.Took.String()
	}
	if k.Err != nil {
		e.Error = strings.TrimSuffix(k.Err.Error(), recordedThen)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.write(k.Device, e, k.Output)
}

// KeepFile writes a file that is the answer to no known query into the folder
// of a device, where it can be read by name. name is made safe.
func (r *Recorder) KeepFile(device, name, text string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	folder := folderName(device)
	if err := r.enter(device, folder, time.Time{}); err != nil {
		return err
	}
	_, err := r.answer(folder, entry{Query: strings.TrimSuffix(name, answerSuffix)}, text, entry{})
	return err
}

// Record wraps src so that each answer, and each failure of a device to give
// one, is kept in dir (made if need be). The format is for people: dir holds
// recording.yaml (version, time, devices) and, for each device, a folder with
// index.jsonl (one line an answer) and one plain file an answer.
//
// Recording into a folder that has a recording appends to it: an answer that
// differs from the last one gets a file with its time in the name, and a
// failure never takes the place of an answer. What cannot be written is an
// error of the Fetch. inv says what to write about each device; only devices
// that were asked are written down. Record goes outside Redact, so that no
// secret reaches the disk.
func Record(src Source, dir string, inv *Inventory) (*Recorder, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("record: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("record: %w", err)
	}
	m, _, faults := readManifest(root.FS())
	if len(faults) > 0 {
		return nil, errors.Join(fmt.Errorf("record: %s holds a damaged recording: mend it or choose another folder", dir), errors.Join(faults...), root.Close())
	}
	m.Version = recordingVersion
	return &Recorder{src: src, inv: inv, root: root, manifest: m, last: map[string]entry{}, loaded: map[string]bool{}}, nil
}

// A Recorder is a Source that writes down what another one answers.
type Recorder struct {
	src  Source
	inv  *Inventory
	root *os.Root

	mu       sync.Mutex
	manifest manifest
	last     map[string]entry // the last answer, by folder and query
	loaded   map[string]bool  // folders whose index was read
	latest   time.Time        // of the last answer, to the second
}

var _ Source = (*Recorder)(nil)

// Close ends the recording: it writes the time of the last answer down. It
// does not close the Source.
func (r *Recorder) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	var err error
	if r.latest.After(r.manifest.CapturedAt) {
		r.manifest.CapturedAt = r.latest
		err = r.writeManifest(r.manifest)
	}
	return errors.Join(err, r.root.Close())
}

// Fetch hands on what src answers, after it was written down. The end of ctx,
// a refusal and an unknown device say nothing of the network and are not kept.
func (r *Recorder) Fetch(ctx context.Context, device string, q policies.Query) (Observation, error) {
	o, err := r.src.Fetch(ctx, device, q)
	kind := failureOf(err)
	if err != nil && (kind == "" || ctx.Err() != nil) {
		return o, err
	}
	e := entry{Query: q.String(), Platform: q.Platform(), At: o.At, Failure: kind, Truncated: o.Truncated}
	if e.At.IsZero() && err != nil {
		e.At = time.Now().UTC() // the moment of a failure
	}
	if o.Took > 0 {
		e.Took = o.Took.Round(10 * time.Microsecond).String()
	}
	if err != nil {
		e.Error = err.Error()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if werr := r.write(device, e, o.Output); werr != nil {
		return o, fmt.Errorf("record: %s: %s: %w", device, q, werr)
	}
	return o, err
}

// write adds one entry, and the file of its answer, to the device's folder.
func (r *Recorder) write(device string, e entry, output string) error {
	folder := folderName(device)
	if err := r.enter(device, folder, e.At); err != nil {
		return err
	}
	if at := e.At.UTC().Truncate(time.Second); at.After(r.latest) {
		r.latest = at
	}
	key := folder + "\n" + e.Query
	if output != "" || e.Failure == "" {
		last, repeated := r.last[key]
		var err error
		if e.File, err = r.answer(folder, e, output, last); err != nil {
			return err
		}
		if !repeated || e.Failure == "" {
			r.last[key] = e
		}
	}
	line, err := json.Marshal(e)
	if err != nil {
		return err
	}
	f, err := r.root.OpenFile(path.Join(folder, indexName), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(append(line, '\n'))
	return errors.Join(err, f.Close())
}

// answer writes the file of an answer and returns its name. An answer equal to
// the last one shares its file. No file is ever overwritten.
func (r *Recorder) answer(folder string, e entry, output string, last entry) (string, error) {
	if last.File != "" {
		old, err := r.root.ReadFile(path.Join(folder, last.File))
		if err == nil && bytes.Equal(old, []byte(output)) {
			return last.File, nil
		}
	}
	at := time.Time{}
	for range 1000 {
		name := answerName(e.Query, at)
		f, err := r.root.OpenFile(path.Join(folder, name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
		if err == nil {
			_, err = f.WriteString(output)
			return name, errors.Join(err, f.Close())
		}
		if !errors.Is(err, fs.ErrExist) {
			return "", err
		}
		if at.IsZero() {
			at = e.At
			if at.IsZero() {
				at = time.Now()
			}
		} else {
			at = at.Add(time.Millisecond)
		}
	}
	return "", fmt.Errorf("%s: no free name for another answer", answerName(e.Query, time.Time{}))
}

// enter makes the folder of a device, reads the index that it has, and writes
// the device into the manifest.
func (r *Recorder) enter(device, folder string, at time.Time) error {
	if r.loaded[folder] {
		return nil
	}
	if err := r.root.Mkdir(folder, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	b, _, err := readBounded(r.root.FS(), path.Join(folder, indexName), maxAnswer)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	entries, _ := parseIndex(indexName, b) // a damaged line is told when the recording is read
	for _, e := range entries {
		if e.Failure == "" {
			r.last[folder+"\n"+e.Query] = e
		}
	}
	if err := r.enlist(device, at); err != nil {
		return err
	}
	r.loaded[folder] = true
	return nil
}

// enlist writes the manifest anew where the device is not in it, or where the
// recording goes on after its time.
func (r *Recorder) enlist(device string, at time.Time) error {
	m := r.manifest
	known := m.find(device) >= 0
	if !known {
		d := manifestDevice{Name: device}
		if in, ok := r.inv.Find(device); ok {
			d.Platform, d.Address, d.Groups = in.Platform, in.Address, in.Groups
		}
		m.Devices = append(m.Devices[:len(m.Devices):len(m.Devices)], d)
	}
	for _, l := range r.inv.Links {
		if !slices.Contains(m.Links, l) {
			m.Links = append(m.Links[:len(m.Links):len(m.Links)], l)
		}
	}
	if at = at.UTC().Truncate(time.Second); at.After(m.CapturedAt) {
		m.CapturedAt = at
	}
	return r.writeManifest(m)
}

func (r *Recorder) writeManifest(m manifest) error {
	b, err := m.encode()
	if err != nil {
		return err
	}
	temp := manifestName + ".new"
	if err := r.root.WriteFile(temp, b, 0o644); err != nil {
		return err
	}
	r.manifest = m
	return r.root.Rename(temp, manifestName)
}
