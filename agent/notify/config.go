package notify

import (
	"errors"
	"fmt"
	"maps"
	"net"
	"net/mail"
	"net/url"
	"slices"
	"strings"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/policies"
)

// A Config is the section "notify" of the configuration.
type Config struct {
	// Link is the address of a report, with {report} in the place of its identity:
	// https://netsonde.example.net/reports/{report}
	Link      string                    `yaml:"link"`
	Receivers map[string]ReceiverConfig `yaml:"receivers"`
}

// LinkTo returns the address at which a report is read; "" where none is
// configured.
func (c Config) LinkTo(report string) string {
	return strings.ReplaceAll(c.Link, "{report}", url.PathEscape(report))
}

// A ReceiverConfig is one receiver. Secrets are references: env:NAME or
// file:PATH.
type ReceiverConfig struct {
	Kind Kind   `yaml:"kind"` // slack, teams, webhook, email
	When When   `yaml:"when"` // change (the default), threshold, always
	At   string `yaml:"at"`   // least severity that counts

	URL    string `yaml:"url"`    // slack, teams: a reference, for whoever has it may post; webhook: the address itself or a reference
	Secret string `yaml:"secret"` // webhook: reference to the signing key

	Server   string   `yaml:"server"`   // email: host:port
	TLS      TLS      `yaml:"tls"`      // email: starttls (the default), implicit, none
	CA       string   `yaml:"ca"`       // email: file of certificates to trust instead of the system's
	User     string   `yaml:"user"`     // email
	Password string   `yaml:"password"` // email: reference
	From     string   `yaml:"from"`     // email
	To       []string `yaml:"to"`       // email
}

// Kind says what a receiver is.
type Kind string

// The kinds of receiver.
const (
	Slack   Kind = "slack"
	Teams   Kind = "teams"
	Webhook Kind = "webhook"
	Email   Kind = "email"
)

// TLS says how a mail server is talked to.
type TLS string

// The ways. None is for a server on the same machine.
const (
	StartTLS TLS = "starttls"
	Implicit TLS = "implicit"
	NoTLS    TLS = "none"
)

// A Fault is what is wrong with a configuration, at a field of it.
type Fault struct {
	Path string // receivers.noc.url
	Err  error
}

// Error names the field.
func (f *Fault) Error() string { return f.Path + ": " + f.Err.Error() }

// Unwrap returns what is wrong.
func (f *Fault) Unwrap() error { return f.Err }

// A Resolver finds the secret that a reference (env:NAME, file:PATH) points at.
type Resolver func(ref string) (devices.Secret, error)

// Check says what is wrong with c, all of it, each a [*Fault]; secrets are not
// resolved.
func (c Config) Check() error {
	var faults []error
	if c.Link != "" {
		if u, err := url.Parse(c.Link); err != nil || u.Host == "" || !strings.HasPrefix(u.Scheme, "http") || !strings.Contains(c.Link, "{report}") {
			faults = append(faults, &Fault{"link", fmt.Errorf("%q is no address of a report: write https://HOST/reports/{report}", c.Link)})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.Receivers)) {
		for _, f := range c.Receivers[name].faults() {
			f.Path = "receivers." + name + "." + f.Path
			faults = append(faults, f)
		}
	}
	return errors.Join(faults...)
}

// faults lists what is wrong with one receiver.
func (r ReceiverConfig) faults() []*Fault {
	var out []*Fault
	fault := func(path, format string, args ...any) { out = append(out, &Fault{path, fmt.Errorf(format, args...)}) }
	switch r.When {
	case "", OnChange, Threshold, Always:
	default:
		fault("when", "%q is not known: use change, threshold or always", r.When)
	}
	if _, err := severity(r.At); err != nil {
		fault("at", "%w", err)
	}
	if r.When == Threshold && r.At == "" {
		fault("when", "a threshold needs a severity: add at: minor")
	}
	switch r.Kind {
	case Slack, Teams:
		if r.URL == "" {
			fault("kind", "the %s receiver has no address: add url: env:NAME", r.Kind)
		} else if !reference(r.URL) {
			fault("url", "whoever has this address may post: write env:NAME or file:PATH instead of it")
		}
	case Webhook:
		out = append(out, r.webhookFaults()...)
	case Email:
		out = append(out, r.emailFaults()...)
	case "":
		fault("kind", "is missing: use slack, teams, webhook or email")
	default:
		fault("kind", "%q is not known: use slack, teams, webhook or email", r.Kind)
	}
	return out
}

func (r ReceiverConfig) webhookFaults() []*Fault {
	var out []*Fault
	switch {
	case r.URL == "":
		out = append(out, &Fault{"kind", errors.New("the webhook has no address: add url: https://HOST/PATH")})
	case !reference(r.URL):
		if err := address(r.URL); err != nil {
			out = append(out, &Fault{"url", err})
		}
	}
	switch {
	case r.Secret == "":
		out = append(out, &Fault{"kind", errors.New("the webhook has no signing key: add secret: env:NAME")})
	case !reference(r.Secret):
		out = append(out, &Fault{"secret", errors.New("a signing key does not stand in the open: write env:NAME or file:PATH")})
	}
	return out
}

func (r ReceiverConfig) emailFaults() []*Fault {
	var out []*Fault
	fault := func(path, format string, args ...any) { out = append(out, &Fault{path, fmt.Errorf(format, args...)}) }
	if _, _, err := net.SplitHostPort(r.Server); r.Server == "" {
		fault("kind", "the email receiver has no server: add server: HOST:587")
	} else if err != nil {
		fault("server", "%q is not HOST:PORT", r.Server)
	}
	switch r.TLS {
	case "", StartTLS, Implicit, NoTLS:
	default:
		fault("tls", "%q is not known: use starttls, implicit or none", r.TLS)
	}
	if r.TLS == NoTLS && r.Password != "" {
		fault("tls", "a password is not sent without TLS: use starttls or implicit")
	}
	if r.Password != "" && !reference(r.Password) {
		fault("password", "a password does not stand in the open: write env:NAME or file:PATH")
	}
	if (r.User == "") != (r.Password == "") {
		fault("kind", "user and password go together")
	}
	if _, err := mail.ParseAddress(r.From); err != nil {
		fault("from", "%q is no mail address", r.From)
	}
	if len(r.To) == 0 {
		fault("kind", "the email receiver has nobody to write to: add to: [ADDRESS]")
	}
	for _, to := range r.To {
		if _, err := mail.ParseAddress(to); err != nil {
			fault("to", "%q is no mail address", to)
		}
	}
	return out
}

func reference(s string) bool {
	return strings.HasPrefix(s, "env:") || strings.HasPrefix(s, "file:")
}

func severity(name string) (policies.Severity, error) {
	if name == "" {
		return 0, nil
	}
	return policies.ParseSeverity(name)
}

// address says what is wrong with the address of a receiver, without
// repeating it: it may hold a token.
func address(s string) error {
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Host == "":
		return errors.New("is no address: write https://HOST/PATH")
	case u.Scheme == "https":
		return nil
	case u.Scheme == "http" && local(u.Hostname()):
		return nil
	case u.Scheme == "http":
		return errors.New("what a report says does not travel in the open: use https (http is for this machine only)")
	}
	return fmt.Errorf("%q is not a scheme for it: use https", u.Scheme)
}

func local(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
