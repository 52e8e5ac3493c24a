package ssh

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/policies"
)

// A shellForm says how a shell runs the command line of a platform that has
// one of its own beside Linux.
type shellForm struct {
	once     string // one command; its text stands for %s
	resident string // the command line itself, kept open on a terminal; "" where there is none
}

// shellForms are the forms by platform. The text of a platform that is not
// here is typed into the shell as it is. A new vtysh for each command costs the
// router forty times as much as one more command in an open one; VTYSH_PAGER
// is set because a pager would hold up the answer, and an empty one would
// swallow the running configuration.
var shellForms = map[string]shellForm{
	"frr":  {once: "vtysh -c '%s'", resident: "env VTYSH_PAGER=cat vtysh"},
	"vyos": {once: "/opt/vyatta/bin/vyatta-op-cmd-wrapper %s"},
}

// runsInShell reports whether p's logins may be read over exec channels.
func runsInShell(p *policies.Platform) bool { return p.Exec || p.Also != "" }

// A login is what a user finds on a device whose accounts differ.
type login int

const (
	untried login = iota
	shell         // a shell: the device's own grammar in its shell form, and Linux
	cli           // the device's own command line, on a terminal
)

// inShell runs q on a platform whose login may be a shell. What it is shows
// before anything is sent in another grammar than the device's own: an
// abbreviation of a Linux command could mean something else there.
func (s *session) inShell(ctx context.Context, q policies.Query) (string, error) {
	form, apart := shellForms[s.platform.Name]
	if s.login == untried {
		if err := s.tryLogin(ctx, form); err != nil {
			return "", err
		}
	}
	own := q.Platform() == s.platform.Name
	switch {
	case s.login == cli && own:
		return s.onTerminal(ctx, q)
	case s.login == cli:
		return "", fmt.Errorf("%w: the login of user %s is the device's command line, not a shell", devices.ErrUnsupported, s.device.SSH.User)
	case !own || !apart:
		return s.bare(ctx, q)
	case strings.Contains(q.Text(), "'"):
		return "", errShell(q)
	case s.terminal != nil && typable(q.Text()):
		return s.inResident(ctx, q)
	}
	a, err := s.exec(ctx, fmt.Sprintf(form.once, q.Text()))
	if err != nil {
		return a.text, err
	}
	return verdict(s.grammar(q), q, a)
}

// tryLogin finds out what the login is by asking it for the resident form: a
// shell runs it, a command line does not know it. Where that does not settle
// it (no terminal is to be had, or the account may not), one command in its
// once form does.
func (s *session) tryLogin(ctx context.Context, form shellForm) error {
	if form.once == "" {
		s.login = shell
		return nil
	}
	if form.resident != "" {
		t, err := s.open(ctx, form.resident)
		if err == nil {
			s.login, s.terminal, s.opened = shell, t, time.Now()
			return nil
		}
		if ctx.Err() != nil {
			return err
		}
	}
	probe, err := s.platform.Show("show version")
	if err != nil {
		return fmt.Errorf("cannot tell whether the login has a shell: %w", err)
	}
	a, err := s.exec(ctx, fmt.Sprintf(form.once, probe.Text()))
	if err != nil {
		return err
	}
	name, _, _ := strings.Cut(form.once, " ")
	s.login = shell
	if a.status != 0 && strings.Contains(firstLine(a.text), "nknown command: "+name) {
		s.login = cli
	}
	return nil
}

// freshFor is how long a resident vtysh is believed when it says that a daemon
// is not there: it may have lost one that came back.
const freshFor = 5 * time.Second

// inResident types q into the command line that is kept open. What an old one
// says of a missing daemon is asked again of a new one.
func (s *session) inResident(ctx context.Context, q policies.Query) (string, error) {
	out, err := s.terminal.do(ctx, q.Text())
	if err == nil && time.Since(s.opened) > freshFor && lostDaemon(out) {
		_ = s.terminal.close()
		s.terminal = nil
		t, err := s.open(ctx, shellForms[s.platform.Name].resident)
		if err != nil {
			return "", err
		}
		s.terminal, s.opened = t, time.Now()
		return s.inResident(ctx, q)
	}
	if err != nil {
		return out, err
	}
	return verdict(s.grammar(q), q, answer{text: out, status: noStatus})
}

func lostDaemon(out string) bool {
	return strings.Contains(out, " is not running") || strings.Contains(out, "Warning: closing connection to ")
}

// oneCommand reports whether a shell takes text as one command with these very
// words: what stands in single quotes is inert (POSIX.1, 2.2.2), and the rest
// has no character that means something to a shell.
func oneCommand(text string) bool {
	for i, part := range strings.Split(text, "'") {
		if i%2 == 0 && strings.ContainsAny(part, "\"\\`$;&|<>(){}*?~#!") {
			return false
		}
	}
	return strings.Count(text, "'")%2 == 0
}

func errShell(q policies.Query) error {
	return &policies.Refusal{Line: q.Text(), Reason: "a shell would not take it as one command"}
}

// bare runs q's text as it is. A command that the shell does not find is asked
// for once more in /usr/sbin, which is not in the path of an ordinary user.
func (s *session) bare(ctx context.Context, q policies.Query) (string, error) {
	text := q.Text()
	if !oneCommand(text) {
		return "", errShell(q)
	}
	name, _, _ := strings.Cut(text, " ")
	if s.inSbin[name] {
		text = "/usr/sbin/" + text
	}
	a, err := s.exec(ctx, text)
	if err == nil && a.status == notFound && !strings.Contains(text, "/usr/sbin/") && !strings.HasPrefix(name, "/") {
		first := a
		if a, err = s.exec(ctx, "/usr/sbin/"+text); err == nil && a.status == notFound {
			a = first
		} else if err == nil {
			if s.inSbin == nil {
				s.inSbin = map[string]bool{}
			}
			s.inSbin[name] = true
		}
	}
	if err != nil {
		return a.text, err
	}
	return verdict(s.grammar(q), q, a)
}

const notFound = 127 // the exit status of a shell that does not find a command (POSIX.1, 2.8.2)

// exec runs one line over an exec channel, and tells the auditor.
func (s *session) exec(ctx context.Context, line string) (answer, error) {
	at := time.Now()
	a, err := execute(ctx, s.conn.Client, line, s.limit)
	s.sent(line, at, len(a.text), err)
	return a, err
}
