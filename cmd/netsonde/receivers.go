package main

import (
	"errors"
	"path/filepath"

	"github.com/netsonde/netsonde/agent/notify"
	"github.com/netsonde/netsonde/devices"
)

// receiverFaults says what is wrong with the section "notify".
func (cfg Config) receiverFaults() error { return notifyFaults(cfg.Notify.Check()) }

// notifyFaults names the fields as the configuration has them.
func notifyFaults(err error) error {
	if err == nil {
		return nil
	}
	faults := []error{err}
	if all, ok := err.(interface{ Unwrap() []error }); ok {
		faults = all.Unwrap()
	}
	for i, err := range faults {
		var f *notify.Fault
		if errors.As(err, &f) {
			faults[i] = &fieldFault{"notify." + f.Path, f.Err}
		}
	}
	return errors.Join(faults...)
}

// receivers makes the receivers of the configuration, by name. A secret that
// cannot be found is an error that names file, line and field.
func (c *console) receivers(cfg Config) (map[string]notify.Addressee, error) {
	l := devices.Loading{File: filepath.Join(filepath.Dir(cfg.origin), "x"), Home: c.getenv("HOME"), Env: func(name string) (string, bool) {
		v := c.getenv(name)
		return v, v != ""
	}}
	section := cfg.Notify
	section.Receivers = map[string]notify.ReceiverConfig{}
	for name, r := range cfg.Notify.Receivers {
		if r.CA != "" {
			r.CA = cfg.beside(r.CA)
		}
		section.Receivers[name] = r
	}
	all, err := section.Open(func(ref string) (devices.Secret, error) {
		s, _, err := l.Secret(ref)
		return s, err
	})
	return all, cfg.fault(notifyFaults(err))
}
