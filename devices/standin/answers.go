package standin

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"

	"golang.org/x/crypto/ssh/knownhosts"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/policies"
)

// Table answers the lines it holds, and is at a loss for any other, as vtysh
// words it.
func Table(replies map[string]string) Answer {
	return func(line string) Reply {
		if text, ok := replies[line]; ok {
			return Reply{Text: text}
		}
		return Reply{Text: "% Unknown command: " + line + "\n", Status: 1}
	}
}

// Shell answers as a Linux shell on a router does: the router's own lines in
// their shell form (vtysh -c '...') from cli, any other from commands.
func Shell(cli, commands Answer) Answer {
	return func(line string) Reply {
		if rest, ok := strings.CutPrefix(line, "vtysh -c '"); ok {
			return cli(strings.TrimSuffix(rest, "'"))
		}
		r := commands(line)
		if strings.HasPrefix(r.Text, "% Unknown command") {
			name, _, _ := strings.Cut(line, " ")
			return Reply{Text: fmt.Sprintf("bash: line 1: %s: command not found\n", name), Status: 127}
		}
		return r
	}
}

// Recorded answers for one device what src, such as a recording, holds. Lines
// outside the grammars of ps are unknown commands.
func Recorded(src devices.Source, device string, ps ...*policies.Platform) Answer {
	return func(line string) Reply {
		for _, p := range ps {
			q, err := p.Show(line)
			if err != nil {
				continue
			}
			o, err := src.Fetch(context.Background(), device, q)
			switch {
			case err == nil:
				return Reply{Text: o.Output}
			case errors.Is(err, devices.ErrDenied):
				return Reply{Text: "% Authorization failed.\n", Status: 1}
			}
		}
		return Reply{Text: "% Unknown command: " + line + "\n", Status: 1}
	}
}

// Know writes a known_hosts file that holds the keys of servers.
func Know(file string, servers ...*SSHServer) error {
	var b strings.Builder
	for _, s := range servers {
		fmt.Fprintln(&b, knownhosts.Line([]string{knownhosts.Normalize(s.Addr())}, s.HostKey()))
	}
	return os.WriteFile(file, []byte(b.String()), 0o600)
}

// Faulty answers as a does, with fault on the given line.
func Faulty(a Answer, line string, fault Fault) Answer {
	return func(l string) Reply {
		r := a(l)
		if l == line {
			r.Fault = fault
		}
		return r
	}
}

// First answers text the first time that line is sent, and as a does after.
func First(a Answer, line, text string) Answer {
	var mu sync.Mutex
	done := false
	return func(l string) Reply {
		mu.Lock()
		defer mu.Unlock()
		if l == line && !done {
			done = true
			return Reply{Text: text}
		}
		return a(l)
	}
}

// Once has a fault only the first time that line is sent.
func Once(a Answer, line string, fault Fault) Answer {
	var mu sync.Mutex
	done := false
	return func(l string) Reply {
		r := a(l)
		mu.Lock()
		defer mu.Unlock()
		if l == line && !done {
			done = true
			r.Fault = fault
		}
		return r
	}
}
