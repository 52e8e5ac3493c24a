package lab

import (
	"context"
	"fmt"
	"io"
	"net"
	"strconv"
	"sync"
	"time"
)

// A relay lets the machine's loopback reach one TCP port of one node. It
// listens in the machine's namespace and dials, per connection, from inside
// the node's; no packet is routed between the two.
type relay struct {
	listener *net.TCPListener
	node     int // process id of the node's init
	port     int // of the node's loopback
}

// newRelay listens on a free port of 127.0.0.1.
func newRelay(node, port int) (*relay, error) {
	l, err := net.ListenTCP("tcp4", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return nil, err
	}
	return &relay{l, node, port}, nil
}

// number returns the loopback port that the relay listens on.
func (r *relay) number() int { return r.listener.Addr().(*net.TCPAddr).Port }

// serve carries connections until the context ends, and returns when the last
// one has been closed.
func (r *relay) serve(ctx context.Context) {
	var all sync.WaitGroup
	defer all.Wait()
	stop := context.AfterFunc(ctx, func() { r.listener.Close() })
	defer stop()
	for {
		conn, err := r.listener.AcceptTCP()
		if err != nil {
			return // closed: the context has ended
		}
		all.Go(func() { r.carry(ctx, conn) })
	}
}

// carry joins one connection to the node. A node that does not answer resets
// it, as a host without the service would.
func (r *relay) carry(ctx context.Context, near *net.TCPConn) {
	defer near.Close()
	far, err := r.dial()
	if err != nil {
		_ = near.SetLinger(0) // close becomes a reset
		return
	}
	defer far.Close()
	stop := context.AfterFunc(ctx, func() { near.Close(); far.Close() })
	defer stop()
	var up sync.WaitGroup
	up.Go(func() {
		_, _ = io.Copy(far, near) // either side may end it
		_ = far.CloseWrite()
	})
	_, _ = io.Copy(near, far)
	_ = near.CloseWrite()
	// The node has ended the connection; what the user still sends is moot.
	_ = near.SetReadDeadline(time.Now().Add(time.Second))
	up.Wait()
}

func (r *relay) dial() (far *net.TCPConn, err error) {
	err = inNetwork(r.node, func() error {
		d := net.Dialer{Timeout: 3 * time.Second}
		conn, err := d.Dial("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(r.port)))
		if err != nil {
			return err
		}
		tcp, ok := conn.(*net.TCPConn)
		if !ok {
			return fmt.Errorf("unexpected connection %T", conn)
		}
		far = tcp
		return nil
	})
	return far, err
}
