package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/netsonde/netsonde/agent"
	"github.com/netsonde/netsonde/cmd/netsonde/page"
	"github.com/netsonde/netsonde/policies"
)

// servedSite is a site whose every text is word, and what was done to it.
func servedSite(html []byte, word string) (page.Site, func() (ran []string, silenced []page.Silence)) {
	var mu sync.Mutex
	var ran []string
	var silenced []page.Silence
	now := time.Now()
	past := func(n int, v agent.Verdict) page.Past {
		return page.Past{ID: fmt.Sprintf("20261123-%d", n), Schedule: "core", At: now.Add(-time.Duration(n) * time.Hour), Verdict: v, Summary: word,
			By: map[policies.Severity]int{policies.Critical: n % 2, policies.Minor: 2}, New: n % 3, NotEvaluated: n}
	}
	s := page.Site{
		Version: "test",
		Schedules: func(context.Context) ([]page.Schedule, error) {
			return []page.Schedule{
				{Name: "core", When: "*/15 * * * * Europe/Berlin", Devices: "group core", Next: now.Add(9 * time.Minute), Last: past(1, agent.Fault)},
				{Name: "access", When: "every 5m", Devices: word, Running: now.Add(-20 * time.Second), Last: past(2, agent.Healthy), Trouble: word},
				{Name: "edge", When: "every 1h", Disabled: "another process holds the lease"},
			}, nil
		},
		Reports: func(context.Context, int) ([]page.Past, error) {
			return []page.Past{past(1, agent.Fault), past(2, agent.Healthy), past(3, agent.Inconclusive)}, nil
		},
		Report: func(context.Context, string) ([]byte, error) { return html, nil },
		Findings: func(context.Context) ([]page.Standing, error) {
			return []page.Standing{
				{ID: "aa11", Cause: "bgp_neighbor_admin_shutdown", Locations: []string{"r2"}, Title: word, Severity: policies.Major, State: "standing", Since: now.Add(-50 * time.Hour), Report: "20261123-1", Schedule: "core"},
				{ID: "bb22", Cause: "link_down", Locations: []string{"r3:eth1"}, Title: "r3:eth1 is down", Severity: policies.Critical, State: "new", Since: now.Add(-time.Minute), Report: "20261123-1", Schedule: "core"},
			}, nil
		},
		Devices: func(context.Context) ([]page.Device, error) {
			return []page.Device{{Name: "r1", Platform: "frr", Version: word, Address: "192.0.2.1", Up: true, Read: now}, {Name: "r9", Trouble: word}}, nil
		},
		Silences: func(context.Context) ([]page.Silence, error) {
			return []page.Silence{{ID: "s1", Rule: "ntp-offset", Location: word, Reason: word, By: word, Until: now.Add(time.Hour)}}, nil
		},
		Letters: func(context.Context) ([]page.Letter, error) {
			return []page.Letter{{Receiver: "noc", Trouble: word, Tries: 4}}, nil
		},
		RunNow: func(_ context.Context, name string) error {
			mu.Lock()
			defer mu.Unlock()
			ran = append(ran, name)
			return nil
		},
		Silence: func(_ context.Context, s page.Silence) error {
			mu.Lock()
			defer mu.Unlock()
			silenced = append(silenced, s)
			return nil
		},
		Lift: func(context.Context, string) error { return nil },
	}
	return s, func() ([]string, []page.Silence) {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(ran), slices.Clone(silenced)
	}
}

func serveSite(t *testing.T, s page.Site, g page.Guard) string {
	t.Helper()
	h, err := page.Handler(s, g)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server.URL
}

func servedPaths() []string {
	return []string{"/", "/findings", "/reports", "/devices", "/silences", "/silences?finding=aa11"}
}

func TestServedPagesInBrowser(t *testing.T) {
	s, did := servedSite(incidentPage(t, "ospf_area_mismatch"), "OSPF areas differ on r3:eth3--r5:eth1: 0.0.0.1 against 0.0.0.2")
	url := serveSite(t, s, page.Guard{})
	b := newBrowser(t)
	b.visit(url)
	for _, width := range []int64{1280, 375} {
		for _, scheme := range []string{"light", "dark"} {
			b.window(width, scheme)
			for i, path := range servedPaths() {
				b.do(chromedp.Navigate(url + path))
				b.readable()
				if i == 0 {
					b.shot(fmt.Sprintf("serve-%d-%s", width, scheme))
				}
			}
		}
	}
	b.window(1280, "light")
	b.do(chromedp.Navigate(url+"/"), chromedp.Click(chromedp.CSS(`button[aria-label="Run core now"]`)), chromedp.WaitVisible(chromedp.CSS(".done")))
	if ran, _ := did(); !slices.Equal(ran, []string{"core"}) {
		t.Errorf("the button ran %q", ran)
	}
	b.do(chromedp.Navigate(url+"/findings"), chromedp.Click(chromedp.CSS(`a[href="/silences?finding=bb22"]`)), chromedp.WaitVisible(chromedp.CSS("form.form")),
		chromedp.SendKeys(chromedp.CSS("input[name=reason]"), "cable is ordered"), chromedp.KeyEvent(kb.Enter), chromedp.WaitNotPresent(chromedp.CSS("input[name=finding]")))
	if _, silenced := did(); len(silenced) != 1 || silenced[0].Finding != "bb22" || silenced[0].Reason != "cable is ordered" {
		t.Errorf("silenced %+v", silenced)
	}
	b.do(chromedp.Navigate(url+"/reports/20261123-1"), chromedp.Click(chromedp.CSS("[data-fold=open]")))
	if eval[int](b, `document.querySelectorAll("details.evidence[open]").length`) == 0 {
		t.Error("the script of a served report does not work")
	}
}

func TestHostilePagesInBrowser(t *testing.T) {
	s, did := servedSite([]byte("x"), attack)
	url := serveSite(t, s, page.Guard{})
	b := newBrowser(t)
	b.visit(url)
	for _, path := range servedPaths() {
		b.do(chromedp.Navigate(url + path))
		b.inert(1)
		b.readable()
	}
	if ran, silenced := did(); len(ran)+len(silenced) > 0 {
		t.Errorf("the pages acted by themselves: %q %v", ran, silenced)
	}
}

// TestForeignSiteInBrowser lets another site post a form to the pages, as the
// browser sends it, cookies and all.
func TestForeignSiteInBrowser(t *testing.T) {
	s, did := servedSite([]byte("x"), "word")
	url := serveSite(t, s, page.Guard{})
	evil := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, `<link rel="icon" href="data:,"><form method="post" action="%s/schedules/core/run"><input name="form" value="x"><button>win</button></form>`, url)
	}))
	t.Cleanup(evil.Close)
	b := newBrowser(t)
	b.visit(url)
	b.mu.Lock()
	b.allowed = "http://127.0.0.1"
	b.mu.Unlock()
	b.do(chromedp.Navigate(evil.URL), chromedp.Click(chromedp.CSS("button")), chromedp.WaitVisible(chromedp.CSS(".trouble")))
	if ran, _ := did(); len(ran) > 0 {
		t.Errorf("another site ran %q", ran)
	}
	b.mu.Lock()
	b.complain = nil // the console tells of the refusal's status
	b.mu.Unlock()
}
