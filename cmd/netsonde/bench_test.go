package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/netsonde/netsonde/devices/pseudonym"
	"github.com/netsonde/netsonde/policies"
)

// BenchmarkDiagnoseLab measures one rules diagnosis of the 14 nodes of the lab,
// from its recording: reading, parsing, joining, walking, judging and writing.
func BenchmarkDiagnoseLab(b *testing.B) {
	home := b.TempDir()
	b.ReportAllocs()
	for b.Loop() {
		var out bytes.Buffer
		c := console{
			in: strings.NewReader(""), out: &out, err: io.Discard, now: time.Now,
			getenv: func(name string) string { return map[string]string{"HOME": home}[name] },
		}
		if status := run(context.Background(), c, []string{"demo", "-q", "-o", "json"}); status != 0 {
			b.Fatalf("status %d: %s", status, out.String())
		}
	}
}

// BenchmarkDiagnoseHundred measures a rules diagnosis of a recording of 98
// devices: seven pseudonymised copies of the lab, side by side.
func BenchmarkDiagnoseHundred(b *testing.B) {
	files, err := unpacked("nothing_wrong")
	if err != nil {
		b.Fatal(err)
	}
	ps, err := policies.LoadPlatforms(policies.Files)
	if err != nil {
		b.Fatal(err)
	}
	plain, all := filepath.Join(b.TempDir(), "lab"), filepath.Join(b.TempDir(), "all")
	if err := os.CopyFS(plain, files); err != nil {
		b.Fatal(err)
	}
	for i := range 7 {
		m, err := pseudonym.New(bytes.Repeat([]byte{byte(i + 1)}, 32))
		if err != nil {
			b.Fatal(err)
		}
		copied := filepath.Join(b.TempDir(), "copy")
		if err := m.Recording(plain, copied, ps); err != nil {
			b.Fatal(err)
		}
		nodes, err := filepath.Glob(filepath.Join(copied, "n*"))
		if err != nil || len(nodes) == 0 {
			b.Fatal("no device in the copy", err)
		}
		for _, node := range nodes {
			to := filepath.Join(all, fmt.Sprintf("c%d-%s", i, filepath.Base(node)))
			if err := os.CopyFS(to, os.DirFS(node)); err != nil {
				b.Fatal(err)
			}
		}
	}
	home := b.TempDir()
	b.ReportAllocs()
	for b.Loop() {
		c := console{
			in: strings.NewReader(""), out: io.Discard, err: io.Discard, now: time.Now,
			getenv: func(name string) string { return map[string]string{"HOME": home}[name] },
		}
		if status := run(context.Background(), c, []string{"check", "-q", "-o", "json", "--replay", all}); status == exitFailed || status == exitUsage {
			b.Fatalf("status %d", status)
		}
	}
}
