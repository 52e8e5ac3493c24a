package policies

import (
	"fmt"
	"slices"
	"strings"
)

// permit refuses paths that policy does not allow: the root, origins that
// carry commands or that the platform's file does not list, and subtrees whose
// point is secrets.
func (p *Platform) permit(g gnmiPath) *Refusal {
	if len(g.elements) == 0 || g.elements[0].name == "*" {
		return &Refusal{Near: g.String(), Reason: "the whole tree is too much: name a subtree",
			Nearest: "/interfaces/interface[name=*]/state"}
	}
	if r := p.permitOrigin(g.origin); r != nil {
		return r
	}
	for _, e := range g.elements {
		if e.module != "" && !strings.HasPrefix(e.module, "openconfig-") && !strings.HasPrefix(e.module, "ietf-") && !p.listsOrigin(e.module) {
			return &Refusal{Near: e.module + ":", Reason: fmt.Sprintf("the file of platform %s does not list the model %s", p.Name, e.module)}
		}
	}
	return permitSubtree(g)
}

func (p *Platform) permitOrigin(origin string) *Refusal {
	lower := strings.ToLower(origin)
	switch {
	case slices.ContainsFunc(strings.FieldsFunc(lower, func(r rune) bool { return r == '-' || r == '_' || r == '.' }),
		func(part string) bool { return part == "cli" }):
		return &Refusal{Near: origin + ":", Reason: "an origin that carries commands: ask for the command with the show tool"}
	case lower == "" || origin == "openconfig" || p.listsOrigin(origin):
		return nil
	}
	return &Refusal{Near: origin + ":", Reason: fmt.Sprintf("the file of platform %s does not list the origin %s: use openconfig:", p.Name, origin)}
}

// listsOrigin reports whether the platform's file lists an origin or, ending
// in "*", its beginning.
func (p *Platform) listsOrigin(origin string) bool {
	return slices.ContainsFunc(p.file.GNMI.Origins, func(o string) bool {
		head, open := strings.CutSuffix(o, "*")
		return o == origin || open && strings.HasPrefix(origin, head)
	})
}

// secretElements are the elements of OpenConfig's and the vendors' models
// under which secrets are kept. A part of a name is enough, except where it
// says otherwise.
func secretElements() []string {
	return []string{"password", "passwd", "secret", "passphrase", "private-key", "auth-key", "authentication-key", "keychain", "key-chain", "key-string",
		"hash-key", "md5-key", "preshared", "pre-shared", "psk", "credential", "aaa", "tacacs", "radius", "snmp", "crypto", "pki", "macsec", "ipsec", "token"}
}

func permitSubtree(g gnmiPath) *Refusal {
	for i, e := range g.elements {
		lower := strings.ToLower(e.name)
		for _, s := range secretElements() {
			if strings.Contains(lower, s) {
				return &Refusal{Near: e.name, Reason: "secrets are kept there"}
			}
		}
		if lower == "users" || lower == "user" || lower == "ssh-server" && i+1 < len(g.elements) && g.elements[i+1].name == "config" {
			return &Refusal{Near: e.name, Reason: "secrets are kept there"}
		}
	}
	if last := g.elements[len(g.elements)-1].name; g.elements[0].name == "system" && len(g.elements) <= 2 && (last == "system" || last == "*") {
		return &Refusal{Near: g.String(), Reason: "users and keys are kept in there: name a part", Nearest: "/system/state"}
	}
	return nil
}

// GNMIPort is the TCP port on which the platform serves gNMI unless it is
// configured otherwise; 9339, which IANA assigned, where its file names none.
func (p *Platform) GNMIPort() int {
	if len(p.file.GNMI.Ports) > 0 {
		return p.file.GNMI.Ports[0]
	}
	return 9339
}
