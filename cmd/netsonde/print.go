package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/netsonde/netsonde/agent"
	"github.com/netsonde/netsonde/policies"
)

// writeReport prints a report for a person to standard output or a file.
func (c *console) writeReport(out outputFlags, r agent.Report) error {
	if out.file == "" {
		c.printReport(c.out, r)
		return nil
	}
	var b strings.Builder
	plain := *c
	plain.outTTY = false
	plain.printReport(&b, r)
	return c.write(out, b.String())
}

// printReport writes a report for a person: the verdict first, then causes
// with their evidence, then what was ruled out and what could not be read.
// Text of devices and models is made printable before it is written.
func (c *console) printReport(w io.Writer, r agent.Report) {
	p := printer{w: w, style: c.style(), width: c.columns(), source: r.Source}
	p.head(r)
	for i, f := range r.Findings {
		p.finding(i+1, f)
	}
	p.list("Ruled out", r.RuledOut)
	p.list("Not evaluated", r.NotEvaluated)
	if r.Open != "" {
		p.line("")
		p.line(p.style.bold("Open  ") + wrap(clean(r.Open), p.width, "      "))
	}
	p.usage(r)
}

type printer struct {
	w      io.Writer
	style  style
	width  int
	source agent.SourceInfo
}

func (p printer) line(s string) { fmt.Fprintln(p.w, s) }

func (p printer) head(r agent.Report) {
	word := strings.ToUpper(string(r.Verdict))
	switch r.Verdict {
	case agent.Fault:
		word = p.style.red(word)
	case agent.Healthy:
		word = p.style.green(word)
	default:
		word = p.style.yellow(word)
	}
	summary := r.Summary
	if summary == "" && len(r.Findings) > 0 {
		summary = r.Findings[0].Title
	}
	indent := strings.Repeat(" ", len(r.Verdict)+2)
	p.line(word + "  " + wrap(clean(summary), p.width, indent))
	if r.Source.Kind == "recording" {
		at := "time unknown"
		if !r.Source.CapturedAt.IsZero() {
			at = fmt.Sprintf("captured %s (ages are told from then)", r.Source.CapturedAt.Format(time.RFC3339))
		}
		p.line(p.style.dim(wrap("from a recording, "+at+": nothing was asked of a live device", p.width, "")))
	}
	if r.Scope != "" {
		p.line(p.style.dim(wrap(clean(r.Scope), p.width, "")))
	}
}

func (p printer) finding(n int, f agent.Finding) {
	p.line("")
	sev := f.Severity.String()
	if f.Severity >= policies.Major {
		sev = p.style.red(sev)
	} else {
		sev = p.style.yellow(sev)
	}
	p.line(fmt.Sprintf("%d  %s  %s  at %s", n, p.style.bold(f.RootCause), sev, p.style.bold(clean(strings.Join(f.Locations, ", ")))))
	p.line("   " + wrap(clean(f.Title), p.width, "   "))
	if f.Explanation != "" && f.Explanation != f.Title {
		p.field("Why", wrap(clean(f.Explanation), p.width, fieldIndent))
	}
	for i, e := range f.Evidence {
		label := "Evidence"
		if i > 0 {
			label = ""
		}
		p.field(label, p.evidence(e))
	}
	for i, s := range f.Symptoms {
		if i == mostSymptoms && len(f.Symptoms) > mostSymptoms+1 {
			p.field("", p.style.dim(fmt.Sprintf("and %d more (all in -o json)", len(f.Symptoms)-i)))
			break
		}
		label := "Explains"
		if i > 0 {
			label = ""
		}
		p.field(label, wrap(clean(s), p.width, fieldIndent))
	}
	if f.Remedy != "" {
		p.field("Remedy", p.style.dim("(not applied)")+"\n"+fieldIndent+verbatim(cleanLines(f.Remedy), fieldIndent))
	}
}

// mostSymptoms is how many consequences of a cause are listed on a terminal.
const mostSymptoms = 8

const fieldIndent = "             "

// field prints a labelled value whose further lines stand under its first.
func (p printer) field(label, value string) {
	p.line(fmt.Sprintf("   %-10s%s", label, value))
}

func (p printer) evidence(e agent.Evidence) string {
	at := ""
	switch {
	case !e.At.IsZero() && p.source.Kind == "recording" && p.source.CapturedAt.After(e.At):
		at = fmt.Sprintf("  %s, %s old", e.At.Format("15:04:05"), age(p.source.CapturedAt.Sub(e.At)))
	case !e.At.IsZero():
		at = "  " + e.At.Format("15:04:05")
	case p.source.Kind == "recording" && e.Query != agent.SuppliedConfig:
		at = "  age unknown"
	}
	s := p.style.dim(fmt.Sprintf("[%s] ", e.Observation)) + clean(e.Device) + ": " + clean(e.Query) + p.style.dim(at)
	if e.Absent {
		s += "\n" + fieldIndent + "  does not contain:"
	}
	for _, l := range strings.Split(strings.TrimRight(cleanLines(e.Quote), "\n"), "\n") {
		s += "\n" + fieldIndent + "  " + p.style.bold(strings.TrimSpace(l))
	}
	return s
}

func (p printer) list(title string, items []string) {
	if len(items) == 0 {
		return
	}
	p.line("")
	p.line(p.style.bold(title))
	for _, s := range items {
		p.line("   " + wrap(shorten(clean(s)), p.width, "     "))
	}
}

func (p printer) usage(r agent.Report) {
	u := r.Usage
	s := fmt.Sprintf("%s: %d device reads, %d tool calls, %.1f s", or(u.Model, "rules"), u.DeviceReads, u.ToolCalls, u.Seconds)
	if u.InputTokens+u.OutputTokens > 0 {
		s += fmt.Sprintf(", %d tokens in, %d out", u.InputTokens, u.OutputTokens)
	}
	p.line("")
	p.line(p.style.dim(wrap(s, p.width, "")))
}

// age words how long ago something was, in its two largest units.
func age(d time.Duration) string {
	days, hours, minutes := int(d.Hours())/24, int(d.Hours())%24, int(d.Minutes())%60
	switch {
	case days > 0:
		return fmt.Sprintf("%d d %d h", days, hours)
	case hours > 0:
		return fmt.Sprintf("%d h %d min", hours, minutes)
	}
	if minutes == 0 {
		return fmt.Sprintf("%d s", int(d.Seconds()))
	}
	return fmt.Sprintf("%d min %d s", minutes, int(d.Seconds())%60)
}

// mostListed is how much of one entry of a list a person gets to read.
const mostListed = 240

// shorten cuts a long entry at a blank, and says where the whole stands.
func shorten(s string) string {
	if len(s) <= mostListed {
		return s
	}
	cut := strings.LastIndexByte(s[:mostListed], ' ')
	return s[:max(cut, 1)] + " ... (whole in -o json)"
}

// or returns s, or other where s is empty.
func or(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
