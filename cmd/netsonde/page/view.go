package page

import (
	"context"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/netsonde/netsonde/agent"
	"github.com/netsonde/netsonde/policies"
)

// A view is what a template shows.
type view struct {
	Name, Title string
	Form        string // token of the visitor's forms
	Version     string
	Now         time.Time
	SignedIn    bool
	Trouble     string // an error in words
	Begun       string // the schedule whose run was just begun

	Schedules []Schedule
	Reports   []Past
	Findings  []Standing
	Gone      []Standing
	Devices   []Device
	Silences  []Silence
	Letters   []Letter
	About     Silence // what the form for a silence is about

	CanRun, CanSilence bool
}

const (
	fewReports  = 12
	mostReports = 500
)

// list is what a nil function of a Site says.
func list[T any](ctx context.Context, f func(context.Context) ([]T, error)) ([]T, error) {
	if f == nil {
		return nil, nil
	}
	return f(ctx)
}

func (x *server) past(ctx context.Context, most int) ([]Past, error) {
	if x.Reports == nil {
		return nil, nil
	}
	return x.Reports(ctx, most)
}

// filled shows a page whose parts are read by fill.
func (x *server) filled(w http.ResponseWriter, r *http.Request, v view, fill ...func(context.Context, *view) error) {
	v.CanRun, v.CanSilence = x.RunNow != nil, x.Silence != nil
	for _, f := range fill {
		if err := f(r.Context(), &v); err != nil {
			x.fail(w, r, http.StatusInternalServerError, err)
			return
		}
	}
	x.show(w, r, http.StatusOK, v)
}

func (x *server) home(w http.ResponseWriter, r *http.Request) {
	x.filled(w, r, view{Name: "home", Title: "Schedules", Begun: r.URL.Query().Get("begun")},
		func(ctx context.Context, v *view) (err error) { v.Schedules, err = list(ctx, x.Schedules); return err },
		func(ctx context.Context, v *view) (err error) { v.Reports, err = x.past(ctx, fewReports); return err },
		func(ctx context.Context, v *view) (err error) { v.Letters, err = list(ctx, x.Letters); return err },
		x.standing)
}

// standing fills in findings: those there now, and those that went.
func (x *server) standing(ctx context.Context, v *view) error {
	all, err := list(ctx, x.Findings)
	for _, f := range all {
		if f.State == "resolved" {
			v.Gone = append(v.Gone, f)
		} else {
			v.Findings = append(v.Findings, f)
		}
	}
	slices.SortStableFunc(v.Findings, func(a, b Standing) int { return int(b.Severity - a.Severity) })
	return err
}

func (x *server) reports(w http.ResponseWriter, r *http.Request) {
	x.filled(w, r, view{Name: "reports", Title: "Reports"},
		func(ctx context.Context, v *view) (err error) { v.Reports, err = x.past(ctx, mostReports); return err })
}

func (x *server) findings(w http.ResponseWriter, r *http.Request) {
	x.filled(w, r, view{Name: "findings", Title: "Findings"}, x.standing)
}

func (x *server) devices(w http.ResponseWriter, r *http.Request) {
	x.filled(w, r, view{Name: "devices", Title: "Devices"},
		func(ctx context.Context, v *view) (err error) { v.Devices, err = list(ctx, x.Devices); return err })
}

func (x *server) silences(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	about := Silence{Finding: q.Get("finding"), Rule: q.Get("rule"), Location: q.Get("location")}
	x.filled(w, r, view{Name: "silences", Title: "Silences", About: about},
		func(ctx context.Context, v *view) (err error) { v.Silences, err = list(ctx, x.Silences); return err })
}

func (x *server) funcs() template.FuncMap {
	marks := map[policies.Severity]string{policies.Critical: "◆", policies.Major: "▲", policies.Minor: "●", policies.Warning: "○"}
	return template.FuncMap{
		"mark": func(s policies.Severity) string { return marks[s] },
		"glyph": func(v agent.Verdict) string {
			switch v {
			case agent.Fault:
				return "✕"
			case agent.Healthy:
				return "✓"
			}
			return "?"
		},
		"stamp": func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"day":   func(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05") },
		"join":  strings.Join,
		"tally": tally,
		"ago":   func(t time.Time) string { return span(x.Now().Sub(t)) },
		"until": func(t time.Time) string { return span(t.Sub(x.Now())) },
		"took":  func(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) },
	}
}

// tally words findings by severity, the worst first.
func tally(by map[policies.Severity]int) string {
	var parts []string
	for s := policies.Critical; s >= policies.Warning; s-- {
		if n := by[s]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, s))
		}
	}
	if len(parts) == 0 {
		return "none"
	}
	return strings.Join(parts, ", ")
}

// span words a duration in its largest unit that says enough.
func span(d time.Duration) string {
	switch d = max(d, 0); {
	case d < 90*time.Second:
		return fmt.Sprintf("%.0f s", d.Seconds())
	case d < 90*time.Minute:
		return fmt.Sprintf("%.0f min", d.Minutes())
	case d < 48*time.Hour:
		return fmt.Sprintf("%.0f h", d.Hours())
	}
	return fmt.Sprintf("%.0f days", d.Hours()/24)
}
