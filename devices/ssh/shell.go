package ssh

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/policies"
)

// shellForms says how a shell runs a command of a platform that has a command
// line of its own beside a Linux shell. The text stands for %s. A platform
// that is not here is typed into the shell as it is.
var shellForms = map[string]string{
	"frr":  "vtysh -c '%s'",
	"vyos": "/opt/vyatta/bin/vyatta-op-cmd-wrapper %s",
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

// inShell runs q over an exec channel. The first query in the device's own
// grammar shows what the login is: a shell runs its shell form, a command line
// does not know it. Nothing of another grammar is sent before that is known:
// an abbreviation of a Linux command could mean something else there.
func (s *session) inShell(ctx context.Context, q policies.Query) (string, error) {
	own := q.Platform() == s.platform.Name
	form := shellForms[s.platform.Name]
	if form == "" {
		s.login = shell
	}
	if s.login == untried && !own {
		probe, err := s.platform.Show("show version")
		if err != nil {
			return "", fmt.Errorf("cannot tell whether the login has a shell: %w", err)
		}
		if _, err := s.inShell(ctx, probe); err != nil && s.login == untried {
			return "", err
		}
	}
	if s.login == cli {
		if own {
			return s.onTerminal(ctx, q)
		}
		return "", fmt.Errorf("%w: the login of user %s is the device's command line, not a shell", devices.ErrUnsupported, s.device.SSH.User)
	}
	if !own || form == "" {
		return s.bare(ctx, q)
	}
	if strings.Contains(q.Text(), "'") {
		return "", errShell(q)
	}
	a, err := s.exec(ctx, fmt.Sprintf(form, q.Text()))
	if err != nil {
		return a.text, err
	}
	if s.login == untried {
		if name, _, _ := strings.Cut(form, " "); a.status != 0 && strings.Contains(firstLine(a.text), "nknown command: "+name) {
			s.login = cli
			return s.onTerminal(ctx, q)
		}
		s.login = shell
	}
	return verdict(s.grammar(q), q, a)
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
