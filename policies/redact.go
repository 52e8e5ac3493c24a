package policies

import (
	"errors"
	"io/fs"
)

// A Redactor replaces secrets by tags. It is safe for concurrent use.
type Redactor struct{}

// NewRedactor compiles the patterns of fsys (patterns/*.yaml) with this
// installation's salt, which must be at least 16 bytes.
func NewRedactor(fsys fs.FS, salt []byte) (*Redactor, error) {
	return nil, errors.New("redactor not built")
}

// Redact replaces each secret by a tag of one word (no spaces), idempotently,
// and keeps the number of lines. Equal secrets get equal tags: 64 bits of an
// HMAC under the salt, over the decoded secret where the encoding is
// reversible (Cisco type 7, Junos $9$), so that a key mismatch can still be
// seen; else the tag says that it cannot be compared. platform may be "".
func (r *Redactor) Redact(platform, text string) string { return text }
