package tools

import (
	"context"
	"encoding/json"
	"testing"
)

// A lone string where a list is wanted is a list of one; nothing else changes.
func TestLoneString(t *testing.T) {
	var got []string
	tool, err := New("config", func(_ context.Context, in configIn) (Result, error) {
		got = append(in.Devices, in.Section)
		return Result{}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for args, want := range map[string]string{
		`{"devices": "r1", "section": "router ospf"}`:     `["r1","router ospf"]`,
		`{"devices": ["r1", "r2"], "section": "[\"x\"]"}`: `["r1","r2","[\"x\"]"]`,
	} {
		if _, err := tool.Call(t.Context(), json.RawMessage(args)); err != nil {
			t.Errorf("%s: %v", args, err)
			continue
		}
		if raw, _ := json.Marshal(got); string(raw) != want {
			t.Errorf("%s is read as %s, want %s", args, raw, want)
		}
	}
	if _, err := tool.Call(t.Context(), json.RawMessage(`{"devices": 7}`)); err == nil {
		t.Error("a number is taken for a list")
	}
}
