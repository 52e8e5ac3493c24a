package notify

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"io"
	"math/big"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// postmaster is an SMTP server on loopback (RFC 5321): EHLO, STARTTLS, AUTH
// PLAIN, MAIL, RCPT, DATA. say, where set, answers a command in its place; an
// answer of "" hangs up.
type postmaster struct {
	addr     string
	ca       string // file
	config   *tls.Config
	implicit bool
	say      func(command string) (answer string, mine bool)

	mu       sync.Mutex
	letters  []string
	secure   []bool // of each letter: it came over TLS
	commands []string
}

func newPostmaster(t *testing.T, implicit bool) *postmaster {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	cert := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "mail"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, cert, cert, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	p := &postmaster{implicit: implicit, ca: filepath.Join(t.TempDir(), "ca.pem")}
	if err := os.WriteFile(p.ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	p.config = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p.addr = l.Addr().String()
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			wg.Go(func() { p.serve(c) })
		}
	})
	t.Cleanup(func() { l.Close(); wg.Wait() })
	return p
}

// serve talks to one client.
func (p *postmaster) serve(c net.Conn) {
	defer func() { c.Close() }()
	_ = c.SetDeadline(time.Now().Add(10 * time.Second))
	secure := p.implicit
	if secure {
		c = tls.Server(c, p.config)
	}
	r := bufio.NewReader(c)
	say := func(s string) { _, _ = io.WriteString(c, s+"\r\n") }
	say("220 mail ESMTP")
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimRight(line, "\r\n")
		verb, _, _ := strings.Cut(strings.ToUpper(line), " ")
		p.mu.Lock()
		p.commands = append(p.commands, line)
		p.mu.Unlock()
		if p.say != nil {
			if answer, mine := p.say(line); mine {
				if answer == "" {
					return
				}
				say(answer)
				continue
			}
		}
		switch verb {
		case "EHLO":
			if secure {
				say("250-mail\r\n250 AUTH PLAIN")
			} else {
				say("250-mail\r\n250 STARTTLS")
			}
		case "STARTTLS":
			say("220 go ahead")
			c = tls.Server(c, p.config)
			r, secure = bufio.NewReader(c), true
		case "AUTH":
			f := strings.Fields(line)
			got, _ := base64.StdEncoding.DecodeString(f[len(f)-1])
			if string(got) == "\x00noc\x00correct" {
				say("235 welcome")
			} else {
				say("535 5.7.8 wrong")
			}
		case "DATA":
			say("354 go ahead")
			p.take(r, secure)
			say("250 queued")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

func (p *postmaster) take(r *bufio.Reader, secure bool) {
	var b strings.Builder
	for {
		line, err := r.ReadString('\n')
		if err != nil || line == ".\r\n" {
			break
		}
		b.WriteString(line)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.letters, p.secure = append(p.letters, b.String()), append(p.secure, secure)
}

func (p *postmaster) mailbox(t *testing.T, how TLS, user string) Receiver {
	t.Helper()
	r := ReceiverConfig{Kind: Email, Server: p.addr, TLS: how, From: "netsonde <n@x.example>", To: []string{"noc@x.example", "b@x.example"}, CA: p.ca}
	if user != "" {
		r.User, r.Password = user, "env:PASSWORD"
	}
	return receiver(t, r, "")
}

// parts returns the decoded text and HTML of a letter.
func parts(t *testing.T, letter string) (head mail.Header, text, html string) {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(letter))
	if err != nil {
		t.Fatal(err)
	}
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	r := multipart.NewReader(m.Body, params["boundary"])
	var out []string
	for {
		part, err := r.NextRawPart()
		if err != nil {
			break
		}
		body, _ := io.ReadAll(quotedprintable.NewReader(part))
		out = append(out, strings.ReplaceAll(string(body), "\r\n", "\n"))
	}
	if len(out) != 2 {
		t.Fatalf("%d parts in\n%s", len(out), letter)
	}
	return m.Header, out[0], out[1]
}

func TestMailOverTLS(t *testing.T) {
	for _, how := range []TLS{StartTLS, Implicit} {
		t.Run(string(how), func(t *testing.T) {
			p := newPostmaster(t, how == Implicit)
			box := p.mailbox(t, how, "noc")
			for range 2 {
				if err := box.Deliver(t.Context(), parcel("a link is down")); err != nil {
					t.Fatal(err)
				}
			}
			if len(p.letters) != 2 || !p.secure[0] {
				t.Fatalf("%d letters, over TLS %v", len(p.letters), p.secure)
			}
			head, text, html := parts(t, p.letters[0])
			again, _, _ := parts(t, p.letters[1])
			if id := head.Get("Message-Id"); id != "<ns-0123@x.example>" || id != again.Get("Message-Id") {
				t.Errorf("Message-ID %s, then %s", id, again.Get("Message-Id"))
			}
			if head.Get("Auto-Submitted") != "auto-generated" || !strings.HasPrefix(head.Get("Subject"), "netsonde: FAULT core: 1 new") {
				t.Errorf("head %v", head)
			}
			for _, want := range []string{"NEW major", "r1:eth1 (link_down)", "no shutdown", "https://n.example/reports/rep-1", "Not evaluated (1)"} {
				if !strings.Contains(text, want) || !strings.Contains(html, want) {
					t.Errorf("%q is missing in\n%s\n%s", want, text, html)
				}
			}
		})
	}
}

func TestMailIsInert(t *testing.T) {
	p := newPostmaster(t, false)
	if err := p.mailbox(t, StartTLS, "").Deliver(t.Context(), parcel(hostile)); err != nil {
		t.Fatal(err)
	}
	head, text, html := parts(t, p.letters[0])
	if head.Get("Bcc") != "" || strings.Contains(html, "<script") || strings.Count(html, "href=") != 1 {
		t.Errorf("head %v\n%s", head, html)
	}
	for _, s := range []string{text, html} {
		if strings.Contains(s, "https://evil") || strings.Contains(s, "\u202e") {
			t.Errorf("not inert:\n%s", s)
		}
	}
	for _, c := range p.commands {
		if strings.Contains(c, "evil") {
			t.Errorf("command %q", c)
		}
	}
}

func TestMailServersThatFail(t *testing.T) {
	for _, c := range []struct {
		name        string
		say         map[string]string // by verb; "" hangs up
		sure, final bool
	}{
		{"greylisting", map[string]string{"RCPT": "451 4.7.1 later"}, true, false},
		{"unknown mailbox", map[string]string{"RCPT": "550 5.1.1 nobody"}, true, true},
		{"full", map[string]string{"DATA": "452 4.3.1 full"}, true, false},
		{"login refused", map[string]string{"AUTH": "535 5.7.8 wrong"}, true, true},
		{"no TLS", map[string]string{"STARTTLS": "454 4.7.0 not now"}, true, false},
		{"hangs up before DATA", map[string]string{"MAIL": ""}, true, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPostmaster(t, false)
			p.say = func(line string) (string, bool) {
				verb, _, _ := strings.Cut(strings.ToUpper(line), " ")
				answer, mine := c.say[verb]
				return answer, mine
			}
			err := p.mailbox(t, StartTLS, "noc").Deliver(t.Context(), parcel("x"))
			if err == nil || sure(err) != c.sure || final(err) != c.final {
				t.Errorf("got %v (sure %v, final %v)", err, sure(err), final(err))
			}
			if err != nil && strings.Contains(err.Error(), "correct") {
				t.Errorf("the password stands in %v", err)
			}
		})
	}
	t.Run("not there", func(t *testing.T) {
		l, _ := net.Listen("tcp", "127.0.0.1:0")
		addr := l.Addr().String()
		l.Close()
		r := receiver(t, ReceiverConfig{Kind: Email, Server: addr, From: "n@x.example", To: []string{"a@x.example"}}, "")
		if err := r.Deliver(t.Context(), parcel("x")); err == nil || !sure(err) || final(err) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("unknown certificate", func(t *testing.T) {
		p := newPostmaster(t, true)
		p.ca = newPostmaster(t, true).ca
		if err := p.mailbox(t, Implicit, "").Deliver(t.Context(), parcel("x")); err == nil || !final(err) {
			t.Errorf("got %v", err)
		}
	})
}

// A server that hangs up after the text leaves open whether it arrived.
func TestMailCutOffAfterItsText(t *testing.T) {
	p := newPostmaster(t, false)
	p.say = nil
	cut := newCutter(t, p.addr)
	r := receiver(t, ReceiverConfig{Kind: Email, Server: cut, TLS: NoTLS, From: "n@x.example", To: []string{"a@x.example"}}, "")
	err := r.Deliver(t.Context(), parcel("x"))
	if err == nil || sure(err) {
		t.Errorf("got %v, want an error that leaves it open", err)
	}
	if len(p.letters) != 1 {
		t.Errorf("%d letters arrived, and the sender could not know", len(p.letters))
	}
}

// newCutter relays to a server and cuts the line when the server says that a
// letter is queued.
func newCutter(t *testing.T, to string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		s, err := net.Dial("tcp", to)
		if err != nil {
			return
		}
		defer s.Close()
		wg.Go(func() { _, _ = io.Copy(s, c) })
		for r := bufio.NewReader(s); ; {
			line, err := r.ReadString('\n')
			if err != nil || strings.HasPrefix(line, "250 queued") {
				return
			}
			if _, err := io.WriteString(c, line); err != nil {
				return
			}
		}
	})
	t.Cleanup(func() { l.Close(); wg.Wait() })
	return l.Addr().String()
}
