package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/netsonde/netsonde/agent/history"
	"github.com/netsonde/netsonde/agent/report"
	"github.com/netsonde/netsonde/policies"
)

// mostTold is how many findings of one state the summary lists.
const mostTold = 10

// section is one part of a summary.
type section struct {
	title   string
	entries []history.Entry
}

// sections are the parts of a summary, in the order in which a person wants
// them.
func sections(d history.Delta) []section {
	return []section{
		{"New", d.New}, {"Worse", d.Worse}, {"Flapping", d.Flapping}, {"Better", d.Better}, {"Resolved", d.Resolved}, {"Standing", d.Standing},
		{"Folded under another finding", d.Folded}, {"Not evaluated this time", d.Unknown}, {"Silenced", d.Silenced},
	}
}

// counts words a delta in one line: "2 new, 1 worse, 3 standing, 1 resolved".
func counts(e history.Edition) string {
	var parts []string
	for _, s := range sections(e.Delta) {
		if n := len(s.entries); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, strings.ToLower(s.title)))
		}
	}
	text := strings.Join(parts, ", ")
	switch {
	case !e.Kept && text == "":
		return "no finding; compared with no past report"
	case !e.Kept:
		return words(len(e.Report.Findings), "finding") + "; compared with no past report"
	case e.Delta.Before == "" && text == "":
		return "no finding; the first report of its scope"
	case e.Delta.Before == "":
		return words(len(e.Report.Findings), "finding") + "; the first report of its scope, so there is nothing to compare with"
	case text == "":
		return "no finding, as in the last report"
	case !e.Delta.Changed():
		return "nothing changed: " + text
	}
	return text
}

// editionText writes e for a person: what changed first, in few lines; then
// causes with their evidence; then what could not be evaluated.
func (c *console) editionText(out outputFlags, e history.Edition) []byte {
	var b strings.Builder
	p := printer{w: &b, style: c.style(), width: c.columns(), source: e.Report.Source}
	if out.file != "" {
		p.style = style{}
	}
	word := strings.ToUpper(string(e.Report.Verdict))
	switch e.Report.Verdict {
	case "fault":
		word = p.style.red(word)
	case "healthy":
		word = p.style.green(word)
	default:
		word = p.style.yellow(word)
	}
	p.line(word + "  " + wrap(counts(e), p.width, strings.Repeat(" ", len(e.Report.Verdict)+2)))
	p.line(p.style.dim(wrap(clean(origin(e)), p.width, "")))
	for _, s := range sections(e.Delta) {
		if e.Delta.Before != "" || s.title != "New" {
			p.section(s, e.At)
		}
	}
	p.odd(e.Series)
	if text := explanation(e); text != "" {
		p.line("")
		p.line(p.style.bold("Explained by the model"))
		p.line("   " + wrap(cleanLines(text), p.width, "   "))
	}
	if len(e.Report.Findings) > 0 {
		p.line("")
		p.line(p.style.bold("Causes"))
	}
	for i, f := range e.Report.Findings {
		p.finding(i+1, f)
	}
	p.list("Not evaluated", e.Report.NotEvaluated)
	p.usage(e.Report)
	return []byte(b.String())
}

// origin says what e rests on, and what it is compared with.
func origin(e history.Edition) string {
	text := e.Report.Scope
	if e.Report.Source.Kind == "recording" {
		text += ", from a recording of " + e.At.UTC().Format("2006-01-02 15:04:05 UTC") + ": nothing was asked of a live device"
	} else {
		text += " at " + e.At.Format("2006-01-02 15:04:05 MST")
	}
	if e.Delta.Before != "" {
		text += fmt.Sprintf("; compared with %s ago", age(e.At.Sub(e.Delta.BeforeAt)))
	}
	if n := len(e.Report.NotEvaluated); n > 0 {
		text += fmt.Sprintf("; %d could not be evaluated (see the end)", n)
	}
	return text
}

// section lists findings, a line or two each.
func (p printer) section(s section, at time.Time) {
	if len(s.entries) == 0 {
		return
	}
	p.line("")
	p.line(p.style.bold(s.title))
	for i, x := range s.entries {
		if i == mostTold && len(s.entries) > mostTold+1 {
			p.line(p.style.dim(fmt.Sprintf("   and %d more (all in -o json)", len(s.entries)-i)))
			return
		}
		p.line("   " + wrap(p.severity(x.Finding.Severity)+"  "+clean(entryLine(x, at)), p.width, "     "))
	}
}

func (p printer) severity(s policies.Severity) string {
	if s >= policies.Major {
		return p.style.red(s.String())
	}
	return p.style.yellow(s.String())
}

// entryLine words one finding and its past.
func entryLine(x history.Entry, now time.Time) string {
	text := strings.Join(x.Locations, ", ") + ": " + x.Finding.Title
	var notes []string
	if x.Was > 0 {
		notes = append(notes, "was "+x.Was.String())
	}
	switch {
	case x.State == history.Resolved:
		notes = append(notes, "had stood "+age(now.Sub(x.Since)))
	case x.State == history.Flaps && x.Seen == 0:
		notes = append(notes, fmt.Sprintf("gone now; came up %s lately", words(x.Swings, "time")))
	case x.State == history.Flaps:
		notes = append(notes, fmt.Sprintf("came up %s lately", words(x.Swings, "time")))
	case x.Seen > 1 || x.State == history.Unknown:
		notes = append(notes, fmt.Sprintf("since %s, %s ago, in %s", x.Since.UTC().Format("2006-01-02 15:04 UTC"), age(now.Sub(x.Since)), words(max(x.Seen, 1), "report")))
	}
	if x.Why != "" {
		notes = append(notes, x.Why)
	}
	if len(notes) > 0 {
		text += " (" + strings.Join(notes, "; ") + ")"
	}
	return text
}

// odd lists the figures that lie outside of what is usual for them.
func (p printer) odd(all []history.Series) {
	var lines []string
	for _, s := range all {
		if s.Odd {
			lines = append(lines, oddLine(s))
		}
	}
	p.list("Unlike their own past", lines)
}

func oddLine(s history.Series) string {
	place := s.Device
	if s.Place != "" {
		place += ":" + s.Place
	}
	return fmt.Sprintf("%s %s is %s; usual is %s give or take %s (%s, %d samples)", place, s.Figure,
		quantity(s.Samples[len(s.Samples)-1].Value, s.Unit), quantity(s.Usual.Median, s.Unit), quantity(s.Usual.Deviation, s.Unit), s.Usual.Hours, s.Usual.Samples)
}

// quantity writes a value with its unit: "1.2 Gbit/s".
func quantity(v float64, unit string) string {
	if unit == "1" {
		return fmt.Sprintf("%.0f", v)
	}
	for _, scale := range []struct {
		by     float64
		prefix string
	}{{1e9, "G"}, {1e6, "M"}, {1e3, "k"}} {
		if v >= scale.by && unit == "bit/s" {
			return fmt.Sprintf("%.1f %s%s", v/scale.by, scale.prefix, unit)
		}
	}
	return fmt.Sprintf("%.2f %s", v, unit)
}

// editionMarkdown writes e for a ticket or a chat: what changed, then the
// report.
func editionMarkdown(e history.Edition) string {
	var b strings.Builder
	body := report.Markdown(e.Report)
	head, rest, _ := strings.Cut(body, "\n")
	fmt.Fprintf(&b, "%s\n\n%s\n", head, report.Escape(counts(e)))
	for _, s := range sections(e.Delta) {
		if len(s.entries) == 0 || e.Delta.Before == "" && s.title == "New" {
			continue
		}
		fmt.Fprintf(&b, "\n**%s**\n\n", s.title)
		for _, x := range s.entries {
			fmt.Fprintf(&b, "- %s: %s\n", x.Finding.Severity, report.Escape(entryLine(x, e.At)))
		}
	}
	if i := slices.IndexFunc(e.Series, func(s history.Series) bool { return s.Odd }); i >= 0 {
		b.WriteString("\n**Unlike their own past**\n\n")
		for _, s := range e.Series {
			if s.Odd {
				fmt.Fprintf(&b, "- %s\n", report.Escape(oddLine(s)))
			}
		}
	}
	if text := explanation(e); text != "" {
		b.WriteString("\n**Explained by the model**\n\n")
		for _, l := range strings.Split(text, "\n") {
			fmt.Fprintf(&b, "- %s\n", report.Escape(l))
		}
	}
	b.WriteString(rest)
	return b.String()
}
