package gnmi

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	pb "github.com/openconfig/gnmi/proto/gnmi"
	"google.golang.org/grpc/codes"

	"github.com/netsonde/netsonde/devices"
)

// A tlsCase is one row of the fault table: how the server and the inventory
// differ, and what a user reads. want nil means that the session opens.
type tlsCase struct {
	name   string
	server func(a *authority) *tls.Config // nil: plaintext
	device func(a *authority, g *devices.GNMI)
	want   error
	text   string
}

func tlsCases() []tlsCase {
	good := func(a *authority) *tls.Config { return a.server(loopback()) }
	mutual := func(a *authority) *tls.Config {
		c := good(a)
		c.ClientAuth, c.ClientCAs = tls.RequireAndVerifyClientCert, x509.NewCertPool()
		c.ClientCAs.AddCert(a.cert)
		return c
	}
	ca := func(a *authority, g *devices.GNMI) { g.CA = a.file("ca.pem") }
	client := func(by func(a *authority) *authority) func(*authority, *devices.GNMI) {
		return func(a *authority, g *devices.GNMI) {
			of := by(a)
			of.make("client", &x509.Certificate{Subject: pkix.Name{CommonName: "netsonde"}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}})
			g.CA, g.Cert, g.Key = a.file("ca.pem"), of.file("client.pem"), of.file("client.key")
		}
	}
	same := func(a *authority) *authority { return a }
	other := func(a *authority) *authority { return newAuthority(a.t) }
	return []tlsCase{
		{"TLS", good, ca, nil, ""},
		{"mutual TLS", mutual, client(same), nil, ""},
		{"another name", good, func(a *authority, g *devices.GNMI) { ca(a, g); g.ServerName = "r1.lab" }, nil, ""},
		{"plaintext server", nil, ca, devices.ErrUnreachable, "speaks plaintext: if that is meant, say insecure: true"},
		{"TLS server, insecure device", good, func(_ *authority, g *devices.GNMI) { g.Insecure = true }, devices.ErrUnreachable, "leave out insecure"},
		{"authority not known", good, func(*authority, *devices.GNMI) {}, devices.ErrUnreachable, "not trusted: give its CA as ca"},
		{"wrong name", good, func(a *authority, g *devices.GNMI) { ca(a, g); g.ServerName = "r2.lab" }, devices.ErrUnreachable, "for another name"},
		{"no IP address in it", func(a *authority) *tls.Config { c := loopback(); c.IPAddresses = nil; return a.server(c) }, ca, devices.ErrUnreachable, "give its name as server_name"},
		{"expired", func(a *authority) *tls.Config {
			c := loopback()
			c.NotAfter = time.Now().Add(-time.Minute)
			return a.server(c)
		}, ca, devices.ErrUnreachable, "out of its time"},
		{"old TLS", func(a *authority) *tls.Config {
			c := good(a)
			c.MinVersion, c.MaxVersion = tls.VersionTLS10, tls.VersionTLS11
			return c
		}, ca, devices.ErrUnreachable, "no TLS 1.2 or later"},
		{"client certificate missing", mutual, ca, devices.ErrDenied, "demands a client certificate"},
		{"client certificate of another authority", mutual, client(other), devices.ErrDenied, "client certificate"},
		{"CA file missing", good, func(_ *authority, g *devices.GNMI) { g.CA = "/nonexistent.pem" }, devices.ErrUnreachable, "gnmi ca: open /nonexistent.pem"},
		{"CA file is a key", good, func(a *authority, g *devices.GNMI) { g.CA = a.file("ca.key") }, devices.ErrUnreachable, "holds no PEM certificate"},
		{"token without TLS", nil, func(_ *authority, g *devices.GNMI) { g.Insecure, g.Token = true, devices.NewSecret("t0ken") }, devices.ErrUnreachable, "never sent without TLS"},
	}
}

func TestDialTLS(t *testing.T) {
	for _, tc := range tlsCases() {
		t.Run(tc.name, func(t *testing.T) {
			a := newAuthority(t)
			var config *tls.Config
			if tc.server != nil {
				config = tc.server(a)
			}
			d := (&fake{}).serve(t, config)
			d.GNMI.Insecure = false
			tc.device(a, &d.GNMI)
			s, err := new(Dialer).open(context.Background(), d)
			if err == nil {
				err = errors.Join(err, s.Close())
			}
			switch {
			case tc.want == nil && err != nil:
				t.Errorf("dial: %v", err)
			case tc.want != nil && (!errors.Is(err, tc.want) || !strings.Contains(fmt.Sprint(err), tc.text)):
				t.Errorf("dial: %v\nwant %v with %q", err, tc.want, tc.text)
			case err != nil && strings.ContainsAny(err.Error(), "\n\x1b"):
				t.Errorf("dial: %q is not one line", err)
			}
		})
	}
}

func TestDialRefusedLogin(t *testing.T) {
	f := &fake{capabilities: func() (*pb.CapabilityResponse, error) {
		return nil, refused(codes.Unauthenticated, "authentication failed")
	}}
	d := f.serve(t, nil)
	d.GNMI.User, d.GNMI.Password = "netro", devices.NewSecret("wr0ng-secret")
	_, err := new(Dialer).Dial(context.Background(), d)
	if !errors.Is(err, devices.ErrDenied) || errors.Is(err, devices.ErrUnreachable) {
		t.Errorf("dial: %v; want ErrDenied alone", err)
	}
	if strings.Contains(fmt.Sprint(err), "wr0ng") {
		t.Errorf("dial: %v holds the password", err)
	}
	if !slices.Contains(f.users, "netro") {
		t.Errorf("the server saw users %v", f.users)
	}
}

// TestDialNoServer has what is not a gNMI server at the port.
func TestDialNoServer(t *testing.T) {
	listen := func(t *testing.T) net.Listener {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	t.Run("nothing", func(t *testing.T) {
		l := listen(t)
		d := deviceAt(l)
		d.GNMI.Insecure = true
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		dialFails(t, d, "nothing listens there")
	})
	t.Run("a silent one", func(t *testing.T) {
		l := listen(t)
		defer l.Close()
		for _, insecure := range []bool{true, false} {
			d := deviceAt(l)
			d.GNMI.Insecure = insecure
			dialFails(t, d, "did not answer in time")
		}
	})
	t.Run("a web server", func(t *testing.T) {
		l := listen(t)
		srv := &http.Server{Handler: http.NotFoundHandler(), ReadHeaderTimeout: time.Second}
		done := make(chan struct{})
		go func() { defer close(done); _ = srv.Serve(l) }()
		defer func() { _ = srv.Close(); <-done }()
		d := deviceAt(l)
		d.GNMI.Insecure = true
		dialFails(t, d, "")
	})
	t.Run("one that greets and closes", func(t *testing.T) {
		l := listen(t)
		done := make(chan struct{})
		go func() {
			defer close(done)
			for {
				c, err := l.Accept()
				if err != nil {
					return
				}
				_, _ = io.WriteString(c, "SSH-2.0-OpenSSH_9.2\r\n")
				_ = c.Close()
			}
		}()
		defer func() { _ = l.Close(); <-done }()
		d := deviceAt(l)
		d.GNMI.Insecure = true
		dialFails(t, d, "does not speak gRPC")
	})
	t.Run("several addresses", func(t *testing.T) {
		dialFails(t, devices.Device{Name: "r1", Address: "127.0.0.1,127.0.0.2", GNMI: devices.GNMI{Port: 1, Insecure: true}}, "not one host")
	})
}

func dialFails(t *testing.T, d devices.Device, text string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 500*time.Millisecond)
	defer cancel()
	_, err := new(Dialer).open(ctx, d)
	if !errors.Is(err, devices.ErrUnreachable) || !strings.Contains(fmt.Sprint(err), text) {
		t.Errorf("dial: %v; want ErrUnreachable with %q", err, text)
	}
}

func TestCapabilities(t *testing.T) {
	f := &fake{capabilities: func() (*pb.CapabilityResponse, error) {
		return &pb.CapabilityResponse{
			GNMIVersion:        "0.7.0",
			SupportedEncodings: []pb.Encoding{pb.Encoding_PROTO, pb.Encoding_JSON},
			SupportedModels: []*pb.ModelData{
				{Name: "openconfig-interfaces", Version: "3.0.0", Organization: "OpenConfig\nworking group"}, {Name: "openconfig-bgp"}},
		}, nil
	}}
	got, err := new(Dialer).Capabilities(context.Background(), f.serve(t, nil))
	want := "gnmi version: 0.7.0\nencodings: JSON (used), PROTO\nmodel: openconfig-bgp\nmodel: openconfig-interfaces 3.0.0 (OpenConfig working group)\n"
	if err != nil || got != want {
		t.Errorf("Capabilities = %q, %v; want %q", got, err, want)
	}
	f.capabilities = func() (*pb.CapabilityResponse, error) { return nil, refused(codes.Unimplemented, "") }
	if _, err := new(Dialer).Capabilities(context.Background(), f.serve(t, nil)); !errors.Is(err, devices.ErrUnsupported) {
		t.Errorf("without: %v; want ErrUnsupported", err)
	}
}

// TestAudit holds that the auditor is told of everything that was sent, in the
// order in which it was.
func TestAudit(t *testing.T) {
	var sent []devices.Sent
	d := (&fake{get: answerOf(note(textUpdate(t, "/a", "v")))}).serve(t, nil)
	d.GNMI.User = "netro"
	s := open(t, d, Dialer{Audit: func(x devices.Sent) { sent = append(sent, x) }})
	if _, err := s.get(context.Background(), pathOf(t, "openconfig:/oc-x:a/b[k=v]")); err != nil {
		t.Fatal(err)
	}
	if _, err := s.watch(context.Background(), pathOf(t, "/a"), short); err == nil {
		t.Fatal("the watch worked")
	}
	var got []string
	for _, x := range sent {
		got = append(got, fmt.Sprintf("%s %s %s: %s, answered %t", x.Device, x.User, x.Transport, x.Text, x.Bytes > 0))
	}
	want := []string{
		"r1 netro gnmi: gnmi capabilities, answered true",
		"r1 netro gnmi: gnmi get openconfig:/oc-x:a/b[k=v] JSON_IETF, answered true",
		"r1 netro gnmi: gnmi subscribe stream /a ON_CHANGE JSON_IETF",
	}
	// A failed watch may have brought remarks on its gaps: its bytes are no matter.
	got[len(got)-1], _, _ = strings.Cut(got[len(got)-1], ", answered")
	if !slices.Equal(got, want) || sent[2].Err == nil {
		t.Errorf("told of %q", got)
	}
}
