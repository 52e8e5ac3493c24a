package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/netsonde/netsonde/devices/lab"
)

// replays diagnoses a fault again from recordings: from what the live run read
// (plain text), and from a full recording that keeps a table as JSON wherever
// the device has that. Both must lead to the same conclusion. The first holds
// what the live run saw; the second was made seconds later, in which a network
// that flaps moved on: then the text of those seconds must lead where their
// JSON does. Its fault is returned, because a second try may mend it; "" for none.
func (a *arena) replays(l *lab.Lab, f lab.Fault, live diagnosis, dir string) string {
	if again := a.replay(f, dir).conclusion(); again != live.conclusion() {
		// The same answers read again: there is nothing that a second try could mend.
		a.t.Errorf("%s: the recording of the run leads elsewhere:\n  live:   %s\n  replay: %s", f.Name, live.conclusion(), again)
	}
	full := dir + "-json"
	if out, err := a.command("record", "-q", "--inventory", l.Inventory(), "-o", full).CombinedOutput(); err != nil {
		return fmt.Sprintf("record: %v\n%s", err, out)
	}
	asJSON := full + "-only"
	if err := os.CopyFS(asJSON, os.DirFS(full)); err != nil {
		return err.Error()
	}
	if err := dropText(asJSON); err != nil {
		return err.Error()
	}
	again := a.replay(f, asJSON)
	if again.faults() == live.faults() {
		return ""
	}
	text := a.replay(f, full)
	if again.faults() != text.faults() || (outcome{fault: f, found: again}).right() != (outcome{fault: f, found: live}).right() {
		return fmt.Sprintf("the recording in JSON leads elsewhere:\n  live:   %s\n  text:   %s\n  replay: %s", live.faults(), text.faults(), again.faults())
	}
	return ""
}

// command is the netsonde binary with a state directory of the arena's own.
func (a *arena) command(args ...string) *exec.Cmd {
	cmd := exec.CommandContext(a.t.Context(), a.netsonde, args...)
	cmd.Env = append(os.Environ(), "XDG_STATE_HOME="+a.state, "XDG_CONFIG_HOME="+a.state)
	return cmd
}

// dropText removes from a recording every answer in text of which it holds the
// JSON form too.
func dropText(dir string) error {
	indexes, err := filepath.Glob(filepath.Join(dir, "*", "index.jsonl"))
	if err != nil || len(indexes) == 0 {
		return fmt.Errorf("no recording in %s: %w", dir, err)
	}
	for _, index := range indexes {
		raw, err := os.ReadFile(index)
		if err != nil {
			return err
		}
		type line struct{ Query, Error, File string }
		var lines [][]byte
		held := map[string]struct{}{}
		for s := bufio.NewScanner(bytes.NewReader(raw)); s.Scan(); {
			lines = append(lines, bytes.Clone(s.Bytes()))
			var l line
			if err := json.Unmarshal(s.Bytes(), &l); err != nil {
				return err
			}
			if l.Error == "" {
				held[l.Query] = struct{}{}
			}
		}
		var kept bytes.Buffer
		for _, raw := range lines {
			var l line
			if err := json.Unmarshal(raw, &l); err != nil {
				return err
			}
			if _, twin := held[jsonForm(l.Query)]; twin && l.File != "" {
				if err := os.Remove(filepath.Join(filepath.Dir(index), l.File)); err != nil {
					return err
				}
				continue
			}
			kept.Write(append(raw, '\n'))
		}
		if err := os.WriteFile(index, kept.Bytes(), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// jsonForm is the query that asks for the same table as JSON.
func jsonForm(query string) string {
	program, rest, _ := strings.Cut(query, " ")
	switch {
	case strings.HasPrefix(query, "ip -s -d "):
		return strings.Replace(query, "-s -d", "-s -d -j", 1)
	case program == "ip" || program == "bridge" || program == "nft":
		return program + " -j " + rest
	case strings.HasPrefix(query, "lldpcli show neighbors"):
		return "lldpcli -f json0 show neighbors"
	case query == "show bgp vrf all ipv4 unicast":
		return "show ip bgp json"
	case query == "show bgp vrf all ipv6 unicast":
		return "show bgp ipv6 unicast json"
	}
	return query + " json"
}
