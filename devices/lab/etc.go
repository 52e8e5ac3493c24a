package lab

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
)

// shared are the paths under /etc that a node takes over from the machine:
// what the C library, the shell and the daemons need. Everything else of the
// machine's /etc is absent in a node.
var shared = []string{
	"alternatives", "bash.bashrc", "debian_version", "group", "host.conf", "iproute2", "ld.so.cache", "ld.so.conf",
	"ld.so.conf.d", "localtime", "login.defs", "nsswitch.conf", "os-release", "pam.d", "passwd", "profile", "protocols",
	"security", "services", "shells", "terminfo",
}

// The accounts of a node.
const (
	// User logs in to a shell, may read the routers' state and logs, and
	// cannot become root.
	User = "netops"
	// TerminalUser logs in to vtysh, as to a router of a vendor.
	TerminalUser = "vty"
)

const userID, terminalID = 64001, 64002

// An access is what lets a user in to all nodes of a lab.
type access struct {
	authorizedKey string // public key
	password      string // of User and TerminalUser, over SSH and gNMI
	passwordHash  string // crypt(5)
}

// prepare writes the private directories of a node under nodes/NAME and
// returns the public half of its host key.
func (sp spec) prepare(a access) (hostKey string, err error) {
	for _, d := range []string{"etc/frr", "etc/ssh", "log/frr", "home"} {
		if err := os.MkdirAll(filepath.Join(sp.Dir, d), 0o755); err != nil {
			return "", err
		}
	}
	etc := filepath.Join(sp.Dir, "etc")
	for _, name := range shared {
		if err := copyTree(filepath.Join("/etc", name), filepath.Join(etc, name)); err != nil {
			return "", err
		}
	}
	if err := addAccounts(etc, a); err != nil {
		return "", err
	}
	for name, text := range sp.etcFiles(a) {
		if err := os.WriteFile(filepath.Join(etc, name), []byte(text), 0o644); err != nil {
			return "", err
		}
	}
	for _, d := range []string{"etc/frr", "log/frr"} {
		if err := chownTo(filepath.Join(sp.Dir, d), "frr"); err != nil {
			return "", err
		}
	}
	if err := chownTo(filepath.Join(etc, "frr", "frr.conf"), "frr"); err != nil {
		return "", err
	}
	if err := sp.makeReadable(); err != nil {
		return "", err
	}
	return writeHostKey(filepath.Join(etc, "ssh", "host_ed25519"))
}

// makeReadable gives the routers' log to the group adm, as Debian's rotation
// does, and the password file to the group of PAM's checker, without which
// vtysh cannot validate an account.
func (sp spec) makeReadable() error {
	log := filepath.Join(sp.Dir, "log", "frr", "frr.log")
	if err := os.WriteFile(log, nil, 0o640); err != nil {
		return err
	}
	if err := chownTo(log, "frr"); err != nil {
		return err
	}
	for path, group := range map[string]string{log: "adm", filepath.Join(sp.Dir, "etc", "shadow"): "shadow"} {
		g, err := user.LookupGroup(group)
		if err != nil {
			return err
		}
		gid, err := strconv.Atoi(g.Gid)
		if err != nil {
			return err
		}
		if err := os.Chown(path, -1, gid); err != nil {
			return err
		}
	}
	return nil
}

// etcFiles are the files of a node's /etc that are its own.
func (sp spec) etcFiles(a access) map[string]string {
	return map[string]string{
		"hostname":            sp.Node.Name + "\n",
		"hosts":               "127.0.0.1 localhost\n127.0.1.1 " + sp.Node.Name + "\n::1 localhost\n",
		"resolv.conf":         "search lab.example\nnameserver 10.4.0.53\noptions timeout:1 attempts:1\n",
		"lldpd.conf":          "configure lldp portidsubtype ifname\nconfigure lldp tx-interval 2\n",
		"frr/frr.conf":        sp.Node.Config,
		"frr/vtysh.conf":      "service integrated-vtysh-config\n",
		"frr/daemons":         "",
		"ssh/authorized_keys": a.authorizedKey,
		"ssh/sshd_config":     sshdConfig,
	}
}

// sshdConfig listens on the node's loopback alone: the relay dials from
// inside. PATH is what lets an account without a login shell find lldpcli.
const sshdConfig = `Port 22
ListenAddress 127.0.0.1
HostKey /etc/ssh/host_ed25519
PidFile /run/sshd.pid
UsePAM no
PubkeyAuthentication yes
AuthorizedKeysFile /etc/ssh/authorized_keys
PasswordAuthentication yes
KbdInteractiveAuthentication no
PermitRootLogin no
AllowUsers ` + User + ` ` + TerminalUser + `
AllowTcpForwarding no
X11Forwarding no
PrintMotd no
PrintLastLog no
UseDNS no
MaxStartups 100
MaxSessions 100
SetEnv PATH=/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin VTYSH_PAGER=cat LANG=C
Subsystem sftp internal-sftp
`

// addAccounts adds the lab's two accounts to a node's own passwd, group and
// shadow; no other account of the machine keeps a password there.
func addAccounts(etc string, a access) error {
	passwd := fmt.Sprintf("%s:x:%d:%d:lab operator:/home:/bin/bash\n%s:x:%d:%d:lab terminal:/home:/usr/bin/vtysh\n",
		User, userID, userID, TerminalUser, terminalID, terminalID)
	if err := appendTo(filepath.Join(etc, "passwd"), passwd); err != nil {
		return err
	}
	shadow := fmt.Sprintf("root:*:19000::::::\n%s:%s:19000::::::\n%s:%s:19000::::::\n", User, a.passwordHash, TerminalUser, a.passwordHash)
	if err := os.WriteFile(filepath.Join(etc, "shadow"), []byte(shadow), 0o640); err != nil {
		return err
	}
	groups, err := os.ReadFile(filepath.Join(etc, "group"))
	if err != nil {
		return err
	}
	var out strings.Builder
	for lines := bufio.NewScanner(strings.NewReader(string(groups))); lines.Scan(); {
		line := lines.Text()
		switch name, _, _ := strings.Cut(line, ":"); name {
		case "frrvty":
			line = addMembers(line, User, TerminalUser)
		case "adm":
			line = addMembers(line, User)
		}
		out.WriteString(line + "\n")
	}
	fmt.Fprintf(&out, "%s:x:%d:\n%s:x:%d:\n", User, userID, TerminalUser, terminalID)
	return os.WriteFile(filepath.Join(etc, "group"), []byte(out.String()), 0o644)
}

// addMembers adds members to a line of group(5).
func addMembers(line string, members ...string) string {
	if !strings.HasSuffix(line, ":") {
		line += ","
	}
	return line + strings.Join(members, ",")
}

func appendTo(path, text string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(data, text...), 0o644)
}

// copyTree copies a file, a link (as what it points to) or a directory. What
// is absent on the machine stays absent.
func copyTree(from, to string) error {
	info, err := os.Stat(from)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if !info.IsDir() {
		data, err := os.ReadFile(from)
		if err != nil {
			return err
		}
		return os.WriteFile(to, data, info.Mode().Perm())
	}
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	entries, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if err := copyTree(filepath.Join(from, e.Name()), filepath.Join(to, e.Name())); err != nil {
			return err
		}
	}
	return nil
}
