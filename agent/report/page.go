package report

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // the page's template, style and script
	"encoding/base64"
	"fmt"
	"html/template"
	"regexp"
	"strings"
	"time"

	"github.com/netsonde/netsonde/agent"
	"github.com/netsonde/netsonde/devices/state"
	"github.com/netsonde/netsonde/policies"
)

// A Page is a report as its readers get it in a browser: with its past where
// there is one.
type Page struct {
	Report  agent.Report
	Network *state.Network // for the picture and the tables; nil for neither. Recall makes one
	Title   string         // what was run: a schedule's name; "" for a diagnosis
	ID      string         // of the run; "" if none is kept
	Made    time.Time      // zero: unknown
	Version string         // of the program
	Home    string         // address of the list of reports, where the page is served; "" for a file

	Compared    time.Time // when the report was made that Changes compare with; zero: there is none
	Changes     []Change
	Timeline    []Past // the oldest first; the last is this report
	Series      []Series
	Explanation string // by a model, of what changed
	Unexplained string // why the model that was to explain did not
}

// A Change is what became of one finding since the report before.
type Change struct {
	State     string // new, worse, better, resolved, flapping, standing, not_evaluated, folded, silenced
	Rule, Key string // as in the finding: its identity in SARIF
	Title     string
	Cause     string
	Locations []string
	Severity  policies.Severity
	Was       policies.Severity // before; zero where it did not change
	Since     time.Time
	Why       string // of one that is not evaluated, folded or silenced
}

// A Past is one report of the timeline.
type Past struct {
	ID           string // where the page is served: its report is at /reports/ID
	At           time.Time
	Verdict      agent.Verdict
	By           map[policies.Severity]int
	NotEvaluated int
}

// A Series is a key figure over time, the oldest sample first.
type Series struct {
	Device, Place, Figure, Unit string
	Times                       []time.Time
	Values                      []float64
	Usual, Deviation            float64 // of the same hours in the past; both zero where nobody knows
	Odd                         bool    // the last value is not a usual one
}

//go:embed page.html
var pageText string

//go:embed page.css
var pageStyle string

//go:embed page.js
var pageScript string

// HTML makes the page: one file that needs nothing else and asks nobody. Its
// content security policy allows its own style and script by their hashes and
// nothing more. Text of devices is escaped and never becomes a link; what
// acts on other text or has no shape (controls, bidirectional overrides, zero
// width) is shown as an escape.
func HTML(p Page) ([]byte, error) {
	t, err := template.New("page").Funcs(pageFuncs()).Parse(pageText)
	if err != nil {
		return nil, fmt.Errorf("report: page: %w", err)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, newView(p)); err != nil {
		return nil, fmt.Errorf("report: page: %w", err)
	}
	return []byte(strings.ReplaceAll(Visible(b.String()), "://", "&#58;//")), nil // whoever scans the file for addresses finds none
}

// defanged breaks up addresses in a text that nobody should follow:
// https[:]//evil[.]example/x.
func defanged(text string) string {
	address := regexp.MustCompile(`(?i)[a-z][a-z0-9+.-]*://\S+|[a-z0-9-]+(\.[a-z0-9-]+)+[:/]\S*`)
	return address.ReplaceAllStringFunc(text, func(s string) string {
		return strings.NewReplacer("://", "[:]//", ".", "[.]").Replace(s)
	})
}

// Style is the style sheet of the page, for pages that show it among others.
func Style() string { return pageStyle }

// Script is the page's: it sorts and filters tables and folds.
func Script() string { return pageScript }

// pagePolicy is the content security policy of the page.
func pagePolicy() string {
	return "default-src 'none'; style-src " + hashOf(pageStyle) + "; script-src " + hashOf(pageScript) +
		"; img-src 'none'; connect-src 'none'; form-action 'none'; base-uri 'none'"
}

// hashOf is a text as a source of a content security policy.
func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

func pageFuncs() template.FuncMap {
	return template.FuncMap{
		"defanged": defanged,
		"policy":   pagePolicy,
		"style":    func() template.CSS { return template.CSS(pageStyle) }, // ours: embedded
		"script":   func() template.JS { return template.JS(pageScript) },  // ours: embedded
		"stamp":    moment,
		"clock":    clock,
		"day":      func(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05") },
		"join":     strings.Join,
		"lines":    func(s string) []string { return strings.Split(strings.TrimRight(s, "\n"), "\n") },
		"count":    plural,
		"mark":     func(s policies.Severity) string { return severityMarks()[s] },
		"glyph":    verdictGlyph,
		"verdict":  verdictClass,
	}
}

// clock writes the time of day of t; "" for an unknown one.
func clock(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("15:04:05")
}

// plural words a number of things: "1 device", "2 devices".
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// severityMarks are shapes that tell severities apart without colour.
func severityMarks() map[policies.Severity]string {
	return map[policies.Severity]string{policies.Critical: "◆", policies.Major: "▲", policies.Minor: "●", policies.Warning: "○"}
}

func verdictGlyph(v agent.Verdict) string {
	switch v {
	case agent.Fault:
		return "✕"
	case agent.Healthy:
		return "✓"
	}
	return "?"
}

// Visible writes what acts on other text or has no shape (what
// [policies.Printable] takes out) as escapes that can be read: \u202e. Lines
// stay lines.
func Visible(text string) string {
	if policies.Printable(text) == text {
		return text
	}
	var b strings.Builder
	b.Grow(len(text))
	for _, r := range strings.ReplaceAll(text, "\r\n", "\n") {
		switch s := string(r); {
		case r < 0x7f && r >= ' ' || policies.Printable(s) == s:
			b.WriteRune(r)
		case r < 0x100:
			fmt.Fprintf(&b, `\x%02x`, r)
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
	}
	return b.String()
}
