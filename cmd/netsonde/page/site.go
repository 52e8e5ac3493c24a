// Package page is what `netsonde serve` shows to a browser: schedules and
// their next run, reports, findings across time, devices, silences; and what
// it answers to machines: /metrics, /healthz, /readyz.
//
// Pages are made on the server, carry no third party's resource and need no
// script but one small file of their own. Nothing here reads or writes a
// device: a run is asked of whoever runs schedules. Every POST is refused
// unless it comes from a page of this server (Sec-Fetch-Site or Origin, and a
// token of the visitor's), and every answer carries a content security policy.
// Text of devices is escaped by html/template and never becomes a link.
package page

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/netsonde/netsonde/agent"
	"github.com/netsonde/netsonde/policies"
)

// A Site is what the pages are made of. Its functions may be called by many
// goroutines at once; a nil function leaves its part of the site away.
type Site struct {
	Version string
	Now     func() time.Time // nil means time.Now

	Schedules func(context.Context) ([]Schedule, error)
	Reports   func(ctx context.Context, most int) ([]Past, error)           // the newest first
	Report    func(ctx context.Context, id string) (html []byte, err error) // one, as report.HTML makes it; ErrUnknown
	Findings  func(context.Context) ([]Standing, error)                     // there now, or within the last days
	Devices   func(context.Context) ([]Device, error)
	Silences  func(context.Context) ([]Silence, error)
	Letters   func(context.Context) ([]Letter, error) // dead or waiting deliveries

	RunNow  func(ctx context.Context, schedule string) error // begins a run and returns; ErrBusy, ErrUnknown
	Silence func(context.Context, Silence) error
	Lift    func(ctx context.Context, id string) error // ends a silence; ErrUnknown

	Ready   func(context.Context) error // nil: schedules run here and the history can be written
	Metrics http.Handler                // of /metrics; nil for none
}

// What the functions of a Site say, wrapped or bare.
var (
	ErrUnknown = errors.New("there is no such thing")
	ErrBusy    = errors.New("a run of this schedule is under way")
)

// A Schedule is one line of the first page.
type Schedule struct {
	Name     string
	When     string // as configured: "*/15 * * * * Europe/Berlin", "every 5m"
	Devices  string // the selection, in words
	Next     time.Time
	Running  time.Time // since when a run is under way; zero: none
	Last     Past      // zero: no run yet
	Trouble  string    // why the last run left no report; "" if it did
	Disabled string    // why it does not run: another process holds the lease
}

// A Past is a report in a list.
type Past struct {
	ID           string // of the address /reports/ID
	Schedule     string
	At           time.Time
	Took         time.Duration
	Verdict      agent.Verdict
	Summary      string
	By           map[policies.Severity]int // findings
	New          int
	Resolved     int
	NotEvaluated int
}

// A Standing is a finding across reports.
type Standing struct {
	ID        string // its stable identity
	Rule      string
	Cause     string
	Locations []string
	Title     string
	Severity  policies.Severity
	State     string // new, worse, better, standing, resolved, flapping, not_evaluated, folded, silenced
	Since     time.Time
	Last      time.Time
	Report    string // id of the last report that has it
	Schedule  string
}

// A Device is one device as it was last read.
type Device struct {
	Name, Platform, Version string
	Address                 string
	Up                      bool
	Read                    time.Time // last answer; zero: never
	Findings                int
	Worst                   policies.Severity
	Trouble                 string // why it was not read
}

// A Silence keeps findings from being told until it ends.
type Silence struct {
	ID       string
	Finding  string // identity of one finding; "" for all of Rule and Location
	Rule     string // "" for every rule
	Location string // device or interface; "" for everywhere
	Reason   string
	By       string
	Until    time.Time
}

// A Letter is a delivery that did not arrive.
type Letter struct {
	Receiver, Report, Trouble string
	Tries                     int
	Next                      time.Time // zero: given up
}
