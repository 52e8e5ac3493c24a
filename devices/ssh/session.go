package ssh

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/policies"
)

// session is a devices.Session: one login, read over exec channels or on a
// terminal, whichever the login turns out to be.
type session struct {
	device   devices.Device
	platform *policies.Platform
	second   *policies.Platform // the grammar that platform.Also names; nil if none
	conn     *connection
	limit    int // bytes of one answer
	audit    devices.Auditor

	login    login     // what kind of login it is, on a platform that has two
	terminal *terminal // the device's command line; nil until there is one
	opened   time.Time // when terminal was
	inSbin   map[string]bool
}

var _ devices.Session = (*session)(nil)

// Do sends q and returns the answer, without its echo and prompt, with "\n" at
// the line ends.
func (s *session) Do(ctx context.Context, q policies.Query) (string, error) {
	if q.IsZero() || q.Kind() != policies.Show {
		return "", fmt.Errorf("not a command: %w", devices.ErrUnsupported)
	}
	if q.Platform() != s.platform.Name && q.Platform() != s.platform.Also {
		return "", &policies.Refusal{Line: q.Text(), Reason: "not in the grammar of " + s.platform.Name}
	}
	if err := sendable(q.Text()); err != nil {
		return "", err
	}
	if err := ctx.Err(); err != nil {
		return "", err
	}
	if !runsInShell(s.platform) {
		return s.onTerminal(ctx, q)
	}
	return s.inShell(ctx, q)
}

// onTerminal types q's text.
func (s *session) onTerminal(ctx context.Context, q policies.Query) (string, error) {
	if !typable(strings.TrimSuffix(q.Text(), " ?")) {
		return "", &policies.Refusal{Line: q.Text(), Near: "?", Reason: "a terminal takes it as a call for help"}
	}
	if s.terminal == nil {
		t, err := s.open(ctx, "")
		if err != nil {
			return "", err
		}
		s.terminal = t
	}
	out, err := s.terminal.do(ctx, q.Text())
	if err != nil {
		return out, err
	}
	return verdict(s.grammar(q), q, answer{text: out, status: noStatus})
}

// grammar returns the platform whose grammar q is in.
func (s *session) grammar(q policies.Query) *policies.Platform {
	if s.second != nil && q.Platform() == s.second.Name {
		return s.second
	}
	return s.platform
}

// Close ends the session.
func (s *session) Close() error {
	err := ignoreClosed(s.conn.Close()) // first: it ends the reads that closing a terminal waits for
	if s.terminal != nil {
		err = errors.Join(err, s.terminal.close())
	}
	return err
}

// typable reports whether a terminal takes text as it is.
func typable(text string) bool { return !strings.Contains(text, "?") }

// sendable is the last look at a text: one line of printable ASCII. The
// grammar prints nothing else; this holds even if it should.
func sendable(text string) error {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return &policies.Refusal{Line: text, Reason: "what is sent is one line of printable ASCII"}
		}
	}
	return nil
}

// sent tells the auditor.
func (s *session) sent(text string, at time.Time, bytes int, err error) {
	if s.audit == nil {
		return
	}
	s.audit(devices.Sent{
		At: at.UTC(), Device: s.device.Name, User: s.device.SSH.User, Transport: "ssh",
		Text: text, Bytes: bytes, Took: time.Since(at), Err: err,
	})
}
