package agent

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"

	"github.com/netsonde/netsonde/policies"
)

// eventNames are the types of journal lines.
func eventNames() map[string]Event {
	return map[string]Event{
		"started": Started{}, "planned": Planned{}, "replied": Replied{}, "called": Called{},
		"returned": Returned{}, "noted": Noted{}, "concluded": Concluded{},
	}
}

// journalLine is one line of a journal.
type journalLine struct {
	Type  string          `json:"type"`
	Event json.RawMessage `json:"event"`
}

// WriteEvent appends e to a journal: one line of JSON.
func WriteEvent(w io.Writer, e Event) error {
	for name, of := range eventNames() {
		if reflect.TypeOf(of) != reflect.TypeOf(e) {
			continue
		}
		var b bytes.Buffer
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(e); err != nil {
			return fmt.Errorf("journal: %s: %w", name, err)
		}
		_, err := fmt.Fprintf(w, `{"type":%q,"event":%s}`+"\n", name, policies.PrintableJSON(bytes.TrimSpace(b.Bytes())))
		if err != nil {
			return fmt.Errorf("journal: %w", err)
		}
		return nil
	}
	return fmt.Errorf("journal: event %T has no name", e)
}

// ReadJournal reads the events of a journal. A last line that was cut off, as
// a crash leaves it, is left out; any other fault is an error that names the
// line, and comes with the events before it.
func ReadJournal(r io.Reader) ([]Event, error) {
	br := bufio.NewReader(r)
	names := eventNames()
	var events []Event
	for number := 1; ; number++ {
		line, err := br.ReadBytes('\n')
		whole := err == nil
		if err != nil && !errors.Is(err, io.EOF) {
			return events, fmt.Errorf("journal line %d: %w", number, err)
		}
		if len(bytes.TrimSpace(line)) > 0 {
			e, err := parseEvent(line, names)
			if err != nil && whole {
				return events, fmt.Errorf("journal line %d: %w", number, err)
			}
			if err == nil {
				events = append(events, e)
			}
		}
		if !whole {
			return events, nil
		}
	}
}

func parseEvent(line []byte, names map[string]Event) (Event, error) {
	var l journalLine
	if err := json.Unmarshal(line, &l); err != nil {
		return nil, err
	}
	of, ok := names[l.Type]
	if !ok {
		return nil, fmt.Errorf("unknown event %q", l.Type)
	}
	into := reflect.New(reflect.TypeOf(of))
	if err := json.Unmarshal(l.Event, into.Interface()); err != nil {
		return nil, fmt.Errorf("%s: %w", l.Type, err)
	}
	return into.Elem().Interface().(Event), nil
}
