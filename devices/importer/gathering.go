package importer

import (
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/policies"
)

// A gathering is what was found in a source.
type gathering struct {
	signs   *signs
	options Options
	fsys    fs.FS
	devices map[string]*found
	order   []string
	account []Item
	known   map[string]bool // commands that some grammar reads
	files   int
	total   int64
}

// found is what was found of one device.
type found struct {
	platform string
	votes    map[string]int
	answers  []answer
}

// An answer is one output, whose query is settled when all is known that tells
// the platform of its device.
type answer struct {
	item    int // in the account
	command string
	config  bool // it is the configuration
	exact   bool // command was typed; else it is the name of a file
	output  string
	cut     bool
}

func (g *gathering) left(i Item) { g.account = append(g.account, i) }

func (g *gathering) device(name string) *found {
	d := g.devices[name]
	if d == nil {
		d = &found{votes: map[string]int{}}
		g.devices[name] = d
		g.order = append(g.order, name)
	}
	return d
}

// add keeps an answer of a device.
func (g *gathering) add(device string, i Item, a answer) {
	i.Device, a.item = device, len(g.account)
	g.account = append(g.account, i)
	d := g.device(device)
	d.answers = append(d.answers, a)
	for name, p := range g.options.Platforms {
		if a.exact {
			if q, err := p.Show(a.command); err == nil {
				d.votes[name] += 2
				if q.Platform() == name {
					d.votes[name]++
				}
			}
		}
	}
}

// knows reports whether any grammar reads a command.
func (g *gathering) knows(command string) bool {
	if k, ok := g.known[command]; ok {
		return k
	}
	k := false
	for _, p := range g.options.Platforms {
		_, err := p.Show(command)
		k = k || err == nil
	}
	g.known[command] = k
	return k
}

// text reads a file of a device whose name is told, or not (""). alone says
// that it is all there is, as a log is.
func (g *gathering) text(name, device string, a arrangement) {
	text, cut, err := g.read(name)
	g.total += int64(len(text))
	if err != nil {
		g.left(Item{File: name, Left: err.Error()})
		return
	}
	if strings.TrimSpace(text) == "" {
		g.left(Item{File: name, Left: "empty"})
		return
	}
	if strings.IndexByte(text[:min(len(text), 8192)], 0) >= 0 {
		g.left(Item{File: name, Left: "not text"})
		return
	}
	if !utf8.ValidString(text) {
		text = strings.ToValidUTF8(text, "\uFFFD")
	}
	parts, preamble := split(text, g.signs, g.knows)
	if len(parts) > 0 && (a == single || device == "" || len(parts) > 1 || parts[0].line <= 2) {
		g.parts(name, device, parts, preamble)
		return
	}
	g.whole(name, device, answer{output: text, cut: cut})
}

// parts keeps the parts of a log or a support file.
func (g *gathering) parts(name, device string, parts []part, preamble string) {
	fallback := device
	for _, p := range parts {
		if fallback == "" {
			fallback = g.signs.name(p.output)
		}
	}
	if fallback == "" {
		fallback = g.signs.name(preamble)
	}
	if fallback == "" {
		fallback = g.nameless(name)
	}
	for i, p := range parts {
		item := Item{File: name, Line: p.line}
		if p.command == "" {
			continue
		}
		if i >= maxParts {
			item.Left = "too many parts in one file"
			g.left(item)
			return
		}
		host := fallback
		if p.host != "" && device == "" {
			host = p.host
		}
		if !g.knows(p.command) {
			item.Device, item.Left = host, "not a known read: "+firstWords(p.command)
			g.left(item)
			continue
		}
		g.add(host, item, answer{command: p.command, exact: true, output: p.output})
	}
}

func firstWords(s string) string {
	words := strings.Fields(s)
	return strings.Join(words[:min(len(words), 4)], " ")
}

// nameless names the device of a file that names none.
func (g *gathering) nameless(name string) string {
	if g.options.Device != "" {
		return g.options.Device
	}
	return stem(name)
}

// whole keeps a file that is one answer: a configuration, or what its name
// says.
func (g *gathering) whole(name, device string, a answer) {
	if p := g.signs.configuration(a.output); p != "" {
		told := g.signs.name(a.output)
		if device == "" {
			device = told
		}
		if device == "" {
			device = g.nameless(name)
		}
		a.config = true
		g.add(device, Item{File: name}, a)
		g.device(device).votes[p] += 5
		return
	}
	if device == "" && g.options.Device != "" {
		device = g.options.Device
	}
	if device == "" {
		g.left(Item{File: name, Left: "neither prompts, section headers nor a configuration that is known: say whose it is"})
		return
	}
	a.command = path.Base(name)
	g.add(device, Item{File: name}, a)
}

// stem is the name of a file without folder and suffix.
func stem(name string) string {
	base := path.Base(name)
	for _, s := range []string{".txt", ".cfg", ".conf", ".config", ".log", ".json"} {
		if b, ok := strings.CutSuffix(base, s); ok && b != "" {
			return b
		}
	}
	return base
}

// settle gives each device its platform, and each answer its query.
func (g *gathering) settle() {
	for _, name := range g.order {
		d := g.devices[name]
		d.platform = g.options.Named[name]
		if d.platform == "" {
			g.voteByNames(d)
			most := 0
			for p, n := range d.votes {
				if n > most || n == most && p < d.platform {
					d.platform, most = p, n
				}
			}
		}
		if d.platform == "" {
			d.platform = g.options.Platform
		}
	}
}

// voteByNames lets the names of a device's files tell its platform, where
// nothing else did.
func (g *gathering) voteByNames(d *found) {
	if len(d.votes) > 0 {
		return
	}
	for i, a := range d.answers {
		if i == maxVoters {
			return
		}
		for name, p := range g.options.Platforms {
			if q, ok := devices.QueryOfFile(a.command, p, g.options.Platforms); ok {
				d.votes[name] += 2
				if q.Platform() == name {
					d.votes[name]++
				}
			}
		}
	}
}

// maxVoters is how many files' names are looked at.
const maxVoters = 12

// write writes what was found as a recording.
func (g *gathering) write(out *devices.Recorder, o Options) error {
	slices.Sort(g.order)
	for _, name := range g.order {
		d := g.devices[name]
		p := g.options.Platforms[d.platform]
		for _, a := range d.answers {
			item := &g.account[a.item]
			text := o.Redactor.Redact(d.platform, a.output)
			q, ok := g.query(p, a)
			if !ok {
				item.Kept = path.Base(item.File)
				if a.config {
					item.Kept = "configuration"
				}
				if err := out.KeepFile(name, item.Kept, text); err != nil {
					return err
				}
				continue
			}
			if len(q.Filter()) > 0 {
				item.Left = "was filtered when it was read: " + firstWords(a.command)
				continue
			}
			item.Query = q.String()
			if err := out.Keep(devices.Recorded{Observation: devices.Observation{Device: name, Query: q.String(), Output: text, Truncated: a.cut}, Platform: q.Platform()}); err != nil {
				return err
			}
		}
	}
	return nil
}

// query returns the query that an answer is the answer to.
func (g *gathering) query(p *policies.Platform, a answer) (policies.Query, bool) {
	if p == nil {
		return policies.Query{}, false
	}
	if a.config {
		for _, line := range g.signs.read {
			if q, err := p.Show(line); err == nil {
				return q, true
			}
		}
		return policies.Query{}, false
	}
	if a.exact {
		q, err := p.Show(a.command)
		return q, err == nil
	}
	return devices.QueryOfFile(a.command, p, g.options.Platforms)
}
