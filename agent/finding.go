package agent

import (
	"time"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/policies"
)

// A Case is what is to be found out.
type Case struct {
	Question string `json:"question"`
	Device   string `json:"device,omitempty"`
	Config   string `json:"config,omitempty"` // text of a configuration, redacted
	From     string `json:"from,omitempty"`   // a path to explain: h1
	To       string `json:"to,omitempty"`     // 10.4.0.53
	Flow     string `json:"flow,omitempty"`   // udp/53

	// Given are answers of devices that came with the case, redacted: output
	// that somebody pasted. They count as read.
	Given []devices.Observation `json:"-"`
}

// A Verdict is the outcome of a run: all three are honest answers.
type Verdict string

// The verdicts.
const (
	Fault        Verdict = "fault"
	Healthy      Verdict = "healthy"
	Inconclusive Verdict = "inconclusive"
)

// A Finding is one cause, where it is, and the evidence for it.
type Finding struct {
	Rule        string            `json:"rule,omitempty"` // id of the rule that found it; "" for a model's
	Key         string            `json:"key,omitempty"`  // what tells it from another of its rule at its place; "" where nothing does
	RootCause   string            `json:"root_cause"`     // a label of policies/root-causes.yaml
	Locations   []string          `json:"locations"`      // r3, r3:eth1, r3:eth1--r4:eth2; each exists in the inventory or the topology
	Title       string            `json:"title"`
	Explanation string            `json:"explanation"`
	Severity    policies.Severity `json:"severity"`
	Evidence    []Evidence        `json:"evidence"`
	Symptoms    []string          `json:"symptoms"` // consequences that this cause explains
	Remedy      string            `json:"remedy"`   // words; nothing applies it

	// Rests are the tables that the evidence stands in, as "r5/ospf_interfaces":
	// where one is not read, nobody knows whether the finding still holds.
	Rests []string `json:"rests,omitempty"`
	// Consequences are the symptoms that a rule found, with what identifies them.
	Consequences []Consequence `json:"consequences,omitempty"`
}

// A Consequence is what another finding explains.
type Consequence struct {
	Rule      string   `json:"rule"`
	Locations []string `json:"locations"`
	Title     string   `json:"title"`
}

// An Unread is a table of a device that could not be read, and why. Device ""
// is a rule that could not be evaluated: Rule names it.
type Unread struct {
	Device string `json:"device,omitempty"`
	Table  string `json:"table,omitempty"` // "all tables" where the device did not answer
	Rule   string `json:"rule,omitempty"`
	Core   bool   `json:"core"`
	Why    string `json:"why"`
}

// Evidence is a claim about one observation that can be checked by reading it.
type Evidence struct {
	Observation string    `json:"observation"` // o1, o2, ... as the ledger numbers them
	Device      string    `json:"device"`
	Query       string    `json:"query"`
	At          time.Time `json:"at"`
	Quote       string    `json:"quote"`  // text the observation contains
	Absent      bool      `json:"absent"` // or: that a complete observation does not contain
}

// A Report is the outcome of a run. Its JSON here is the journal's; what users
// read is made by agent/report.
type Report struct {
	Case         Case       `json:"case"`
	Source       SourceInfo `json:"source"`
	Verdict      Verdict    `json:"verdict"`
	Summary      string     `json:"summary"`
	Findings     []Finding  `json:"findings"`
	RuledOut     []string   `json:"ruled_out"`        // hypotheses dropped, with the observation that dropped them
	NotEvaluated []string   `json:"not_evaluated"`    // what could not be read, and why
	Unread       []Unread   `json:"unread,omitempty"` // the same, a table each; of a run of the rules
	Read         []string   `json:"read,omitempty"`   // the devices that the run set out to read
	Open         string     `json:"open"`             // why the run is inconclusive, if it is
	Ran          []string   `json:"ran,omitempty"`    // ids of the rules that were held against it
	Scope        string     `json:"scope"`            // what was looked at
	Seen         []Numbered `json:"seen"`
	Usage        Usage      `json:"usage"`
}

// SourceInfo says what the report rests on.
type SourceInfo struct {
	Kind       string    `json:"kind"` // live or recording
	CapturedAt time.Time `json:"captured_at"`
}

// Numbered is an observation with the number by which evidence cites it.
type Numbered struct {
	ID string `json:"id"`
	devices.Observation
}

// Usage is what a run cost.
type Usage struct {
	Model        string  `json:"model"`
	Steps        int     `json:"steps"`
	ToolCalls    int     `json:"tool_calls"`
	DeviceReads  int     `json:"device_reads"`
	InputTokens  int     `json:"input_tokens"`
	OutputTokens int     `json:"output_tokens"`
	Seconds      float64 `json:"seconds"`
}
