package devices

import (
	"context"
	"errors"
	"fmt"

	"github.com/netsonde/netsonde/policies"
)

// Redact wraps src so that what it answers, and what its errors say, has
// passed through r. It is the first wrapper above the wire: nothing above it
// ever holds a secret. A fault of the redactor is an error; raw text is never
// handed on.
func Redact(src Source, r *policies.Redactor) Source { return &redacted{src, r} }

type redacted struct {
	src Source
	r   *policies.Redactor
}

// Fetch redacts the answer in the grammar of q.
func (s *redacted) Fetch(ctx context.Context, device string, q policies.Query) (o Observation, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			o, err = Observation{}, named(device, q, errors.New("redaction failed; the answer is withheld"))
		}
	}()
	o, err = s.src.Fetch(ctx, device, q)
	o.Output = s.r.Redact(q.Platform(), o.Output)
	if err != nil {
		err = s.error(q.Platform(), err)
	}
	return o, err
}

// error returns err with its text redacted. The errors inside it stay
// recognisable, but cannot be unwrapped: their text may hold what was removed.
func (s *redacted) error(platform string, err error) error {
	text := err.Error()
	clean := s.r.Redact(platform, text)
	if clean == text {
		return err
	}
	return &redactedError{clean, err}
}

type redactedError struct {
	text  string
	inner error
}

func (e *redactedError) Error() string { return e.text }

// Is reports whether the redacted error is target.
func (e *redactedError) Is(target error) bool { return errors.Is(e.inner, target) }

// Format keeps verbs such as %+v from reaching the inner error.
func (e *redactedError) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(e.text)) }
