package devices

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/netsonde/netsonde/policies"
)

// A Replaying says how a recording is read.
type Replaying struct {
	Platforms map[string]*policies.Platform
	Platform  string            // of devices whose platform nothing tells; "" recognises it from the content
	Named     map[string]string // platform by device name: stands above what the recording says
	At        time.Time         // answers are those of this time or before; zero: the last ones
	Damaged   func(error)       // hears, once a file and from any goroutine, what is damaged in an answer as it is read; nil: nobody
}

// A Recording is a Source that answers from a folder and opens no socket. It
// holds state, not calls: a query that was not recorded as it is asked is cut
// out of a recorded broader one, and Observation.From says which. What the
// recording does not hold is ErrNotRecorded, with what it does hold.
//
// A device's folder is read when the device is first asked. A Recording is
// safe for concurrent use. Wrap it in Redact: others' recordings hold secrets.
type Recording struct {
	fsys     fs.FS
	closer   io.Closer
	how      Replaying
	inv      *Inventory
	captured time.Time
	devices  map[string]*recordedDevice
	faults   []error
	scores   map[string]int // while platforms are recognised: see nameScore
	told     sync.Map       // files whose damage Damaged heard of
}

var _ Source = (*Recording)(nil)

// Replay opens the recording in dir. Nothing outside dir is read, also where a
// link leads there. An error means that there is no recording at all; what is
// damaged in one is told by [Recording.Faults], and the rest stays usable.
func Replay(dir string, how Replaying) (*Recording, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("replay: %w", err)
	}
	r, err := ReplayFS(root.FS(), how)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("replay: %s: %w", dir, err), root.Close())
	}
	r.closer = root
	return r, nil
}

// ReplayFS opens the recording that fsys holds, such as one that is embedded
// in the program.
func ReplayFS(fsys fs.FS, how Replaying) (*Recording, error) {
	m, listed, faults := readManifest(fsys)
	r := &Recording{fsys: fsys, how: how, inv: &Inventory{Links: m.Links}, captured: m.CapturedAt, devices: map[string]*recordedDevice{}, faults: faults, scores: map[string]int{}}
	if listed {
		for _, d := range m.Devices {
			r.add(d, folderName(d.Name))
		}
	}
	if err := r.folders(listed); err != nil {
		return nil, err
	}
	if len(r.devices) == 0 {
		return nil, errors.Join(append([]error{errors.New("no recording: want recording.yaml, or one folder a device with a file an answer")}, r.faults...)...)
	}
	slices.SortFunc(r.inv.Devices, func(a, b Device) int { return cmp.Compare(a.Name, b.Name) })
	for name := range how.Named {
		if r.devices[name] == nil {
			return nil, fmt.Errorf("a platform is given for %q, which the recording does not hold: it holds %s", name, r.names())
		}
	}
	return r, nil
}

// folders adds the devices of the folders that the manifest does not list; a
// manifest of a whole recording lists all of them.
func (r *Recording) folders(listed bool) error {
	list, err := fs.ReadDir(r.fsys, ".")
	if err != nil {
		return err
	}
	for _, f := range list {
		name := unescape(f.Name())
		if !f.IsDir() || strings.HasPrefix(f.Name(), ".") || r.devices[name] != nil || len(r.devices) >= maxDevices {
			continue
		}
		if listed && !r.hasAnswers(f.Name()) {
			continue
		}
		r.add(manifestDevice{Name: name}, f.Name())
	}
	return nil
}

const maxDevices = 50_000

func (r *Recording) hasAnswers(folder string) bool {
	list, err := fs.ReadDir(r.fsys, folder)
	return err == nil && slices.ContainsFunc(list, func(f fs.DirEntry) bool { return f.Name() == indexName || strings.HasSuffix(f.Name(), answerSuffix) })
}

// add makes a device of the recording. Its platform, where nothing tells it,
// is recognised from the folder.
func (r *Recording) add(m manifestDevice, folder string) {
	d := &recordedDevice{recording: r, folder: folder}
	d.Device = Device{Name: m.Name, Address: m.Address, Groups: m.Groups}
	d.Platform = cmp.Or(r.how.Named[m.Name], m.Platform, r.how.Platform)
	if d.Platform == "" {
		d.Platform = d.recognised()
	}
	if p := r.platform(d.Platform); p != nil {
		d.Platform = p.Name
	} else {
		r.faults = append(r.faults, fmt.Errorf("%s: %s: unknown platform %q: give it by --platform %s=NAME", manifestName, m.Name, d.Platform, m.Name))
	}
	r.devices[m.Name] = d
	r.inv.Devices = append(r.inv.Devices, d.Device)
}

// platform returns the platform of that name or alias.
func (r *Recording) platform(name string) *policies.Platform {
	if p := r.how.Platforms[name]; p != nil {
		return p
	}
	for _, p := range r.how.Platforms {
		if slices.Contains(p.Aliases, name) {
			return p
		}
	}
	return nil
}

// Inventory returns the devices of the recording, which have no way to be
// reached.
func (r *Recording) Inventory() *Inventory { return r.inv }

// CapturedAt returns the recording's own time, which stands in for now: that
// of its manifest, else of its last answer; zero where nothing tells it.
func (r *Recording) CapturedAt() time.Time {
	if !r.captured.IsZero() {
		return r.captured
	}
	var last time.Time
	for _, d := range r.devices {
		if t := d.load().last; t.After(last) {
			last = t
		}
	}
	return last
}

// Faults tells what is damaged in the recording, by file and line. It reads
// the folders of all devices, but not the answers.
func (r *Recording) Faults() []error {
	out := slices.Clone(r.faults)
	var wg sync.WaitGroup
	for _, d := range r.inv.Devices {
		wg.Go(func() { r.devices[d.Name].load() })
	}
	wg.Wait()
	for _, d := range r.inv.Devices {
		out = append(out, r.devices[d.Name].load().faults...)
	}
	return out
}

// Close lets go of the folder.
func (r *Recording) Close() error {
	if r.closer == nil {
		return nil
	}
	return r.closer.Close()
}

// Fetch answers q from the recording: as it was recorded, else cut out of the
// first of q.Broader() that was, else the failure that was recorded.
func (r *Recording) Fetch(ctx context.Context, device string, q policies.Query) (Observation, error) {
	if err := ctx.Err(); err != nil {
		return Observation{}, named(device, q, err)
	}
	d := r.devices[device]
	if d == nil {
		_, err := r.inv.Found(device)
		return Observation{}, err
	}
	if err := Admit(d.Device, r.how.Platforms, q); err != nil {
		return Observation{}, named(device, q, err)
	}
	o, err := d.load().answer(q)
	return o, named(device, q, err)
}

// Held returns the queries whose answers the recording holds for a device.
func (r *Recording) Held(device string) []string {
	d := r.devices[device]
	if d == nil {
		return nil
	}
	return d.load().held()
}

// Unnamed returns the files of a device's folder that are no answer to a known
// query. They can be read by name.
func (r *Recording) Unnamed(device string) []string {
	d := r.devices[device]
	if d == nil {
		return nil
	}
	return d.load().unnamed
}

// File returns a file of a device's folder by its name, with or without its
// suffix, as an Observation whose query is that name.
func (r *Recording) File(device, name string) (Observation, error) {
	d := r.devices[device]
	if d == nil {
		_, err := r.inv.Found(device)
		return Observation{}, err
	}
	if plainName(name) {
		for _, n := range [...]string{name, name + answerSuffix} {
			if o, err := d.read(entry{Query: n, File: n}); err == nil {
				return o, nil
			}
		}
	}
	return Observation{}, fmt.Errorf("%s: file %q: %w; files: %s", device, name, ErrNotRecorded, strings.Join(d.load().unnamed, ", "))
}

func (r *Recording) names() string {
	var names []string
	for _, d := range r.inv.Devices {
		names = append(names, d.Name)
	}
	return summary(names)
}

// summary lists names, the first twenty of them.
func summary(names []string) string {
	if len(names) > 20 {
		return fmt.Sprintf("%s, and %d more", strings.Join(names[:20], ", "), len(names)-20)
	}
	return strings.Join(names, ", ")
}

// read reads the answer of an entry.
func (d *recordedDevice) read(e entry) (Observation, error) {
	b, cut, err := readBounded(d.recording.fsys, path.Join(d.folder, e.File), maxAnswer)
	if err != nil {
		return Observation{}, fmt.Errorf("%s/%s: %w", d.folder, e.File, err)
	}
	o := Observation{Device: d.Name, Query: e.Query, At: e.At, Output: string(b), Truncated: cut || e.Truncated}
	if e.Took != "" {
		o.Took, _ = time.ParseDuration(e.Took) // a wrong one is not known
	}
	return o, nil
}

// maxAnswer bounds what is read of one file.
const maxAnswer = 64 << 20
