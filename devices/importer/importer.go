// Package importer makes recordings of other people's files: a folder of show
// outputs, a terminal's log or a support file (split at prompts and section
// headers), an archive of configurations (Oxidized, RANCID), a Batfish
// snapshot, the folder of a containerlab lab.
//
// It says of each file what it took and what it left, and why. What is no
// answer to a known query, but of a known device, is kept beside the answers
// and can be read by name. Everything is redacted before it is written. It
// reads nothing outside the source, follows no link out of it, and bounds what
// it reads of a file and of a folder.
package importer

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/policies"
)

// Options say how files are read.
type Options struct {
	Platforms map[string]*policies.Platform
	Platform  string             // of devices whose platform nothing tells
	Named     map[string]string  // platform by device name
	Device    string             // the device of a source that names none
	Redactor  *policies.Redactor // required
}

// An Item says what became of one file, or of one part of it.
type Item struct {
	File   string // relative to the source
	Line   int    // of the part, from 1; 0 for the file as a whole
	Device string
	Query  string // the query that it answers; "" if it was left, or kept by name
	Kept   string // the name under which it is kept though it answers no known query
	Left   string // why it was left; "" if it was taken
}

// String words the item for an account.
func (i Item) String() string {
	where := i.File
	if i.Line > 0 {
		where = fmt.Sprintf("%s:%d", i.File, i.Line)
	}
	switch {
	case i.Left != "":
		return fmt.Sprintf("%s: left: %s", where, i.Left)
	case i.Query != "":
		return fmt.Sprintf("%s: %s: %s", where, i.Device, i.Query)
	}
	return fmt.Sprintf("%s: %s: kept as %s", where, i.Device, i.Kept)
}

// ErrNothing is returned when no file of the source could be used.
var ErrNothing = errors.New("nothing that could be imported")

// Import reads src (a file or a folder) and writes what it can use as a
// recording into dir. The account says what became of each file, also where
// there is an error.
func Import(src, dir string, o Options) (account []Item, err error) {
	if o.Redactor == nil {
		return nil, errors.New("import: no redactor: nothing is written that was not redacted")
	}
	found, err := gather(src, o)
	if err != nil {
		return nil, fmt.Errorf("import: %s: %w", src, err)
	}
	inv := &devices.Inventory{}
	for _, name := range found.order {
		inv.Devices = append(inv.Devices, devices.Device{Name: name, Platform: found.devices[name].platform})
	}
	taken := 0
	for _, i := range found.account {
		if i.Left == "" {
			taken++
		}
	}
	if taken == 0 {
		return found.account, fmt.Errorf("import: %s: %w", src, ErrNothing)
	}
	out, err := devices.Create(dir, inv)
	if err != nil {
		return nil, err
	}
	err = found.write(out, o)
	return found.account, errors.Join(err, out.Close())
}

// gather reads the source.
func gather(src string, o Options) (*gathering, error) {
	s, err := loadSigns()
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(src)
	if err != nil {
		return nil, err
	}
	folder := src
	if !info.IsDir() {
		folder = filepath.Dir(src)
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, err
	}
	g := &gathering{signs: s, options: o, fsys: root.FS(), devices: map[string]*found{}, known: map[string]bool{}}
	if info.IsDir() {
		err = g.walk()
	} else {
		g.text(filepath.Base(src), "", single)
	}
	g.settle()
	return g, errors.Join(err, root.Close())
}

// Bounds on what is read.
const (
	maxFile  = 64 << 20
	maxFiles = 200_000
	maxTotal = 4 << 30
	maxParts = 100_000 // of one file
)

// read reads a file of the source; cut says that there was more.
func (g *gathering) read(name string) (text string, cut bool, err error) {
	f, err := g.fsys.Open(name)
	if err != nil {
		return "", false, err
	}
	defer func() { _ = f.Close() }() // it was only read
	info, err := f.Stat()
	if err != nil {
		return "", false, err
	}
	if !info.Mode().IsRegular() {
		return "", false, errors.New("not a regular file")
	}
	b, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if len(b) > maxFile {
		return string(b[:maxFile]), true, err
	}
	return string(b), false, err
}

// walk reads the files of the source, in order.
func (g *gathering) walk() error {
	layout := g.layout()
	return fs.WalkDir(g.fsys, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			g.left(Item{File: name, Left: err.Error()})
			return nil
		case d.IsDir() && name != "." && g.signs.skip[d.Name()]:
			g.left(Item{File: name, Left: "not about a device"})
			return fs.SkipDir
		case d.IsDir():
			return nil
		case g.files >= maxFiles || g.total >= maxTotal:
			g.left(Item{File: name, Left: "too much: the source is larger than is read of one"})
			return fs.SkipAll
		case d.Type()&fs.ModeSymlink != 0:
			if info, err := fs.Stat(g.fsys, name); err != nil || !info.Mode().IsRegular() {
				g.left(Item{File: name, Left: "a link that leads out of the source, or to no file"})
				return nil
			}
		}
		g.files++
		g.place(name, layout)
		return nil
	})
}
