package target

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/openconfig/gnmi/cache"
	"github.com/openconfig/gnmi/ctree"
	"github.com/openconfig/gnmi/match"
	"github.com/openconfig/gnmi/path"
	"github.com/openconfig/gnmi/proto/gnmi"
	"google.golang.org/protobuf/proto"
)

// fresh is how old an answer may be: equal questions at one moment are read
// from the node once.
const fresh = 100 * time.Millisecond

// An area is a part of the tree that one collector fills.
type area struct {
	root    string // its top-level container
	collect func(ctx context.Context, root branch) error
	at      time.Time       // when it was last collected
	leaves  map[string]leaf // what was there, by index
	asked   int             // clients that follow it ON_CHANGE
}

// store holds the node's tree and tells followers what changed in it. It is
// safe for concurrent use.
type store struct {
	name  string
	every time.Duration
	kick  <-chan struct{}

	cache *cache.Cache
	match *match.Match

	mu    sync.Mutex // over areas; held while collecting, so that one read serves all who wait
	areas []*area
}

func newStore(n Node, k *kernel) *store {
	s := &store{name: n.Name, every: n.Every, kick: k.changed, cache: cache.New([]string{n.Name}), match: match.New()}
	s.cache.SetClient(func(l *ctree.Leaf) {
		n, ok := l.Value().(*gnmi.Notification)
		if !ok {
			return
		}
		for _, u := range n.GetUpdate() {
			s.match.Update(l, path.ToStrings(u.GetPath(), false))
		}
		for _, d := range n.GetDelete() {
			s.match.Update(l, path.ToStrings(d, false))
		}
	})
	f := frr{dir: n.RunDir}
	s.areas = []*area{
		{root: "system", collect: func(ctx context.Context, b branch) error { return collectSystem(ctx, n, b) }},
		{root: "interfaces", collect: func(_ context.Context, b branch) error { return k.interfaces(b) }},
		{root: "lldp", collect: func(ctx context.Context, b branch) error { return collectLLDP(ctx, n, b) }},
		{root: "network-instances", collect: func(ctx context.Context, b branch) error {
			f.bgp(ctx, b)
			f.ospf(ctx, b)
			f.isis(ctx, b)
			return k.afts(b)
		}},
	}
	return s
}

// poll keeps the areas that somebody follows up to date until ctx ends: at
// the interval, and at once when the kernel reports a link change.
func (s *store) poll(ctx context.Context) {
	t := time.NewTicker(s.every)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		case <-s.kick:
		}
		for _, root := range s.followed() {
			// What cannot be read now is read at the next tick, and a
			// client that asks gets the error itself.
			_, _ = s.refresh(ctx, root)
		}
	}
}

func (s *store) followed() (roots []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.areas {
		if a.asked > 0 {
			roots = append(roots, a.root)
		}
	}
	return roots
}

// follow makes poll keep the area of root ("" for all) up to date until the
// returned function is called.
func (s *store) follow(root string) (leave func()) {
	add := func(n int) {
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, a := range s.areas {
			if root == "" || a.root == root {
				a.asked += n
			}
		}
	}
	add(1)
	return func() { add(-1) }
}

// refresh reads the area of root ("" for all) from the node unless that has
// just been done, and returns the time of the oldest read.
func (s *store) refresh(ctx context.Context, root string) (time.Time, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var oldest time.Time
	for _, a := range s.areas {
		if root != "" && a.root != root {
			continue
		}
		if time.Since(a.at) > fresh {
			if err := s.collect(ctx, a); err != nil {
				return time.Time{}, err
			}
		}
		if oldest.IsZero() || a.at.Before(oldest) {
			oldest = a.at
		}
	}
	return oldest, nil
}

// collect reads one area and puts what changed into the cache.
func (s *store) collect(ctx context.Context, a *area) error {
	root, out := grow()
	if err := a.collect(ctx, root); err != nil {
		return err
	}
	now := time.Now()
	leaves := make(map[string]leaf, len(*out))
	n := &gnmi.Notification{Timestamp: now.UnixNano(), Prefix: &gnmi.Path{Target: s.name}}
	for _, l := range *out {
		key := strings.Join(indexOf(l.path.GetElem()), "\x00")
		if _, twice := leaves[key]; twice {
			continue // the names of an instance, written by each of its parts
		}
		leaves[key] = l
		if old, ok := a.leaves[key]; !ok || !proto.Equal(old.value, l.value) {
			n.Update = append(n.Update, &gnmi.Update{Path: l.path, Val: l.value})
		}
	}
	for key, l := range a.leaves {
		if _, ok := leaves[key]; !ok {
			n.Delete = append(n.Delete, l.path)
		}
	}
	a.at, a.leaves = now, leaves
	if len(n.GetUpdate())+len(n.GetDelete()) == 0 {
		return nil
	}
	return s.cache.GnmiUpdate(n)
}

// leaves returns what the cache holds under q, in the order of the paths.
func (s *store) leaves(q query) []leaf {
	var out []leaf
	_ = s.cache.Query(s.name, q.index, func(_ []string, _ *ctree.Leaf, v any) error {
		if n, ok := v.(*gnmi.Notification); ok {
			for _, u := range n.GetUpdate() {
				out = append(out, leaf{path: u.GetPath(), value: u.GetVal()})
			}
		}
		return nil
	})
	slices.SortFunc(out, func(a, b leaf) int {
		return slices.Compare(indexOf(a.path.GetElem()), indexOf(b.path.GetElem()))
	})
	return out
}
