package notify

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/textproto"
	"os"
	"slices"
	"strconv"
	"strings"
	"text/template"
	"time"

	_ "embed" // the letter's two forms

	htmltemplate "html/template"

	gomail "github.com/wneessen/go-mail"
)

//go:embed letter.txt
var letterText string

//go:embed letter.html
var letterHTML string

// mailbox writes letters over SMTP: text and HTML in one.
type mailbox struct {
	host     string
	implicit bool
	options  []gomail.Option
	from     string
	to       []string
	text     *template.Template
	html     *htmltemplate.Template
	patience time.Duration
}

// mailbox makes the receiver of an email configuration.
func (r ReceiverConfig) mailbox(resolve Resolver) (Receiver, error) {
	host, port, err := net.SplitHostPort(r.Server)
	if err != nil {
		return nil, &Fault{"server", err}
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		return nil, &Fault{"server", fmt.Errorf("%q is no port", port)}
	}
	m := mailbox{host: host, implicit: r.TLS == Implicit, from: r.From, to: r.To, patience: 30 * time.Second}
	if m.text, err = template.New("text").Parse(letterText); err != nil {
		return nil, err
	}
	if m.html, err = htmltemplate.New("html").Parse(letterHTML); err != nil {
		return nil, err
	}
	trust := &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12}
	if r.CA != "" {
		pem, err := os.ReadFile(r.CA)
		if err != nil {
			return nil, &Fault{"ca", err}
		}
		trust.RootCAs = x509.NewCertPool()
		if !trust.RootCAs.AppendCertsFromPEM(pem) {
			return nil, &Fault{"ca", fmt.Errorf("%s holds no certificate in PEM", r.CA)}
		}
	}
	m.options = []gomail.Option{gomail.WithPort(number), gomail.WithTimeout(m.patience), gomail.WithTLSConfig(trust)}
	switch r.TLS {
	case NoTLS:
		m.options = append(m.options, gomail.WithTLSPolicy(gomail.NoTLS))
	case Implicit:
		m.options = append(m.options, gomail.WithSSL())
	default:
		m.options = append(m.options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if r.User != "" {
		password, err := resolved("password", r.Password, resolve)
		if err != nil {
			return nil, err
		}
		m.options = append(m.options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(r.User), gomail.WithPassword(password.Reveal()))
	}
	return m, nil
}

// Deliver sends the letter. That the server took it is the end of it: what
// goes wrong while the connection is closed is of no interest.
func (m mailbox) Deliver(ctx context.Context, p Parcel) error {
	msg, err := m.write(p)
	if err != nil {
		return &Refusal{Final: true, Err: err}
	}
	var line net.Conn // the library leaves it open where the greeting, TLS or the login fails
	options := slices.Clone(m.options)
	if !m.implicit { // with a dialer of ours the library would take implicit TLS for none
		options = append(options, gomail.WithDialContextFunc(func(ctx context.Context, network, addr string) (_ net.Conn, err error) {
			line, err = (&net.Dialer{}).DialContext(ctx, network, addr)
			return line, err
		}))
	}
	c, err := gomail.NewClient(m.host, options...)
	if err != nil {
		return &Refusal{Final: true, Err: err}
	}
	conn, err := c.DialToSMTPClientWithContext(ctx)
	if err != nil {
		if line != nil {
			line.Close()
		}
		return &Refusal{Final: permanent(err), Err: fmt.Errorf("%s: %w", m.host, err)}
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() }) // the library hears no context once it is connected
	defer stop()
	err = c.SendWithSMTPClient(conn, msg)
	_ = c.CloseWithSMTPClient(conn)
	if err == nil {
		return nil
	}
	err = fmt.Errorf("%s: %w", m.host, err)
	var s *gomail.SendError
	if errors.As(err, &s) && s.ErrorCode() > 0 || errors.As(err, &s) && early(s.Reason) {
		return &Refusal{Final: s.ErrorCode() >= 500, Err: err}
	}
	return err // cut off in the middle: it may have arrived
}

// early reports whether sending ended before the text was on its way.
func early(r gomail.SendErrReason) bool {
	switch r {
	case gomail.ErrSMTPDataClose, gomail.ErrWriteContent, gomail.ErrAmbiguous:
		return false
	}
	return true
}

// permanent reports whether a server said that it will never take the login.
func permanent(err error) bool {
	var t *textproto.Error
	if errors.As(err, &t) {
		return t.Code >= 500
	}
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	return errors.As(err, &unknown) || errors.As(err, &name)
}

// write makes the message. Its Message-ID is that of the letter at each
// attempt, so that a mailbox can tell a repeat.
func (m mailbox) write(p Parcel) (*gomail.Msg, error) {
	msg := gomail.NewMsg()
	if err := msg.From(m.from); err != nil {
		return nil, err
	}
	if err := msg.To(m.to...); err != nil {
		return nil, err
	}
	domain := "netsonde.invalid"
	if a, err := mail.ParseAddress(m.from); err == nil {
		domain = a.Address[strings.LastIndex(a.Address, "@")+1:]
	}
	msg.SetMessageIDWithValue(p.Key + "@" + domain)
	msg.SetDateWithValue(p.News.At)
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no one answers it by machine
	msg.Subject(cut("netsonde: "+headline(p.News)+": "+inert(p.News.Summary, 120), 180))
	items, more := told(p.News)
	data := letterData{
		Head: headline(p.News), Summary: inert(p.News.Summary, 1000), Items: items, More: more, Explanation: inert(p.News.Explanation, 4000),
		Notes: footer(p), At: stamp(p.News), Link: p.News.Link,
	}
	var text, html bytes.Buffer
	if err := m.text.Execute(&text, data); err != nil {
		return nil, err
	}
	if err := m.html.Execute(&html, data); err != nil {
		return nil, err
	}
	msg.SetBodyString(gomail.TypeTextPlain, text.String())
	msg.AddAlternativeString(gomail.TypeTextHTML, html.String())
	return msg, nil
}

// letterData is what the two forms of a letter show.
type letterData struct {
	Head, Summary, Explanation, At, Link string
	Items                                []line
	More                                 int
	Notes                                []string
}
