package tools_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/devices/gnmi"
	"github.com/netsonde/netsonde/devices/standin"
	"github.com/netsonde/netsonde/policies"
	"github.com/netsonde/netsonde/tools"
)

// telemetry is the tools over a device r1 that is served over gNMI on
// loopback, whose counter grows at every read, and r2, which has none.
func telemetry(t *testing.T) tools.Set {
	t.Helper()
	var reads atomic.Int64
	s, err := standin.GNMI{Leaves: func(path string) (string, error) {
		if !strings.HasPrefix(path, "/interfaces") {
			return "", devices.ErrUnsupported
		}
		return fmt.Sprintf("/interfaces/interface[name=eth1]/state/counters/in-errors: 0\n"+
			"/interfaces/interface[name=eth1]/state/counters/in-octets: %d\n/interfaces/interface[name=eth1]/state/mtu: 1500\n", 100*reads.Add(1)), nil
	}}.Serve()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	ps, err := policies.LoadPlatforms(policies.Files)
	if err != nil {
		t.Fatal(err)
	}
	inv := &devices.Inventory{Devices: []devices.Device{s.Device("r1", "frr"), {Name: "r2", Address: "127.0.0.1", Platform: "frr"}}}
	live := devices.Live(inv, devices.Wire{Platforms: ps, GNMI: new(gnmi.Dialer).Dial})
	t.Cleanup(func() { _ = live.Close() })
	set, err := tools.All(tools.Env{Source: live, Inventory: inv, Platforms: ps, Budget: 1000})
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func call(t *testing.T, set tools.Set, name string, args map[string]any) (tools.Result, error) {
	t.Helper()
	i := slices.IndexFunc(set, func(x tools.Tool) bool { return x.Name == name })
	if i < 0 {
		t.Fatalf("no tool %s", name)
	}
	raw, err := json.Marshal(args)
	if err != nil {
		t.Fatal(err)
	}
	return set[i].Call(context.Background(), raw)
}

func TestGNMIGetTool(t *testing.T) {
	set := telemetry(t)
	r, err := call(t, set, "gnmi_get", map[string]any{"devices": []string{"all"}, "path": "/interfaces"})
	if err != nil {
		t.Fatal(err)
	}
	want := "r1: gnmi get /interfaces\n/interfaces/interface[name=eth1]/state/counters/\n  in-errors: 0\n  in-octets: 100\n" +
		"/interfaces/interface[name=eth1]/state/\n  mtu: 1500\n"
	if !strings.HasPrefix(r.Text, want) || !strings.Contains(r.Text, "r2: gnmi get /interfaces\nNOT SUPPORTED by the device") {
		t.Errorf("text:\n%s", r.Text)
	}
	if len(r.Seen) != 1 || !strings.Contains(r.Seen[0].Output, "/interfaces/interface[name=eth1]/state/mtu: 1500\n") {
		t.Errorf("observations: %+v", r.Seen)
	}
	for path, words := range map[string]string{"/": "whole tree", "cli:/show version": "carries commands", "/system/aaa": "secrets"} {
		if _, err := call(t, set, "gnmi_get", map[string]any{"devices": []string{"r1"}, "path": path}); err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%s: %v; want a refusal that says %q", path, err, words)
		}
	}
}

func TestWatchTool(t *testing.T) {
	set := telemetry(t)
	r, err := call(t, set, "watch", map[string]any{"devices": []string{"r1"}, "path": "/interfaces", "seconds": 3})
	if err != nil {
		t.Fatal(err)
	}
	for _, words := range []string{"in-octets: +", "/s)", "1 counters of errors and discards stand at 0", "1 other leaves"} {
		if !strings.Contains(r.Text, words) {
			t.Errorf("%q is not in:\n%s", words, r.Text)
		}
	}
	if len(r.Seen) != 1 || strings.Count(r.Seen[0].Output, "in-octets: ") < 2 {
		t.Errorf("the course itself was not kept: %+v", r.Seen)
	}
	for _, args := range []map[string]any{
		{"devices": []string{"r1"}},
		{"devices": []string{"r1"}, "path": "/interfaces", "command": "show version"},
		{"devices": []string{"r1"}, "path": "/interfaces", "seconds": 1000},
		{"devices": []string{"r1"}, "path": "/interfaces", "every": 20},
		{"devices": []string{"r1"}, "command": "reload"},
	} {
		if _, err := call(t, set, "watch", args); err == nil {
			t.Errorf("%v is allowed", args)
		}
	}
}
