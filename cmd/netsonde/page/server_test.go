package page

import (
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/netsonde/netsonde/agent"
	"github.com/netsonde/netsonde/policies"
)

// deeds are what the forms of a site under test did.
type deeds struct {
	ran      []string
	silenced []Silence
	lifted   []string
}

func site(d *deeds) Site {
	now := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	last := Past{ID: "20261120-1", Schedule: "core", At: now.Add(-5 * time.Minute), Verdict: agent.Fault, Summary: "r3 <script>alert(1)</script> is down", By: map[policies.Severity]int{policies.Major: 2}, New: 1}
	return Site{
		Version: "test", Now: func() time.Time { return now },
		Schedules: func(context.Context) ([]Schedule, error) {
			return []Schedule{{Name: "core", When: "every 15m", Devices: "group core", Next: now.Add(10 * time.Minute), Last: last}}, nil
		},
		Reports: func(context.Context, int) ([]Past, error) { return []Past{last}, nil },
		Report: func(_ context.Context, id string) ([]byte, error) {
			if id != last.ID {
				return nil, ErrUnknown
			}
			return []byte("<!DOCTYPE html><title>the report</title>"), nil
		},
		Findings: func(context.Context) ([]Standing, error) {
			return []Standing{{ID: "aa11", Title: "r3:eth1 is down", Cause: "link_down", Locations: []string{"r3:eth1"}, Severity: policies.Major, State: "new", Since: now.Add(-time.Hour), Report: last.ID},
				{ID: "bb22", Title: "gone", State: "resolved", Last: now.Add(-time.Hour)}}, nil
		},
		Devices: func(context.Context) ([]Device, error) { return []Device{{Name: "r3", Trouble: "unreachable"}}, nil },
		Silences: func(context.Context) ([]Silence, error) {
			return []Silence{{ID: "s1", Rule: "ntp", Reason: "known", Until: now.Add(time.Hour)}}, nil
		},
		Letters: func(context.Context) ([]Letter, error) {
			return []Letter{{Receiver: "noc", Trouble: "refused", Tries: 3}}, nil
		},
		RunNow: func(_ context.Context, name string) error {
			switch name {
			case "core":
				d.ran = append(d.ran, name)
				return nil
			case "busy":
				return ErrBusy
			}
			return ErrUnknown
		},
		Silence: func(_ context.Context, s Silence) error { d.silenced = append(d.silenced, s); return nil },
		Lift:    func(_ context.Context, id string) error { d.lifted = append(d.lifted, id); return nil },
		Metrics: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "netsonde_up 1\n") }),
	}
}

// visitor is a browser without a screen: it keeps cookies, and says where its
// requests come from as browsers do.
type visitor struct {
	t      *testing.T
	server *httptest.Server
	client *http.Client
}

func newVisitor(t *testing.T, s Site, g Guard) visitor {
	t.Helper()
	h, err := Handler(s, g)
	if err != nil {
		t.Fatal(err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return visitor{t, server, &http.Client{Jar: jar}}
}

func (v visitor) get(path string) (int, string, http.Header) {
	v.t.Helper()
	resp, err := v.client.Get(v.server.URL + path)
	if err != nil {
		v.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return resp.StatusCode, string(body), resp.Header
}

// post sends a form; site is what Sec-Fetch-Site says of where it came from.
func (v visitor) post(path, site string, form url.Values) (int, string) {
	v.t.Helper()
	req, err := http.NewRequest(http.MethodPost, v.server.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		v.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Sec-Fetch-Site", site)
	resp, err := v.client.Do(req)
	if err != nil {
		v.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(body)
}

// form is the token that a page's forms carry.
func (v visitor) form(path string) url.Values {
	v.t.Helper()
	_, body, _ := v.get(path)
	m := regexp.MustCompile(`name="form" value="([^"]+)"`).FindStringSubmatch(body)
	if m == nil {
		v.t.Fatalf("%s has no form:\n%s", path, body)
	}
	return url.Values{"form": {m[1]}}
}

func TestPagesShow(t *testing.T) {
	v := newVisitor(t, site(&deeds{}), Guard{})
	for path, want := range map[string][]string{
		"/":                            {"core", "every 15m", "next in", "10 min", "Run now", "r3 &lt;script&gt;alert(1)&lt;/script&gt; is down", "refused", "r3:eth1 is down"},
		"/findings":                    {"r3:eth1 is down", "gone", "/silences?finding=aa11"},
		"/reports":                     {"/reports/20261120-1", "2 major"},
		"/reports/20261120-1":          {"the report"},
		"/devices":                     {"r3", "unreachable"},
		"/silences?location=r3%3Aeth1": {"rule ntp", "known", `value="r3:eth1"`},
		"/healthz":                     {"ok"}, "/readyz": {"ok"}, "/metrics": {"netsonde_up 1"},
		"/assets/style.css": {"--critical"}, "/assets/script.js": {"aria-sort"},
	} {
		status, body, h := v.get(path)
		if status != http.StatusOK {
			t.Errorf("%s: status %d", path, status)
		}
		for _, w := range want {
			if !strings.Contains(body, w) {
				t.Errorf("%s lacks %q:\n%s", path, w, body)
			}
		}
		if p := h.Get("Content-Security-Policy"); !strings.Contains(p, "default-src 'none'") || !strings.Contains(p, "frame-ancestors 'none'") || strings.Contains(p, "unsafe") {
			t.Errorf("%s: policy %q", path, p)
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("X-Frame-Options") != "DENY" {
			t.Errorf("%s: headers %v", path, h)
		}
	}
	if status, body, _ := v.get("/reports/none"); status != http.StatusNotFound || !strings.Contains(body, "there is no report none") {
		t.Errorf("unknown report: %d", status)
	}
}

func TestFormsAct(t *testing.T) {
	var d deeds
	v := newVisitor(t, site(&d), Guard{})
	form := v.form("/")
	if status, body := v.post("/schedules/core/run", "same-origin", form); status != http.StatusOK || !strings.Contains(body, "A run of core has begun") || len(d.ran) != 1 {
		t.Errorf("run now: %d, ran %q", status, d.ran)
	}
	for name, want := range map[string]int{"busy": http.StatusConflict, "nosuch": http.StatusNotFound} {
		if status, _ := v.post("/schedules/"+name+"/run", "same-origin", form); status != want {
			t.Errorf("run %s: %d, want %d", name, status, want)
		}
	}
	for _, lack := range []url.Values{{"rule": {"ntp"}, "for": {"1h"}}, {"reason": {"x"}, "for": {"1h"}}, {"rule": {"ntp"}, "reason": {"x"}, "for": {"9000h"}}, {"rule": {"ntp"}, "reason": {"x"}, "for": {"-1h"}}} {
		lack.Set("form", form.Get("form"))
		if status, _ := v.post("/silences", "same-origin", lack); status != http.StatusUnprocessableEntity {
			t.Errorf("silence %v: %d", lack, status)
		}
	}
	ask := url.Values{"form": form["form"], "finding": {"aa11"}, "reason": {"known"}, "for": {"8h"}, "by": {"me"}}
	if status, _ := v.post("/silences", "same-origin", ask); status != http.StatusOK || len(d.silenced) != 1 || d.silenced[0].Finding != "aa11" || d.silenced[0].Until.Hour() != 18 {
		t.Errorf("silence: %d, %+v", status, d.silenced)
	}
	if status, _ := v.post("/silences/s1/lift", "same-origin", form); status != http.StatusOK || len(d.lifted) != 1 {
		t.Errorf("lift: %d, %q", status, d.lifted)
	}
}

func TestForeignFormsAreRefused(t *testing.T) {
	var d deeds
	v := newVisitor(t, site(&d), Guard{})
	form := v.form("/")
	other := newVisitor(t, site(&d), Guard{})
	for name, post := range map[string]func() (int, string){
		"another site":        func() (int, string) { return v.post("/schedules/core/run", "cross-site", form) },
		"another port":        func() (int, string) { return v.post("/schedules/core/run", "same-site", form) },
		"no token":            func() (int, string) { return v.post("/schedules/core/run", "same-origin", nil) },
		"a token made up":     func() (int, string) { return v.post("/schedules/core/run", "same-origin", url.Values{"form": {"x"}}) },
		"a visitor's another": func() (int, string) { return other.post("/schedules/core/run", "same-origin", form) },
	} {
		if status, body := post(); status != http.StatusForbidden || !strings.Contains(body, "does not come from a page of this server") {
			t.Errorf("%s: status %d", name, status)
		}
	}
	if len(d.ran) > 0 {
		t.Errorf("it ran %q", d.ran)
	}
	if status, _, _ := v.get("/schedules/core/run"); status != http.StatusMethodNotAllowed {
		t.Errorf("a GET runs: %d", status)
	}
}

func TestNamesFromElsewhereAreNotAnswered(t *testing.T) {
	v := newVisitor(t, site(&deeds{}), Guard{})
	req, err := http.NewRequest(http.MethodGet, v.server.URL+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Host = "evil.example:80" // a name that was made to resolve to loopback
	resp, err := v.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusMisdirectedRequest {
		t.Errorf("status %d", resp.StatusCode)
	}
}

func TestTokenIsAskedFor(t *testing.T) {
	const token = "a token of some length"
	var d deeds
	v := newVisitor(t, site(&d), Guard{Token: token})
	for path, want := range map[string]int{"/": 401, "/reports/20261120-1": 401, "/metrics": 401, "/healthz": 200, "/readyz": 200} {
		status, body, _ := v.get(path)
		if status != want || strings.Contains(body, "core") {
			t.Errorf("%s: status %d, want %d:\n%s", path, status, want, body)
		}
	}
	form := v.form("/")
	if status, _ := v.post("/schedules/core/run", "same-origin", form); status != http.StatusUnauthorized || len(d.ran) > 0 {
		t.Errorf("without the token a run is answered with %d", status)
	}
	wrong := url.Values{"form": form["form"], "token": {"a token of some lengtH"}}
	if status, body := v.post("/login", "same-origin", wrong); status != http.StatusUnauthorized || !strings.Contains(body, "not the token") {
		t.Errorf("a wrong token: %d", status)
	}
	if status, _ := v.post("/login", "cross-site", url.Values{"form": form["form"], "token": {token}}); status != http.StatusForbidden {
		t.Errorf("a login from elsewhere: %d", status)
	}
	if status, body := v.post("/login", "same-origin", url.Values{"form": form["form"], "token": {token}}); status != http.StatusOK || !strings.Contains(body, "core") {
		t.Errorf("the token: %d", status)
	}
	if status, _ := v.post("/schedules/core/run", "same-origin", v.form("/")); status != http.StatusOK || len(d.ran) != 1 {
		t.Errorf("a run after signing in: %d", status)
	}
	if status, _ := v.post("/logout", "same-origin", v.form("/")); status != http.StatusUnauthorized {
		t.Errorf("after signing out: %d", status)
	}
	req, err := http.NewRequest(http.MethodGet, v.server.URL+"/metrics", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Errorf("/metrics with the token: %d", resp.StatusCode)
	}
}

func TestGuardChecksAddresses(t *testing.T) {
	const token = "0123456789abcdef"
	for _, c := range []struct {
		address, want string
		guard         Guard
	}{
		{"127.0.0.1:9402", "", Guard{}}, {"[::1]:9402", "", Guard{}}, {"localhost:0", "", Guard{}},
		{":9402", "not loopback: a token is needed", Guard{}}, {"0.0.0.0:9402", "a certificate and its key", Guard{Token: token}},
		{"192.0.2.1:9402", "", Guard{Token: token, TLS: true}}, {"127.0.0.1:1", "at least 16", Guard{Token: "short"}}, {"127.0.0.1", "write HOST:PORT", Guard{}},
	} {
		err := c.guard.Check(c.address)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v, want %q", c.address, err, c.want)
		}
	}
}

// TestCookiesAreForTLSAlone signs in over TLS, with cookies that no plain
// connection is given.
func TestCookiesAreForTLSAlone(t *testing.T) {
	const token = "a token of some length"
	h, err := Handler(site(&deeds{}), Guard{Token: token, TLS: true})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewTLSServer(h)
	t.Cleanup(server.Close)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	v := visitor{t, server, server.Client()}
	v.client.Jar = jar
	if status, _ := v.post("/login", "same-origin", url.Values{"form": v.form("/")["form"], "token": {token}}); status != http.StatusOK {
		t.Errorf("signing in over TLS: %d", status)
	}
	_, _, header := v.get("/")
	if header.Get("Strict-Transport-Security") == "" {
		t.Error("the browser is not told to stay with TLS")
	}
	jar, err = cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	v.client.Jar = jar
	_, _, header = v.get("/")
	if c := header.Get("Set-Cookie"); !strings.Contains(c, "Secure") || !strings.Contains(c, "HttpOnly") || !strings.Contains(c, "SameSite=Strict") {
		t.Errorf("cookie %q", c)
	}
}

// TestSessionEnds holds that a session is over after its time.
func TestSessionEnds(t *testing.T) {
	now := time.Now()
	g, err := newGate(Guard{Token: "a token of some length"}, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	g.admit(w)
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	for _, c := range w.Result().Cookies() {
		r.AddCookie(c)
	}
	if !g.welcome(r) {
		t.Error("the session does not hold")
	}
	if now = now.Add(sessionTime); g.welcome(r) {
		t.Error("the session outlives its time")
	}
	forged := httptest.NewRequest(http.MethodGet, "/", nil)
	forged.AddCookie(&http.Cookie{Name: sessionCookie, Value: "9999999999.x"})
	if g.welcome(forged) {
		t.Error("a forged session is let in")
	}
}
