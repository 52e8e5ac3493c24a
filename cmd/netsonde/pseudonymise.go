package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/netsonde/netsonde/devices/pseudonym"
	"github.com/netsonde/netsonde/policies"
)

// pseudonymised has write make a recording in a temporary directory, and puts
// a copy of it into dir in which names, addresses, prefixes and AS numbers are
// replaced consistently. What was replaced by what is kept apart, beside dir.
func (c *console) pseudonymised(dir string, write func(dir string) error) error {
	ps, err := policies.OpenPlatforms(policies.Files)
	if err != nil {
		return err
	}
	tmp, err := os.MkdirTemp("", "netsonde-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	plain := filepath.Join(tmp, "recording")
	if err := write(plain); err != nil {
		return err
	}
	key := make([]byte, 32)
	if _, err := rand.Read(key); err != nil {
		return err
	}
	m, err := pseudonym.New(key)
	if err != nil {
		return err
	}
	if err := m.Recording(plain, dir, ps); err != nil {
		return err
	}
	path := strings.TrimRight(dir, "/") + ".map.tsv"
	if err := writeMap(path, m.Table()); err != nil {
		return err
	}
	fmt.Fprintf(c.err, "netsonde: %s is pseudonymised; %s maps back: do not share it\n", dir, path)
	return nil
}

// writeMap writes the table that maps back, for its owner's eyes only.
func writeMap(path string, pairs []pseudonym.Pair) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	for _, p := range pairs {
		if _, err := fmt.Fprintf(f, "%s\t%s\t%s\n", p.Kind, p.Original, p.Pseudonym); err != nil {
			return errors.Join(err, f.Close())
		}
	}
	return f.Close()
}
