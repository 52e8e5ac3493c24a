package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/netsonde/netsonde/agent"
)

// pack names a folder of recordings, each in a folder named as its incident,
// to be packed into demo/: see the Makefile's target demos.
var pack = flag.String("pack", "", "folder of recordings to pack into demo/")

// console for a test: nothing of the process, a state directory of its own.
func testConsole(t *testing.T, out io.Writer) console {
	t.Helper()
	home := t.TempDir()
	return console{
		in: strings.NewReader(""), out: out, err: io.Discard, now: time.Now,
		getenv: func(name string) string { return map[string]string{"HOME": home}[name] },
	}
}

func TestPackDemos(t *testing.T) {
	if *pack == "" {
		// Packing and unpacking are each other's inverse.
		in := fs.FS(os.DirFS("demo"))
		raw, err := packed(in)
		if err != nil || len(raw) == 0 {
			t.Fatalf("packed: %d bytes, %v", len(raw), err)
		}
		again, err := packed(in)
		if err != nil || !bytes.Equal(raw, again) {
			t.Fatalf("the same files gave other bytes (%v)", err)
		}
		return
	}
	all, err := incidents()
	if err != nil {
		t.Fatal(err)
	}
	for _, in := range all {
		raw, err := packed(os.DirFS(filepath.Join(*pack, in.Name)))
		if err != nil {
			t.Fatalf("%s: %v", in.Name, err)
		}
		if err := os.WriteFile(filepath.Join("demo", in.Name+".tar.zst"), raw, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestDemosReachTheirCauses diagnoses every incident that ships and holds the
// report against what is known of it.
func TestDemosReachTheirCauses(t *testing.T) {
	all, err := incidents()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 12 {
		t.Errorf("%d incidents ship, want at least 12", len(all))
	}
	total := int64(0)
	for _, in := range all {
		t.Run(in.Name, func(t *testing.T) {
			if info, err := fs.Stat(demoFiles, "demo/"+in.Name+".tar.zst"); err == nil {
				total += info.Size()
			}
			var out bytes.Buffer
			if status := run(context.Background(), testConsole(t, &out), []string{"demo", in.Name, "-q", "-o", "json"}); status != 0 {
				t.Fatalf("status %d:\n%s", status, out.String())
			}
			var r struct {
				Verdict  string          `json:"verdict"`
				Findings []agent.Finding `json:"findings"`
			}
			if err := json.Unmarshal(out.Bytes(), &r); err != nil {
				t.Fatal(err)
			}
			if r.Verdict != in.Verdict {
				t.Errorf("verdict %s, want %s", r.Verdict, in.Verdict)
			}
			var causes, places []string
			for _, f := range r.Findings {
				causes = append(causes, f.RootCause)
				places = append(places, f.Locations...)
			}
			for _, want := range in.Causes {
				if !slices.Contains(causes, want) {
					t.Errorf("causes %v, want %s among them", causes, want)
				}
			}
			for _, want := range in.Places {
				if !slices.Contains(places, want) {
					t.Errorf("locations %v, want %s among them", places, want)
				}
			}
		})
	}
	if total > 2<<20 {
		t.Errorf("the incidents take %d bytes, want at most 2 MiB", total)
	}
}
