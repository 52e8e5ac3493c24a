package ssh

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/crypto/ssh"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/policies"
)

// connect reaches d, through its jump host if it has one, and logs in. way
// holds the names of the hosts that are already gone through.
func (r *Dialer) connect(ctx context.Context, d devices.Device, way []string) (*connection, error) {
	port := d.SSH.Port
	if port == 0 {
		port = 22
	}
	addr := net.JoinHostPort(d.Address, strconv.Itoa(port))
	dial := (&net.Dialer{}).DialContext
	var leave func()
	if d.SSH.Jump != "" {
		host, err := r.jump(d)
		if err != nil {
			return nil, err
		}
		if slices.Contains(append(way, d.Name), host.Name) {
			return nil, fmt.Errorf("%w: the jump hosts lead in a circle: %s", devices.ErrUnreachable, strings.Join(append(way, d.Name, host.Name), " -> "))
		}
		via, err := r.hops.take(ctx, host, func() (*connection, error) {
			return r.connect(ctx, host, append(way, d.Name))
		})
		if err != nil {
			return nil, fmt.Errorf("through jump host %s: %w", host.Name, err)
		}
		dial = via.conn.DialContext
		leave = func() { r.hops.drop(host.Name, via) }
	}
	c, err := r.login(ctx, dial, d, addr)
	if err != nil {
		if leave != nil {
			leave()
		}
		return nil, err
	}
	c.leave = leave
	return c, nil
}

// jump returns the host that d is reached through: one of the inventory, or
// the one that "user@host:port" spells, with d's own keys and never with its
// password.
func (r *Dialer) jump(d devices.Device) (devices.Device, error) {
	if r.Jumps != nil {
		if hop, ok := r.Jumps(d.SSH.Jump); ok {
			return hop, nil
		}
	}
	user, rest, ok := strings.Cut(d.SSH.Jump, "@")
	if !ok {
		user, rest = d.SSH.User, d.SSH.Jump
		if !strings.Contains(rest, ":") {
			return devices.Device{}, fmt.Errorf("%w: jump host %q is not in the inventory", devices.ErrUnreachable, rest)
		}
	}
	hop := devices.Device{Name: d.SSH.Jump, Address: rest, SSH: d.SSH}
	hop.SSH.User, hop.SSH.Jump, hop.SSH.Port, hop.SSH.Password = user, "", 22, devices.Secret{}
	if host, port, err := net.SplitHostPort(rest); err == nil {
		hop.Address = host
		if hop.SSH.Port, err = strconv.Atoi(port); err != nil {
			return hop, fmt.Errorf("%w: jump host %q: %q is not a port", devices.ErrUnreachable, rest, port)
		}
	}
	return hop, nil
}

// login opens the TCP connection and speaks SSH as far as a login. Everything
// ends with ctx: a peer that accepts and then says nothing, too.
func (r *Dialer) login(ctx context.Context, dial func(context.Context, string, string) (net.Conn, error),
	d devices.Device, addr string) (*connection, error) {
	keys, err := r.hostKeys(d, addr)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", devices.ErrUnreachable, err)
	}
	creds, err := credentialsOf(ctx, d)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", devices.ErrUnreachable, err)
	}
	defer creds.Close()
	cfg := &ssh.ClientConfig{
		User:              d.SSH.User,
		Auth:              creds.methods(),
		HostKeyCallback:   keys.check,
		HostKeyAlgorithms: keys.algorithms,
		ClientVersion:     "SSH-2.0-netsonde",
	}
	var banner strings.Builder
	cfg.BannerCallback = func(text string) error {
		if banner.Len() < 4096 {
			banner.WriteString(text)
		}
		return nil
	}
	if err := legacy(cfg, d.SSH.Legacy); err != nil {
		return nil, fmt.Errorf("%w: %w", devices.ErrUnreachable, err)
	}
	conn, err := dial(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", devices.ErrUnreachable, err)
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	sc, channels, requests, err := ssh.NewClientConn(conn, addr, cfg)
	if err == nil && !stop() {
		_ = sc.Close()
		err = ctx.Err()
	}
	if err != nil {
		stop()
		_ = conn.Close()
		return nil, loginError(ctx, loginFailure{d, keys, creds, banner.String(), err})
	}
	c := &connection{Client: ssh.NewClient(sc, channels, requests), banner: banner.String()}
	return c.watch(), nil
}

// A loginFailure is what is known when a login did not work.
type loginFailure struct {
	device devices.Device
	keys   *hostKeys
	creds  *credentials
	banner string
	err    error
}

// loginError says what went wrong, in words to act on.
func loginError(ctx context.Context, f loginFailure) error {
	said := ""
	if b := oneLine(f.banner); b != "" {
		said = fmt.Sprintf(" (banner: %s)", b)
	}
	var negotiation *ssh.AlgorithmNegotiationError
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("%w: %w%s", devices.ErrUnreachable, ctx.Err(), said)
	case f.keys.fault != nil:
		return fmt.Errorf("%w: %w", devices.ErrUnreachable, f.keys.fault)
	case f.creds.fault != nil:
		return fmt.Errorf("%w: %w%s", devices.ErrDenied, f.creds.fault, said)
	case errors.As(f.err, &negotiation):
		return fmt.Errorf("%w: %w", devices.ErrUnreachable, negotiationError(f.keys, negotiation))
	case refusedLogin(f.err):
		return fmt.Errorf("%w: login refused for user %s%s: %s", devices.ErrDenied, f.device.SSH.User, said, f.creds.tried())
	case strings.HasSuffix(f.err.Error(), ": EOF") || errors.Is(f.err, syscall.ECONNRESET):
		return fmt.Errorf("%w: it closed the connection before the login: all its lines may be in use%s: %s", devices.ErrUnreachable, said, oneLine(f.err.Error()))
	}
	return fmt.Errorf("%w: %s%s", devices.ErrUnreachable, oneLine(f.err.Error()), said)
}

// refusedLogin reports whether the peer said no to the credentials. The
// library has no type for it.
func refusedLogin(err error) bool {
	s := strings.ToLower(err.Error())
	return errors.Is(err, errPasswordSpent) || strings.Contains(s, errPasswordSpent.Error()) || strings.Contains(s, "unable to authenticate") || strings.Contains(s, "too many authentication failures")
}

// oneLine returns the beginning of a device's words, safe to put in an error.
// Errors of the library hold such words, too: a peer gives its reason for a
// disconnect or a rejection in free text.
func oneLine(s string) string {
	s = strings.Join(strings.Fields(policies.Printable(s)), " ")
	if len(s) > 200 {
		s = strings.ToValidUTF8(s[:200], "") + "..."
	}
	return s
}
