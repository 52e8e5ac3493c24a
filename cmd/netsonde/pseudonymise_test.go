package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netsonde/netsonde/agent"
)

// conclusion is the verdict and the causes of a report, sorted.
func conclusion(t *testing.T, args ...string) []string {
	t.Helper()
	var out bytes.Buffer
	if status := run(context.Background(), testConsole(t, &out), append(args, "-q", "-o", "json")); status == exitFailed || status == exitUsage {
		t.Fatalf("%v: status %d", args, status)
	}
	var r struct {
		Verdict  string          `json:"verdict"`
		Findings []agent.Finding `json:"findings"`
	}
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	causes := []string{r.Verdict}
	for _, f := range r.Findings {
		causes = append(causes, f.RootCause)
	}
	slices.Sort(causes)
	return causes
}

// written puts an embedded incident on disk.
func written(t *testing.T, name string) string {
	t.Helper()
	files, err := unpacked(name)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), name)
	if err := os.CopyFS(dir, files); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestPseudonymisedIncidentsReachTheSameCauses replaces what identifies the
// network in incidents, and holds the diagnosis against the plain one's.
func TestPseudonymisedIncidentsReachTheSameCauses(t *testing.T) {
	// One of each kind of join: by subnet, by policy, by VNI; and two at once.
	names := []string{"ospf_area_mismatch", "bgp_import_filter_drops_prefix", "evpn_vni_mismatch", "double_session_and_filter"}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			plain := written(t, name)
			dir := filepath.Join(t.TempDir(), "shared")
			c := testConsole(t, &bytes.Buffer{})
			if err := c.pseudonymised(dir, func(to string) error { return os.CopyFS(to, os.DirFS(plain)) }); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(conclusion(t, "check", "--replay", plain), conclusion(t, "check", "--replay", dir)); diff != "" {
				t.Errorf("plain (-) and pseudonymised (+) differ:\n%s", diff)
			}
			err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
				if err != nil || d.IsDir() {
					return err
				}
				raw, err := os.ReadFile(filepath.Join(dir, path))
				for _, name := range []string{"10.255.0.4", "10.4.0.53", "www.lab.example"} {
					if strings.Contains(string(raw), name) {
						t.Errorf("%s still names %s", path, name)
					}
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}
