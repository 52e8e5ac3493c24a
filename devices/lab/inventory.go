package lab

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// The ports that a node's own sshd and gNMI target listen on.
const (
	sshPort  = 22
	gnmiPort = 9339
)

// writeInventory writes netsonde's inventory of the lab. Secrets stand in
// files beside it; the file itself holds none.
func (l *Lab) writeInventory() error {
	var b strings.Builder
	fmt.Fprintf(&b, "# The lab %q. netsonde diagnose --inventory %s \"h1 cannot reach the services behind r4\"\nversion: 1\n", l.Name, l.Inventory())
	fmt.Fprintf(&b, "defaults:\n  ssh: {user: %s, key: %s, known_hosts: [%s]}\n", User, l.path("key"), l.path("known_hosts"))
	fmt.Fprintf(&b, "  gnmi: {user: %s, password: \"file:%s\", ca: %s}\n", User, l.path("password"), l.path("ca.pem"))
	b.WriteString("groups:\n  router: {platform: frr}\n  host: {platform: linux}\ndevices:\n")
	for _, n := range l.Nodes {
		fmt.Fprintf(&b, "  %s: {address: 127.0.0.1, groups: [%s], ssh: {port: %d}, gnmi: {port: %d, server_name: %s}}\n",
			n.Name, n.Group, n.SSH, n.GNMI, n.Name)
	}
	b.WriteString("links:\n")
	for _, link := range l.Topology.Links {
		fmt.Fprintf(&b, "  - %s--%s\n", link.A, link.B)
	}
	return os.WriteFile(l.Inventory(), []byte(b.String()), 0o644)
}

// writeNetwork copies the topology and the routers' starting configurations
// beside the inventory, for people and for other tools.
func (l *Lab) writeNetwork() error {
	if err := os.CopyFS(l.path("network"), networkFiles()); err != nil {
		return err
	}
	return os.Symlink(filepath.Join("network", "lab.clab.yml"), l.path("lab.clab.yml"))
}

func baseName(dir string) string { return filepath.Base(filepath.Clean(dir)) }
