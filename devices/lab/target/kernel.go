package target

import (
	"fmt"
	"net"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"
)

// kernel reads a network namespace by netlink.
type kernel struct {
	ns      netns.NsHandle
	h       *netlink.Handle
	changed chan struct{} // a link changed; holds at most one token
	done    chan struct{}
}

func openKernel(path string) (*kernel, error) {
	ns, err := netns.GetFromPath(path)
	if err != nil {
		return nil, fmt.Errorf("network namespace %s: %w", path, err)
	}
	h, err := netlink.NewHandleAt(ns)
	if err != nil {
		_ = ns.Close()
		return nil, fmt.Errorf("netlink in %s: %w", path, err)
	}
	k := &kernel{ns: ns, h: h, changed: make(chan struct{}, 1), done: make(chan struct{})}
	updates := make(chan netlink.LinkUpdate)
	if err := netlink.LinkSubscribeAt(ns, updates, k.done); err != nil {
		k.h.Close()
		_ = ns.Close()
		return nil, fmt.Errorf("netlink in %s: %w", path, err)
	}
	go func() { // ends when the library closes updates, after close()
		for range updates {
			select {
			case k.changed <- struct{}{}:
			default:
			}
		}
	}()
	return k, nil
}

func (k *kernel) close() {
	close(k.done)
	k.h.Close()
	_ = k.ns.Close()
}

// interfaces fills /interfaces (openconfig-interfaces with if-ip and
// if-ethernet).
func (k *kernel) interfaces(root branch) error {
	links, err := k.h.LinkList()
	if err != nil {
		return fmt.Errorf("links: %w", err)
	}
	for _, l := range links {
		b := root.in("interfaces").in("interface", "name", l.Attrs().Name)
		writeLink(b, l)
		if err := k.addresses(b, l); err != nil {
			return err
		}
		if err := k.neighbors(b, l); err != nil {
			return err
		}
	}
	return nil
}

func writeLink(b branch, l netlink.Link) {
	a := l.Attrs()
	st := b.in("state")
	st.set("name", a.Name)
	st.set("ifindex", a.Index)
	st.set("mtu", a.MTU)
	st.setText("description", a.Alias)
	st.set("admin-status", map[bool]string{true: "UP", false: "DOWN"}[a.Flags&net.FlagUp != 0])
	st.set("oper-status", operStatus(a))
	if a.Flags&net.FlagLoopback != 0 {
		st.set("type", "iana-if-type:softwareLoopback")
	} else {
		st.set("type", "iana-if-type:ethernetCsmacd")
	}
	if len(a.HardwareAddr) == 6 && a.Flags&net.FlagLoopback == 0 {
		b.in("ethernet").in("state").set("mac-address", a.HardwareAddr.String())
	}
	s := a.Statistics
	if s == nil {
		return
	}
	c := st.in("counters")
	for name, v := range map[string]uint64{
		"in-octets": s.RxBytes, "out-octets": s.TxBytes,
		"in-pkts": s.RxPackets, "out-pkts": s.TxPackets,
		"in-errors": s.RxErrors, "out-errors": s.TxErrors,
		"in-discards": s.RxDropped, "out-discards": s.TxDropped,
		"in-multicast-pkts": s.Multicast, "in-fcs-errors": s.RxCrcErrors,
	} {
		c.set(name, v)
	}
}

// operStatus maps RFC 2863 states of the kernel to OpenConfig's. A loopback's
// state is "unknown" in the kernel though it works while it is up.
func operStatus(a *netlink.LinkAttrs) string {
	switch a.OperState {
	case netlink.OperUp:
		return "UP"
	case netlink.OperLowerLayerDown:
		return "LOWER_LAYER_DOWN"
	case netlink.OperDormant:
		return "DORMANT"
	case netlink.OperNotPresent:
		return "NOT_PRESENT"
	case netlink.OperUnknown:
		if a.Flags&net.FlagUp != 0 && a.Flags&net.FlagRunning != 0 {
			return "UP"
		}
	}
	return "DOWN"
}

// version returns the branch of IPv4 or IPv6 on the interface's subinterface
// 0, which stands for the interface itself.
func version(b branch, ip net.IP) branch {
	sub := b.in("subinterfaces").in("subinterface", "index", "0")
	if ip.To4() != nil {
		return sub.in("ipv4")
	}
	return sub.in("ipv6")
}

func (k *kernel) addresses(b branch, l netlink.Link) error {
	addrs, err := k.h.AddrList(l, netlink.FAMILY_ALL)
	if err != nil {
		return fmt.Errorf("addresses of %s: %w", l.Attrs().Name, err)
	}
	if len(addrs) > 0 {
		b.in("subinterfaces").in("subinterface", "index", "0").in("state").set("index", 0)
	}
	for _, a := range addrs {
		ip := a.IP.String()
		st := version(b, a.IP).in("addresses").in("address", "ip", ip).in("state")
		bits, _ := a.Mask.Size()
		st.set("ip", ip)
		st.set("prefix-length", bits)
		if a.IP.To4() == nil {
			st.set("type", map[bool]string{true: "LINK_LOCAL_UNICAST", false: "GLOBAL_UNICAST"}[a.IP.IsLinkLocalUnicast()])
		}
	}
	return nil
}

func (k *kernel) neighbors(b branch, l netlink.Link) error {
	if l.Attrs().Flags&net.FlagLoopback != 0 {
		return nil
	}
	for _, family := range []int{netlink.FAMILY_V4, netlink.FAMILY_V6} {
		list, err := k.h.NeighList(l.Attrs().Index, family)
		if err != nil {
			return fmt.Errorf("neighbours of %s: %w", l.Attrs().Name, err)
		}
		for _, n := range list {
			if n.State&(netlink.NUD_NOARP|netlink.NUD_FAILED|netlink.NUD_INCOMPLETE) != 0 || len(n.HardwareAddr) == 0 {
				continue
			}
			st := version(b, n.IP).in("neighbors").in("neighbor", "ip", n.IP.String()).in("state")
			st.set("ip", n.IP.String())
			st.set("link-layer-address", n.HardwareAddr.String())
			st.set("origin", map[bool]string{true: "STATIC", false: "DYNAMIC"}[n.State&netlink.NUD_PERMANENT != 0])
		}
	}
	return nil
}
