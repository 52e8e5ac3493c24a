package devices

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/netsonde/netsonde/policies"
)

// A Wire says how the live network is reached.
type Wire struct {
	Platforms map[string]*policies.Platform
	SSH       Dialer // answers Show; nil: no device answers it
	GNMI      Dialer // answers Get and Watch; nil: no device answers them

	DialTimeout time.Duration // of a whole login; 0 means 20 s
	ReadTimeout time.Duration // of one read, beside the window of a Watch; 0 means 60 s
	Idle        time.Duration // after which an unused session is closed; 0 means 2 min
	Redial      time.Duration // for which a device that could not be reached is not dialed again; 0 means 15 s
}

// A Network is the live network as a Source. It holds one session a device and
// transport, dialed at the first read, reused, used by one read at a time, and
// closed by Close. A refused login is never tried again by the same Network:
// repeating it locks accounts.
type Network struct {
	inv  *Inventory
	wire Wire

	ending context.Context // done when Close is called
	end    context.CancelFunc

	mu    sync.Mutex
	lines map[lineKey]*line
}

type lineKey struct{ device, transport string }

// Live returns the live network of inv.
func Live(inv *Inventory, w Wire) *Network {
	w.DialTimeout = orDefault(w.DialTimeout, 20*time.Second)
	w.ReadTimeout = orDefault(w.ReadTimeout, time.Minute)
	w.Idle = orDefault(w.Idle, 2*time.Minute)
	w.Redial = orDefault(w.Redial, 15*time.Second)
	ctx, cancel := context.WithCancel(context.Background())
	return &Network{inv: inv, wire: w, ending: ctx, end: cancel, lines: map[lineKey]*line{}}
}

var _ Source = (*Network)(nil)

func orDefault(d, otherwise time.Duration) time.Duration {
	if d <= 0 {
		return otherwise
	}
	return d
}

// Fetch answers q from the device, over the session it has or a new one.
func (n *Network) Fetch(ctx context.Context, device string, q policies.Query) (Observation, error) {
	d, err := n.inv.Found(device)
	if err != nil {
		return Observation{}, err
	}
	if err := Admit(d, n.wire.Platforms, q); err != nil {
		return Observation{}, named(device, q, err)
	}
	if q.Mode() == policies.Repeated {
		return n.repeat(ctx, device, q)
	}
	l, err := n.line(d, q.Kind())
	if err != nil {
		return Observation{}, named(device, q, err)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stop := context.AfterFunc(n.ending, cancel)
	defer stop()

	o, err := l.read(ctx, q)
	if n.ending.Err() != nil && err != nil {
		err = fmt.Errorf("the network was closed: %w", err)
	}
	return o, named(device, q, err)
}

// named puts device and query before err; nil stays nil.
func named(device string, q policies.Query, err error) error {
	if err == nil {
		return nil
	}
	if q.IsZero() {
		return fmt.Errorf("%s: %w", device, err)
	}
	return fmt.Errorf("%s: %s: %w", device, q, err)
}

// line returns the one line to d over the transport that answers kind.
func (n *Network) line(d Device, kind policies.Kind) (*line, error) {
	transport, dial := "ssh", n.wire.SSH
	off := d.SSH.Disabled
	if kind != policies.Show {
		transport, dial = "gnmi", n.wire.GNMI
		off = d.GNMI.Port == 0
	}
	if dial == nil || off {
		return nil, fmt.Errorf("%w: the inventory gives it no %s", ErrUnsupported, transport)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.ending.Err() != nil {
		return nil, errClosed
	}
	key := lineKey{d.Name, transport}
	l := n.lines[key]
	if l == nil {
		l = &line{device: d, dial: dial, wire: &n.wire, turn: make(chan struct{}, 1)}
		n.lines[key] = l
	}
	return l, nil
}

var errClosed = errors.New("the network is closed")

// Close ends every read under way and closes every session. Reads after it
// fail.
func (n *Network) Close() error {
	n.end()
	n.mu.Lock()
	defer n.mu.Unlock()
	var errs []error
	for key, l := range n.lines {
		l.turn <- struct{}{}
		if err := l.drop(); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", key.device, err))
		}
		<-l.turn
	}
	return errors.Join(errs...)
}
