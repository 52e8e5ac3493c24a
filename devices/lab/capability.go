package lab

import (
	"fmt"
	"os/exec"
	"sort"
	"strings"
)

// capabilities are what faults may need of the kernel, with the commands that
// find out, run in a namespace of their own that goes with them.
var capabilities = map[string]string{
	"netem":          "ip link add sv0 type veth peer name sv1 && tc qdisc add dev sv0 root netem delay 1ms",
	"vrf":            "ip link add sv0 type vrf table 10",
	"bond":           "ip link add sv0 type bond",
	"vlan":           "ip link add sv0 type veth peer name sv1 && ip link add link sv0 name sv0.5 type vlan id 5",
	"vlan_filtering": "ip link add sv0 type bridge vlan_filtering 1",
	"vxlan":          "ip link add sv0 type vxlan id 5 dstport 4789 local 127.0.0.1",
	"tbf":            "ip link add sv0 type veth peer name sv1 && tc qdisc add dev sv0 root tbf rate 1mbit burst 10k latency 50ms",
	"numgen":         "nft add table inet t && nft 'add chain inet t c' && nft 'add rule inet t c numgen random mod 100 < 30 drop'",
	"nft_arp":        "nft add table arp t && nft 'add chain arp t c { type filter hook input priority 0; }'",
	"gre":            "ip link add sv0 type gre local 127.0.0.1 remote 127.0.0.2",
	"mpls":           "test -d /proc/sys/net/mpls",
}

// Capabilities lists what Capable can find out, sorted.
func Capabilities() []string {
	names := make([]string, 0, len(capabilities))
	for name := range capabilities {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// Capable finds out whether the kernel can do what a fault needs. It tries,
// in a network namespace of its own, and the error says what the kernel said.
func Capable(need string) error {
	script, known := capabilities[need]
	if !known {
		return fmt.Errorf("%q is no known capability", need)
	}
	out, err := exec.Command("unshare", "--net", "/bin/sh", "-ec", script).CombinedOutput()
	if err != nil {
		return fmt.Errorf("this kernel has no %s: %s", need, strings.TrimSpace(string(out)))
	}
	return nil
}
