package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/devices/inventory"
	"github.com/netsonde/netsonde/policies"
)

// inventory reads the inventory that the flags, the environment, the
// configuration or the working directory name, in this order, limited to
// --limit. why says which was chosen.
func (c *console) inventory(f netFlags) (inv *devices.Inventory, why string, err error) {
	cfg, err := c.loadConfig()
	if err != nil {
		return nil, "", err
	}
	ps, err := policies.OpenPlatforms(policies.Files)
	if err != nil {
		return nil, "", err
	}
	if f.address != "" {
		if inv, err = c.adHoc(f, ps); err == nil {
			inv.Part = true
		}
		return inv, "--address", err
	}
	path, why, err := c.inventoryPath(f, cfg)
	if err != nil {
		return nil, "", err
	}
	inv, err = c.readInventory(path, ps)
	if err != nil {
		return nil, "", err
	}
	inv, err = limited(inv, f.limit)
	return inv, fmt.Sprintf("inventory %s (%s)", path, why), err
}

// inventoryPath finds the inventory file, and says why it is this one.
func (c *console) inventoryPath(f netFlags, cfg Config) (path, why string, err error) {
	switch {
	case f.inventory != "":
		return f.inventory, "--inventory", nil
	case c.getenv("NETSONDE_INVENTORY") != "":
		return c.getenv("NETSONDE_INVENTORY"), "$NETSONDE_INVENTORY", nil
	case cfg.Inventory != "":
		return cfg.Inventory, "configuration " + cfg.origin, nil
	}
	if _, err := os.Stat("inventory.yaml"); err == nil {
		return "inventory.yaml", "it is in this directory", nil
	}
	labs, err := filepath.Glob("*.clab.y*ml")
	switch {
	case err != nil:
		return "", "", err
	case len(labs) == 1:
		return labs[0], "the only lab in this directory", nil
	case len(labs) > 1:
		return "", "", hint(usagef("several labs are here: %s", strings.Join(labs, ", ")), "choose one with --inventory")
	}
	return "", "", hint(usagef("no inventory"),
		"--inventory FILE, or $NETSONDE_INVENTORY, or inventory.yaml here, names the devices",
		"--address HOST --platform frr asks one device without an inventory",
		"netsonde demo needs no device at all")
}

// readInventory reads a file of netsonde's own format or a containerlab
// topology; its warnings go to stderr.
func (c *console) readInventory(path string, ps map[string]*policies.Platform) (*devices.Inventory, error) {
	raw, err := readInventoryFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, hint(usagef("inventory %s does not exist", path), "sondelab inventory prints the path of a lab's")
	}
	if err != nil {
		return nil, &usageError{err}
	}
	inv, warnings, err := inventory.Read(raw, c.loading(path, ps))
	for _, w := range warnings {
		fmt.Fprintln(c.err, "netsonde: warning: "+clean(w))
	}
	if err != nil {
		return nil, &usageError{err}
	}
	return inv, nil
}

// maxInventory is the bytes that an inventory may hold: a line for each of
// 50,000 devices, and an end to /dev/zero.
const maxInventory = 4 << 20

// readInventoryFile reads a file that is text and of a length to parse.
func readInventoryFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, maxInventory+1))
	switch {
	case err != nil:
		return nil, err
	case bytes.IndexByte(raw, 0) >= 0 || !utf8.Valid(raw):
		return nil, fmt.Errorf("inventory %s is not text: want a YAML file with version and devices", path)
	case len(raw) > maxInventory:
		return nil, fmt.Errorf("inventory %s is larger than %d MiB: split it, one file a site", path, maxInventory>>20)
	}
	return raw, nil
}

func (c *console) loading(path string, ps map[string]*policies.Platform) devices.Loading {
	l := devices.Loading{File: path, Home: c.getenv("HOME"), User: c.getenv("USER"), Platforms: ps,
		Env: func(name string) (string, bool) { v := c.getenv(name); return v, v != "" }}
	if u, err := user.Current(); err == nil && l.User == "" {
		l.User = u.Username
	}
	return l
}

// limited keeps the devices that limit selects. Links between others go too.
func limited(inv *devices.Inventory, limit string) (*devices.Inventory, error) {
	if limit == "" {
		return inv, nil
	}
	ds, err := inv.Select(limit)
	if err != nil {
		return nil, &usageError{err}
	}
	out := *inv
	out.Devices, out.Part = ds, true
	out.Links = slices.DeleteFunc(slices.Clone(inv.Links), func(l string) bool {
		a, b, _ := strings.Cut(l, "--")
		return !named(ds, a) || !named(ds, b)
	})
	return &out, nil
}

// named reports whether the device of a place "r1:eth1" is in ds.
func named(ds []devices.Device, place string) bool {
	name, _, _ := strings.Cut(place, ":")
	return slices.ContainsFunc(ds, func(d devices.Device) bool { return d.Name == name })
}
