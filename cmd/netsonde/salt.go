package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/netsonde/netsonde/policies"
)

const saltBytes = 32

// redactor makes the redactor of this installation: its salt is made once and
// kept in the state directory, so that equal secrets get equal tags from run
// to run. Where the directory cannot be written, the salt lasts one run.
func (c *console) redactor(cfg Config) (*policies.Redactor, error) {
	salt, err := keptSalt(filepath.Join(cfg.StateDir, "salt"))
	if err != nil {
		fmt.Fprintf(c.err, "netsonde: warning: %s: tags of secrets will differ from run to run\n", err)
		salt = make([]byte, saltBytes)
		if _, err := rand.Read(salt); err != nil {
			return nil, err
		}
	}
	return policies.NewRedactor(policies.Files, salt)
}

// keptSalt reads the salt at path, or makes it. Two runs that start at once
// agree: the file is linked into place, and who comes second reads the first's.
func keptSalt(path string) ([]byte, error) {
	salt, err := os.ReadFile(path)
	if err == nil && len(salt) == saltBytes {
		return salt, nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	salt = make([]byte, saltBytes)
	if _, err := rand.Read(salt); err != nil {
		return nil, err
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), "salt-*")
	if err != nil {
		return nil, err
	}
	defer os.Remove(tmp.Name())
	if _, err := tmp.Write(salt); err != nil {
		return nil, errors.Join(err, tmp.Close())
	}
	if err := tmp.Close(); err != nil {
		return nil, err
	}
	if err := os.Link(tmp.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	kept, err := os.ReadFile(path)
	if err == nil && len(kept) != saltBytes {
		return nil, fmt.Errorf("%s is damaged: %d bytes instead of %d; remove it", path, len(kept), saltBytes)
	}
	return kept, err
}
