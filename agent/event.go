package agent

import "time"

// An Event is something that happened in a run. The terminal, the journal and
// tests are readers of the same events.
type Event interface{ isEvent() }

// Planned says which hypotheses the run sets out to test.
type Planned struct {
	Hypotheses []string `json:"hypotheses"`
}

// Replied is one answer of the model, as it was. The journal keeps it so that
// a run can be replayed.
type Replied struct {
	Step  int   `json:"step"`
	Reply Reply `json:"reply"`
}

// Called says that a function is about to be called.
type Called struct {
	Step int  `json:"step"`
	Call Call `json:"call"`
}

// Returned is what a call brought back. Results are in the order of the calls.
type Returned struct {
	Step  int           `json:"step"`
	Call  Call          `json:"call"`
	Text  string        `json:"text"`            // what the model reads
	Error string        `json:"error,omitempty"` // a refusal or failure; Text says it in the model's words
	Seen  []Numbered    `json:"seen,omitempty"`  // observations first made by this call
	Took  time.Duration `json:"took"`
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

func (Planned) isEvent()   {}
func (Replied) isEvent()   {}
func (Called) isEvent()    {}
func (Returned) isEvent()  {}
func (Noted) isEvent()     {}
func (Concluded) isEvent() {}
