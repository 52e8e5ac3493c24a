package main

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/netsonde/netsonde/devices/importer"
)

// openFor opens the network of the flags or, where output was pasted, the
// recording that it makes: what was pasted is then all that is known.
func (c *console) openFor(f netFlags, pasted string) (*network, error) {
	if pasted == "" {
		return c.open(f)
	}
	if f.replay != "" || f.inventory != "" || f.address != "" {
		return nil, usagef(`"-" diagnoses what is pasted alone: leave out --inventory, --address and --replay`)
	}
	dir, err := os.MkdirTemp("", "netsonde-")
	if err != nil {
		return nil, err
	}
	f.replay = filepath.Join(dir, "recording")
	n, err := c.openPasted(f, dir, pasted)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	n.closers = append([]func() error{func() error { return os.RemoveAll(dir) }}, n.closers...)
	return n, nil
}

// openPasted imports pasted text and opens the recording that it makes.
func (c *console) openPasted(f netFlags, dir, pasted string) (*network, error) {
	o, err := c.importing(importFlags{device: "device", platforms: f.platforms})
	if err != nil {
		return nil, err
	}
	file := filepath.Join(dir, "pasted.log")
	if err := os.WriteFile(file, []byte(pasted), 0o600); err != nil {
		return nil, err
	}
	if _, err := importer.Import(file, f.replay, o); err != nil {
		return nil, hint(&usageError{err}, "paste the prompts and commands with the output, such as: r1# show ip ospf neighbor; --platform says what they are")
	}
	f.platforms = nil
	return c.open(f)
}
