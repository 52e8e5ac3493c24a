package page

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// A Guard says who may see the pages. The zero value is for loopback alone.
type Guard struct {
	Token string // what a visitor has to know; "" lets everybody on the machine in
	TLS   bool   // the server speaks TLS: cookies are for it alone
}

// leastToken is how long a token has to be.
const leastToken = 16

// Check says why pages may not be served at an address: anything but loopback
// needs a token and TLS.
func (g Guard) Check(address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("listen address %q: write HOST:PORT, such as 127.0.0.1:9402", address)
	}
	if g.Token != "" && len(g.Token) < leastToken {
		return fmt.Errorf("the token has %d characters: at least %d are needed (openssl rand -hex 24 makes one)", len(g.Token), leastToken)
	}
	if isLoopback(host) {
		return nil
	}
	switch {
	case g.Token == "":
		return fmt.Errorf("listen address %q is not loopback: a token is needed (openssl rand -hex 24 makes one), or listen on 127.0.0.1", address)
	case !g.TLS:
		return fmt.Errorf("listen address %q is not loopback: a certificate and its key are needed, or listen on 127.0.0.1", address)
	}
	return nil
}

func isLoopback(host string) bool {
	a, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return host == "localhost" || err == nil && a.Unmap().IsLoopback()
}

const (
	visitorCookie = "netsonde_visitor" // random: what a form's token is bound to
	sessionCookie = "netsonde_session" // proof that the visitor knew the token
	sessionTime   = 12 * time.Hour
)

// A gate is a Guard at work.
type gate struct {
	Guard
	key [32]byte // of this process: sessions and forms end with it
	now func() time.Time
}

func newGate(g Guard, now func() time.Time) (*gate, error) {
	out := &gate{Guard: g, now: now}
	_, err := rand.Read(out.key[:])
	return out, err
}

// sum binds a text to a purpose under the key of the process.
func (g *gate) sum(purpose, text string) string {
	m := hmac.New(sha256.New, g.key[:])
	m.Write([]byte(purpose + "\x00" + text))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil))
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// knows reports whether a text is the token.
func (g *gate) knows(token string) bool {
	a, b := sha256.Sum256([]byte(token)), sha256.Sum256([]byte(g.Token))
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1
}

// bearer reports whether a request carries the token itself, as programs do.
func (g *gate) bearer(r *http.Request) bool {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	return ok && g.Token != "" && g.knows(token)
}

// welcome reports whether a request may be answered.
func (g *gate) welcome(r *http.Request) bool {
	if g.Token == "" || g.bearer(r) {
		return true
	}
	c, err := r.Cookie(sessionCookie)
	if err != nil {
		return false
	}
	until, proof, _ := strings.Cut(c.Value, ".")
	n, err := strconv.ParseInt(until, 10, 64)
	return err == nil && same(proof, g.sum("session", until)) && g.now().Before(time.Unix(n, 0))
}

// admit gives a visitor who knew the token a session.
func (g *gate) admit(w http.ResponseWriter) {
	until := strconv.FormatInt(g.now().Add(sessionTime).Unix(), 10)
	g.cookie(w, sessionCookie, until+"."+g.sum("session", until), int(sessionTime.Seconds()))
}

func (g *gate) cookie(w http.ResponseWriter, name, value string, age int) {
	http.SetCookie(w, &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: age, HttpOnly: true, Secure: g.TLS, SameSite: http.SameSiteStrictMode})
}

// formToken is what the visitor's forms carry; it gives the visitor a cookie
// where there is none.
func (g *gate) formToken(w http.ResponseWriter, r *http.Request) string {
	c, err := r.Cookie(visitorCookie)
	if err != nil || len(c.Value) < 20 {
		value := rand.Text()
		g.cookie(w, visitorCookie, value, 0)
		return g.sum("form", value)
	}
	return g.sum("form", c.Value)
}

var errForeign = errors.New("the form does not come from a page of this server, or its page is too old: load the page again")

// own says why a POST may not be acted on; nil if it comes from a page of this
// server, or from a program that carries the token.
func (g *gate) own(r *http.Request) error {
	if g.bearer(r) {
		return nil
	}
	if err := http.NewCrossOriginProtection().Check(r); err != nil {
		return errForeign
	}
	c, err := r.Cookie(visitorCookie)
	if err != nil || !same(r.PostFormValue("form"), g.sum("form", c.Value)) {
		return errForeign
	}
	return nil
}

// mostBody is how much of a request is read.
const mostBody = 64 << 10

// around answers requests with the headers of security on. Without a token
// only the names of loopback are answered: a foreign name that resolves here
// (DNS rebinding) is not.
func (g *gate) around(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		if g.TLS {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		host := r.Host
		if name, _, err := net.SplitHostPort(host); err == nil {
			host = name
		}
		if g.Token == "" && !isLoopback(host) {
			http.Error(w, "this address is for the machine itself: use http://127.0.0.1", http.StatusMisdirectedRequest)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, mostBody)
		next.ServeHTTP(w, r)
	})
}

// policy is that of every page but a report, which brings its own.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
