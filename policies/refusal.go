package policies

import (
	"fmt"
	"strings"
)

// A Refusal is the error for text outside the grammar. The model reads it, so
// it says in one line which token did not fit and what would.
type Refusal struct {
	Line    string // what was asked, made printable
	Near    string // the token that did not fit
	Reason  string // why it is refused
	Nearest string // the nearest allowed command, if any

	depth int // how many words made sense
}

// Error returns the refusal as one line for its reader to correct itself by.
func (r *Refusal) Error() string {
	s := fmt.Sprintf("refused: %s", r.Reason)
	if r.Near != "" {
		s += fmt.Sprintf(" (at %q)", r.Near)
	}
	if r.Nearest != "" {
		s += fmt.Sprintf("; nearest allowed: %s", r.Nearest)
	}
	return s
}

// writes says why words that people know are no reads. It explains; what is
// refused is decided by the grammar alone, which lacks them.
func writes() map[string]string {
	const (
		changes = "changes the device"
		shell   = "opens a shell or a session elsewhere"
		secret  = "collects everything, secrets included: import a support file instead of asking for one"
	)
	return map[string]string{
		"configure": changes, "clear": changes, "reload": "restarts the device", "reboot": "restarts the device",
		"debug": "loads the device, and does not end by itself", "undebug": changes, "monitor": "does not end by itself",
		"copy": "copies files", "write": "writes files", "delete": changes, "erase": changes, "format": changes, "commit": changes,
		"set": changes, "unset": changes, "no": changes, "undo": changes, "request": changes, "test": changes, "enable": "changes the privilege",
		"ssh": shell, "telnet": shell, "bash": shell, "sh": shell, "shell": shell, "start": shell, "run": shell, "do": shell, "sudo": shell,
		"rm": changes, "mv": changes, "cp": changes, "kill": changes, "tee": "writes files", "systemctl": "only status is a read",
		"tech-support": secret,
	}
}

// maxExpected is how many of the possible next words a refusal lists.
const maxExpected = 12

// refusal tells where the walk of line ended and what would have fit there.
func (p *walker) refusal(line string) *Refusal {
	r := &Refusal{Line: visible(line), depth: max(p.far, 0)}
	if p.fuel < 0 {
		r.Reason = "too many readings"
		return r
	}
	v := &p.g.vertices[p.at]
	near := ""
	if p.far < len(p.words) {
		near = p.words[p.far].text
	}
	r.Near = near
	options := v.expected(near, p.many)
	switch {
	case p.far == len(p.words):
		r.Reason = "incomplete: expected " + options
	case p.many:
		r.Reason = "ambiguous: could be " + options
	default:
		why := writes()[strings.ToLower(near)]
		if why != "" {
			r.Reason = fmt.Sprintf("no read: %q %s", near, why)
		} else if options != "" {
			r.Reason = fmt.Sprintf("%q is not allowed here: expected %s", near, options)
		} else {
			r.Reason = fmt.Sprintf("nothing may follow before %q", near)
		}
	}
	r.Nearest = p.nearest(v, near)
	return r
}

// expected lists what may come at v; where many is set, only what near
// abbreviates.
func (v *vertex) expected(near string, many bool) string {
	var names []string
	seen := map[string]bool{}
	for _, arcs := range [2][]arc{v.words, v.types} {
		for _, a := range arcs {
			name := a.sym.String()
			if !seen[name] && (!many || strings.HasPrefix(name, strings.ToLower(near))) {
				seen[name] = true
				names = append(names, name)
			}
		}
	}
	if v.end.class != "" && !many {
		names = append(names, "the end")
	}
	if len(names) > maxExpected {
		names = append(names[:maxExpected], fmt.Sprintf("%d more", len(names)-maxExpected))
	}
	return strings.Join(names, ", ")
}

// nearest completes what made sense by the possible word most like near, or
// else by the shortest way to the end of a command.
func (p *walker) nearest(v *vertex, near string) string {
	replay := walker{g: p.g, words: p.words[:max(p.far, 0)]}
	sofar := replay.partial()
	best, score := "", len(near)/3+1
	for _, a := range v.words {
		d := distance(near, a.sym.word)
		if near != "" && near[0] == a.sym.word[0] && d == len(near)/3+1 {
			d-- // who mistypes a word seldom mistypes its first letter
		}
		if d < score || near == "" && a.sym.word == v.done {
			score = d
			best = a.sym.print + " " + p.g.vertices[a.to].done
		}
	}
	if best == "" && p.far == 0 {
		return ""
	}
	if best == "" && near != "" && strings.ContainsAny(near, "0123456789") && len(v.types) > 0 {
		best = v.types[0].sym.String() + " " + p.g.vertices[v.types[0].to].done
	}
	if best == "" {
		best = v.done
	}
	return strings.Join(strings.Fields(sofar+" "+best), " ")
}

// partial prints as much of the words as makes sense, whether or not it is a
// complete command.
func (p *walker) partial() string {
	n, out := int32(0), []string(nil)
	for i := 0; i < len(p.words); {
		v := &p.g.vertices[n]
		lo, hi, _ := v.find(p.words[i].lower)
		if lo < hi {
			out, n, i = append(out, v.words[lo].sym.print), v.words[lo].to, i+1
			continue
		}
		took := 0
		for a := range v.types {
			var text string
			if text, took = v.types[a].match(p.g, p.words[i:]); took > 0 {
				out, n, i = append(out, text), v.types[a].to, i+took
				break
			}
		}
		if took == 0 {
			break
		}
	}
	return strings.Join(out, " ")
}

// distance is the Levenshtein distance of two short words.
func distance(a, b string) int {
	a, b = a[:min(len(a), 40)], b[:min(len(b), 40)]
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j]+1, row[j+1]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}
