package standin

import (
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/netsonde/netsonde/devices"
)

// A Reply is what a stand-in says to one line.
type Reply struct {
	Text   string
	Status int // exit status over an exec channel
	Fault  Fault
}

// An Answer says what a device replies to a line, exactly as it was sent.
type Answer func(line string) Reply

// SSH describes a device that is served over SSH. The zero value takes no
// login.
type SSH struct {
	User       string
	Password   string            // by password; "" for none
	Questions  bool              // ask for Password by keyboard-interactive instead
	PublicKey  ssh.PublicKey     // by this key; nil for none
	HostKey    ssh.Signer        // nil: a new ed25519 key
	Config     ssh.Config        // algorithms; zero: the library's
	Banner     string            // before the login
	Greeting   string            // on a terminal, before the first prompt
	Prompt     string            // on a terminal, such as "r1# "; "" for a device without one
	Shell      bool              // lines over exec channels are answered; else they are refused
	Resident   map[string]Answer // lines that start a command line of their own on a terminal, as vtysh does
	Help       bool              // a terminal answers "?" at once, and keeps the line, as routers do
	Forwarding bool              // connections are passed on to loopback, as by a jump host
	Answer     Answer
	Fault      LoginFault
	Reason     string // given with NoSessions; "" for a plain one
	Sessions   int    // how many logins may be open at once; 0: no limit
}

// A SSHServer serves one device.
type SSHServer struct {
	dev  SSH
	ln   net.Listener
	stop chan struct{}
	wg   sync.WaitGroup

	mu       sync.Mutex
	conns    map[net.Conn]bool
	dials    int
	attempts int
	logins   int
	open     int
	lines    []string
}

// Serve starts a server for dev on a free port of 127.0.0.1.
func (dev SSH) Serve() (*SSHServer, error) {
	if dev.HostKey == nil {
		key, err := NewHostKey()
		if err != nil {
			return nil, err
		}
		dev.HostKey = key
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &SSHServer{dev: dev, ln: ln, stop: make(chan struct{}), conns: map[net.Conn]bool{}}
	s.wg.Go(s.accept)
	return s, nil
}

// NewHostKey makes an ed25519 host key.
func NewHostKey() (ssh.Signer, error) {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	return ssh.NewSignerFromKey(private)
}

// Device returns the inventory entry that reaches s, with the known_hosts
// files given.
func (s *SSHServer) Device(name, platform string, knownHosts ...string) devices.Device {
	addr := s.ln.Addr().(*net.TCPAddr)
	return devices.Device{
		Name: name, Address: addr.IP.String(), Platform: platform,
		SSH: devices.SSH{Port: addr.Port, User: s.dev.User, Password: devices.NewSecret(s.dev.Password), KnownHosts: knownHosts},
	}
}

// Addr returns host and port of s.
func (s *SSHServer) Addr() string { return s.ln.Addr().String() }

// HostKey returns the key that s shows.
func (s *SSHServer) HostKey() ssh.PublicKey { return s.dev.HostKey.PublicKey() }

// Counts says what clients did.
type Counts struct {
	Dials    int // TCP connections
	Attempts int // credentials shown
	Logins   int // logins that succeeded
	Open     int // logins that are still there
}

// Counts returns what happened so far.
func (s *SSHServer) Counts() Counts {
	s.mu.Lock()
	defer s.mu.Unlock()
	return Counts{s.dials, s.attempts, s.logins, s.open}
}

// Lines returns every line that was sent so far, in order.
func (s *SSHServer) Lines() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.lines...)
}

// Close ends every connection, and returns when all is quiet.
func (s *SSHServer) Close() error {
	s.mu.Lock()
	select {
	case <-s.stop:
		s.mu.Unlock()
		return nil
	default:
	}
	close(s.stop)
	for c := range s.conns {
		_ = c.Close()
	}
	s.mu.Unlock()
	err := s.ln.Close()
	s.wg.Wait()
	return err
}

func (s *SSHServer) accept() {
	for {
		conn, err := s.ln.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			time.Sleep(time.Millisecond)
			continue
		}
		s.mu.Lock()
		s.conns[conn] = true
		s.dials++
		s.mu.Unlock()
		s.wg.Go(func() {
			s.serve(conn)
			_ = conn.Close()
			s.mu.Lock()
			delete(s.conns, conn)
			s.mu.Unlock()
		})
	}
}

// note keeps a line that was sent.
func (s *SSHServer) note(line string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lines = append(s.lines, line)
}

// answer notes a line and asks what to say to it.
func (s *SSHServer) answer(by Answer, line string) Reply {
	s.note(line)
	if by == nil {
		return Reply{Text: fmt.Sprintf("%% Unknown command: %s\n", line), Status: 1}
	}
	return by(line)
}
