package agent

import (
	"regexp"
	"slices"
	"strings"

	"github.com/netsonde/netsonde/policies"
)

// A scrubber takes out of a report what a device or a model may have put there
// to act on its reader: control characters and web addresses. An address that
// stands in the operator's question stays.
type scrubber struct {
	link   *regexp.Regexp
	spared string
}

func newScrubber(question string) scrubber {
	return scrubber{
		link:   regexp.MustCompile(`(?i)\b(https?|ftps?|file|javascript|data|mailto|ssh|telnet|ws|wss)(:/{1,3}|:)([^\s<>"'` + "`" + `)\]]+)|\bwww\.[^\s<>"')\]]+`),
		spared: question,
	}
}

// prose returns text of a model without web addresses.
func (s scrubber) prose(text string) string {
	return s.link.ReplaceAllStringFunc(policies.Printable(text), func(link string) string {
		if !strings.Contains(link, "://") && !strings.HasPrefix(strings.ToLower(link), "www.") && !actsAsLink(link) || strings.Contains(s.spared, link) {
			return link
		}
		return "(address removed)"
	})
}

// actsAsLink reports whether a scheme without slashes is one that a page
// would follow: "data: 5 packets" is prose.
func actsAsLink(link string) bool {
	scheme, _, _ := strings.Cut(strings.ToLower(link), ":")
	return scheme == "javascript" || scheme == "mailto"
}

// quote returns text of a device with each web address made dead
// ("hxxp://..."), so that nothing which shows it makes a link of it.
func (s scrubber) quote(text string) string {
	return s.link.ReplaceAllStringFunc(policies.Printable(text), func(link string) string {
		if strings.Contains(s.spared, link) {
			return link
		}
		lower := strings.ToLower(link)
		if strings.HasPrefix(lower, "http") && strings.Contains(link, "://") {
			return "hxxp" + link[4:]
		}
		if strings.HasPrefix(lower, "javascript:") {
			return "javascript(:)" + link[len("javascript:"):]
		}
		return link
	})
}

// report returns r with all its texts made safe. It changes nothing of r.
func (s scrubber) report(r Report) Report {
	all := func(list []string) []string {
		list = slices.Clone(list)
		for i := range list {
			list[i] = s.prose(list[i])
		}
		return list
	}
	r.Summary, r.Open, r.Scope = s.prose(r.Summary), s.prose(r.Open), s.prose(r.Scope)
	r.RuledOut, r.NotEvaluated = all(r.RuledOut), all(r.NotEvaluated)
	r.Findings = slices.Clone(r.Findings)
	for i := range r.Findings {
		f := &r.Findings[i]
		f.Title, f.Explanation, f.Remedy = s.prose(f.Title), s.prose(f.Explanation), s.prose(f.Remedy)
		f.Symptoms, f.Evidence = all(f.Symptoms), slices.Clone(f.Evidence)
		f.Consequences = slices.Clone(f.Consequences)
		for j := range f.Consequences {
			f.Consequences[j].Title = s.prose(f.Consequences[j].Title)
		}
		for j := range f.Evidence {
			f.Evidence[j].Quote = s.quote(f.Evidence[j].Quote)
		}
	}
	r.Seen = slices.Clone(r.Seen)
	for i := range r.Seen {
		r.Seen[i].Output = s.quote(r.Seen[i].Output)
	}
	return r
}
