package devices

import (
	"fmt"
	"io"
	"log/slog"
)

// A Secret is a password, key or token. It cannot be printed, logged or
// marshalled: every way of formatting it gives "<secret>".
type Secret struct{ value string }

// NewSecret wraps s.
func NewSecret(s string) Secret { return Secret{s} }

// Reveal returns the secret itself, for the one place that sends it.
func (s Secret) Reveal() string { return s.value }

// IsZero reports whether there is no secret.
func (s Secret) IsZero() bool { return s.value == "" }

const hidden = "<secret>"

// String returns a fixed word.
func (Secret) String() string { return hidden }

// GoString returns a fixed word.
func (Secret) GoString() string { return hidden }

// Format writes a fixed word for every verb: %d would else show the fields.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hidden) }

// LogValue returns a fixed word.
func (Secret) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalText returns a fixed word.
func (Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }
