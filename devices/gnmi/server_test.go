package gnmi

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	pb "github.com/openconfig/gnmi/proto/gnmi"
	gnmipath "github.com/openconfig/gnmic/pkg/api/path"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/netsonde/netsonde/devices"
)

// fake is a gNMI server on loopback whose answers a test writes. A nil
// function answers Unimplemented, as a device without the call does.
type fake struct {
	pb.UnimplementedGNMIServer
	capabilities func() (*pb.CapabilityResponse, error)
	get          func(*pb.GetRequest) (*pb.GetResponse, error)
	subscribe    func(*pb.SubscribeRequest, pb.GNMI_SubscribeServer) error

	mu      sync.Mutex
	methods []string
	users   []string
}

func (f *fake) Capabilities(context.Context, *pb.CapabilityRequest) (*pb.CapabilityResponse, error) {
	if f.capabilities == nil {
		return &pb.CapabilityResponse{GNMIVersion: "0.10.0", SupportedEncodings: []pb.Encoding{pb.Encoding_JSON_IETF, pb.Encoding_JSON}}, nil
	}
	return f.capabilities()
}

func (f *fake) Get(ctx context.Context, r *pb.GetRequest) (*pb.GetResponse, error) {
	if f.get == nil {
		return f.UnimplementedGNMIServer.Get(ctx, r)
	}
	return f.get(r)
}

func (f *fake) Subscribe(s pb.GNMI_SubscribeServer) error {
	if f.subscribe == nil {
		return f.UnimplementedGNMIServer.Subscribe(s)
	}
	r, err := s.Recv()
	if err != nil {
		return err
	}
	return f.subscribe(r, s)
}

// Set must never be reached.
func (f *fake) Set(context.Context, *pb.SetRequest) (*pb.SetResponse, error) {
	return &pb.SetResponse{}, nil
}

func (f *fake) saw(ctx context.Context, method string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.methods = append(f.methods, method)
	md, _ := metadata.FromIncomingContext(ctx)
	f.users = append(f.users, md.Get("username")...)
}

func (f *fake) seen() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string(nil), f.methods...)
}

// serve starts f and returns the device that reaches it: in plaintext where
// config is nil.
func (f *fake) serve(t *testing.T, config *tls.Config) devices.Device {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	opts := []grpc.ServerOption{
		grpc.MaxSendMsgSize(1 << 30),
		grpc.UnaryInterceptor(func(ctx context.Context, req any, i *grpc.UnaryServerInfo, h grpc.UnaryHandler) (any, error) {
			f.saw(ctx, i.FullMethod)
			return h(ctx, req)
		}),
		grpc.StreamInterceptor(func(srv any, ss grpc.ServerStream, i *grpc.StreamServerInfo, h grpc.StreamHandler) error {
			f.saw(ss.Context(), i.FullMethod)
			return h(srv, ss)
		}),
	}
	if config != nil {
		opts = append(opts, grpc.Creds(credentials.NewTLS(config)))
	}
	srv := grpc.NewServer(opts...)
	pb.RegisterGNMIServer(srv, f)
	done := make(chan struct{})
	go func() { defer close(done); _ = srv.Serve(l) }()
	t.Cleanup(func() { srv.Stop(); <-done })
	d := deviceAt(l)
	d.GNMI.Insecure = config == nil
	return d
}

func deviceAt(l net.Listener) devices.Device {
	return devices.Device{Name: "r1", Address: "127.0.0.1", Platform: "frr", GNMI: devices.GNMI{Port: l.Addr().(*net.TCPAddr).Port}}
}

// open dials d with small limits of time.
func open(t *testing.T, d devices.Device, r Dialer) *session {
	t.Helper()
	if r.Retry == 0 {
		r.Retry = 20 * time.Millisecond
	}
	s, err := r.open(context.Background(), d)
	if err != nil {
		t.Fatalf("dial: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

func pathOf(t *testing.T, s string) *pb.Path {
	t.Helper()
	p, err := gnmipath.ParsePath(s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func jsonUpdate(t *testing.T, path, value string) *pb.Update {
	return &pb.Update{Path: pathOf(t, path), Val: &pb.TypedValue{Value: &pb.TypedValue_JsonIetfVal{JsonIetfVal: []byte(value)}}}
}

func textUpdate(t *testing.T, path, value string) *pb.Update {
	return &pb.Update{Path: pathOf(t, path), Val: &pb.TypedValue{Value: &pb.TypedValue_StringVal{StringVal: value}}}
}

// note is a notification of now.
func note(us ...*pb.Update) *pb.Notification {
	return &pb.Notification{Timestamp: time.Now().UnixNano(), Update: us}
}

func answerOf(ns ...*pb.Notification) func(*pb.GetRequest) (*pb.GetResponse, error) {
	return func(*pb.GetRequest) (*pb.GetResponse, error) { return &pb.GetResponse{Notification: ns}, nil }
}

func send(s pb.GNMI_SubscribeServer, n *pb.Notification) error {
	return s.Send(&pb.SubscribeResponse{Response: &pb.SubscribeResponse_Update{Update: n}})
}

func synced(s pb.GNMI_SubscribeServer) error {
	return s.Send(&pb.SubscribeResponse{Response: &pb.SubscribeResponse_SyncResponse{SyncResponse: true}})
}

func refused(c codes.Code, said string) error { return status.Error(c, said) }

// authority is a certificate authority of one test.
type authority struct {
	t    *testing.T
	dir  string
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{t: t, dir: t.TempDir()}
	a.cert, a.key = a.make("ca", &x509.Certificate{
		Subject: pkix.Name{CommonName: "test authority"}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	})
	return a
}

// make signs a certificate (itself where there is no authority yet) and writes
// NAME.pem and NAME.key.
func (a *authority) make(name string, c *x509.Certificate) (*x509.Certificate, *ecdsa.PrivateKey) {
	a.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		a.t.Fatal(err)
	}
	c.SerialNumber = big.NewInt(time.Now().UnixNano())
	c.NotBefore = time.Now().Add(-time.Hour)
	if c.NotAfter.IsZero() {
		c.NotAfter = time.Now().Add(time.Hour)
	}
	parent, by := a.cert, a.key
	if parent == nil {
		parent, by = c, key
	}
	der, err := x509.CreateCertificate(rand.Reader, c, parent, &key.PublicKey, by)
	if err != nil {
		a.t.Fatal(err)
	}
	keyDER, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		a.t.Fatal(err)
	}
	a.write(name+".pem", "CERTIFICATE", der)
	a.write(name+".key", "EC PRIVATE KEY", keyDER)
	signed, err := x509.ParseCertificate(der)
	if err != nil {
		a.t.Fatal(err)
	}
	return signed, key
}

func (a *authority) write(name, kind string, der []byte) {
	a.t.Helper()
	if err := os.WriteFile(a.file(name), pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
		a.t.Fatal(err)
	}
}

func (a *authority) file(name string) string { return filepath.Join(a.dir, name) }

// server returns the TLS configuration of a server with that certificate.
func (a *authority) server(c *x509.Certificate) *tls.Config {
	a.t.Helper()
	c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	a.make("server", c)
	pair, err := tls.LoadX509KeyPair(a.file("server.pem"), a.file("server.key"))
	if err != nil {
		a.t.Fatal(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
}

func loopback() *x509.Certificate {
	return &x509.Certificate{Subject: pkix.Name{CommonName: "r1"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, DNSNames: []string{"r1.lab"}}
}
