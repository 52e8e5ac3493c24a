package page

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"html"
	"html/template"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/netsonde/netsonde/agent/report"
)

//go:embed templates style.css
var files embed.FS

// A server answers requests for a Site.
type server struct {
	Site
	gate  *gate
	pages *template.Template
	style []byte
}

// Handler answers everything that `netsonde serve` is asked. What it costs to
// see it is in guard; /healthz and /readyz are for everybody, /metrics needs
// the token (as a bearer) where there is one.
func Handler(s Site, guard Guard) (http.Handler, error) {
	if s.Now == nil {
		s.Now = time.Now
	}
	g, err := newGate(guard, s.Now)
	if err != nil {
		return nil, err
	}
	own, err := files.ReadFile("style.css")
	if err != nil {
		return nil, err
	}
	x := &server{Site: s, gate: g, style: append([]byte(report.Style()), own...)}
	if x.pages, err = template.New("").Funcs(x.funcs()).ParseFS(files, "templates/*.html"); err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", x.ready)
	mux.HandleFunc("GET /assets/style.css", x.asset("text/css; charset=utf-8", func() []byte { return x.style }))
	mux.HandleFunc("GET /assets/script.js", x.asset("text/javascript; charset=utf-8", func() []byte { return []byte(report.Script()) }))
	mux.HandleFunc("GET /favicon.ico", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("POST /login", x.login)
	if s.Metrics != nil {
		mux.Handle("GET /metrics", x.private(s.Metrics.ServeHTTP))
	}
	for pattern, f := range map[string]http.HandlerFunc{
		"GET /{$}": x.home, "GET /reports": x.reports, "GET /reports/{id}": x.report, "GET /findings": x.findings,
		"GET /devices": x.devices, "GET /silences": x.silences,
	} {
		mux.Handle(pattern, x.private(f))
	}
	for pattern, f := range map[string]func(*http.Request) (string, error){
		"POST /schedules/{name}/run": x.runNow, "POST /silences": x.silence, "POST /silences/{id}/lift": x.lift,
	} {
		mux.Handle(pattern, x.private(x.act(f)))
	}
	mux.HandleFunc("POST /logout", x.logout)
	return g.around(mux), nil
}

// asset serves a part of the pages that holds nothing of anybody's.
func (x *server) asset(kind string, content func() []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Cache-Control", "max-age=300")
		_, _ = w.Write(content())
	}
}

// private lets only those in who know the token; a person is asked for it.
func (x *server) private(next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case x.gate.welcome(r):
			next(w, r)
		case r.Method == http.MethodGet && r.URL.Path != "/metrics":
			x.show(w, r, http.StatusUnauthorized, view{Name: "login", Title: "Sign in"})
		default:
			w.Header().Set("WWW-Authenticate", `Bearer realm="netsonde"`)
			http.Error(w, "the token is missing or wrong", http.StatusUnauthorized)
		}
	})
}

func (x *server) ready(w http.ResponseWriter, r *http.Request) {
	if x.Ready != nil {
		ctx, cancel := context.WithTimeout(r.Context(), 5*time.Second)
		defer cancel()
		if err := x.Ready(ctx); err != nil {
			w.WriteHeader(http.StatusServiceUnavailable)
			if x.gate.welcome(r) { // why is nobody else's business
				fmt.Fprintln(w, err)
			} else {
				fmt.Fprintln(w, "not ready")
			}
			return
		}
	}
	fmt.Fprintln(w, "ok")
}

func (x *server) login(w http.ResponseWriter, r *http.Request) {
	if err := x.gate.own(r); err != nil {
		x.fail(w, r, http.StatusForbidden, err)
		return
	}
	if x.gate.Token == "" || !x.gate.knows(r.PostFormValue("token")) {
		x.show(w, r, http.StatusUnauthorized, view{Name: "login", Title: "Sign in", Trouble: "This is not the token."})
		return
	}
	x.gate.admit(w)
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

func (x *server) logout(w http.ResponseWriter, r *http.Request) {
	if err := x.gate.own(r); err != nil {
		x.fail(w, r, http.StatusForbidden, err)
		return
	}
	x.gate.cookie(w, sessionCookie, "", -1)
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// act does what a form asks for and shows a page of this server after it.
func (x *server) act(f func(*http.Request) (string, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := x.gate.own(r); err != nil {
			x.fail(w, r, http.StatusForbidden, err)
			return
		}
		next, err := f(r)
		var bad *badForm
		switch {
		case err == nil:
			http.Redirect(w, r, next, http.StatusSeeOther)
		case errors.Is(err, ErrUnknown):
			x.fail(w, r, http.StatusNotFound, err)
		case errors.Is(err, ErrBusy):
			x.fail(w, r, http.StatusConflict, err)
		case errors.As(err, &bad):
			x.fail(w, r, http.StatusUnprocessableEntity, err)
		default:
			x.fail(w, r, http.StatusInternalServerError, err)
		}
	}
}

// badForm is a fault of what a visitor filled in.
type badForm struct{ text string }

func (b *badForm) Error() string { return b.text }

func (x *server) runNow(r *http.Request) (string, error) {
	if x.RunNow == nil {
		return "", ErrUnknown
	}
	name := r.PathValue("name")
	return "/?begun=" + url.QueryEscape(name), x.RunNow(r.Context(), name)
}

// mostSilence is how long something may be silenced.
const mostSilence = 366 * 24 * time.Hour

func (x *server) silence(r *http.Request) (string, error) {
	if x.Silence == nil {
		return "", ErrUnknown
	}
	field := func(name string) string { return strings.TrimSpace(r.PostFormValue(name)) }
	s := Silence{Finding: field("finding"), Rule: field("rule"), Location: field("location"), Reason: field("reason"), By: field("by")}
	length, err := time.ParseDuration(field("for"))
	switch {
	case s.Finding == "" && s.Rule == "" && s.Location == "":
		return "", &badForm{"say what is to be silenced: a finding, a rule or a place"}
	case s.Reason == "":
		return "", &badForm{"say why: the next person will want to know"}
	case err != nil || length <= 0 || length > mostSilence:
		return "", &badForm{"say for how long: up to a year"}
	}
	s.Until = x.Now().Add(length)
	return "/silences", x.Silence(r.Context(), s)
}

func (x *server) lift(r *http.Request) (string, error) {
	if x.Lift == nil {
		return "", ErrUnknown
	}
	return "/silences", x.Lift(r.Context(), r.PathValue("id"))
}

// report shows one report under the policy that it works with.
func (x *server) report(w http.ResponseWriter, r *http.Request) {
	if x.Report == nil {
		x.fail(w, r, http.StatusNotFound, ErrUnknown)
		return
	}
	text, err := x.Report(r.Context(), r.PathValue("id"))
	switch {
	case errors.Is(err, ErrUnknown):
		x.fail(w, r, http.StatusNotFound, fmt.Errorf("there is no report %s: it may be older than what is kept", r.PathValue("id")))
	case err != nil:
		x.fail(w, r, http.StatusInternalServerError, err)
	default:
		w.Header().Set("Content-Security-Policy", policyOf(text)+"; frame-ancestors 'none'")
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write(text)
	}
}

// policyOf is the policy that a report brings along: one that an older program
// made has another style and script than those of today. A text that brings
// none gets nothing.
func policyOf(page []byte) string {
	_, rest, ok := bytes.Cut(page[:min(len(page), 4096)], []byte(`http-equiv="Content-Security-Policy" content="`))
	if text, _, closed := bytes.Cut(rest, []byte(`"`)); ok && closed {
		return strings.Map(func(r rune) rune {
			if r < ' ' || r > '~' {
				return -1
			}
			return r
		}, html.UnescapeString(string(text)))
	}
	return "default-src 'none'"
}

// show writes a page whole, or an error: never half of one.
func (x *server) show(w http.ResponseWriter, r *http.Request, status int, v view) {
	v.Form, v.Version, v.Now, v.SignedIn = x.gate.formToken(w, r), x.Version, x.Now(), x.gate.Token != "" && x.gate.welcome(r)
	var b bytes.Buffer
	if err := x.pages.ExecuteTemplate(&b, "page", v); err != nil {
		http.Error(w, "the page could not be made", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(report.Visible(b.String())))
}

func (x *server) fail(w http.ResponseWriter, r *http.Request, status int, err error) {
	x.show(w, r, status, view{Name: "fault", Title: http.StatusText(status), Trouble: err.Error()})
}
