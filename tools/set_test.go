package tools

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netsonde/netsonde/devices"
)

var update = flag.Bool("update", false, "rewrite the snapshots")

// TestSchemasAreSnapshotted holds the contract with models: a name, a
// description or a schema changes only on purpose (go test ./tools -update).
func TestSchemasAreSnapshotted(t *testing.T) {
	set, err := All(Env{Inventory: &devices.Inventory{}, Probes: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, tool := range set {
		raw, err := json.MarshalIndent(map[string]any{"name": tool.Name, "description": tool.Description, "parameters": tool.Schema}, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		raw = append(raw, '\n')
		path := filepath.Join("testdata", "schema", tool.Name+".json")
		if *update {
			if err := os.WriteFile(path, raw, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(raw, want) {
			t.Errorf("%s: %s", tool.Name, cmp.Diff(string(want), string(raw)))
		}
		if n := len(tool.Description) + len(tool.Schema); n > 2400 {
			t.Errorf("%s takes %d characters of every prompt, want at most 2400", tool.Name, n)
		}
	}
}
