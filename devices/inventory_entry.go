package devices

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/netsonde/netsonde/policies"
)

// settings are what defaults, groups and devices may all say. A later one
// overlays an earlier one, key by key.
type settings struct {
	Platform string    `yaml:"platform"`
	SSH      sshEntry  `yaml:"ssh"`
	GNMI     gnmiEntry `yaml:"gnmi"`
}

// deviceEntry is one device as the file writes it.
type deviceEntry struct {
	Address  string    `yaml:"address"`
	Groups   []string  `yaml:"groups"`
	Platform string    `yaml:"platform"`
	SSH      sshEntry  `yaml:"ssh"`
	GNMI     gnmiEntry `yaml:"gnmi"`
}

type sshEntry struct {
	Disabled   bool     `yaml:"disabled"`
	Port       int      `yaml:"port"`
	User       string   `yaml:"user"`
	Password   string   `yaml:"password"`
	Key        string   `yaml:"key"`
	Passphrase string   `yaml:"passphrase"`
	Agent      string   `yaml:"agent"`
	Jump       string   `yaml:"jump"`
	KnownHosts []string `yaml:"known_hosts"`
	Legacy     []string `yaml:"legacy_algorithms"`
}

type gnmiEntry struct {
	Port       int    `yaml:"port"`
	User       string `yaml:"user"`
	Password   string `yaml:"password"`
	Token      string `yaml:"token"`
	Insecure   bool   `yaml:"insecure"`
	CA         string `yaml:"ca"`
	Cert       string `yaml:"cert"`
	Key        string `yaml:"key"`
	ServerName string `yaml:"server_name"`
	Origin     string `yaml:"origin"`
	Target     string `yaml:"target"`
}

// device reads one device: defaults, then its groups in their order, then what
// it says itself.
func (r *inventoryReader) device(name string, kv *ast.MappingValueNode, section string) (Device, bool) {
	var own deviceEntry
	if kv.Value.Type() != ast.NullType && !r.decode(kv.Value, &own) {
		return Device{}, false
	}
	var s settings
	if r.defaults != nil {
		r.decode(r.defaults, &s)
	}
	for _, g := range own.Groups {
		n, ok := r.groups[g]
		if !ok && len(r.groups) > 0 {
			r.fault(kv.Value, "%s: group %q is not under groups%s", name, g, suggest(g, sortedKeys(r.groups)))
		}
		if ok && n.Type() != ast.NullType {
			r.decode(n, &s)
		}
	}
	e := deviceEntry{Address: name, Platform: s.Platform, SSH: s.SSH, GNMI: s.GNMI}
	if kv.Value.Type() != ast.NullType {
		r.decode(kv.Value, &e)
	}
	at := entryAt{r: r, name: name, node: kv.Value}
	d := Device{Name: name, Address: e.Address, Groups: own.Groups, SSH: at.ssh(e.SSH), GNMI: at.gnmi(e.GNMI)}
	if section == "devices" {
		d.Platform = at.platform(e.Platform)
	}
	if d.Address == "" || strings.ContainsAny(d.Address, " \t\r\n/@") {
		at.fault("address %q is not a host name or an IP address", d.Address)
	}
	return d, true
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// entryAt is the place of a device in the file, for faults.
type entryAt struct {
	r    *inventoryReader
	name string
	node ast.Node
}

func (at entryAt) fault(format string, args ...any) {
	at.r.fault(at.node, at.name+": "+format, args...)
}

// platform resolves an alias.
func (at entryAt) platform(name string) string {
	if name == "" {
		at.fault("no platform: give one here, in a group or under defaults")
		return ""
	}
	canonical, err := canonicalPlatform(at.r.Platforms, name)
	if err != nil {
		at.fault("%v", err)
	}
	return canonical
}

// canonicalPlatform returns the canonical name of a platform or of one of its
// aliases.
func canonicalPlatform(ps map[string]*policies.Platform, name string) (string, error) {
	if ps == nil || ps[name] != nil {
		return name, nil
	}
	var all []string
	for canonical, p := range ps {
		if slices.ContainsFunc(p.Aliases, func(a string) bool { return strings.EqualFold(a, name) }) {
			return canonical, nil
		}
		all = append(append(all, canonical), p.Aliases...)
	}
	slices.Sort(all)
	return name, fmt.Errorf("unknown platform %q%s (known: %s)", name, suggest(name, all), strings.Join(sortedKeys(ps), ", "))
}

func (at entryAt) ssh(e sshEntry) SSH {
	if e.Port < 0 || e.Port > 65535 {
		at.fault("ssh: %d is not a port", e.Port)
	}
	s := SSH{
		Disabled: e.Disabled, Port: e.Port, User: e.User,
		Password:   at.secret("ssh password", e.Password),
		Key:        at.path(e.Key),
		Passphrase: at.secret("ssh passphrase", e.Passphrase),
		Agent:      at.agent(e.Agent),
		Jump:       e.Jump,
		Legacy:     e.Legacy,
	}
	if s.User == "" {
		s.User = at.r.User
	}
	for _, f := range e.KnownHosts {
		s.KnownHosts = append(s.KnownHosts, at.path(f))
	}
	if len(s.KnownHosts) == 0 && at.r.Home != "" {
		s.KnownHosts = []string{filepath.Join(at.r.Home, ".ssh", "known_hosts")}
	}
	return s
}

func (at entryAt) gnmi(e gnmiEntry) GNMI {
	if e.Port < 0 || e.Port > 65535 {
		at.fault("gnmi: %d is not a port", e.Port)
	}
	if e.Port == 0 {
		if at.lacks("gnmi", "port") {
			at.fault("gnmi: no port: give one (9339 is the registered one, vendors often use another)")
		}
		return GNMI{}
	}
	if e.Insecure && e.Token != "" {
		at.fault("gnmi: a token is never sent without TLS: leave out insecure, or the token")
	}
	if (e.Cert == "") != (e.Key == "") {
		at.fault("gnmi: cert and key go together")
	}
	if strings.EqualFold(e.Origin, "cli") {
		at.fault("gnmi: origin cli would carry commands, and is never used")
	}
	return GNMI{
		Port: e.Port, User: e.User, Insecure: e.Insecure, ServerName: e.ServerName, Origin: e.Origin, Target: e.Target,
		Password: at.secret("gnmi password", e.Password),
		Token:    at.secret("gnmi token", e.Token),
		CA:       at.path(e.CA), Cert: at.path(e.Cert), Key: at.path(e.Key),
	}
}

// lacks reports whether the device itself, not only its defaults, has section
// without key in it.
func (at entryAt) lacks(section, key string) bool {
	if at.node.Type() == ast.NullType {
		return false
	}
	for _, kv := range at.r.pairs(at.node, at.name) {
		if kv.Key.GetToken().Value != section || kv.Value.Type() == ast.NullType {
			continue
		}
		return !slices.ContainsFunc(at.r.pairs(kv.Value, section), func(in *ast.MappingValueNode) bool {
			return in.Key.GetToken().Value == key
		})
	}
	return false
}

// path makes p absolute, from the folder of the inventory.
func (at entryAt) path(p string) string {
	return resolvePath(p, filepath.Dir(at.r.File), at.r.Home)
}

func resolvePath(p, folder, home string) string {
	switch rest, isHome := strings.CutPrefix(p, "~/"); {
	case p == "":
		return ""
	case isHome && home != "":
		return filepath.Join(home, rest)
	case filepath.IsAbs(p):
		return p
	}
	return filepath.Join(folder, p)
}

// secret resolves "env:NAME" and "file:PATH". Anything else is the secret
// itself, which is told to the user.
func (at entryAt) secret(what, ref string) Secret {
	if ref == "" {
		return Secret{}
	}
	if name, ok := strings.CutPrefix(ref, "env:"); ok {
		return NewSecret(at.env(what, name))
	}
	if path, ok := strings.CutPrefix(ref, "file:"); ok {
		if at.r.Env == nil {
			return Secret{}
		}
		text, err := os.ReadFile(at.path(path))
		if err != nil {
			at.fault("%s: %v", what, err)
		}
		return NewSecret(strings.TrimRight(string(text), "\r\n"))
	}
	at.r.warnings = append(at.r.warnings, fmt.Sprintf(
		"%s: %s: the %s stands in the open; write env:NAME or file:PATH instead", at.r.File, at.name, what))
	return NewSecret(ref)
}

func (at entryAt) env(what, name string) string {
	if at.r.Env == nil {
		return ""
	}
	v, ok := at.r.Env(name)
	if !ok || v == "" {
		at.fault("%s: environment variable %s is not set", what, name)
	}
	return v
}

// agent resolves the socket of an SSH agent. One that is not there is told,
// and is no fault: there may be another way to log in.
func (at entryAt) agent(ref string) string {
	name, ok := strings.CutPrefix(ref, "env:")
	if !ok {
		return at.path(ref)
	}
	if at.r.Env == nil {
		return ""
	}
	v, _ := at.r.Env(name)
	if v == "" {
		at.r.warnings = append(at.r.warnings, fmt.Sprintf("%s: %s: no SSH agent: environment variable %s is not set", at.r.File, at.name, name))
	}
	return v
}

// hostPort splits "host" or "host:port", with IPv6 in brackets.
func hostPort(s string) (host, port string) {
	if h, p, err := net.SplitHostPort(s); err == nil {
		return h, p
	}
	return strings.Trim(s, "[]"), ""
}
