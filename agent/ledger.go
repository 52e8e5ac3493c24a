package agent

import (
	"strconv"
	"strings"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/devices/state"
	"github.com/netsonde/netsonde/policies"
	"github.com/netsonde/netsonde/tools"
)

// Queries of observations that no device answered.
const (
	// SuppliedConfig names the configuration text that came with the case.
	SuppliedConfig = tools.SuppliedConfig
	// SuspiciousText names a place where a device's text reads like an
	// instruction to the reader.
	SuspiciousText = "suspicious text"
)

// A ledger numbers the observations of a run o1, o2, ... and holds each claim
// of a report against them. Equal answers of one device to one query have one
// number. It is used by one goroutine.
type ledger struct {
	places   Places
	causes   Causes
	seen     []Numbered
	folded   []string           // of seen; "" until needed
	ids      map[ledgerKey]int  // index into seen
	last     map[[2]string]int  // device, query: index of the latest answer
	lines    map[int]([]string) // of seen, split; made when cited by line
	suspects []suspect
	tainted  map[int][]string // folded lines of seen that do
	lower    map[int]string   // of folded, in lower case; made when absence is claimed
	lacking  []tools.CoreRead // tables that a verdict of healthy rests on, asked for and not read
}

type ledgerKey struct{ device, query, output string }

func newLedger(places Places, causes Causes) *ledger {
	return &ledger{
		places: places, causes: causes,
		ids: map[ledgerKey]int{}, last: map[[2]string]int{},
		suspects: suspects(), tainted: map[int][]string{}, lines: map[int][]string{}, lower: map[int]string{},
	}
}

// add numbers an observation. fresh is false if the same was seen before.
func (l *ledger) add(o devices.Observation) (n Numbered, fresh bool) {
	key := ledgerKey{o.Device, o.Query, o.Output}
	if i, ok := l.ids[key]; ok {
		l.last[[2]string{o.Device, o.Query}] = i
		return l.seen[i], false
	}
	i := len(l.seen)
	n = Numbered{ID: "o" + strconv.Itoa(i+1), Observation: o}
	l.seen, l.folded = append(l.seen, n), append(l.folded, "")
	l.ids[key], l.last[[2]string{o.Device, o.Query}] = i, i
	return n, true
}

// number adds an observation and, beside it, one for each place of it that
// reads like an instruction. It returns the first, and all that are new.
func (l *ledger) number(o devices.Observation) (cited Numbered, fresh []Numbered) {
	cited, isNew := l.add(o)
	if !isNew {
		return cited, nil
	}
	fresh = append(fresh, cited)
	places, lines := suspicious(l.suspects, o)
	if at := l.find(cited.ID); len(lines) > 0 {
		l.tainted[at] = lines
	}
	for _, place := range places {
		if n, isNew := l.add(place); isNew {
			fresh = append(fresh, n)
		}
	}
	return cited, fresh
}

// text returns the folded output of the i-th observation.
func (l *ledger) text(i int) string {
	if l.folded[i] == "" {
		l.folded[i] = fold(l.seen[i].Output)
	}
	return l.folded[i]
}

// find returns the index of the observation that a citation names: by number
// ("o7"), or as the latest answer of a device ("r3: show ip route"); -1 if
// there is none.
func (l *ledger) find(id string) int {
	id = strings.TrimSpace(id)
	if device, query, ok := strings.Cut(id, ": "); ok {
		if i, ok := l.last[[2]string{strings.TrimSpace(device), strings.TrimSpace(query)}]; ok {
			return i
		}
	}
	n, err := strconv.Atoi(strings.TrimPrefix(id, "o"))
	if err != nil || n < 1 || n > len(l.seen) {
		return -1
	}
	return n - 1
}

// cite turns the place of a fact into evidence: the number of the observation
// and the line as a quote. It reports false if the ledger has not seen the
// answer or the line is not in it. Line 0, the answer as a whole, quotes its
// first line that is not blank.
func (l *ledger) cite(ref state.Ref) (Evidence, bool) {
	i, ok := l.last[[2]string{ref.Device, ref.Query}]
	if !ok {
		return Evidence{}, false
	}
	lines, ok := l.lines[i]
	if !ok {
		lines = strings.Split(policies.Printable(l.seen[i].Output), "\n")
		l.lines[i] = lines
	}
	at := ref.Line - 1
	for ref.Line == 0 && at+1 < len(lines) {
		at++
		if strings.TrimSpace(lines[at]) != "" {
			break
		}
	}
	if at < 0 || at >= len(lines) {
		return Evidence{}, false
	}
	return l.evidence(i, strings.TrimSpace(lines[at])), true
}

// absent returns the evidence that the answer of device to query, complete,
// does not contain text. It reports false if that does not hold.
func (l *ledger) absent(device, query, text string) (Evidence, bool) {
	i, ok := l.last[[2]string{device, query}]
	if !ok {
		return Evidence{}, false
	}
	e := l.evidence(i, text)
	e.Absent = true
	return e, l.evidenceFault(&e) == ""
}

func (l *ledger) evidence(i int, quote string) Evidence {
	n := l.seen[i]
	return Evidence{Observation: n.ID, Device: n.Device, Query: n.Query, At: n.At, Quote: quote}
}

// fromDevices counts the observations that a device answered.
func (l *ledger) fromDevices() int {
	count := 0
	for _, n := range l.seen {
		if fromDevice(n) {
			count++
		}
	}
	return count
}

func fromDevice(n Numbered) bool {
	return n.Query != SuppliedConfig && n.Query != SuspiciousText
}
