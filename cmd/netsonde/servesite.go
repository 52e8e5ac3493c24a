package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/netsonde/netsonde/agent/history"
	"github.com/netsonde/netsonde/agent/notify"
	"github.com/netsonde/netsonde/agent/report"
	"github.com/netsonde/netsonde/cmd/netsonde/page"
)

// ServeConfig is the section "serve": where the page is shown.
type ServeConfig struct {
	Listen string `yaml:"listen"` // HOST:PORT; default 127.0.0.1:9402; "none" for no page
	Token  string `yaml:"token"`  // env:NAME or file:PATH; needed for anything but loopback
	Cert   string `yaml:"cert"`   // PEM files; needed for anything but loopback
	Key    string `yaml:"key"`
}

const defaultListen = "127.0.0.1:9402"

// faults says what is wrong with the section.
func (s ServeConfig) faults() []error {
	var out []error
	if (s.Cert == "") != (s.Key == "") {
		out = append(out, faultAt("serve", "cert: and key: go together"))
	}
	if s.Token != "" && !strings.HasPrefix(s.Token, "env:") && !strings.HasPrefix(s.Token, "file:") {
		out = append(out, faultAt("serve.token", "a token does not stand in the open: write env:NAME or file:PATH"))
	}
	if listen := or(s.Listen, defaultListen); listen != "none" {
		g := page.Guard{TLS: s.Cert != ""}
		if s.Token != "" {
			g.Token = strings.Repeat("x", 64) // its length is known at the start
		}
		if err := g.Check(listen); err != nil {
			out = append(out, faultAt("serve.listen", "%w", err))
		}
	}
	return out
}

// A webServer shows the page; the zero one shows none.
type webServer struct {
	addr      string
	ln        net.Listener
	http      http.Server
	cert, key string
}

// openSite begins to listen for those who want to see the page of s.
func (c *console) openSite(s *server, cfg Config) (*webServer, error) {
	conf := cfg.Serve
	listen := or(conf.Listen, defaultListen)
	if listen == "none" {
		return &webServer{addr: "none"}, nil
	}
	token, err := c.secret(conf.Token)
	if err != nil {
		return nil, err
	}
	guard := page.Guard{Token: token, TLS: conf.Cert != ""}
	if err := guard.Check(listen); err != nil {
		return nil, cfg.fault(faultAt("serve.listen", "%w", err))
	}
	if conf.Cert != "" {
		if _, err := tls.LoadX509KeyPair(cfg.beside(conf.Cert), cfg.beside(conf.Key)); err != nil {
			return nil, cfg.fault(faultAt("serve.cert", "the certificate and its key cannot be used: %w", err))
		}
	}
	h, err := page.Handler(c.site(s), guard)
	if err != nil {
		return nil, err
	}
	ln, err := net.Listen("tcp", listen)
	if err != nil {
		return nil, hint(fmt.Errorf("serve.listen: %w", err), "choose another port: serve: {listen: 127.0.0.1:9403}, or none")
	}
	w := &webServer{addr: ln.Addr().String(), ln: ln, cert: cfg.beside(conf.Cert), key: cfg.beside(conf.Key)}
	w.http = http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: 2 * time.Minute}
	if conf.Cert == "" {
		w.cert, w.key = "", ""
	}
	return w, nil
}

// serve answers until the server is closed.
func (w *webServer) serve() {
	switch {
	case w.ln == nil:
	case w.cert != "":
		_ = w.http.ServeTLS(w.ln, w.cert, w.key) // it ends with Close
	default:
		_ = w.http.Serve(w.ln)
	}
}

func (w *webServer) close() error {
	if w.ln == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if err := w.http.Shutdown(ctx); err != nil {
		return w.http.Close()
	}
	return nil
}

// site is what the page shows of s.
func (c *console) site(s *server) page.Site {
	return page.Site{
		Version: version(), Now: s.clock.Now,
		Schedules: func(ctx context.Context) ([]page.Schedule, error) { return s.schedules(ctx) },
		Reports: func(ctx context.Context, most int) ([]page.Past, error) {
			t, err := s.store.Timeline(ctx, "", most)
			return pasts(t), err
		},
		Report:   s.page,
		Findings: s.findings,
		Devices:  s.devices,
		Silences: func(ctx context.Context) ([]page.Silence, error) { return s.silences(ctx) },
		Letters:  s.letters,
		RunNow:   func(_ context.Context, name string) error { return s.runNow(name) },
		Silence: func(ctx context.Context, x page.Silence) error {
			_, err := s.store.Silence(ctx, history.Silence{Finding: x.Finding, Rule: x.Rule, Location: x.Location, Reason: x.Reason,
				Author: or(x.By, "page"), Begins: s.clock.Now(), Ends: x.Until}, s.clock.Now())
			return err
		},
		Lift: func(ctx context.Context, id string) error {
			n, err := strconv.ParseInt(id, 10, 64)
			if err == nil {
				err = s.store.Unsilence(ctx, n, s.clock.Now())
			}
			if err != nil {
				return fmt.Errorf("silence %s: %w", id, cmp.Or(unknown(err), err))
			}
			return nil
		},
		Metrics: s.count.Handler(),
		Ready: func(ctx context.Context) error {
			_, err := s.store.Timeline(ctx, "", 1)
			return err
		},
	}
}

// unknown is page.ErrUnknown for what the history does not hold, else nil.
func unknown(err error) error {
	if errors.Is(err, history.ErrUnknown) || errors.Is(err, strconv.ErrSyntax) {
		return page.ErrUnknown
	}
	return nil
}

func (s *server) schedules(ctx context.Context) ([]page.Schedule, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []page.Schedule
	for _, name := range slices.Sorted(maps.Keys(s.plans)) {
		p := s.plans[name]
		x := page.Schedule{Name: name, When: p.table.text, Devices: selection(p.conf), Running: p.running, Trouble: p.trouble}
		x.Next = p.table.Next(p.served)
		if now := s.clock.Now(); x.Next.Before(now) {
			x.Next = now
		}
		t, err := s.store.Timeline(ctx, scheduleScope(name), 1)
		if err != nil {
			return nil, err
		}
		if len(t) > 0 {
			x.Last = pasts(t)[0]
		}
		out = append(out, x)
	}
	return out, nil
}

// selection words which devices a schedule reads.
func selection(s ScheduleConfig) string {
	parts := append([]string{}, s.Groups...)
	if s.Limit != "" {
		parts = append(parts, s.Limit)
	}
	if len(parts) == 0 {
		return "all devices"
	}
	return strings.Join(parts, ", ")
}

// pasts are the reports of a timeline, the newest first.
func pasts(t history.Timeline) []page.Past {
	var out []page.Past
	for _, p := range slices.Backward(t) {
		out = append(out, page.Past{ID: p.Report, Schedule: p.Schedule, At: p.At, Took: p.Took, Verdict: p.Verdict, Summary: p.Summary,
			By: bySeverity(p), New: p.New, Resolved: p.Resolved, NotEvaluated: p.NotEvaluated})
	}
	return out
}

// page is the page of a report; of one whose page is not kept it is made anew.
func (s *server) page(ctx context.Context, id string) ([]byte, error) {
	html, err := s.store.Page(ctx, id)
	if err == nil || !errors.Is(err, history.ErrUnknown) {
		return html, err
	}
	e, err := s.store.Edition(ctx, id)
	if errors.Is(err, history.ErrUnknown) {
		return nil, fmt.Errorf("report %s: %w", id, page.ErrUnknown)
	}
	if err != nil {
		return nil, err
	}
	p := editionPage(e, nil)
	p.Version = version()
	return report.HTML(p)
}

// findingsFor is how long resolved findings are shown.
const findingsFor = 7 * 24 * time.Hour

func (s *server) findings(ctx context.Context) ([]page.Standing, error) {
	es, err := s.store.Findings(ctx, "", s.clock.Now().Add(-findingsFor))
	var out []page.Standing
	for _, e := range es {
		out = append(out, page.Standing{ID: e.ID, Rule: e.Rule, Cause: e.Finding.RootCause, Locations: e.Locations, Title: e.Finding.Title,
			Severity: e.Finding.Severity, State: string(e.State), Since: e.Since, Last: e.Last, Schedule: strings.TrimPrefix(e.Scope, scheduleScope(""))})
	}
	return out, err
}

// devices are those of the last report of each schedule.
func (s *server) devices(ctx context.Context) ([]page.Device, error) {
	s.mu.Lock()
	names := slices.Sorted(maps.Keys(s.plans))
	s.mu.Unlock()
	all := map[string]page.Device{}
	for _, name := range names {
		t, err := s.store.Timeline(ctx, scheduleScope(name), 1)
		if err != nil {
			return nil, err
		}
		if len(t) == 0 {
			continue
		}
		e, err := s.store.Edition(ctx, t[0].Report)
		if err != nil {
			return nil, err
		}
		for _, d := range devicesOf(e) {
			if old, ok := all[d.Name]; !ok || d.Read.After(old.Read) {
				all[d.Name] = d
			}
		}
	}
	return slices.SortedFunc(maps.Values(all), func(a, b page.Device) int { return cmp.Compare(a.Name, b.Name) }), nil
}

func devicesOf(e history.Edition) []page.Device {
	var out []page.Device
	for _, name := range e.Report.Read {
		d := page.Device{Name: name, Up: true, Read: e.At}
		for _, u := range e.Report.Unread {
			if u.Device == name && u.Table == "all tables" {
				d.Up, d.Trouble, d.Read = false, u.Why, time.Time{}
			}
		}
		for _, f := range e.Report.Findings {
			if slices.ContainsFunc(f.Locations, func(l string) bool { return on(l, name) }) {
				d.Findings++
				d.Worst = max(d.Worst, f.Severity)
			}
		}
		out = append(out, d)
	}
	return out
}

// on reports whether a location is on a device.
func on(location, device string) bool {
	for _, end := range strings.Split(location, "--") {
		if name, _, _ := strings.Cut(end, ":"); name == device {
			return true
		}
	}
	return false
}

func (s *server) silences(ctx context.Context) ([]page.Silence, error) {
	list, err := s.store.Silences(ctx)
	var out []page.Silence
	for _, x := range list {
		if x.Ends.After(s.clock.Now()) {
			out = append(out, page.Silence{ID: strconv.FormatInt(x.ID, 10), Finding: x.Finding, Rule: x.Rule, Location: x.Location, Reason: x.Reason, By: x.Author, Until: x.Ends})
		}
	}
	return out, err
}

func (s *server) letters(ctx context.Context) ([]page.Letter, error) {
	var out []page.Letter
	for _, state := range []notify.State{notify.Dead, notify.Waiting, notify.Sending} {
		list, err := s.store.Outbox().Letters(ctx, 100, state)
		if err != nil {
			return nil, err
		}
		for _, l := range list {
			x := page.Letter{Receiver: l.Receiver, Report: l.Report, Trouble: l.Fault, Tries: l.Attempts, Next: l.Next}
			if state == notify.Dead {
				x.Next = time.Time{}
			}
			out = append(out, x)
		}
	}
	return out, nil
}
