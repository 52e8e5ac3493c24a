package notify

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/netsonde/netsonde/devices"
)

// Open makes the receivers of c, by name; secrets are resolved now, so that
// one that is missing is told before anything is to be sent. The error joins a
// [*Fault] for each field that is wrong.
func (c Config) Open(resolve Resolver) (map[string]Addressee, error) {
	if err := c.Check(); err != nil {
		return nil, err
	}
	out := map[string]Addressee{}
	var faults []error
	for _, name := range slices.Sorted(maps.Keys(c.Receivers)) {
		r := c.Receivers[name]
		at, err := severity(r.At)
		if err != nil {
			return nil, err
		}
		got, err := r.open(resolve)
		if err != nil {
			faults = append(faults, prefixed("receivers."+name+".", err))
			continue
		}
		out[name] = Addressee{Receiver: got, Policy: Policy{When: r.When, At: at}}
	}
	return out, errors.Join(faults...)
}

func prefixed(path string, err error) error {
	var f *Fault
	if errors.As(err, &f) {
		return &Fault{path + f.Path, f.Err}
	}
	return fmt.Errorf("%s: %w", path, err)
}

// open makes one receiver.
func (r ReceiverConfig) open(resolve Resolver) (Receiver, error) {
	if r.Kind == Email {
		return r.mailbox(resolve)
	}
	to, err := resolved("url", r.URL, resolve)
	if err != nil {
		return nil, err
	}
	p, err := newPoster(to)
	if err != nil {
		return nil, &Fault{"url", err}
	}
	switch r.Kind {
	case Slack:
		return slack{p}, nil
	case Teams:
		return teams{p}, nil
	}
	key, err := resolved("secret", r.Secret, resolve)
	if err != nil {
		return nil, err
	}
	if len(key.Reveal()) < 16 {
		return nil, &Fault{"secret", errors.New("a signing key has at least 16 characters")}
	}
	return webhook{poster: p, key: key, now: time.Now}, nil
}

// resolved finds what a field refers to.
func resolved(field, value string, resolve Resolver) (devices.Secret, error) {
	if value == "" || !reference(value) {
		return devices.NewSecret(value), nil
	}
	s, err := resolve(value)
	if err != nil {
		return devices.Secret{}, &Fault{field, err}
	}
	if s.IsZero() {
		return s, &Fault{field, fmt.Errorf("%s is empty", value)}
	}
	return s, nil
}
