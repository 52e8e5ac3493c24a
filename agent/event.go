package agent

import (
	"time"

	"github.com/netsonde/netsonde/tools"
)

// An Event is something that happened in a run. The terminal, the journal and
// tests are readers of the same events.
type Event interface{ isEvent() }

// Started opens a run: what it is about and what it was given. With the
// events that follow it is enough to run the investigation again.
type Started struct {
	Version int        `json:"version"`
	At      time.Time  `json:"at"`
	Case    Case       `json:"case"`
	Source  SourceInfo `json:"source"`
	Devices []string   `json:"devices,omitempty"` // places of the run
	Links   []string   `json:"links,omitempty"`
	Causes  Causes     `json:"causes,omitempty"` // the vocabulary of the run
	Limits  Limits     `json:"limits,omitzero"`
	Mark    string     `json:"mark,omitempty"`  // that fenced device text; "" for a run of the rules
	Tools   []string   `json:"tools,omitempty"` // what the model could call, besides the agent's own
	Given   []Numbered `json:"given,omitempty"` // observations that came with the case
}

// Planned says which hypotheses the run sets out to test.
type Planned struct {
	Hypotheses []string `json:"hypotheses"`
}

// Replied is one answer of the model, as it was. The journal keeps it so that
// a run can be replayed. A failed call to the model has an Error instead.
type Replied struct {
	Step  int       `json:"step"`
	At    time.Time `json:"at"`
	Reply Reply     `json:"reply"`
	Error string    `json:"error,omitempty"`
	Kind  Failure   `json:"kind,omitempty"` // of the Error
}

// Failure says what the loop made of a failed call to the model.
type Failure string

// The failures.
const (
	Failed  Failure = "failed"
	TooLong Failure = "too_long" // the prompt, for the model
	Refused Failure = "refused"  // by a content filter
	TimeUp  Failure = "time_up"  // the run's own limit
)

// Called says that a function is about to be called.
type Called struct {
	Step int  `json:"step"`
	Call Call `json:"call"`
}

// Returned is what a call brought back. Results are in the order of the calls.
type Returned struct {
	Step    int              `json:"step"`
	At      time.Time        `json:"at"`
	Call    Call             `json:"call"`
	Text    string           `json:"text"`              // the tool's words; the model reads them fenced
	Error   string           `json:"error,omitempty"`   // a refusal or failure, in words for the model
	Denied  bool             `json:"refused,omitempty"` // the Error is a refusal by policy: nothing was sent
	Missing []string         `json:"missing,omitempty"` // reads that failed
	Core    []tools.CoreRead `json:"core,omitempty"`    // tables of a verdict that are missing, or no longer
	Proven  []Finding        `json:"proven,omitempty"`  // what the rules found in it, as far as the ledger holds it
	Cited   []string         `json:"cited,omitempty"`   // numbers of all observations that the result rests on
	Seen    []Numbered       `json:"seen,omitempty"`    // those first made by this call
	Took    time.Duration    `json:"took"`
}

// Noted is a remark for the reader of the run: a limit that nears, a citation
// sent back, a model that repeats itself.
type Noted struct {
	Text string `json:"text"`
}

// Concluded is the last event of a run that was not cut short.
type Concluded struct {
	Report Report `json:"report"`
}

func (Started) isEvent()   {}
func (Planned) isEvent()   {}
func (Replied) isEvent()   {}
func (Called) isEvent()    {}
func (Returned) isEvent()  {}
func (Noted) isEvent()     {}
func (Concluded) isEvent() {}
