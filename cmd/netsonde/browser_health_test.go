package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// healthPage is the HTML of the last of several health reports, one an
// incident that ships, with the others as its past.
func healthPage(t *testing.T, names ...string) []byte {
	t.Helper()
	dir := t.TempDir()
	var out bytes.Buffer
	c := testConsole(t, &out)
	for _, name := range names {
		files, err := unpacked(name)
		if err != nil {
			t.Fatal(err)
		}
		at := filepath.Join(dir, name)
		if err := os.CopyFS(at, files); err != nil {
			t.Fatal(err)
		}
		out.Reset()
		if got := run(t.Context(), c, []string{"health", "--replay", at, "--history", filepath.Join(dir, "past"), "--quiet", "-o", "html"}); got != exitHealthy && got != exitFault {
			t.Fatalf("health of %s: exit status %d", name, got)
		}
	}
	return out.Bytes()
}

// TestHealthReportInBrowser shows a report with a past: in the order in which
// the incidents were recorded, what was wrong is resolved and other things are
// new.
func TestHealthReportInBrowser(t *testing.T) {
	b := newBrowser(t)
	b.show(healthPage(t, "ospf_area_mismatch", "nothing_wrong", "double_session_and_filter"))
	for _, width := range []int64{1280, 375} {
		for _, scheme := range []string{"light", "dark"} {
			b.window(width, scheme)
			b.readable()
			b.shot(fmt.Sprintf("health-%d-%s", width, scheme))
		}
	}
	for what, least := range map[string]int{
		"#changes .c-new li a":   2, // what is new leads to its cause
		"#timeline .bars title":  3, // a column a report
		"#timeline tbody tr":     3,
		"#figures svg.spark":     4,
		"#topology a[href^='#']": 2,
	} {
		if got := eval[int](b, fmt.Sprintf("document.querySelectorAll(%q).length", what)); got < least {
			t.Errorf("%s: %d, want at least %d", what, got, least)
		}
	}
	b.window(1280, "light")
	b.do(chromedp.Click(chromedp.CSS("#changes .c-new li a")), chromedp.WaitVisible(chromedp.CSS(".cause:target details.evidence[open] mark")))

	b.show(healthPage(t, "ospf_area_mismatch", "nothing_wrong"))
	if got := eval[string](b, `document.querySelector("#changes .c-resolved li")?.textContent ?? ""`); got == "" {
		t.Error("what went away is not told")
	}
	if got := eval[string](b, `document.querySelector("h1 .verdict").textContent.trim()`); got != "✓ healthy" {
		t.Errorf("the verdict is %q", got)
	}
}
