package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/netsonde/netsonde/devices"
)

// audited writes a log by two processes' worth of writers at once.
func audited(t *testing.T) (path string, raw []byte) {
	t.Helper()
	dir := t.TempDir()
	var wg sync.WaitGroup
	for _, run := range []string{"run-a", "run-b"} {
		l, err := openAudit(dir, run)
		if err != nil {
			t.Fatal(err)
		}
		defer l.close()
		l.fault = func(err error) { t.Error(err) }
		for i := range 20 {
			wg.Go(func() {
				l.sent(devices.Sent{At: time.Unix(1, 0), Device: "r1", User: "ops", Transport: "ssh", Text: fmt.Sprintf("show %d %s", i, strings.Repeat("x", 900))})
			})
		}
	}
	wg.Wait()
	path = filepath.Join(dir, auditFile)
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return path, raw
}

func TestAuditLogIsAChain(t *testing.T) {
	_, raw := audited(t)
	if n, err := verifyAudit(bytes.NewReader(raw)); n != 40 || err != nil {
		t.Fatalf("%d lines, %v", n, err)
	}
	lines := bytes.SplitAfter(raw, []byte("\n"))
	changed := bytes.Replace(raw, []byte("show 7 "), []byte("show 8 "), 1)
	if _, err := verifyAudit(bytes.NewReader(changed)); err == nil {
		t.Error("a changed line does not show")
	}
	missing := bytes.Join(append(append([][]byte{}, lines[:5]...), lines[6:]...), nil)
	if _, err := verifyAudit(bytes.NewReader(missing)); err == nil || !strings.Contains(err.Error(), "line 6") {
		t.Errorf("a missing line: %v, want line 6 named", err)
	}
}
