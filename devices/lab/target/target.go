// Package target is the gNMI target of one lab node: it serves the node's real
// state (kernel interfaces, addresses, neighbours and routes; FRR's BGP, OSPF
// and IS-IS; LLDP) as OpenConfig.
//
// It reads by netlink in the node's network namespace, by the vty sockets of
// FRR's daemons (which belong to no network namespace) and by lldpcli inside
// the node, and it changes nothing. State is read when somebody asks: an idle
// target costs nothing. The leaves are kept in the cache of openconfig/gnmi,
// whose match and coalesce packages drive ON_CHANGE; its subscribe.Server is
// not used because it has no SAMPLE, ignores an omitted list key, and writes a
// log file for every subscription.
//
// What is served and what is not: Capabilities, Get, and Subscribe (ONCE,
// POLL, SAMPLE, ON_CHANGE with heartbeat) in JSON_IETF, JSON and PROTO. Set
// answers Unimplemented.
package target

import (
	"context"
	"crypto/subtle"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/openconfig/gnmi/proto/gnmi"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// A Node is a lab node and how its target is reached.
type Node struct {
	Name       string // served as /system/state/hostname
	NetNS      string // path of its network namespace: /run/netns/x or /proc/PID/ns/net
	RunDir     string // FRR's vty sockets as seen from here; "" where FRR does not run
	PID        int    // a process in its namespaces, for lldpcli; 0: no LLDP
	LLDPSocket string // lldpd's control socket inside the node; "" means lldpcli's default

	Listener       net.Listener
	TLS            *tls.Config // nil: plaintext. mTLS by its ClientAuth
	User, Password string      // demanded as gRPC metadata; User "" demands nothing

	// Every is how often state is read while a client is subscribed
	// ON_CHANGE; 0 means 500 ms.
	Every time.Duration
}

const defaultEvery = 500 * time.Millisecond

// Serve answers gNMI clients on n.Listener until ctx ends, and then closes
// it. It returns nil when ctx ended, and an error where the node's namespace
// cannot be opened or the listener fails.
func Serve(ctx context.Context, n Node) error {
	if n.Every == 0 {
		n.Every = defaultEvery
	}
	k, err := openKernel(n.NetNS)
	if err != nil {
		_ = n.Listener.Close()
		return fmt.Errorf("gnmi target of %s: %w", n.Name, err)
	}
	defer k.close()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	st := newStore(n, k)
	polled := make(chan struct{})
	go func() { defer close(polled); st.poll(ctx) }()
	defer func() { cancel(); <-polled }()

	opts := []grpc.ServerOption{
		grpc.ChainUnaryInterceptor(n.authUnary),
		grpc.ChainStreamInterceptor(n.authStream),
	}
	if n.TLS != nil {
		opts = append(opts, grpc.Creds(credentials.NewTLS(n.TLS)))
	}
	srv := grpc.NewServer(opts...)
	gnmi.RegisterGNMIServer(srv, &server{store: st})
	stop := context.AfterFunc(ctx, srv.Stop)
	defer stop()
	if err := srv.Serve(n.Listener); err != nil && !errors.Is(err, grpc.ErrServerStopped) && ctx.Err() == nil {
		return fmt.Errorf("gnmi target of %s: %w", n.Name, err)
	}
	return nil
}

// server answers the three reading RPCs of gNMI over one store.
type server struct {
	gnmi.UnimplementedGNMIServer
	store *store
}

func (n Node) authUnary(ctx context.Context, req any, _ *grpc.UnaryServerInfo, h grpc.UnaryHandler) (any, error) {
	if err := n.authenticate(ctx); err != nil {
		return nil, err
	}
	return h(ctx, req)
}

func (n Node) authStream(srv any, ss grpc.ServerStream, _ *grpc.StreamServerInfo, h grpc.StreamHandler) error {
	if err := n.authenticate(ss.Context()); err != nil {
		return err
	}
	return h(srv, ss)
}

// authenticate compares the user name and password of the call's metadata
// (gNMI authentication specification, "credentials attached to each RPC").
func (n Node) authenticate(ctx context.Context) error {
	if n.User == "" {
		return nil
	}
	md, _ := metadata.FromIncomingContext(ctx)
	if !sameSecret(md.Get("username"), n.User) || !sameSecret(md.Get("password"), n.Password) {
		return status.Error(codes.Unauthenticated, "authentication failed")
	}
	return nil
}

func sameSecret(got []string, want string) bool {
	return len(got) == 1 && subtle.ConstantTimeCompare([]byte(got[0]), []byte(want)) == 1
}
