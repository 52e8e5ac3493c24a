package main

import (
	"crypto/rand"
	"encoding/base32"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"github.com/netsonde/netsonde/agent"
)

// A journal is the file in which a run keeps its events, in the state
// directory, so that the run can be shown and replayed.
type journal struct {
	id   string
	file *os.File
}

const journalFile = "journal.jsonl"

// newRunID makes the id of a run that starts now. Ids sort by time, to the
// millisecond: "latest" is the newest of several in one second, too.
func newRunID(now time.Time) (string, error) {
	var b [3]byte
	if _, err := rand.Read(b[:]); err != nil {
		return "", err
	}
	tail := strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b[:]))[:4]
	return strings.Replace(now.UTC().Format("20060102-150405.000"), ".", "", 1) + "-" + tail, nil
}

// newJournal opens the journal of the run of that id.
func newJournal(stateDir, id string) (*journal, error) {
	dir := filepath.Join(stateDir, "runs", id)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Join(dir, journalFile), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	return &journal{id, f}, nil
}

// add appends an event.
func (j *journal) add(e agent.Event) error { return agent.WriteEvent(j.file, e) }

// close ends the journal.
func (j *journal) close() error { return j.file.Close() }

// runIDs lists the runs of a state directory, the newest first.
func runIDs(stateDir string) ([]string, error) {
	entries, err := os.ReadDir(filepath.Join(stateDir, "runs"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var ids []string
	for _, e := range entries {
		if e.IsDir() {
			ids = append(ids, e.Name())
		}
	}
	sort.Sort(sort.Reverse(sort.StringSlice(ids)))
	return ids, err
}

// findRun resolves a run's id, an unambiguous beginning of it, or "latest".
func findRun(stateDir, want string) (string, error) {
	ids, err := runIDs(stateDir)
	if err != nil {
		return "", err
	}
	if want == "latest" && len(ids) > 0 {
		return ids[0], nil
	}
	var found []string
	for _, id := range ids {
		if id == want {
			return id, nil
		}
		if strings.HasPrefix(id, want) {
			found = append(found, id)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return "", hint(usagef("no run %q", want), "netsonde runs lists them")
	}
	return "", hint(usagef("%q begins the ids of %d runs", want, len(found)), strings.Join(found, " "))
}

// readRun reads the events of a run.
func readRun(stateDir, id string) ([]agent.Event, error) {
	path := filepath.Join(stateDir, "runs", id, journalFile)
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	events, err := agent.ReadJournal(f)
	if err != nil {
		return events, fmt.Errorf("%s: %w", path, err)
	}
	return events, nil
}

// concluded is the report of a run's events; false if it has none.
func concluded(events []agent.Event) (agent.Report, bool) {
	for i := len(events) - 1; i >= 0; i-- {
		if e, ok := events[i].(agent.Concluded); ok {
			return e.Report, true
		}
	}
	return agent.Report{}, false
}
