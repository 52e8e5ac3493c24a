package gnmi

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/openconfig/gnmic/pkg/api"
	"github.com/openconfig/gnmic/pkg/api/target"
	"github.com/openconfig/gnmic/pkg/api/types"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/netsonde/netsonde/devices"
)

// A Dialer opens gNMI sessions. Its zero value is usable; its fields are set
// once, before the first Dial.
type Dialer struct {
	OutputLimit int             // bytes of one answer, on the wire and as text; 0 means 64 MiB
	Retry       time.Duration   // before a broken stream is resumed within a Watch; 0 means 1 s
	Audit       devices.Auditor // told of everything sent; nil: nobody
}

const (
	defaultOutputLimit = 64 << 20
	defaultRetry       = time.Second
)

// Dial connects to d. It is a devices.Dialer. It asks the device for its
// Capabilities, which shows that the login works and which encodings the
// device has; a device without Capabilities is tried with JSON_IETF.
func (r *Dialer) Dial(ctx context.Context, d devices.Device) (devices.Session, error) {
	s, err := r.open(ctx, d)
	if err != nil {
		return nil, err
	}
	return s, nil
}

func (r *Dialer) open(ctx context.Context, d devices.Device) (*session, error) {
	if d.GNMI.Port == 0 {
		return nil, fmt.Errorf("%w: the inventory gives it no gnmi", devices.ErrUnsupported)
	}
	s := &session{device: d, limit: r.OutputLimit, audit: r.Audit, asked: new(atomic.Bool)}
	if s.limit <= 0 {
		s.limit = defaultOutputLimit
	}
	t, err := s.newTarget()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", devices.ErrUnreachable, err)
	}
	t.Config.RetryTimer = r.Retry
	if r.Retry <= 0 {
		t.Config.RetryTimer = defaultRetry // zero would try again at once, without end
	}
	err = t.CreateGNMIClient(ctx,
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(s.limit)),
		grpc.WithChainUnaryInterceptor(readOnlyUnary),
		grpc.WithChainStreamInterceptor(readOnlyStream))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", devices.ErrUnreachable, err)
	}
	s.target = t
	told := s.sending("gnmi capabilities")
	s.caps, err = t.Capabilities(ctx)
	told(proto.Size(s.caps), err)
	if err != nil && status.Code(err) != codes.Unimplemented {
		err = atDial(s.translate(err))
		return nil, errors.Join(err, t.Close())
	}
	s.encodings = negotiate(s.caps)
	return s, nil
}

// newTarget turns the inventory's words into gnmic's.
func (s *session) newTarget() (*target.Target, error) {
	d, g := s.device, s.device.GNMI
	if strings.ContainsAny(d.Address, ", ") {
		return nil, fmt.Errorf("address %q is not one host", d.Address) // gnmic would race a list of them
	}
	opts := []api.TargetOption{
		api.Name(d.Name),
		api.Address(net.JoinHostPort(d.Address, strconv.Itoa(g.Port))),
		api.Insecure(g.Insecure),
	}
	if g.User != "" {
		opts = append(opts, api.Username(g.User), api.Password(g.Password.Reveal()))
	}
	if !g.Insecure {
		config, err := s.tlsConfig()
		if err != nil {
			return nil, err
		}
		opts = append(opts, api.TLSConfig(config))
	}
	if !g.Token.IsZero() {
		if g.Insecure {
			return nil, errors.New("a gnmi token is never sent without TLS")
		}
		opts = append(opts, api.Token(g.Token.Reveal()))
	}
	t, err := api.NewTarget(opts...)
	if err != nil {
		return nil, err
	}
	// Devices drop clients that ping more often than every few seconds.
	t.Config.GRPCKeepalive = &types.ClientKeepalive{Time: 30 * time.Second, Timeout: 10 * time.Second}
	return t, nil
}

// tlsConfig always verifies the server. It notes whether the server asks for a
// client certificate: with TLS 1.3 a server that misses one may close the
// connection before its reason can be read.
func (s *session) tlsConfig() (*tls.Config, error) {
	g := s.device.GNMI
	c := &tls.Config{ServerName: g.ServerName, MinVersion: tls.VersionTLS12}
	if c.ServerName == "" {
		c.ServerName = s.device.Address
	}
	own := &tls.Certificate{}
	c.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
		s.asked.Store(true)
		return own, nil
	}
	if g.CA != "" {
		pem, err := os.ReadFile(g.CA)
		if err != nil {
			return nil, fmt.Errorf("gnmi ca: %w", err)
		}
		c.RootCAs = x509.NewCertPool()
		if !c.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("gnmi ca: %s holds no PEM certificate", g.CA)
		}
	}
	if g.Cert != "" {
		pair, err := tls.LoadX509KeyPair(g.Cert, g.Key)
		if err != nil {
			return nil, fmt.Errorf("gnmi cert: %w", err)
		}
		*own = pair
	}
	return c, nil
}
