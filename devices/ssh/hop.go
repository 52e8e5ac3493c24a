package ssh

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"golang.org/x/crypto/ssh"

	"github.com/netsonde/netsonde/devices"
)

// hops are the connections to jump hosts, by name. Devices behind the same
// host share one login to it, for as long as any of them needs it. A login
// that a jump host refused is kept, and never tried again.
type hops struct {
	mu     sync.Mutex
	byName map[string]*hop
}

// A hop is one connection to a jump host, or the dial that makes it.
type hop struct {
	ready chan struct{} // closed when conn or err is set
	conn  *connection
	err   error
	users int // guarded by hops.mu
}

// denied reports whether the jump host refused the login.
func (x *hop) denied() bool {
	select {
	case <-x.ready:
		return errors.Is(x.err, devices.ErrDenied)
	default:
		return false
	}
}

// take returns the connection to a jump host, dialing it if nobody has. The
// caller gives it back with drop.
func (h *hops) take(ctx context.Context, host devices.Device, dial func() (*connection, error)) (*hop, error) {
	for {
		h.mu.Lock()
		x := h.byName[host.Name]
		mine := x == nil
		if mine {
			x = &hop{ready: make(chan struct{})}
			if h.byName == nil {
				h.byName = map[string]*hop{}
			}
			h.byName[host.Name] = x
		}
		x.users++
		h.mu.Unlock()
		if mine {
			x.conn, x.err = dial()
			close(x.ready)
		}
		select {
		case <-x.ready:
		case <-ctx.Done():
			h.drop(host.Name, x)
			return nil, ctx.Err()
		}
		if x.err == nil && x.conn.alive() {
			return x, nil
		}
		if !errors.Is(x.err, devices.ErrDenied) {
			h.forget(host.Name, x)
		}
		h.drop(host.Name, x)
		switch { // a dial that ended with another's context, or a connection that has died since, says nothing about ours
		case x.err != nil && (mine || !ofContext(x.err)):
			return nil, x.err
		case mine:
			return nil, fmt.Errorf("%w: it closed the connection after the login", devices.ErrUnreachable)
		case ctx.Err() != nil:
			return nil, ctx.Err()
		}
	}
}

func ofContext(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// forget takes x out of reach of those who come later.
func (h *hops) forget(name string, x *hop) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.byName[name] == x {
		delete(h.byName, name)
	}
}

// drop gives a hop back; the last one closes it.
func (h *hops) drop(name string, x *hop) {
	h.mu.Lock()
	x.users--
	last := x.users == 0
	if last && h.byName[name] == x && !x.denied() {
		delete(h.byName, name)
	}
	h.mu.Unlock()
	if !last {
		return
	}
	go func() { // a dial that nobody waits for any more ends by its own context
		<-x.ready
		if x.conn != nil {
			_ = x.conn.Close()
		}
	}()
}

// connection is an SSH connection to a device, with what it goes through.
type connection struct {
	*ssh.Client
	banner string        // what the device said before the login, if it did
	gone   chan struct{} // closed when the connection has ended
	leave  func()        // gives the jump host back; nil without one
}

// watch starts to notice the end of c.
func (c *connection) watch() *connection {
	c.gone = make(chan struct{})
	go func() {
		_ = c.Wait()
		close(c.gone)
	}()
	return c
}

func (c *connection) alive() bool {
	select {
	case <-c.gone:
		return false
	default:
		return true
	}
}

// Close closes the connection, and gives back the jump host.
func (c *connection) Close() error {
	err := c.Client.Close()
	<-c.gone
	if c.leave != nil {
		c.leave()
		c.leave = nil
	}
	return err
}
