package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/netsonde/netsonde/devices"
)

// auditFile is the append-only log of everything that was sent to devices, in
// the state directory: one line of JSON a thing sent, each with the hash of
// the line before it, so that a missing or changed line shows.
const auditFile = "audit.jsonl"

// An auditLine is one thing sent.
type auditLine struct {
	At        time.Time `json:"at"`
	Run       string    `json:"run"`
	Device    string    `json:"device"`
	User      string    `json:"user"`
	Transport string    `json:"transport"`
	Text      string    `json:"text"`
	Bytes     int       `json:"bytes"`
	Seconds   float64   `json:"seconds"`
	Error     string    `json:"error,omitempty"`
	Previous  string    `json:"previous"` // SHA-256 of the line before, in hex; "" for the first
}

// An auditLog appends to the log. Several processes may share one file: each
// line is written under the file's lock, after the line that is then the last.
// It is safe for concurrent use.
type auditLog struct {
	run    string
	redact func(string) string
	fault  func(error) // told once, when a line could not be written

	mu     sync.Mutex
	file   *os.File
	broken bool
}

// openAudit opens the log of a state directory for the run of that name.
func openAudit(stateDir, run string) (*auditLog, error) {
	if err := os.MkdirAll(stateDir, 0o700); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Join(stateDir, auditFile), os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	return &auditLog{run: run, file: f, redact: func(s string) string { return s }, fault: func(error) {}}, nil
}

func (l *auditLog) close() error { return l.file.Close() }

// sent is a devices.Auditor.
func (l *auditLog) sent(s devices.Sent) {
	line := auditLine{
		At: s.At.UTC(), Run: l.run, Device: s.Device, User: s.User, Transport: s.Transport,
		Text: s.Text, Bytes: s.Bytes, Seconds: s.Took.Seconds(),
	}
	if s.Err != nil {
		line.Error = l.redact(s.Err.Error())
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.append(line); err != nil && !l.broken {
		l.broken = true
		l.fault(err)
	}
}

// append writes one line under the file's lock.
func (l *auditLog) append(line auditLine) error {
	if err := syscall.Flock(int(l.file.Fd()), syscall.LOCK_EX); err != nil {
		return fmt.Errorf("audit log: %w", err)
	}
	defer func() { _ = syscall.Flock(int(l.file.Fd()), syscall.LOCK_UN) }()
	last, err := lastLine(l.file)
	if err != nil {
		return fmt.Errorf("audit log: %w", err)
	}
	if last != nil {
		line.Previous = hashed(last)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(line); err != nil {
		return fmt.Errorf("audit log: %w", err)
	}
	if _, err := l.file.Write(b.Bytes()); err != nil {
		return fmt.Errorf("audit log: %w", err)
	}
	return nil
}

func hashed(line []byte) string {
	sum := sha256.Sum256(line)
	return hex.EncodeToString(sum[:])
}

// lastLine reads the last line of a file, without its newline; nil if the file
// is empty. A line that a crash cut short counts as a line: the chain shows it.
func lastLine(f *os.File) ([]byte, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	end := info.Size()
	var tail []byte
	for end > 0 {
		n := min(end, 4096)
		chunk := make([]byte, n)
		if _, err := f.ReadAt(chunk, end-n); err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		tail = append(chunk, tail...)
		end -= n
		if i := bytes.LastIndexByte(bytes.TrimRight(tail, "\n"), '\n'); i >= 0 {
			return bytes.TrimRight(tail[i+1:], "\n"), nil
		}
	}
	if len(tail) == 0 {
		return nil, nil
	}
	return bytes.TrimRight(tail, "\n"), nil
}

// verifyAudit reads a log and holds every line against the hash that the next
// one carries. The error names the first line at which the chain breaks.
func verifyAudit(r io.Reader) (lines int, err error) {
	br := bufio.NewReader(r)
	previous := ""
	for {
		raw, err := br.ReadBytes('\n')
		if len(raw) > 0 {
			lines++
			var l auditLine
			text := bytes.TrimRight(raw, "\n")
			if err := json.Unmarshal(text, &l); err != nil {
				return lines, fmt.Errorf("line %d is not a line of the log: %w", lines, err)
			}
			if l.Previous != previous {
				return lines, fmt.Errorf("line %d does not follow the line before it: a line was changed or is missing", lines)
			}
			previous = hashed(text)
		}
		if errors.Is(err, io.EOF) {
			return lines, nil
		}
		if err != nil {
			return lines, err
		}
	}
}
