package lab

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"sort"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// probingAtOnce bounds how many probes and reads a health check runs together.
const probingAtOnce = 8

// Health checks the lab against what its configurations mean: adjacencies,
// sessions, BFD, reachability, and whether every node is still configured as
// it was built. It returns what is wrong, sorted; none means healthy.
// Reachability is only tried when all else is well.
func (l *Lab) Health(ctx context.Context) ([]string, error) {
	in := l.Topology.intent()
	var all problems
	var g errgroup.Group
	g.SetLimit(probingAtOnce)
	for _, n := range l.Nodes {
		g.Go(func() error { all.add(l.drift(ctx, n)...); return nil })
		if n.Group == "router" {
			g.Go(func() error { all.add(protocols(n, in)...); return nil })
		}
	}
	_ = g.Wait() // every problem is in all
	if len(all.sorted()) > 0 {
		return all.sorted(), ctx.Err()
	}
	probes, err := l.Topology.probes()
	if err != nil {
		return nil, err
	}
	for _, p := range probes {
		g.Go(func() error {
			if err := l.Probe(ctx, p); err != nil {
				all.add(err.Error())
			}
			return nil
		})
	}
	_ = g.Wait()
	return all.sorted(), ctx.Err()
}

// WaitHealthy waits until the lab is healthy, for at most d. The error says
// what is still wrong.
func (l *Lab) WaitHealthy(ctx context.Context, d time.Duration) error {
	end := time.Now().Add(d)
	for {
		wrong, err := l.Health(ctx)
		if err != nil {
			return err
		}
		if len(wrong) == 0 {
			return nil
		}
		if time.Now().After(end) {
			return fmt.Errorf("lab %s is not healthy after %s:\n  %s", l.Name, d, strings.Join(wrong, "\n  "))
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(300 * time.Millisecond):
		}
	}
}

// problems collects what is wrong from many goroutines.
type problems struct {
	mu   sync.Mutex
	list []string
}

func (p *problems) add(s ...string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.list = append(p.list, s...)
}

func (p *problems) sorted() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	sort.Strings(p.list)
	return p.list
}

// protocols checks one router's adjacencies and sessions. A daemon that does
// not answer has none.
func protocols(n Running, in intent) (wrong []string) {
	ospf, _ := n.vty("ospfd", "enable", "show ip ospf neighbor json")
	isis, _ := n.vty("isisd", "enable", "show isis neighbor")
	bgp, _ := n.vty("bgpd", "enable", "show bgp summary json")
	bfd, _ := n.vty("bfdd", "enable", "show bfd peers json")
	wrong = append(wrong, missingOSPF(ospf, n.Name, in.ospf)...)
	wrong = append(wrong, missingISIS(isis, n.Name, in.isis)...)
	wrong = append(wrong, missingBGP(bgp, n.Name, in.bgp)...)
	if up := strings.Count(bfd, `"status":"up"`); up < in.bfd[n.Name] {
		wrong = append(wrong, fmt.Sprintf("%s: %d of %d BFD sessions are up", n.Name, up, in.bfd[n.Name]))
	}
	return wrong
}

func missingOSPF(text, node string, want []Port) (wrong []string) {
	var got struct {
		Neighbors map[string][]struct {
			State     string `json:"nbrState"`
			Interface string `json:"ifaceName"`
		} `json:"neighbors"`
	}
	err := json.Unmarshal([]byte(text), &got)
	full := map[string]bool{}
	for _, ns := range got.Neighbors {
		for _, n := range ns {
			ifname, _, _ := strings.Cut(n.Interface, ":")
			full[ifname] = full[ifname] || strings.HasPrefix(n.State, "Full")
		}
	}
	for _, p := range want {
		if p.Node == node && (err != nil || !full[p.Interface]) {
			wrong = append(wrong, fmt.Sprintf("%s: no full OSPF adjacency", p))
		}
	}
	return wrong
}

var isisUp = regexp.MustCompile(`(?m)^\s*\S+\s+(\S+)\s+\d\s+Up\b`)

func missingISIS(text, node string, want []Port) (wrong []string) {
	up := map[string]bool{}
	for _, m := range isisUp.FindAllStringSubmatch(text, -1) {
		up[m[1]] = true
	}
	for _, p := range want {
		if p.Node == node && !up[p.Interface] {
			wrong = append(wrong, fmt.Sprintf("%s: no IS-IS adjacency", p))
		}
	}
	return wrong
}

func missingBGP(text, node string, want []session) (wrong []string) {
	var got map[string]struct {
		Peers map[string]struct {
			State string `json:"state"`
		} `json:"peers"`
	}
	err := json.Unmarshal([]byte(text), &got)
	for _, s := range want {
		if s.node != node {
			continue
		}
		p, known := got[s.family].Peers[s.peer]
		switch {
		case err != nil || !known:
			wrong = append(wrong, fmt.Sprintf("%s: no BGP session with %s in %s", node, s.peer, s.family))
		case p.State != "Established":
			wrong = append(wrong, fmt.Sprintf("%s: BGP session with %s is %s", node, s.peer, p.State))
		}
	}
	return wrong
}
