package notify

import (
	"context"
	"errors"
	"time"

	"github.com/netsonde/netsonde/policies"
)

// A Receiver delivers news to where people read them. An error that is a
// [*Refusal] means that nothing was delivered; after any other one, nobody
// knows.
type Receiver interface {
	Deliver(ctx context.Context, p Parcel) error
}

// A Parcel is one attempt to deliver a letter.
type Parcel struct {
	Key    string // for the receiver to drop a repeat by
	News   News
	Raw    []byte // JSON of News, byte for byte the same at each attempt
	Repeat bool   // an earlier attempt may have arrived
}

// A Refusal is the error of a receiver that said no, or was never reached.
type Refusal struct {
	Final bool          // no later attempt can help: the address or the credentials are wrong
	After time.Duration // the receiver asks to wait this long; zero if it does not say
	Err   error
}

// Error says why.
func (r *Refusal) Error() string { return r.Err.Error() }

// Unwrap returns the reason.
func (r *Refusal) Unwrap() error { return r.Err }

// final reports whether no later attempt can help.
func final(err error) bool {
	var r *Refusal
	return errors.As(err, &r) && r.Final
}

// sure reports whether an error means that nothing was delivered.
func sure(err error) bool {
	var r *Refusal
	return errors.As(err, &r)
}

// When says which reports a receiver hears of.
type When string

// The policies. Threshold and OnChange ask for a severity as well: see
// [Policy.Wants].
const (
	OnChange  When = "change"    // something changed since the last report
	Threshold When = "threshold" // something stands at or above the severity, changed or not
	Always    When = "always"    // every report
)

// A Policy decides whether a receiver hears of a report. The zero Policy is
// on change, of any severity.
type Policy struct {
	When When
	At   policies.Severity // the least severity that counts; zero for any
}

// Wants reports whether news are told. On change: where an item that is not
// merely standing has at least the severity, or the run became inconclusive.
func (p Policy) Wants(n News) bool {
	switch p.When {
	case Always:
		return true
	case Threshold:
		return n.Worst > 0 && n.Worst >= p.At
	}
	if !n.Changed {
		return false
	}
	told := len(n.Items) == 0 || n.Turned && n.Verdict == "inconclusive"
	for _, i := range n.Items {
		told = told || i.Change != Standing && i.Severity >= p.At
	}
	return told
}
