package standin

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"net"
	"strings"
	"sync"
	"time"

	pb "github.com/openconfig/gnmi/proto/gnmi"
	gnmipath "github.com/openconfig/gnmic/pkg/api/path"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/policies"
)

// A GNMIFault is what goes wrong with a gNMI server.
type GNMIFault int

// The faults of a gNMI server.
const (
	NoGNMIFault   GNMIFault = iota
	SilentGNMI              // Capabilities is answered, and nothing after it
	DroppedStream           // every stream breaks off after its first notification
	NoGet                   // Get is Unimplemented
	NoSubscribe             // Subscribe is Unimplemented
)

// Leaves answers a path with the leaves under it, one a line ("PATH: VALUE"),
// as a gNMI observation is written. An error that wraps devices.ErrUnsupported
// or devices.ErrNotRecorded is NotFound, devices.ErrDenied PermissionDenied.
type Leaves func(path string) (string, error)

// GNMI describes a device that is served over gNMI.
type GNMI struct {
	User, Password string        // demanded as metadata; User "" demands nothing
	TLS            *tls.Config   // nil: plaintext
	Leaves         Leaves        // what is there
	Skew           time.Duration // how far the device's clock is ahead
	Fault          GNMIFault
}

// A GNMIServer serves one device.
type GNMIServer struct {
	pb.UnimplementedGNMIServer
	dev  GNMI
	ln   net.Listener
	srv  *grpc.Server
	stop chan struct{}
	done chan struct{}

	mu    sync.Mutex
	calls []string
}

// RecordedLeaves answers for one device what src, such as a recording, holds of
// the paths that p allows.
func RecordedLeaves(src devices.Source, device string, p *policies.Platform) Leaves {
	return func(path string) (string, error) {
		q, err := p.Get(path)
		if err != nil {
			return "", err
		}
		o, err := src.Fetch(context.Background(), device, q)
		return o.Output, err
	}
}

// Serve starts a server for dev on a free port of 127.0.0.1.
func (dev GNMI) Serve() (*GNMIServer, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &GNMIServer{dev: dev, ln: ln, stop: make(chan struct{}), done: make(chan struct{})}
	opts := []grpc.ServerOption{
		grpc.UnaryInterceptor(func(ctx context.Context, req any, i *grpc.UnaryServerInfo, h grpc.UnaryHandler) (any, error) {
			if err := s.admit(ctx, i.FullMethod); err != nil {
				return nil, err
			}
			return h(ctx, req)
		}),
		grpc.StreamInterceptor(func(srv any, ss grpc.ServerStream, i *grpc.StreamServerInfo, h grpc.StreamHandler) error {
			if err := s.admit(ss.Context(), i.FullMethod); err != nil {
				return err
			}
			return h(srv, ss)
		}),
	}
	if dev.TLS != nil {
		opts = append(opts, grpc.Creds(credentials.NewTLS(dev.TLS)))
	}
	s.srv = grpc.NewServer(opts...)
	pb.RegisterGNMIServer(s.srv, s)
	go func() {
		defer close(s.done)
		_ = s.srv.Serve(ln) // ends with Close
	}()
	return s, nil
}

// Close ends every connection and waits for their goroutines.
func (s *GNMIServer) Close() error {
	close(s.stop)
	s.srv.Stop()
	<-s.done
	return nil
}

// Device returns the inventory entry that reaches s. A server with TLS also
// needs its CA in it.
func (s *GNMIServer) Device(name, platform string) devices.Device {
	addr := s.ln.Addr().(*net.TCPAddr)
	return devices.Device{
		Name: name, Address: addr.IP.String(), Platform: platform, SSH: devices.SSH{Disabled: true},
		GNMI: devices.GNMI{Port: addr.Port, User: s.dev.User, Password: devices.NewSecret(s.dev.Password), Insecure: s.dev.TLS == nil},
	}
}

// Calls returns the gRPC methods that were called, in order, also those that
// were refused.
func (s *GNMIServer) Calls() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.calls...)
}

func (s *GNMIServer) admit(ctx context.Context, method string) error {
	s.mu.Lock()
	s.calls = append(s.calls, method)
	s.mu.Unlock()
	md, _ := metadata.FromIncomingContext(ctx)
	is := func(key, want string) bool { v := md.Get(key); return len(v) == 1 && v[0] == want }
	if s.dev.User != "" && (!is("username", s.dev.User) || !is("password", s.dev.Password)) {
		return status.Error(codes.Unauthenticated, "authentication failed")
	}
	return nil
}

// Capabilities offers OpenConfig in JSON_IETF and PROTO.
func (s *GNMIServer) Capabilities(context.Context, *pb.CapabilityRequest) (*pb.CapabilityResponse, error) {
	return &pb.CapabilityResponse{
		GNMIVersion:        "0.10.0",
		SupportedEncodings: []pb.Encoding{pb.Encoding_JSON_IETF, pb.Encoding_PROTO},
		SupportedModels:    []*pb.ModelData{{Name: "openconfig-interfaces", Organization: "OpenConfig working group"}},
	}, nil
}

// Get answers each path with a notification of its leaves.
func (s *GNMIServer) Get(ctx context.Context, r *pb.GetRequest) (*pb.GetResponse, error) {
	switch s.dev.Fault {
	case NoGet:
		return s.UnimplementedGNMIServer.Get(ctx, r)
	case SilentGNMI:
		return nil, s.hang(ctx)
	}
	out := &pb.GetResponse{}
	for _, p := range r.GetPath() {
		n, err := s.notification(p)
		if err != nil {
			return nil, err
		}
		out.Notification = append(out.Notification, n)
	}
	return out, nil
}

// Subscribe serves ONCE, and STREAM as the same leaves again and again.
func (s *GNMIServer) Subscribe(stream pb.GNMI_SubscribeServer) error {
	switch s.dev.Fault {
	case NoSubscribe:
		return s.UnimplementedGNMIServer.Subscribe(stream)
	case SilentGNMI:
		return s.hang(stream.Context())
	}
	r, err := stream.Recv()
	if err != nil {
		return err
	}
	list := r.GetSubscribe()
	every := time.Duration(0)
	for first := true; ; first = false {
		for _, sub := range list.GetSubscription() {
			n, err := s.notification(sub.GetPath())
			if err != nil {
				return err
			}
			if err := stream.Send(&pb.SubscribeResponse{Response: &pb.SubscribeResponse_Update{Update: n}}); err != nil {
				return err
			}
			if s.dev.Fault == DroppedStream {
				return status.Error(codes.Unavailable, "transport is closing")
			}
			if sub.GetMode() == pb.SubscriptionMode_SAMPLE {
				every = max(time.Duration(sub.GetSampleInterval()), 100*time.Millisecond)
			}
		}
		if first {
			if err := stream.Send(&pb.SubscribeResponse{Response: &pb.SubscribeResponse_SyncResponse{SyncResponse: true}}); err != nil {
				return err
			}
		}
		if list.GetMode() == pb.SubscriptionList_ONCE {
			return nil
		}
		if every == 0 {
			return s.hang(stream.Context())
		}
		select {
		case <-stream.Context().Done():
			return nil
		case <-s.stop:
			return nil
		case <-time.After(every):
		}
	}
}

// hang waits for the client to go, or the server to stop.
func (s *GNMIServer) hang(ctx context.Context) error {
	select {
	case <-ctx.Done():
	case <-s.stop:
	}
	return status.Error(codes.Canceled, "stopped")
}

// notification turns the lines of an answer into updates. A value is served as
// a string, which a client prints as it was written.
func (s *GNMIServer) notification(p *pb.Path) (*pb.Notification, error) {
	path := "/" + gnmipath.GnmiPathToXPath(&pb.Path{Elem: p.GetElem()}, false)
	text, err := s.dev.Leaves(path)
	var refusal *policies.Refusal
	switch {
	case errors.Is(err, devices.ErrNotRecorded), errors.Is(err, devices.ErrUnsupported), errors.As(err, &refusal):
		return nil, status.Error(codes.NotFound, "no such path")
	case errors.Is(err, devices.ErrDenied):
		return nil, status.Error(codes.PermissionDenied, "not authorized")
	case err != nil:
		return nil, status.Error(codes.Internal, err.Error())
	}
	n := &pb.Notification{Timestamp: time.Now().Add(s.dev.Skew).UnixNano()}
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		at, value, ok := strings.Cut(line, ": ")
		if !ok || !strings.HasPrefix(line, "/") {
			continue // a remark of the client that recorded it
		}
		u, err := gnmipath.ParsePath(at)
		if err != nil {
			return nil, status.Error(codes.Internal, err.Error())
		}
		var unquoted string
		if json.Unmarshal([]byte(value), &unquoted) == nil {
			value = unquoted
		}
		n.Update = append(n.Update, &pb.Update{Path: u, Val: &pb.TypedValue{Value: &pb.TypedValue_StringVal{StringVal: value}}})
	}
	return n, nil
}
