package standin

import (
	"bytes"
	"cmp"
	"crypto/subtle"
	"errors"
	"io"
	"net"
	"strconv"

	"golang.org/x/crypto/ssh"
)

var errRefused = errors.New("login refused")

// serve speaks SSH on one connection until it ends.
func (s *SSHServer) serve(conn net.Conn) {
	switch s.dev.Fault {
	case Silent:
		_, _ = io.Copy(io.Discard, conn)
		return
	case NoLines:
		return
	case GarbageLogin:
		_, _ = io.WriteString(conn, "HTTP/1.0 400 Bad Request\r\n\r\n")
		return
	case SlowBanner:
		conn = &slowConn{Conn: conn, s: s}
	}
	sc, channels, requests, err := ssh.NewServerConn(conn, s.config())
	if err != nil {
		return
	}
	s.mu.Lock()
	s.logins++
	s.open++
	over := s.dev.Sessions > 0 && s.open > s.dev.Sessions
	s.mu.Unlock()
	defer func() {
		_ = sc.Close()
		s.mu.Lock()
		s.open--
		s.mu.Unlock()
	}()
	s.wg.Go(func() { ssh.DiscardRequests(requests) })
	for nc := range channels {
		switch {
		case over || s.dev.Fault == NoSessions:
			_ = nc.Reject(ssh.ResourceShortage, cmp.Or(s.dev.Reason, "no more sessions"))
		case nc.ChannelType() == "session":
			s.wg.Go(func() { s.session(sc, nc) })
		case nc.ChannelType() == "direct-tcpip" && s.dev.Forwarding:
			s.wg.Go(func() { s.forward(nc) })
		default:
			_ = nc.Reject(ssh.UnknownChannelType, "not served")
		}
	}
}

// config says who may log in.
func (s *SSHServer) config() *ssh.ServerConfig {
	cfg := &ssh.ServerConfig{Config: s.dev.Config, MaxAuthTries: 6}
	cfg.AddHostKey(s.dev.HostKey)
	if s.dev.Banner != "" {
		cfg.BannerCallback = func(ssh.ConnMetadata) string { return s.dev.Banner }
	}
	attempt := func(meta ssh.ConnMetadata, ok bool) (*ssh.Permissions, error) {
		s.mu.Lock()
		s.attempts++
		s.mu.Unlock()
		if ok && meta.User() == s.dev.User {
			return nil, nil
		}
		return nil, errRefused
	}
	right := func(password string) bool {
		return s.dev.Password != "" && subtle.ConstantTimeCompare([]byte(password), []byte(s.dev.Password)) == 1
	}
	if s.dev.Password != "" && !s.dev.Questions {
		cfg.PasswordCallback = func(meta ssh.ConnMetadata, p []byte) (*ssh.Permissions, error) {
			return attempt(meta, right(string(p)))
		}
	}
	if s.dev.Password != "" { // servers with PAM offer both
		cfg.KeyboardInteractiveCallback = func(meta ssh.ConnMetadata, ask ssh.KeyboardInteractiveChallenge) (*ssh.Permissions, error) {
			answers, err := ask("", "", []string{"Password: "}, []bool{false})
			if err != nil {
				return nil, err
			}
			return attempt(meta, len(answers) == 1 && right(answers[0]))
		}
	}
	if s.dev.PublicKey != nil {
		cfg.PublicKeyCallback = func(meta ssh.ConnMetadata, key ssh.PublicKey) (*ssh.Permissions, error) {
			return attempt(meta, bytes.Equal(key.Marshal(), s.dev.PublicKey.Marshal()))
		}
	}
	return cfg
}

// forward passes a connection on, to loopback only.
func (s *SSHServer) forward(nc ssh.NewChannel) {
	var to struct {
		Host     string
		Port     uint32
		FromHost string
		FromPort uint32
	}
	if ssh.Unmarshal(nc.ExtraData(), &to) != nil || to.Host != "127.0.0.1" {
		_ = nc.Reject(ssh.Prohibited, "loopback only")
		return
	}
	conn, err := net.Dial("tcp", net.JoinHostPort(to.Host, strconv.Itoa(int(to.Port))))
	if err != nil {
		_ = nc.Reject(ssh.ConnectionFailed, err.Error())
		return
	}
	ch, requests, err := nc.Accept()
	if err != nil {
		_ = conn.Close()
		return
	}
	s.wg.Go(func() { ssh.DiscardRequests(requests) })
	s.wg.Go(func() {
		_, _ = io.Copy(ch, conn)
		_ = ch.Close()
	})
	_, _ = io.Copy(conn, ch)
	_ = conn.Close()
}

// slowConn sends its first bytes, the identification, one at a time.
type slowConn struct {
	net.Conn
	s    *SSHServer
	said bool
}

// Write is slow the first time.
func (c *slowConn) Write(b []byte) (int, error) {
	if c.said {
		return c.Conn.Write(b)
	}
	c.said = true
	c.s.slowly(c.Conn, string(b))
	return len(b), nil
}
