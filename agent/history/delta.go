package history

import (
	"time"

	"github.com/netsonde/netsonde/agent"
	"github.com/netsonde/netsonde/policies"
)

// A State says how a finding stands to the report before.
type State string

// The states. Unknown, Folded and Silenced findings are in no other list.
const (
	New      State = "new"
	Worse    State = "worse"
	Better   State = "better"
	Standing State = "standing"
	Resolved State = "resolved"
	Flaps    State = "flapping"      // came and went several times within the window
	Unknown  State = "not_evaluated" // it was there; what it rests on could not be read this time
	Folded   State = "folded"        // it was there; another finding explains it now
	Silenced State = "silenced"      // it is there, and somebody said not to tell
)

// An Entry is a finding with its past.
type Entry struct {
	ID    string `json:"id"`
	Scope string `json:"scope,omitempty"` // where findings of several scopes are listed
	Identity
	Finding agent.Finding     `json:"finding"` // of a resolved or unknown one: as it last was
	State   State             `json:"state"`
	Since   time.Time         `json:"since"`         // when it was first seen, without a gap until now
	Last    time.Time         `json:"last"`          // when it was last seen
	Seen    int               `json:"seen"`          // reports in a row that have it
	Was     policies.Severity `json:"was,omitempty"` // of a worse or better one: its severity before
	Swings  int               `json:"swings,omitempty"`
	Why     string            `json:"why,omitempty"` // it is unknown, folded or silenced
}

// A Delta is what changed from one report of a scope to the next. Each list
// has the worst first. Without a report before, everything is new.
type Delta struct {
	Before   string    `json:"before,omitempty"` // id of the report before; "" if there is none
	BeforeAt time.Time `json:"before_at,omitzero"`
	New      []Entry   `json:"new"`
	Worse    []Entry   `json:"worse"`
	Better   []Entry   `json:"better"`
	Standing []Entry   `json:"standing"`
	Resolved []Entry   `json:"resolved"`
	Flapping []Entry   `json:"flapping"` // there now or not: Entry.Seen 0 means not
	Unknown  []Entry   `json:"not_evaluated"`
	Folded   []Entry   `json:"folded"`
	Silenced []Entry   `json:"silenced"`

	// Turned says that the verdict became another one than before, and not only
	// by findings that are silenced.
	Turned bool `json:"turned"`
}

// Changed reports whether there is something to tell: anything but standing,
// unknown, folded and silenced findings.
func (d Delta) Changed() bool {
	return d.Turned || len(d.New)+len(d.Worse)+len(d.Better)+len(d.Resolved)+len(d.Flapping) > 0
}

// A Point is one past report in a timeline.
type Point struct {
	Report       string        `json:"report"`             // id
	Schedule     string        `json:"schedule,omitempty"` // "" for a run by hand
	At           time.Time     `json:"at"`
	Verdict      agent.Verdict `json:"verdict"`
	Critical     int           `json:"critical"` // findings of that severity
	Major        int           `json:"major"`
	Minor        int           `json:"minor"`
	Warning      int           `json:"warning"`
	NotEvaluated int           `json:"not_evaluated"`
	New          int           `json:"new"`
	Resolved     int           `json:"resolved"`
	Changed      bool          `json:"changed"` // since the report before
	Took         time.Duration `json:"took"`
	Summary      string        `json:"summary"`
}

// A Timeline is the last reports of a scope, the oldest first; its last point
// is the report at hand.
type Timeline []Point

// A Series is a key figure of a device or an interface over time.
type Series struct {
	Device  string   `json:"device"`
	Place   string   `json:"place,omitempty"` // interface, neighbour, filesystem; "" for the device as a whole
	Figure  string   `json:"figure"`          // in_octets, bgp_prefixes, routes, ...
	Unit    string   `json:"unit"`            // bit/s, 1/s, 1
	Samples []Sample `json:"samples"`         // the oldest first; of a counter, the rates between reads
	Usual   *Usual   `json:"usual,omitempty"` // nil where the past is too short to judge by
	Odd     bool     `json:"odd"`             // the last sample lies outside of what is usual
}

// A Sample is one value at one moment.
type Sample struct {
	At    time.Time `json:"at"`
	Value float64   `json:"value"`
}

// Usual is what a figure was at the same hour of past weeks (or, where they
// hold too little, at any hour): median and median absolute deviation.
type Usual struct {
	Median    float64 `json:"median"`
	Deviation float64 `json:"deviation"` // 1.4826 times the MAD: as a standard deviation
	Samples   int     `json:"samples"`
	Hours     Hours   `json:"hours"`
}

// Hours says which samples of the past a figure is judged by.
type Hours string

// The hours.
const (
	SameHour Hours = "same hour of the week"
	AnyHour  Hours = "any hour"
)

// An Edition is a report in its place among the others of its scope: what a
// person is shown, and what is stored.
type Edition struct {
	ID       string       `json:"id"`
	Schedule string       `json:"schedule,omitempty"` // "" for a run by hand
	Scope    string       `json:"scope"`              // reports of one scope are compared with one another
	At       time.Time    `json:"at"`                 // by the clock of what was read
	Report   agent.Report `json:"report"`
	Delta    Delta        `json:"delta"`
	Timeline Timeline     `json:"timeline"`
	Series   []Series     `json:"series"`
	Kept     bool         `json:"kept"` // it stands in the history

	Explained   *agent.Report `json:"explained,omitempty"`   // what the model made of what changed
	Unexplained string        `json:"unexplained,omitempty"` // why a model that was to explain did not
}
