package lab

import (
	"context"
	"fmt"
	"os"
	"strings"
)

// snapshot prints everything of a node that a fault may change and its undo
// must restore. What a kernel chooses by itself (link-local addresses, peer
// indexes, counters) is left out.
const snapshot = `
ip -br addr | sed -E 's/@[^ ]*//; s/fe80:[^ ]*//g; s/ +/ /g; s/ $//' | sort
ip -o link | sed -E 's/^[0-9]+: ([^:@]*).* mtu ([0-9]+).*/\1 mtu \2/' | sort
ip route show proto boot
nft -s list ruleset
tc qdisc show | { grep -v -e noqueue -e pfifo_fast || true; }
cd /proc/sys/net/ipv4; grep -H . ip_forward conf/eth*/rp_filter; cd /
cat /etc/resolv.conf
`

// snapshot takes a node's snapshot: what the script prints, and what each of
// its daemons has for its running configuration.
func (l *Lab) snapshot(ctx context.Context, n Running) (string, error) {
	o, err := n.run(ctx, snapshot)
	if err != nil {
		return "", err
	}
	text := o.stdout
	node, _ := l.Topology.Node(n.Name)
	if !node.IsRouter() {
		return text, nil
	}
	for _, daemon := range append([]string{"zebra", "staticd"}, node.Daemons...) {
		config, err := n.vty(daemon, "enable", "show running-config")
		if err != nil {
			return "", err
		}
		text += config
	}
	return text, nil
}

// keepBaseline keeps each node's snapshot as it was built.
func (l *Lab) keepBaseline() error {
	for _, n := range l.Nodes {
		text, err := l.snapshot(context.Background(), n)
		if err != nil {
			return err
		}
		if err := os.WriteFile(l.path("nodes", n.Name, "baseline"), []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// drift says how a node differs from how it was built.
func (l *Lab) drift(ctx context.Context, n Running) (wrong []string) {
	before, err := os.ReadFile(l.path("nodes", n.Name, "baseline"))
	if err != nil {
		return []string{err.Error()}
	}
	now, err := l.snapshot(ctx, n)
	if err != nil {
		return []string{err.Error()}
	}
	had, has := lineSet(string(before)), lineSet(now)
	for line := range had {
		if !has[line] {
			wrong = append(wrong, fmt.Sprintf("%s: as built, but gone: %s", n.Name, line))
		}
	}
	for line := range has {
		if !had[line] {
			wrong = append(wrong, fmt.Sprintf("%s: not as built: %s", n.Name, line))
		}
	}
	return wrong
}

// lineSet holds the lines of a text with their order and repetition lost.
func lineSet(text string) map[string]bool {
	set := map[string]bool{}
	for line := range strings.Lines(text) {
		set[strings.TrimSpace(line)] = true
	}
	return set
}
