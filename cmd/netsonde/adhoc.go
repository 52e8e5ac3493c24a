package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/policies"
)

// adHoc makes the inventory of one device named on the command line, with what
// ~/.ssh/config says of it. A password comes from NETSONDE_PASSWORD.
func (c *console) adHoc(f netFlags, ps map[string]*policies.Platform) (*devices.Inventory, error) {
	if len(f.platforms) != 1 {
		return nil, hint(usagef("--address needs exactly one --platform"), "netsonde policy list prints the platforms")
	}
	target := f.address
	if f.user != "" {
		target = f.user + "@" + target
	}
	a := devices.AdHoc{Target: target, Platform: f.platforms[0], Password: devices.NewSecret(c.getenv("NETSONDE_PASSWORD"))}
	if home := c.getenv("HOME"); home != "" {
		file, err := os.Open(filepath.Join(home, ".ssh", "config"))
		if err == nil {
			defer file.Close()
			a.Config = file
		}
	}
	if f.gnmi != nil {
		if p, ok := ps[canonical(ps, f.platforms[0])]; ok {
			a.GNMI = *f.gnmi
			a.GNMI.Port, a.GNMI.Password = p.GNMIPort(), a.Password
		}
	}
	l := c.loading("", ps)
	inv, err := devices.OneDevice(a, l)
	if err != nil {
		return nil, &usageError{err}
	}
	for i := range inv.Devices {
		if g := &inv.Devices[i].GNMI; g.Port != 0 {
			g.User = inv.Devices[i].SSH.User
			if p := inv.Devices[i].SSH.Port; strings.HasSuffix(target, fmt.Sprintf(":%d", p)) {
				g.Port = p // HOST:PORT of a gNMI command is the port of gNMI
			}
		}
		if s := &inv.Devices[i].SSH; s.Agent == "" {
			s.Agent = c.getenv("SSH_AUTH_SOCK")
		}
	}
	return inv, nil
}
