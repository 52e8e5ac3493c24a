package state

import (
	"strings"
	"time"
)

// A text is one answer, cut into lines, while a reader works on it.
type text struct {
	answer   Answer
	lines    []string
	args     map[string]string // words of the query, by the pattern's names
	partial  bool              // the reader saw that rows are missing
	tables   []string          // the tables that were told, where not all of the reading's were
	settled  bool              // the reader has said itself how the reading of its tables ended
	err      string            // why nothing could be read
	unparsed []Unparsed
}

func newText(a Answer, args map[string]string) *text {
	out := strings.ReplaceAll(a.Output, "\r", "")
	return &text{answer: a, args: args, lines: strings.Split(out, "\n")}
}

// ref points at line i, counted from 0; -1 is the answer as a whole.
func (t *text) ref(i int) Ref {
	return Ref{Device: t.answer.Device, Query: t.answer.Query, Line: i + 1}
}

// origin is the Origin of a row that begins at line i.
func (t *text) origin(i int) Origin { return Origin{Row: t.ref(i)} }

// miss notes the first line of something that the reader did not understand.
// After ten there is nothing new to learn.
func (t *text) miss(i int) {
	if len(t.unparsed) < 10 {
		t.unparsed = append(t.unparsed, Unparsed{Ref: t.ref(i), Text: strings.TrimSpace(t.lines[i])})
	}
}

// fail notes that the answer as a whole could not be read.
func (t *text) fail(why string) {
	t.err = why
	t.unparsed = append(t.unparsed, Unparsed{Ref: t.ref(-1), Text: why})
}

// vrf is the VRF that the query names, else the main one.
func (t *text) vrf() string {
	if v := t.args["vrf"]; v != "" && v != "all" {
		return v
	}
	return mainVRF
}

const mainVRF = "default"

// ago is the moment that lay d before the answer; zero if that is not known.
func (t *text) ago(d time.Duration, ok bool) time.Time {
	if t.answer.At.IsZero() || !ok {
		return time.Time{}
	}
	return t.answer.At.Add(-d).Truncate(time.Second)
}

// note says that the given fields of the row stand at ref.
func (o *Origin) note(ref Ref, fields ...string) {
	if o.Fields == nil {
		o.Fields = make(map[string]Ref, len(fields))
	}
	for _, f := range fields {
		o.Fields[f] = ref
	}
}

// A refusal is an answer that holds no table because the device cannot give it.
type refusal struct {
	text     string
	daemon   string // the process that is not running
	inactive bool
}

func (r refusal) status(ref Ref) Status {
	if r.inactive {
		return Status{Ref: ref, Inactive: true}
	}
	return Status{Ref: ref, Err: r.text}
}

// refusal recognises such an answer. It looks at the first lines only: what
// stands further down belongs to a table.
func (t *text) refusal() (Ref, refusal, bool) {
	seen := 0
	for i, line := range t.lines {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		if seen++; seen > 3 {
			break
		}
		if name, ok := strings.CutSuffix(line, " is not running"); ok && !strings.Contains(name, " ") {
			return t.ref(i), refusal{text: line, daemon: name, inactive: true}, true
		}
		for _, s := range inactiveWords {
			if strings.Contains(line, s) {
				return t.ref(i), refusal{text: line, inactive: true}, true
			}
		}
		for _, s := range errorWords {
			if strings.Contains(line, s) {
				return t.ref(i), refusal{text: line}, true
			}
		}
	}
	return Ref{}, refusal{}, false
}

// How devices say that there is nothing to tell, in FRR's and the shell's words.
var inactiveWords = []string{
	"% BGP instance not found", "BGP instance not found", "% Unknown command", "No BGP process is configured",
	"OSPF Routing Process not enabled", "OSPF instance not found", "OSPF6 is not running", "ISIS is not configured",
	"IS-IS is not running", "command not found", "No such file or directory", "BGP view/vrf", "EVPN is not enabled",
}

// How devices say that they will not or cannot tell.
var errorWords = []string{
	"Permission denied", "Operation not permitted", "you must be root", "failed to connect to any daemons",
	"% Command incomplete", "% Ambiguous command", "unable to connect to socket",
}
