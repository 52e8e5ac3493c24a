package report

import (
	"fmt"
	"strings"

	"github.com/netsonde/netsonde/agent"
	"github.com/netsonde/netsonde/policies"
)

// Markdown writes a report for a ticket or a merge request. Text of devices
// and models stands in it as escaped words or in code, so that it makes no
// heading, link, image or tag of its own.
func Markdown(r agent.Report) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# netsonde: %s\n\n", Escape(string(r.Verdict)))
	for _, line := range []struct{ name, text string }{
		{"Case", caseLine(r.Case)}, {"Source", sourceLine(r.Source)}, {"Scope", r.Scope}, {"Summary", r.Summary}, {"Open", r.Open},
	} {
		if line.text != "" {
			fmt.Fprintf(&b, "- **%s**: %s\n", line.name, Escape(line.text))
		}
	}
	for i, f := range r.Findings {
		markdownFinding(&b, i+1, f)
	}
	markdownList(&b, "Ruled out", r.RuledOut)
	markdownList(&b, "Not evaluated", r.NotEvaluated)
	u := r.Usage
	fmt.Fprintf(&b, "\n---\n%s\n", Escape(fmt.Sprintf("%s: %d steps, %d tool calls, %d device reads, %d tokens in, %d out, %.1f s",
		orRules(u.Model), u.Steps, u.ToolCalls, u.DeviceReads, u.InputTokens, u.OutputTokens, u.Seconds)))
	return b.String()
}

func markdownFinding(b *strings.Builder, number int, f agent.Finding) {
	fmt.Fprintf(b, "\n## %d. %s\n\n", number, Escape(f.Title))
	var places []string
	for _, where := range f.Locations {
		places = append(places, code(where))
	}
	fmt.Fprintf(b, "%s, severity %s, at %s\n", code(f.RootCause), f.Severity, strings.Join(places, ", "))
	if f.Explanation != "" {
		fmt.Fprintf(b, "\n%s\n", Escape(f.Explanation))
	}
	b.WriteString("\nEvidence:\n")
	for _, e := range f.Evidence {
		verb := "says"
		if e.Absent {
			verb = "does not contain"
		}
		at := ""
		if m := moment(e.At); m != "" {
			at = " at " + m
		}
		fmt.Fprintf(b, "\n- %s %s %s%s %s:\n\n%s", e.Observation, code(e.Device), code(e.Query), at, verb, block(e.Quote, "  "))
	}
	if len(f.Symptoms) > 0 {
		b.WriteString("\nExplains:\n\n")
		for _, s := range f.Symptoms {
			fmt.Fprintf(b, "- %s\n", Escape(s))
		}
	}
	if f.Remedy != "" {
		fmt.Fprintf(b, "\nRemedy (not applied):\n\n%s", block(f.Remedy, ""))
	}
}

func markdownList(b *strings.Builder, name string, list []string) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintf(b, "\n## %s\n\n", name)
	for _, line := range list {
		fmt.Fprintf(b, "- %s\n", Escape(line))
	}
}

func caseLine(c agent.Case) string {
	var parts []string
	for _, part := range []struct{ name, text string }{{"", c.Question}, {"device ", c.Device}, {"from ", c.From}, {"to ", c.To}, {"flow ", c.Flow}} {
		if part.text != "" {
			parts = append(parts, part.name+part.text)
		}
	}
	return strings.Join(parts, ", ")
}

func sourceLine(s agent.SourceInfo) string {
	if m := moment(s.CapturedAt); m != "" && s.Kind == "recording" {
		return s.Kind + " of " + m
	}
	return s.Kind
}

func orRules(model string) string {
	if model == "" {
		return "rules"
	}
	return model
}

// Escape makes one line of text in which nothing has a meaning to Markdown or
// HTML.
func Escape(text string) string {
	var b strings.Builder
	for _, r := range strings.Join(strings.Fields(policies.Printable(text)), " ") {
		switch {
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '&':
			b.WriteString("&amp;")
		case strings.ContainsRune("\\`*_{}[]#!|~$@", r):
			b.WriteString("\\" + string(r))
		default:
			b.WriteRune(r)
		}
	}
	return strings.ReplaceAll(b.String(), "://", ":&#8203;//")
}

// code writes text as inline code, fenced by more backquotes than it holds.
func code(text string) string {
	text = strings.Join(strings.Fields(policies.Printable(text)), " ")
	fence := strings.Repeat("`", longestRun(text)+1)
	if len(fence) > 1 || strings.HasPrefix(text, "`") {
		text = " " + text + " "
	}
	return fence + text + fence
}

// block writes text as a code block, indented by indent, fenced by more
// backquotes than it holds.
func block(text, indent string) string {
	text = strings.Trim(policies.Printable(text), "\n")
	fence := strings.Repeat("`", max(longestRun(text)+1, 3))
	var b strings.Builder
	for _, line := range append(append([]string{fence}, strings.Split(text, "\n")...), fence) {
		b.WriteString(strings.TrimRight(indent+line, " ") + "\n")
	}
	return b.String()
}

// longestRun returns how many backquotes stand in a row in text, at most.
func longestRun(text string) int {
	longest, run := 0, 0
	for _, r := range text {
		if r == '`' {
			run++
			longest = max(longest, run)
		} else {
			run = 0
		}
	}
	return longest
}
