package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/netsonde/netsonde/devices/pseudonym"
	"github.com/netsonde/netsonde/policies"
)

// copiesOf makes one recording of as many pseudonymised copies of a small one.
func copiesOf(b *testing.B, recording string, copies int) string {
	b.Helper()
	ps, err := policies.LoadPlatforms(policies.Files)
	if err != nil {
		b.Fatal(err)
	}
	all := b.TempDir()
	for i := range copies {
		m, err := pseudonym.New(bytes.Repeat([]byte{byte(i + 1)}, 32))
		if err != nil {
			b.Fatal(err)
		}
		one := filepath.Join(b.TempDir(), "copy")
		if err := m.Recording(recording, one, ps); err != nil {
			b.Fatal(err)
		}
		nodes, err := filepath.Glob(filepath.Join(one, "n*"))
		if err != nil || len(nodes) == 0 {
			b.Fatal("no device in the copy", err)
		}
		for _, node := range nodes {
			if err := os.Rename(node, filepath.Join(all, fmt.Sprintf("c%02d-%s", i, filepath.Base(node)))); err != nil {
				b.Fatal(err)
			}
		}
	}
	return all
}

// BenchmarkHealthThousand measures a health run of 1,008 stand-in devices (72
// pseudonymised copies of the lab's 14) over real SSH on loopback, logins and
// history included: wall time, the most memory in use, logins per device. The
// stand-ins share the machine and the process, and the memory.
func BenchmarkHealthThousand(b *testing.B) {
	inventory, servers := standIns(b, copiesOf(b, recorded(b, "nothing_wrong"), 72))
	home := b.TempDir()
	env := map[string]string{"HOME": home, "STANDIN_PASSWORD": "hunter2"}
	var most atomic.Uint64
	stop := make(chan struct{})
	defer close(stop)
	go func() {
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most.Store(max(most.Load(), m.HeapInuse))
			select {
			case <-stop:
				return
			case <-time.After(200 * time.Millisecond):
			}
		}
	}()
	runtime.GC()
	var before runtime.MemStats
	runtime.ReadMemStats(&before)
	most.Store(0)
	for b.Loop() {
		c := console{
			in: strings.NewReader(""), out: io.Discard, err: io.Discard, now: time.Now,
			getenv: func(name string) string { return env[name] },
		}
		if status := run(context.Background(), c, []string{"health", "-q", "-o", "json", "-i", inventory}); status == exitFailed || status == exitUsage {
			b.Fatalf("status %d", status)
		}
	}
	logins, reads := 0, 0
	for _, s := range servers {
		logins += s.Counts().Logins
		reads += len(s.Lines())
	}
	n := float64(b.N * len(servers))
	b.ReportMetric(float64(logins)/n, "logins/device")
	b.ReportMetric(float64(reads)/n, "reads/device")
	b.ReportMetric(float64(most.Load()-min(most.Load(), before.HeapInuse))/(1<<20), "MiB-most")
	b.ReportMetric(float64(len(servers)), "devices")
}
