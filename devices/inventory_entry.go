package devices

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/netsonde/netsonde/policies"
)

// settings are what defaults, groups and devices may all say. A later one
// overlays an earlier one, key by key.
type settings struct {
	Address  string    `yaml:"address"`
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
			r.fault(kv.Value, "%s: group %q is not under groups%s", name, g, policies.Nearest(g, sortedKeys(r.groups)))
		}
		if ok && n.Type() != ast.NullType {
			r.decode(n, &s)
		}
	}
	e := deviceEntry{Address: s.Address, Platform: s.Platform, SSH: s.SSH, GNMI: s.GNMI}
	if e.Address == "" {
		e.Address = name
	}
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
	canonical, err := at.r.Canonical(name)
	if err != nil {
		at.fault("%v", err)
	}
	return canonical
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
	if len(s.KnownHosts) == 0 {
		s.KnownHosts = at.r.KnownHosts()
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
func (at entryAt) path(p string) string { return at.r.Path(p) }

// secret resolves a reference; a secret in the open is told to the user.
func (at entryAt) secret(what, ref string) Secret {
	s, open, err := at.r.Secret(ref)
	if err != nil {
		at.fault("%s: %v", what, err)
	}
	if open {
		at.r.warnings = append(at.r.warnings, fmt.Sprintf(
			"%s: %s: the %s stands in the open; write env:NAME or file:PATH instead", at.r.File, at.name, what))
	}
	return s
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
