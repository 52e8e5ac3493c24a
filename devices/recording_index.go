package devices

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"time"
)

// indexName is the file, in each device's folder, that lists its answers: one
// JSON object a line, appended, never rewritten.
const indexName = "index.jsonl"

// An entry is one line of an index: one answer, or one failure to get one.
type entry struct {
	Query     string    `json:"query"`
	Platform  string    `json:"platform,omitempty"` // the grammar of the query
	At        time.Time `json:"at,omitzero"`
	Took      string    `json:"took,omitempty"`    // as Go writes durations: 12.5ms
	Failure   failure   `json:"failure,omitempty"` // which of the answers that are none
	Error     string    `json:"error,omitempty"`   // its text
	Truncated bool      `json:"truncated,omitempty"`
	File      string    `json:"file,omitempty"`
}

// A failure names one of the errors of a Source, so that it is the same error
// when it is replayed.
type failure string

// failures are the errors that are recorded, by name.
var failures = [...]struct {
	name failure
	err  error
}{
	{"unreachable", ErrUnreachable},
	{"denied", ErrDenied},
	{"unsupported", ErrUnsupported},
	{"timeout", ErrTimeout},
}

// failureOf names err; "" where err says nothing about the device.
func failureOf(err error) failure {
	for _, f := range failures {
		if errors.Is(err, f.err) {
			return f.name
		}
	}
	return ""
}

// error is the failure as a Source returns it.
func (e entry) error() error {
	for _, f := range failures {
		if f.name == e.Failure {
			return &recordedError{text: e.Error, kind: f.err}
		}
	}
	return nil
}

// recordedError has the words of the time of recording and is what it was.
type recordedError struct {
	text string
	kind error
}

// recordedThen tells a recorded failure from one of now.
const recordedThen = " (when recorded)"

func (e *recordedError) Error() string {
	if e.text == "" {
		return e.kind.Error() + recordedThen
	}
	return e.text + recordedThen
}

func (e *recordedError) Unwrap() error { return e.kind }

// parseIndex reads an index. A line that cannot be read is a fault that names
// it; the others count. name is for messages.
func parseIndex(name string, b []byte) (entries []entry, faults []error) {
	line := 0
	for len(b) > 0 {
		var raw []byte
		raw, b, _ = bytes.Cut(b, []byte("\n"))
		line++
		raw = bytes.TrimSpace(raw)
		if len(raw) == 0 {
			continue
		}
		var e entry
		d := json.NewDecoder(bytes.NewReader(raw))
		d.DisallowUnknownFields()
		err := d.Decode(&e)
		switch {
		case err != nil:
			err = fmt.Errorf("not an entry: %w", err)
		case strings.TrimSpace(e.Query) == "":
			err = errors.New("an entry without a query")
		case e.File != "" && !plainName(e.File):
			err = fmt.Errorf("the file %q is not a plain name in this folder", e.File)
		case e.File == "" && e.Error == "" && e.Failure == "":
			err = errors.New("an entry with neither file nor error")
		case e.Failure != "" && e.error() == nil:
			err = fmt.Errorf("unknown failure %q", e.Failure)
		}
		if err != nil {
			if len(faults) < maxFaults {
				faults = append(faults, fmt.Errorf("%s:%d: %w", name, line, err))
			}
			continue
		}
		entries = append(entries, e)
	}
	return entries, faults
}

// maxFaults bounds the faults told of one file.
const maxFaults = 20

// plainName reports whether name names a file of its own folder.
func plainName(name string) bool {
	return name != "" && name != "." && name != ".." && !strings.ContainsAny(name, "/\\\x00")
}

// readBounded reads at most limit bytes of a regular file; cut says that there
// was more.
func readBounded(fsys fs.FS, name string, limit int64) (b []byte, cut bool, err error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, false, err
	}
	defer func() { _ = f.Close() }() // it was only read
	info, err := f.Stat()
	if err != nil {
		return nil, false, err
	}
	if !info.Mode().IsRegular() {
		return nil, false, fmt.Errorf("%s: not a regular file", name)
	}
	b, err = io.ReadAll(io.LimitReader(f, limit+1))
	if int64(len(b)) > limit {
		return b[:limit], true, err
	}
	return b, false, err
}
