package notify

import (
	"time"

	"github.com/netsonde/netsonde/policies"
)

// News is what receivers are told of one report, as plain text without any
// markup. Its JSON is what the outbox keeps and what a webhook gets.
type News struct {
	Report       string            `json:"report"`   // identity of the report: news of one report are posted once
	Schedule     string            `json:"schedule"` // name; "" for a run by hand
	At           time.Time         `json:"at"`
	Verdict      string            `json:"verdict"` // healthy, fault, inconclusive
	Summary      string            `json:"summary"`
	Worst        policies.Severity `json:"worst,omitzero"` // of the items that are not resolved; left out without any
	Changed      bool              `json:"changed"`        // something is new, worse, better, resolved or flaps since the last report
	Turned       bool              `json:"turned"`         // the verdict is another one than that of the last report
	Items        []Item            `json:"items"`          // in the order in which they are told
	Explanation  string            `json:"explanation,omitempty"`
	NotEvaluated []string          `json:"not_evaluated,omitempty"`
	Link         string            `json:"link,omitempty"` // where the report is read; "" for nowhere
}

// An Item is one finding as news.
type Item struct {
	Change    Change            `json:"change"`
	Severity  policies.Severity `json:"severity,omitzero"`
	Cause     string            `json:"cause"`
	Locations []string          `json:"locations"`
	Title     string            `json:"title"`
	Remedy    string            `json:"remedy,omitempty"`
	Since     time.Time         `json:"since,omitzero"`
}

// Change says how a finding stands to the last report.
type Change string

// The changes. An item of a run without a past is new.
const (
	New      Change = "new"
	Worse    Change = "worse"
	Better   Change = "better"
	Standing Change = "standing"
	Resolved Change = "resolved"
	Flapping Change = "flapping"
)
