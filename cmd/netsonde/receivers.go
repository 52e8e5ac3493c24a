package main

import (
	"errors"

	"github.com/netsonde/netsonde/agent/notify"
)

// receiverFaults says what is wrong with the section "notify".
func (cfg Config) receiverFaults() error {
	var out []error
	if all, ok := cfg.Notify.Check().(interface{ Unwrap() []error }); ok {
		for _, err := range all.Unwrap() {
			var f *notify.Fault
			if errors.As(err, &f) {
				err = &fieldFault{"notify." + f.Path, f.Err}
			}
			out = append(out, err)
		}
	}
	return errors.Join(out...)
}
