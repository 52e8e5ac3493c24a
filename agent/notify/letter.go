package notify

import (
	"context"
	"time"
)

// A Letter is news on its way to one receiver.
type Letter struct {
	Key      string // identity: the same for the same report and receiver, however often it is posted
	Receiver string // its name in the configuration
	Report   string // the report that it tells of
	News     []byte // JSON of News
	State    State
	Attempts int       // begun so far
	Posted   time.Time // when it was put into the outbox
	Next     time.Time // not to be tried before
	Done     time.Time // when it was delivered or given up; zero until then
	Fault    string    // of the last attempt; without secrets
}

// State says where a letter stands.
type State string

// The states of a letter. Sending is stored before the first byte leaves, so
// that a letter found in that state may have arrived.
const (
	Waiting   State = "waiting"
	Sending   State = "sending"
	Delivered State = "delivered"
	Dead      State = "dead"
)

// An Outbox keeps letters; where it keeps them on disk, they survive the
// process. It is safe for concurrent use.
type Outbox interface {
	// Put adds a letter unless one of the same Key was ever put: then it
	// reports false and changes nothing.
	Put(ctx context.Context, l Letter) (bool, error)
	// Due returns up to most letters in the state Waiting or Sending whose Next
	// is not after now, the oldest first.
	Due(ctx context.Context, now time.Time, most int) ([]Letter, error)
	// Update stores State, Attempts, Next, Done and Fault of the letter of
	// l.Key. It is durable when it returns.
	Update(ctx context.Context, l Letter) error
}
