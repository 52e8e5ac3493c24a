package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	wire "github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// A browser is a headless Chromium with one tab, and what went wrong in it.
type browser struct {
	t   *testing.T
	ctx context.Context

	mu       sync.Mutex
	allowed  string   // addresses that begin so may be asked for
	asked    []string // all others that were
	complain []string // errors and warnings of the console, exceptions
}

// newBrowser starts Chromium. Without NETSONDE_BROWSER=1 the test is skipped;
// with it (make test sets it), a missing Chromium fails the test.
func newBrowser(t *testing.T) *browser {
	t.Helper()
	if os.Getenv("NETSONDE_BROWSER") != "1" {
		t.Skip("make browser-test runs it (NETSONDE_BROWSER=1)")
	}
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatalf("%v: .ci/packages installs it", err)
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.UserDataDir(t.TempDir()), chromedp.WSURLReadTimeout(time.Minute))
	alloc, stop := chromedp.NewExecAllocator(context.Background(), opts...)
	ctx, cancel := chromedp.NewContext(alloc)
	t.Cleanup(func() { cancel(); stop() })
	b := &browser{t: t, ctx: ctx}
	if err := chromedp.Listen(ctx, b.hear); err != nil {
		t.Fatal(err)
	}
	b.do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, wire.Enable, wire.EnableParams{})
		return err
	}))
	t.Cleanup(b.quiet)
	return b
}

// hear notes requests and complaints.
func (b *browser) hear(ev any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch ev := ev.(type) {
	case *wire.EventRequestWillBeSent:
		if !strings.HasPrefix(ev.Request.URL, b.allowed) {
			b.asked = append(b.asked, ev.Request.URL)
		}
	case *runtime.EventExceptionThrown:
		b.complain = append(b.complain, fmt.Sprint(ev.ExceptionDetails.Text))
	case *runtime.EventConsoleAPICalled:
		b.complain = append(b.complain, fmt.Sprint("console ", ev.Type))
	case *log.EventEntryAdded:
		b.complain = append(b.complain, fmt.Sprint(ev.Entry.Level, ": ", ev.Entry.Text, " ", ev.Entry.URL))
	}
}

// quiet fails the test where the page asked for anything or complained.
func (b *browser) quiet() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.asked) > 0 {
		b.t.Errorf("the page asked for %q", b.asked)
	}
	if len(b.complain) > 0 {
		b.t.Errorf("the browser complains: %q", b.complain)
	}
}

func (b *browser) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, time.Minute)
	defer cancel()
	if b.ctx.Err() == nil && len(b.allowed) == 0 {
		ctx = b.ctx // the first call starts the browser: it lives as long as its context
	}
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

// show opens a page made of text as a file.
func (b *browser) show(text []byte) {
	b.t.Helper()
	file := filepath.Join(b.t.TempDir(), "report.html")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		b.t.Fatal(err)
	}
	b.visit("file://" + file)
}

// visit opens an address; what begins with it may be asked for.
func (b *browser) visit(url string) {
	b.t.Helper()
	b.mu.Lock()
	b.allowed = url
	b.mu.Unlock()
	b.do(chromedp.Navigate(url))
}

// eval gives the value of an expression of JavaScript.
func eval[T any](b *browser, expression string) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, time.Minute)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// window sets the size of the window and the colour scheme: light or dark.
func (b *browser) window(width int64, scheme string) {
	b.t.Helper()
	b.do(chromedp.EmulateViewport(width, 900), chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		return err
	}))
}

// shot keeps a picture of the whole page in the folder NETSONDE_SHOTS, if it
// is named: they are there to be looked at.
func (b *browser) shot(name string) {
	b.t.Helper()
	dir := os.Getenv("NETSONDE_SHOTS")
	if dir == "" {
		return
	}
	png, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// faint lists visible texts whose contrast with what is behind them is under
// 4.5 to 1 (WCAG 2.2, 1.4.3).
const faint = `(() => {
  const rgb = (s) => { const m = s.match(/[\d.]+/g); return m ? m.map(Number) : [0, 0, 0, 0]; };
  const lum = (c) => { const f = (v) => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }; return 0.2126 * f(c[0]) + 0.7152 * f(c[1]) + 0.0722 * f(c[2]); };
  const out = new Set();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let n = walk.nextNode(); n; n = walk.nextNode()) {
    const e = n.parentElement;
    if (!n.data.trim() || e.closest("script, style, title, .skip") || !e.checkVisibility()) { continue; }
    let behind = null;
    for (let p = e; p && !behind; p = p.parentElement) { const c = rgb(getComputedStyle(p).backgroundColor); if (c.length < 4 || c[3] > 0) { behind = c; } }
    const box = e.closest(".node");
    if (box && e.tagName === "text") { behind = e.classList.contains("word") ? behind : rgb(getComputedStyle(box.querySelector("rect")).fill); }
    const style = getComputedStyle(e);
    const a = lum(rgb(e.tagName === "text" ? style.fill : style.color)), b = lum(behind || [255, 255, 255]);
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) { out.add(n.data.trim().slice(0, 30) + " " + ratio.toFixed(1)); }
  }
  return Array.from(out);
})()`

// readable fails the test where text is faint or the page is wider than its
// window.
func (b *browser) readable() {
	b.t.Helper()
	if got := eval[[]string](b, faint); len(got) > 0 {
		b.t.Errorf("too little contrast: %q", got)
	}
	if w := eval[[]int](b, `[document.documentElement.scrollWidth, innerWidth]`); w[0] > w[1] {
		b.t.Errorf("the page is %d wide in a window of %d", w[0], w[1])
	}
}
