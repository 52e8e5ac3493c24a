package main

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"
	"time"
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
