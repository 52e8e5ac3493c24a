package devices

import (
	"path"
	"regexp"
	"strings"
	"time"

	"github.com/netsonde/netsonde/policies"
)

// parse reads a query in one of the device's grammars, as [Query.String] words
// it.
func (f *folder) parse(text string) (policies.Query, bool) {
	if gnmi, ok := strings.CutPrefix(text, "gnmi get "); ok && len(f.grammars) > 0 {
		q, err := f.grammars[0].Get(gnmi)
		return q, err == nil
	}
	for _, g := range f.grammars {
		if q, err := g.Show(text); err == nil && len(q.Filter()) == 0 {
			return q, true
		}
	}
	return policies.Query{}, false
}

// named returns the query that the name of a file means, as the device's
// grammars read it.
func (f *folder) named(name string) (q policies.Query, at time.Time, ok bool) {
	base, suffix, at := splitAnswerName(name)
	if len(base) > 255 {
		return q, at, false
	}
	tries := 0
	queryTexts(base, func(text string) bool {
		if suffix == ".json" {
			q, ok = f.parse(text + " json")
		}
		if !ok {
			q, ok = f.parse(text)
		}
		tries++
		return !ok && tries < maxTries
	})
	return q, at, ok
}

// maxTries bounds how many readings of one name are tried.
const maxTries = 150

// echoed is a prompt with the command behind it, as the first line of what a
// terminal shows.
var echoed = regexp.MustCompile(`^[\w.\-@:~/()\[\] ]{1,80}?[>#$%] ?(\S.*?)\s*$`)

// recognised returns the query that a file answers, by its content.
func (f *folder) recognised(name string) (policies.Query, bool) {
	b, _, err := readBounded(f.device.recording.fsys, path.Join(f.device.folder, name), maxHead)
	if err != nil {
		return policies.Query{}, false
	}
	head := string(b)
	first, _, _ := strings.Cut(strings.TrimLeft(head, "\r\n "), "\n")
	if m := echoed.FindStringSubmatch(first); m != nil {
		if q, ok := f.parse(m[1]); ok {
			return q, true
		}
	}
	for _, m := range marks {
		if m.query != "" && m.line.MatchString(head) {
			if q, ok := f.parse(m.query); ok && q.Platform() == m.platform {
				return q, len(f.answers[q.String()]) == 0
			}
		}
	}
	return policies.Query{}, false
}

// maxHead is how much of a file is looked at to recognise it.
const maxHead = 4096

// QueryOfFile returns the query whose answer a file of that name keeps, as the
// grammar of p and the one that it also takes read it.
func QueryOfFile(name string, p *policies.Platform, ps map[string]*policies.Platform) (policies.Query, bool) {
	f := folder{grammars: []*policies.Platform{p}}
	if also := ps[p.Also]; also != nil {
		f.grammars = append(f.grammars, also)
	}
	q, _, ok := f.named(name)
	return q, ok
}
