package devices

import (
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/kevinburke/ssh_config"
)

// An AdHoc names one device that stands in no inventory file.
type AdHoc struct {
	Target   string    // HOST, USER@HOST or USER@HOST:PORT; HOST may be an alias of the SSH configuration
	Platform string    // name or alias; required
	Config   io.Reader // the user's ssh_config(5); nil for none
	Password Secret
	GNMI     GNMI // Port 0: none
}

// OneDevice returns an inventory of one device, named as the target's host,
// with what the SSH configuration says of it: HostName, Port, User,
// IdentityFile, IdentityAgent, UserKnownHostsFile and ProxyJump. l gives what
// neither knows; its File is not read.
func OneDevice(a AdHoc, l Loading) (*Inventory, error) {
	if a.Platform == "" {
		return nil, fmt.Errorf("%s: say which platform it is: --platform, one of %s", a.Target, strings.Join(sortedKeys(l.Platforms), ", "))
	}
	platform, err := l.Canonical(a.Platform)
	if err != nil {
		return nil, err
	}
	cfg := &ssh_config.Config{}
	if a.Config != nil {
		if cfg, err = ssh_config.Decode(a.Config); err != nil {
			return nil, fmt.Errorf("ssh configuration: %w", err)
		}
	}
	c := sshConfig{cfg, l}
	d, err := c.device(a.Target)
	if err != nil {
		return nil, err
	}
	d.Platform, d.SSH.Password, d.GNMI = platform, a.Password, a.GNMI
	inv := &Inventory{}
	if err := c.jumps(inv, &d, 0); err != nil {
		return nil, err
	}
	inv.Devices = []Device{d}
	return inv, nil
}

// sshConfig reads the options that matter here out of an ssh_config file.
type sshConfig struct {
	cfg *ssh_config.Config
	Loading
}

// device turns a target into a device without a platform.
func (c sshConfig) device(target string) (Device, error) {
	user, rest, ok := cutLast(target, "@")
	if !ok {
		user, rest = "", target
	}
	alias, port := hostPort(rest)
	if alias == "" || strings.HasPrefix(alias, "-") || strings.ContainsAny(alias, " \t\r\n/") {
		return Device{}, fmt.Errorf("%q is not a host: want HOST, USER@HOST or USER@HOST:PORT", target)
	}
	d := Device{Name: alias, Address: alias, SSH: SSH{User: user}}
	if net.ParseIP(alias) != nil {
		d.Name = strings.ReplaceAll(alias, ":", "-") // a location is NAME:INTERFACE
	}
	if h, _ := c.cfg.Get(alias, "HostName"); h != "" {
		d.Address = strings.ReplaceAll(h, "%h", alias)
	}
	if port == "" {
		port, _ = c.cfg.Get(alias, "Port")
	}
	if port != "" {
		n, err := strconv.Atoi(port)
		if err != nil || n < 1 || n > 65535 {
			return Device{}, fmt.Errorf("%s: %q is not a port", target, port)
		}
		d.SSH.Port = n
	}
	if d.SSH.User == "" {
		d.SSH.User, _ = c.cfg.Get(alias, "User")
	}
	if d.SSH.User == "" {
		d.SSH.User = c.User
	}
	c.files(&d, alias)
	return d, nil
}

// files fills in the options that name files.
func (c sshConfig) files(d *Device, alias string) {
	path := func(key string) string {
		v, _ := c.cfg.Get(alias, key)
		v = strings.NewReplacer("%d", c.Home, "%h", d.Address, "%r", d.SSH.User, "%%", "%").Replace(strings.Trim(v, `"`))
		return v
	}
	if f := path("IdentityFile"); f != "" && f != "none" {
		d.SSH.Key = resolvePath(f, c.Home, c.Home)
	} else if f == "" {
		d.SSH.Key = c.ownKey()
	}
	switch f := path("IdentityAgent"); {
	case f == "none":
	case f == "" || f == "SSH_AUTH_SOCK":
		if c.Env != nil {
			d.SSH.Agent, _ = c.Env("SSH_AUTH_SOCK")
		}
	default:
		d.SSH.Agent = resolvePath(f, c.Home, c.Home)
	}
	for _, f := range strings.Fields(path("UserKnownHostsFile")) {
		d.SSH.KnownHosts = append(d.SSH.KnownHosts, resolvePath(f, c.Home, c.Home))
	}
	if len(d.SSH.KnownHosts) == 0 {
		d.SSH.KnownHosts = c.KnownHosts()
	}
	if j, _ := c.cfg.Get(alias, "ProxyJump"); j != "none" {
		d.SSH.Jump = j
	}
}

// ownKey returns the user's own key, of those that ssh tries without being
// told; "" for none.
func (c sshConfig) ownKey() string {
	if c.Home == "" {
		return ""
	}
	for _, name := range []string{"id_ed25519", "id_ecdsa", "id_rsa"} {
		file := filepath.Join(c.Home, ".ssh", name)
		if _, err := os.Stat(file); err == nil {
			return file
		}
	}
	return ""
}

const maxJumps = 8 // of one device; a longer chain is a circle

// jumps turns d's ProxyJump chain ("a,b": a first, then b) into hosts of inv
// that are gone through.
func (c sshConfig) jumps(inv *Inventory, d *Device, depth int) error {
	if d.SSH.Jump == "" {
		return nil
	}
	if depth > maxJumps {
		return fmt.Errorf("%s: its jump hosts lead in a circle", d.Name)
	}
	first, last, chained := cutLast(d.SSH.Jump, ",")
	if !chained {
		last = d.SSH.Jump
	}
	hop, err := c.device(strings.TrimSpace(last))
	if err != nil {
		return fmt.Errorf("%s: jump host: %w", d.Name, err)
	}
	if chained {
		hop.SSH.Jump = first
	}
	d.SSH.Jump = hop.Name
	if err := c.jumps(inv, &hop, depth+1); err != nil {
		return err
	}
	if _, ok := inv.FindJump(hop.Name); !ok {
		inv.Jumps = append(inv.Jumps, hop)
	}
	return nil
}

// cutLast cuts s around the last sep.
func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return "", s, false
	}
	return s[:i], s[i+len(sep):], true
}

// hostPort splits "host" or "host:port", with IPv6 in brackets.
func hostPort(s string) (host, port string) {
	if h, p, err := net.SplitHostPort(s); err == nil {
		return h, p
	}
	return strings.Trim(s, "[]"), ""
}
