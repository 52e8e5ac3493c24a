package tools

import (
	"context"
	"encoding/json"
	"io/fs"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/devices/state"
	"github.com/netsonde/netsonde/policies"
)

// A Tool is one read-only function a model may call.
type Tool struct {
	Name, Description string
	Schema            json.RawMessage
	Call              func(ctx context.Context, args json.RawMessage) (Result, error)
}

// A Result is what a call brought back: words for the model, facts for the
// rules, and the observations both rest on.
type Result struct {
	Text   string
	Facts  any
	Seen   []devices.Observation
	Unread []string // reads that failed, in words for the report
	Core   []CoreRead
}

// A CoreRead is what came of a table that a verdict of healthy rests on.
type CoreRead struct {
	Device  string `json:"device"`
	Table   string `json:"table"`
	Missing string `json:"missing,omitempty"` // why it could not be read; "" if it was
}

// A Set is the tools of one run.
type Set []Tool

// Env is what the tools need from below.
type Env struct {
	Source    devices.Source
	Inventory *devices.Inventory
	Platforms map[string]*policies.Platform
	Budget    int  // tokens for one result; 0 means a default
	Probes    bool // the operator has turned on what sends traffic
	Rules     []policies.Rule
	Files     Files // of a recording; nil for live devices

	Intent state.Intent          // what the operator wants of the network
	Past   state.Past            // the figures of the last report; nil without one
	Beside []devices.Observation // what files of the operator's say of devices: evidence, and no read of a device
}

// Files reads a file of a recording that answers no known command, by its
// name, redacted.
type Files func(device, name string) (devices.Observation, error)

// LoadRules reads the rules of fsys, compiled against the facts of
// [state.Network].
func LoadRules(fsys fs.FS) ([]policies.Rule, error) {
	return policies.LoadRules(fsys, state.FactTypes()...)
}
