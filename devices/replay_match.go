package devices

import (
	"io/fs"
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

// A mark is what the content of a file tells: a line that only the answer to
// one query has.
type mark struct {
	platform, query string
	line            *regexp.Regexp
}

// marks are the answers that are recognised whatever their file is called. A
// prompt that echoes the command is the best of them, and is tried first.
var marks = [...]mark{
	{"frr", "show running-config", regexp.MustCompile(`(?m)^(?:Building configuration\.\.\.|frr version \d|frr defaults )`)},
	{"frr", "show version", regexp.MustCompile(`(?m)^FRRouting \d[\w.-]* \(`)},
	{"linux", "nft list ruleset", regexp.MustCompile(`(?m)^table (?:ip|ip6|inet|arp|bridge|netdev) \S+ \{`)},
	{"linux", "cat /etc/resolv.conf", regexp.MustCompile(`(?m)^nameserver [0-9a-fA-F:.]+$`)},
	{"linux", "uname -a", regexp.MustCompile(`^Linux \S+ \d+\.\d+`)},
}

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
		if m.line.MatchString(head) {
			if q, ok := f.parse(m.query); ok && q.Platform() == m.platform {
				return q, len(f.answers[q.String()]) == 0
			}
		}
	}
	return policies.Query{}, false
}

// maxHead is how much of a file is looked at to recognise it.
const maxHead = 4096

// recognised returns the platform in whose grammar most of the device's files
// are named, or whose marks their content has; "" if there is none.
func (d *recordedDevice) recognised() string {
	list, err := fs.ReadDir(d.recording.fsys, d.folder)
	if err != nil {
		return ""
	}
	best, most := "", 1
	marked := d.marked(list)
	for name, p := range d.recording.how.Platforms {
		f := folder{device: d, grammars: []*policies.Platform{p}}
		score := 0
		for i, e := range list {
			if i == maxSample || e.IsDir() {
				break
			}
			score += f.nameScore(e.Name())
		}
		score = score*2 + marked[name]
		if p.Also == "" {
			score++ // the simpler of two that fit alike
		}
		if score > most || score == most && name < best {
			best, most = name, score
		}
	}
	return best
}

// nameScore says how well the name of a file fits the platform: 6 where its
// own grammar reads it, 4 where the grammar that it also takes does. Devices
// have files of the same names, so what was found is kept.
func (f *folder) nameScore(name string) int {
	own := f.grammars[0]
	key := own.Name + "\n" + name
	if score, ok := f.device.recording.scores[key]; ok {
		return score
	}
	score, tries := 0, 0
	base, _, _ := splitAnswerName(name)
	queryTexts(base, func(text string) bool {
		if q, ok := f.parse(text); ok {
			score = 4
			if q.Platform() == own.Name {
				score = 6
			}
		}
		tries++
		return score == 0 && tries < 12
	})
	f.device.recording.scores[key] = score
	return score
}

// maxSample is how many files are looked at to recognise a platform.
const maxSample = 12

// marked scores, by platform, the marks that the first files' content has.
func (d *recordedDevice) marked(list []fs.DirEntry) map[string]int {
	scores, read := map[string]int{}, 0
	for _, e := range list {
		if read == 3 {
			break
		}
		if e.IsDir() {
			continue
		}
		read++
		b, _, err := readBounded(d.recording.fsys, path.Join(d.folder, e.Name()), maxHead)
		if err != nil {
			continue
		}
		for _, m := range marks {
			if m.line.Match(b) {
				scores[m.platform] += 3
			}
		}
	}
	return scores
}

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
