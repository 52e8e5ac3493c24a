package lab

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/miekg/dns"
)

// A Probe sends traffic from one node to see whether it arrives:
//
//	ping FROM ADDRESS [SOURCE]  an ICMP echo (bigping: of 1500 bytes, not to be fragmented)
//	lossless FROM ADDRESS       forty echoes, none lost
//	bulk FROM ADDRESS           a burst of large echoes, all answered within a second
//	dns FROM NAME               an A query to the resolver that the node is configured with
//	http FROM ADDRESS           a GET on port 80
type Probe struct{ Verb, From, To, Source string }

// ParseProbe reads the text form of a probe.
func ParseProbe(s string) (Probe, error) {
	f := strings.Fields(s)
	if len(f) < 3 || len(f) > 4 {
		return Probe{}, fmt.Errorf("probe %q: want VERB FROM TO [SOURCE]", s)
	}
	p := Probe{Verb: f[0], From: f[1], To: f[2]}
	if len(f) == 4 {
		p.Source = f[3]
	}
	switch p.Verb {
	case "ping", "bigping", "lossless", "bulk", "http":
		if _, err := netip.ParseAddr(p.To); err != nil {
			return Probe{}, fmt.Errorf("probe %q: %w", s, err)
		}
	case "dns":
	default:
		return Probe{}, fmt.Errorf("probe %q: unknown verb %q", s, p.Verb)
	}
	return p, nil
}

// String returns the text form of p.
func (p Probe) String() string {
	return strings.TrimSpace(strings.Join([]string{p.Verb, p.From, p.To, p.Source}, " "))
}

// Probe sends p; the error says how it failed.
func (l *Lab) Probe(ctx context.Context, p Probe) error {
	n, err := l.Node(p.From)
	if err != nil {
		return err
	}
	switch p.Verb {
	case "ping":
		err = n.ping(ctx, p, "-c", "1", "-W", "1")
	case "bigping":
		err = n.ping(ctx, p, "-c", "1", "-W", "1", "-M", "do", "-s", "1472")
	case "lossless":
		err = n.ping(ctx, p, "-c", "40", "-i", "0.01", "-W", "1")
	case "bulk":
		err = n.ping(ctx, p, "-c", "60", "-i", "0.002", "-s", "1400", "-w", "1")
	case "dns":
		err = n.resolve(p.To)
	case "http":
		err = n.get(p.To)
	default:
		err = errors.New("unknown verb")
	}
	if err != nil {
		return fmt.Errorf("%s: %w", p, err)
	}
	return nil
}

// ping runs ping in the node's network namespace. Lost replies are an error
// even where ping itself is content with one of many.
func (r Running) ping(ctx context.Context, p Probe, args ...string) error {
	if p.Source != "" {
		args = append(args, "-I", p.Source)
	}
	args = append([]string{"-t", strconv.Itoa(r.Init.PID), "-n", "--", "ping", "-n", "-q"}, append(args, p.To)...)
	out, err := exec.CommandContext(ctx, "nsenter", args...).CombinedOutput()
	if err == nil && strings.Contains(string(out), " 0% packet loss") {
		return nil
	}
	for line := range strings.Lines(string(out)) {
		if strings.Contains(line, "packet loss") {
			return errors.New(strings.TrimSpace(line))
		}
	}
	return fmt.Errorf("%w: %s", err, strings.TrimSpace(string(out)))
}

// resolve asks the resolver of the node's own resolv.conf for an A record.
func (r Running) resolve(name string) error {
	conf, err := dns.ClientConfigFromFile(fmt.Sprintf("/proc/%d/root/etc/resolv.conf", r.Init.PID))
	if err != nil {
		return err
	}
	if len(conf.Servers) == 0 {
		return errors.New("no resolver configured")
	}
	return inNetwork(r.Init.PID, func() error {
		conn, err := net.DialTimeout("udp", net.JoinHostPort(conf.Servers[0], "53"), time.Second)
		if err != nil {
			return err
		}
		defer conn.Close()
		c := dns.Conn{Conn: conn}
		_ = conn.SetDeadline(time.Now().Add(time.Second))
		q := new(dns.Msg)
		q.SetQuestion(dns.Fqdn(name), dns.TypeA)
		if err := c.WriteMsg(q); err != nil {
			return err
		}
		m, err := c.ReadMsg()
		if err != nil {
			return err
		}
		if len(m.Answer) == 0 {
			return fmt.Errorf("no answer: %s", dns.RcodeToString[m.Rcode])
		}
		return nil
	})
}

// get fetches / from port 80.
func (r Running) get(address string) error {
	return inNetwork(r.Init.PID, func() error {
		conn, err := net.DialTimeout("tcp", net.JoinHostPort(address, "80"), time.Second)
		if err != nil {
			return err
		}
		defer conn.Close()
		_ = conn.SetDeadline(time.Now().Add(time.Second))
		if _, err := io.WriteString(conn, "GET / HTTP/1.0\r\n\r\n"); err != nil {
			return err
		}
		answer, err := io.ReadAll(conn)
		if err != nil {
			return err
		}
		if !strings.Contains(string(answer), " 200 ") {
			return fmt.Errorf("answered %.40q", answer)
		}
		return nil
	})
}

// probes are what must work in a healthy lab: every host reaches every other,
// and network/probes.txt.
func (t *Topology) probes() ([]Probe, error) {
	addresses := t.addresses()
	var all []Probe
	for _, from := range t.Nodes {
		for _, to := range t.Nodes {
			if !from.IsRouter() && !to.IsRouter() && from.Name != to.Name {
				all = append(all, Probe{Verb: "ping", From: from.Name, To: addresses[to.Name]})
			}
		}
	}
	text, err := files.ReadFile("network/probes.txt")
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		p, err := ParseProbe(line)
		if err != nil {
			return nil, fmt.Errorf("network/probes.txt: %w", err)
		}
		all = append(all, p)
	}
	return all, nil
}

// addresses returns each host's first address, from its "ip addr add" lines.
func (t *Topology) addresses() map[string]string {
	found := map[string]string{}
	for _, n := range t.Nodes {
		for _, line := range n.Exec {
			f := strings.Fields(line)
			if len(f) > 3 && strings.HasPrefix(line, "ip addr add ") && found[n.Name] == "" {
				found[n.Name], _, _ = strings.Cut(f[3], "/")
			}
		}
	}
	return found
}
