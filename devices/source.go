package devices

import (
	"context"
	"errors"
	"time"

	"github.com/netsonde/netsonde/policies"
)

// An Observation is what one device answered to one query at one moment.
// It is already redacted. It is what evidence points at.
type Observation struct {
	Device    string        `json:"device"`
	Query     string        `json:"query"` // Query.String of what was asked
	At        time.Time     `json:"at"`    // when it was answered; zero where a recording does not say
	Took      time.Duration `json:"took"`
	Output    string        `json:"output"`              // redacted, complete
	From      string        `json:"from,omitempty"`      // the broader recorded query that this was cut from, if any
	Truncated bool          `json:"truncated,omitempty"` // a limit or a deadline cut the output
}

// A Source answers queries about devices by name. It is safe for concurrent
// use. Errors wrap one of the sentinel errors of this package or a
// *policies.Refusal, and name device and query; an error with a non-empty
// Observation carries what was read before a cut. The zero Query and a Query
// of a grammar that the device does not take are refused.
type Source interface {
	Fetch(ctx context.Context, device string, q policies.Query) (Observation, error)
}

// A Session is an open connection to one device over one transport. It is
// used by one goroutine at a time. Do returns what came before an error, too;
// ErrTruncated says that the output limit cut it. After any error but
// ErrDenied and ErrUnsupported, or when the context ends, the session is spent
// and must be closed: late output would answer the next query.
type Session interface {
	Do(ctx context.Context, q policies.Query) (output string, err error)
	Close() error
}

// A Dialer opens a session to d. A refused login is ErrDenied and is never
// tried again by the caller; anything else that keeps a session from opening
// is ErrUnreachable.
type Dialer func(ctx context.Context, d Device) (Session, error)

// The answers to a read that are not an Observation (design 1.6). Use
// errors.Is.
var (
	ErrUnknown     = errors.New("unknown device")
	ErrUnreachable = errors.New("device unreachable")
	ErrDenied      = errors.New("denied by the device")        // AAA refused the login or the command: a fact about our account
	ErrUnsupported = errors.New("not supported by the device") // feature or syntax absent: not evidence of a fault
	ErrTimeout     = errors.New("timed out")                   // what came is kept and marked truncated
	ErrNotRecorded = errors.New("not recorded")                // a recording does not hold it
)

// ErrTruncated is returned by a Session whose output limit cut an answer. A
// Source returns no error for it: the Observation is marked Truncated.
var ErrTruncated = errors.New("output limit reached")
