package agenttest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/netsonde/netsonde/agent"
	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/policies"
	"github.com/netsonde/netsonde/tools"
)

// A Network is devices, the commands that they know, and their answers.
type Network map[string]map[string]string

// Epoch is the time at which a Network answers and a [Clock] starts.
func Epoch() time.Time { return time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC) }

// Clock returns a clock that starts at Epoch and moves on by every at each
// reading.
func Clock(every time.Duration) func() time.Time {
	at := Epoch().Add(-every)
	return func() time.Time {
		at = at.Add(every)
		return at
	}
}

// Places returns the places of the network.
func (n Network) Places() agent.Places {
	inv := &devices.Inventory{}
	for name := range n {
		inv.Devices = append(inv.Devices, devices.Device{Name: name})
	}
	return agent.NewPlaces(inv)
}

// Tools returns a show tool over the network. A command that begins with
// anything but "show" is refused, one that a device does not know is not
// supported.
func (n Network) Tools() tools.Set {
	return tools.Set{{
		Name: "show", Description: "Show what devices answer to a command.",
		Schema: json.RawMessage(`{"type":"object","additionalProperties":false,"required":["devices","command"],"properties":{` +
			`"devices":{"type":"array","items":{"type":"string"}},"command":{"type":"string"}}}`),
		Call: func(ctx context.Context, args json.RawMessage) (tools.Result, error) { return n.show(args) },
	}}
}

func (n Network) show(args json.RawMessage) (tools.Result, error) {
	var in struct {
		Devices []string `json:"devices"`
		Command string   `json:"command"`
	}
	d := json.NewDecoder(bytes.NewReader(args))
	d.DisallowUnknownFields()
	if err := d.Decode(&in); err != nil {
		return tools.Result{}, fmt.Errorf("show: %w", err)
	}
	if !strings.HasPrefix(in.Command, "show ") {
		return tools.Result{}, &policies.Refusal{Line: in.Command, Near: in.Command, Reason: "not a read", Nearest: "show version"}
	}
	var result tools.Result
	slices.Sort(in.Devices)
	for _, name := range in.Devices {
		answers, ok := n[name]
		if !ok {
			return tools.Result{}, fmt.Errorf("%s: %s: %w", name, in.Command, devices.ErrUnknown)
		}
		output, ok := answers[in.Command]
		if !ok {
			return tools.Result{}, fmt.Errorf("%s: %s: %w", name, in.Command, devices.ErrUnsupported)
		}
		result.Text += name + "# " + in.Command + "\n" + output + "\n"
		result.Seen = append(result.Seen, devices.Observation{Device: name, Query: in.Command, At: Epoch(), Output: output})
	}
	return result, nil
}
