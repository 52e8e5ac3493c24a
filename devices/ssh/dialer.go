package ssh

import (
	"context"
	"fmt"
	"sync"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/policies"
)

// NewKeys says what happens to a host key that no known_hosts file holds.
type NewKeys int

// The ways with new host keys. The zero value is the strict one.
const (
	RefuseNew NewKeys = iota // an error that shows the key
	AcceptNew                // written to the first known_hosts file, and held from then on
)

// A Dialer opens SSH sessions. Its fields are set once, before the first Dial.
type Dialer struct {
	Platforms   map[string]*policies.Platform
	Jumps       func(name string) (devices.Device, bool) // hosts that Device.SSH.Jump may name; Inventory.FindJump
	NewKeys     NewKeys
	OutputLimit int             // bytes of one answer; 0 means 64 MiB
	Audit       devices.Auditor // told of everything sent; nil: nobody

	writing sync.Mutex // of known_hosts files
	hops    hops
}

const defaultOutputLimit = 64 << 20

// Dial logs in to d. It is a devices.Dialer.
func (r *Dialer) Dial(ctx context.Context, d devices.Device) (devices.Session, error) {
	p := r.Platforms[d.Platform]
	if p == nil {
		return nil, fmt.Errorf("%w: platform %q is not known", devices.ErrUnsupported, d.Platform)
	}
	c, err := r.connect(ctx, d, nil)
	if err != nil {
		return nil, err
	}
	s := &session{device: d, platform: p, second: r.Platforms[p.Also], conn: c, limit: r.OutputLimit, audit: r.Audit}
	if s.limit <= 0 {
		s.limit = defaultOutputLimit
	}
	if !runsInShell(p) {
		if s.terminal, err = s.open(ctx, ""); err != nil {
			_ = c.Close()
			return nil, err
		}
	}
	return s, nil
}
