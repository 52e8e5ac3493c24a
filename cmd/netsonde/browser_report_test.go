package main

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/netsonde/netsonde/agent"
	"github.com/netsonde/netsonde/agent/report"
	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/policies"
)

// incidentPage is the HTML of an incident that ships.
func incidentPage(t *testing.T, name string) []byte {
	t.Helper()
	var out bytes.Buffer
	c := testConsole(t, &out)
	if got := run(t.Context(), c, []string{"demo", name, "--quiet", "-o", "html"}); got != exitHealthy {
		t.Fatalf("demo %s: exit status %d", name, got)
	}
	return out.Bytes()
}

func TestReportInBrowser(t *testing.T) {
	b := newBrowser(t)
	b.show(incidentPage(t, "double_session_and_filter"))
	for _, width := range []int64{1280, 375} {
		for _, scheme := range []string{"light", "dark"} {
			b.window(width, scheme)
			eval[bool](b, `document.querySelectorAll("details").forEach((d) => { d.open = true; }), true`)
			b.readable()
			eval[bool](b, `document.querySelectorAll("details").forEach((d) => { d.open = d.closest("#devices") !== null; }), true`)
			b.shot(fmt.Sprintf("report-%d-%s", width, scheme))
		}
	}
	if light, dark := eval[string](b, `getComputedStyle(document.body).backgroundColor`), ""; true {
		b.window(1280, "light")
		if dark, light = light, eval[string](b, `getComputedStyle(document.body).backgroundColor`); dark == light {
			t.Errorf("light and dark have the same background, %s", dark)
		}
	}
}

func TestReportSortsFiltersFoldsInBrowser(t *testing.T) {
	b := newBrowser(t)
	b.show(incidentPage(t, "double_session_and_filter"))
	b.window(1280, "light")
	first := func(table string) []string {
		return eval[[]string](b, `Array.from(document.querySelectorAll("#`+table+` tbody tr:not([hidden])")).map((r) => r.cells[0].firstChild.data.trim())`)
	}
	column := func(i int) []int {
		return eval[[]int](b, fmt.Sprintf(`Array.from(document.querySelectorAll("#devices tbody tr")).map((r) => Number(r.cells[%d].textContent))`, i))
	}
	routes := chromedp.CSS("#devices th:nth-child(8) button")
	b.do(chromedp.Click(routes))
	if up := column(7); !slices.IsSorted(up) || up[0] == up[len(up)-1] {
		t.Errorf("routes do not go up: %v", up)
	}
	b.do(chromedp.Click(routes))
	if down := column(7); down[0] < down[len(down)-1] {
		t.Errorf("routes do not go down: %v", down)
	}
	if got := eval[string](b, `document.querySelector("#devices th:nth-child(8)").ariaSort`); got != "descending" {
		t.Errorf("the heading says %q", got)
	}
	b.do(chromedp.SendKeys(chromedp.CSS("#devices [data-filter]"), "r4"))
	if got := first("devices"); !slices.Equal(got, []string{"r4"}) {
		t.Errorf("filter r4 shows %q", got)
	}
	eval[bool](b, `(() => { const f = document.querySelector("#devices [data-filter]"); f.value = ""; f.dispatchEvent(new Event("input")); return true; })()`)
	b.do(chromedp.Click(chromedp.CSS("#devices [data-bad]")))
	if got := first("devices"); !slices.Contains(got, "r6") || slices.Contains(got, "h1") {
		t.Errorf("only trouble shows %q", got)
	}
	open := `document.querySelectorAll("details.evidence[open]").length`
	if got := eval[int](b, open); got != 0 {
		t.Errorf("%d evidence lists are open from the start", got)
	}
	b.do(chromedp.Click(chromedp.CSS("[data-fold=open]")))
	if got, all := eval[int](b, open), eval[int](b, `document.querySelectorAll("details.evidence").length`); got != all || all < 2 {
		t.Errorf("%d of %d evidence lists are open", got, all)
	}
	b.do(chromedp.Click(chromedp.CSS("[data-fold=close]")))
	eval[bool](b, `document.querySelector("#topology a").dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true })), true`)
	b.do(chromedp.WaitVisible(chromedp.CSS(".cause:target details.evidence[open] mark")))
}

// TestReportByKeyboardInBrowser walks the page with the tab key alone.
func TestReportByKeyboardInBrowser(t *testing.T) {
	b := newBrowser(t)
	b.show(incidentPage(t, "double_session_and_filter"))
	b.window(1280, "light")
	const where = `(() => { const e = document.activeElement; const r = e.getBoundingClientRect();
	  const s = getComputedStyle(e); const seen = s.outlineStyle !== "none" || e.matches(".map a");
	  return [e.closest("section, nav, header")?.id || e.closest("nav")?.tagName || "", e.tagName.toLowerCase(), seen ? "seen" : "unseen " + e.outerHTML.slice(0, 80), e.textContent.trim().slice(0, 20)]; })()`
	var stops []string
	for range 90 {
		b.do(chromedp.KeyEvent(kb.Tab))
		at := eval[[]string](b, where)
		if at[1] == "body" {
			break
		}
		if at[2] != "seen" {
			t.Errorf("focus cannot be seen on %s", at[2])
		}
		stops = append(stops, strings.Join(at[:2], " "))
		switch {
		case at[1] == "summary" && at[0] == "causes" && strings.HasPrefix(at[3], "Evidence"):
			b.do(chromedp.KeyEvent(kb.Enter))
			if !eval[bool](b, `document.activeElement.parentElement.open`) {
				t.Error("Enter does not open evidence")
			}
		case at[1] == "button" && at[0] == "devices":
			b.do(chromedp.KeyEvent(kb.Enter))
			if eval[string](b, `document.activeElement.closest("th").ariaSort || ""`) == "" {
				t.Errorf("Enter does not sort by %s", at[3])
			}
		}
	}
	for _, want := range []string{" a", "NAV a", "causes button", "causes summary", "topology div", "topology a", "devices summary", "devices input", "devices button", "made summary"} {
		if !slices.Contains(stops, want) {
			t.Errorf("the tab key never stops at %q: %q", want, stops)
		}
	}
}

func TestReportPrintsInBrowser(t *testing.T) {
	b := newBrowser(t)
	b.show(incidentPage(t, "double_session_and_filter"))
	b.do(chromedp.EmulateViewport(700, 1000), chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
		return err
	}))
	eval[bool](b, `dispatchEvent(new Event("beforeprint"))`)
	b.readable()
	b.shot("report-print")
	eval[bool](b, `dispatchEvent(new Event("afterprint"))`)
	pdf, err := chromedp.Run(b.ctx, chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize(), chromedp.PDFPrintBackground()))
	if err != nil {
		t.Fatal(err)
	}
	pages := len(regexp.MustCompile(`/Type\s*/Page\b[^s]`).FindAll(pdf, -1))
	if pages < 2 || pages > 12 {
		t.Errorf("it prints on %d pages", pages)
	}
	if box := regexp.MustCompile(`/MediaBox\s*\[0 0 (\d+)`).FindSubmatch(pdf); box == nil || string(box[1]) != "594" && string(box[1]) != "595" && string(box[1]) != "596" {
		t.Errorf("the paper is %q wide, want A4's 595 points", box)
	}
	if open := eval[int](b, `document.querySelectorAll("details.evidence[open]").length`); open != 0 {
		t.Errorf("%d evidence lists stay open after printing", open)
	}
}

// attack is text of a device that tries to act in a page.
const attack = "\"'></title></style><script>window.pwned=1</script><img src=http://evil.example/x onerror=\"window.pwned=2\">" +
	"<svg onload=window.pwned=3><a href=\"javascript:window.pwned=4\">x</a> http://evil.example/ [l](http://evil.example) {{.Report}} \u202eevil\u2066 \u200bz\u200d \x1b]8;;http://evil.example\x07 `${1}` --></textarea>"

// hostilePage has the attack in every place where a device or a model can put
// text.
func hostilePage() report.Page {
	at := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	seen := []agent.Numbered{
		{ID: "o1", Observation: devices.Observation{Device: attack, Query: "show version", At: at, Output: "first\n" + attack + "\nlast\n"}},
		{ID: "o2", Observation: devices.Observation{Device: "r1", Query: "show interface " + attack, At: at, Output: attack}},
	}
	seen = append(seen, agent.Numbered{ID: "o3", Observation: devices.Observation{Device: attack, Query: agent.SuspiciousText, From: attack, Output: attack}})
	f := agent.Finding{
		RootCause: attack, Locations: []string{attack, "r1:" + attack}, Title: attack, Explanation: attack, Severity: policies.Critical, Remedy: attack,
		Symptoms: slices.Repeat([]string{attack}, 9), Evidence: []agent.Evidence{{Observation: "o1", Device: attack, Query: attack, At: at, Quote: attack}, {Observation: "o2", Device: "r1", Query: "q", Quote: attack, Absent: true}},
	}
	r := agent.Report{
		Case: agent.Case{Question: attack, From: attack, To: attack}, Source: agent.SourceInfo{Kind: attack, CapturedAt: at}, Verdict: agent.Verdict(attack), Summary: attack,
		Findings: []agent.Finding{f}, RuledOut: []string{attack}, NotEvaluated: []string{attack}, Open: attack, Scope: attack, Seen: seen, Usage: agent.Usage{Model: attack},
	}
	return report.Page{
		Report: r, Network: report.Recall(r, &devices.Inventory{Links: []string{attack + ":eth1--r1:" + attack}}), Title: attack, ID: attack, Made: at, Version: "1", Compared: at.Add(-time.Hour),
		Changes:  []report.Change{{State: "new", Title: attack, Cause: attack, Locations: []string{attack}, Severity: policies.Major, Why: attack}},
		Timeline: []report.Past{{ID: attack, At: at, Verdict: agent.Verdict(attack)}, {At: at, Verdict: agent.Fault, By: map[policies.Severity]int{policies.Major: 2}}},
		Series:   []report.Series{{Device: attack, Place: attack, Figure: attack, Unit: attack, Values: []float64{1, 2, 3}}}, Explanation: attack, Unexplained: attack,
	}
}

// inert fails the test where device text acts in the page, or could.
func (b *browser) inert(scripts int) {
	b.t.Helper()
	for what, want := range map[string]int{
		`window.pwned ?? 0`:                          0,
		`document.querySelectorAll("script").length`: scripts,
		`document.querySelectorAll("img, iframe, object, embed, base, form[action*=evil]").length`:                                                                                                                                0,
		`Array.from(document.querySelectorAll("*")).filter((e) => Array.from(e.attributes).some((a) => a.name.startsWith("on") || a.name === "style")).length`:                                                                    0,
		`Array.from(document.querySelectorAll("[href], [src], [action]")).filter((e) => /evil|javascript:|data:/.test((e.getAttribute("href") || "") + (e.getAttribute("src") || "") + (e.getAttribute("action") || ""))).length`: 0,
	} {
		if got := eval[int](b, what); got != want {
			b.t.Errorf("%s is %d, want %d", what, got, want)
		}
	}
	if got := eval[int](b, `(document.documentElement.outerHTML.match(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g) || []).length`); got != 0 {
		b.t.Errorf("%d characters that hide or reorder text stand raw in the page", got)
	}
}

func TestHostileReportInBrowser(t *testing.T) {
	text, err := report.HTML(hostilePage())
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(text, []byte(`\u202eevil`)) {
		t.Error("an override of the reading direction is not shown as an escape")
	}
	b := newBrowser(t)
	b.show(text)
	b.window(1280, "light")
	eval[bool](b, `document.querySelectorAll("details").forEach((d) => { d.open = true; }), true`)
	b.inert(1)
	if href := eval[[]string](b, `Array.from(document.querySelectorAll("a")).map((a) => a.getAttribute("href")).filter((h) => !h.startsWith("#"))`); len(href) > 0 {
		t.Errorf("a link leads out of the page: %q", href)
	}
	eval[bool](b, `document.querySelectorAll("a, button, summary").forEach((e) => e.dispatchEvent(new MouseEvent("click", { bubbles: true }))), true`)
	if got := eval[string](b, `location.protocol + document.querySelectorAll("h1").length`); got != "file:1" {
		t.Errorf("after a click on everything: %s", got)
	}
	b.readable()
	b.window(375, "dark")
	b.readable()
	b.shot("report-hostile")
}
