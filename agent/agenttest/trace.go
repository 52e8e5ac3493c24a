package agenttest

import (
	"fmt"
	"strings"

	"github.com/netsonde/netsonde/agent"
)

// Trace writes events as text, a line each and the report in full, for
// goldens: what happened, without times and device output.
func Trace(events []agent.Event) string {
	var b strings.Builder
	for _, e := range events {
		switch e := e.(type) {
		case agent.Started:
			fmt.Fprintf(&b, "started %q\n", e.Case.Question)
		case agent.Planned:
			fmt.Fprintf(&b, "planned %q\n", e.Hypotheses)
		case agent.Replied:
			if e.Error != "" {
				fmt.Fprintf(&b, "%d model %s: %s\n", e.Step, e.Kind, e.Error)
			} else {
				fmt.Fprintf(&b, "%d replied %q, %d calls\n", e.Step, e.Reply.Message.Text, len(e.Reply.Message.Calls))
			}
		case agent.Called:
			fmt.Fprintf(&b, "%d called %s %s\n", e.Step, e.Call.Name, e.Call.Arguments)
		case agent.Returned:
			fmt.Fprintf(&b, "%d returned %s %v%s\n", e.Step, e.Call.ID, e.Cited, indent(e.Error))
		case agent.Noted:
			fmt.Fprintf(&b, "noted %s\n", e.Text)
		case agent.Concluded:
			report(&b, e.Report)
		}
	}
	return b.String()
}

func indent(text string) string {
	if text == "" {
		return ""
	}
	return " error: " + strings.ReplaceAll(text, "\n", "\n    ")
}

func report(b *strings.Builder, r agent.Report) {
	fmt.Fprintf(b, "concluded %s: %s\n", r.Verdict, r.Summary)
	for _, f := range r.Findings {
		fmt.Fprintf(b, "  finding %s at %v, %s: %s\n", f.RootCause, f.Locations, f.Severity, f.Title)
		for _, e := range f.Evidence {
			fmt.Fprintf(b, "    %s %s %q absent=%v\n", e.Observation, e.Device, e.Quote, e.Absent)
		}
	}
	lists := []struct {
		name string
		list []string
	}{{"ruled out", r.RuledOut}, {"not evaluated", r.NotEvaluated}}
	for _, l := range lists {
		for _, line := range l.list {
			fmt.Fprintf(b, "  %s: %s\n", l.name, line)
		}
	}
	if r.Open != "" {
		fmt.Fprintf(b, "  open: %s\n", r.Open)
	}
	fmt.Fprintf(b, "  scope: %s; %d steps, %d tool calls, %d reads\n", r.Scope, r.Usage.Steps, r.Usage.ToolCalls, r.Usage.DeviceReads)
}
