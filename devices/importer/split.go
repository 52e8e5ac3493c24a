package importer

import (
	"regexp"
	"strings"
)

// A part is what one command brought, as it stands in a log or a support file.
type part struct {
	host    string // by the prompt; "" in a support file
	command string
	output  string
	line    int // where the command stands, from 1
}

// promptLine is a prompt with a command behind it: r1#show version,
// ops@r1:~$ ip addr, RP/0/RSP0/CPU0:r1#, <r1>display, [admin@r1] >, A:ops@r1#.
var promptLine = regexp.MustCompile(`^(?:\d\d:\d\d:\d\d(?:\.\d+)? )?` + // a terminal's time
	`(?:RP/\S+?:|[A-Z]:|[\[<(])?(?:[\w.-]+@)?([A-Za-z][\w.-]{0,62})` +
	`(?:[:/ ][\w~/.:\- ]*|\([\w\-/]+\)|-{2,}[^#>$]*)?[\])]?\s?[>#$]\s?(.*)$`)

// prompt reads a line as a prompt. A log holds many lines that could be one,
// so the caller asks whether the command is known.
func prompt(line string) (host, command string, ok bool) {
	if len(line) > maxPromptLine {
		return "", "", false
	}
	m := promptLine.FindStringSubmatch(line)
	if m == nil {
		return "", "", false
	}
	return m[1], strings.TrimSpace(m[2]), true
}

const maxPromptLine = 400

// split cuts a text at its prompts, else at its section headers. known says
// whether a command is one of a device's; it decides what is a prompt at all.
// preamble is what stands before the first part.
func split(text string, s *signs, known func(string) bool) (parts []part, preamble string) {
	lines := strings.SplitAfter(text, "\n")
	if p, pre := splitAt(lines, prompts(lines, known)); len(p) > 0 {
		return p, pre
	}
	return splitAt(lines, sections(lines, s, known))
}

// prompts finds the prompts: a host that once stood before a known command is
// a device, and every later prompt of it ends the output before.
func prompts(lines []string, known func(string) bool) map[int]part {
	hosts := map[string]bool{}
	for _, l := range lines {
		if host, command, ok := prompt(clean(l)); ok && command != "" && !hosts[host] && known(command) {
			hosts[host] = true
		}
	}
	marks := map[int]part{}
	for i, l := range lines {
		if host, command, ok := prompt(clean(l)); ok && hosts[host] {
			marks[i] = part{host: host, command: command, line: i + 1}
		}
	}
	return marks
}

// sections finds the headers of a support file.
func sections(lines []string, s *signs, known func(string) bool) map[int]part {
	marks := map[int]part{}
	any := false
	for i, l := range lines {
		command, ok := s.section(clean(l))
		if !ok || !commandLike(command) {
			continue
		}
		any = any || known(command)
		marks[i] = part{command: command, line: i + 1}
	}
	if !any {
		return nil
	}
	return marks
}

// commandLike reports whether a header names a command: it begins with a verb
// that reads, in lower case.
func commandLike(s string) bool {
	first, _, _ := strings.Cut(s, " ")
	switch first {
	case "show", "sh", "display", "ip", "bridge", "cat", "ss", "nft", "tc", "sysctl", "lldpcli", "vtysh", "bfd", "dir", "more", "info", "nv", "uname", "ethtool":
		return true
	}
	return false
}

func splitAt(lines []string, marks map[int]part) (parts []part, preamble string) {
	var out strings.Builder
	flush := func() {
		if len(parts) == 0 {
			preamble = out.String()
		} else {
			parts[len(parts)-1].output = out.String()
		}
		out.Reset()
	}
	for i, l := range lines {
		if m, ok := marks[i]; ok {
			flush()
			parts = append(parts, m)
			continue
		}
		out.WriteString(strings.TrimSuffix(strings.TrimSuffix(l, "\n"), "\r"))
		if strings.HasSuffix(l, "\n") {
			out.WriteByte('\n')
		}
	}
	flush()
	for i := range parts {
		parts[i].output = tidy(parts[i].output)
	}
	return parts, preamble
}

// pager is what a pager leaves in a log.
var pager = regexp.MustCompile(`(?m)^\s*(?:--+ ?\(?(?i:more)[^\n]*?--+|<--- More --->|---\(more[^)]*\)---)[\x08 \r]*`)

// tidy takes the marks of a pager out of an output.
func tidy(s string) string { return pager.ReplaceAllString(s, "") }

// escapes are the sequences by which a terminal is steered (ECMA-48).
var escapes = regexp.MustCompile(`\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_=>])`)

// clean makes a line of a log as its reader saw it.
func clean(l string) string {
	l = strings.TrimRight(l, "\r\n")
	if strings.ContainsAny(l, "\x1b\b\r") {
		l = escapes.ReplaceAllString(l, "")
		if i := strings.LastIndexByte(l, '\r'); i >= 0 {
			l = l[i+1:]
		}
		l = backspaced(l)
	}
	return l
}

// backspaced applies the backspaces of a line.
func backspaced(l string) string {
	var out []byte
	for i := 0; i < len(l); i++ {
		if l[i] != '\b' {
			out = append(out, l[i])
		} else if len(out) > 0 {
			out = out[:len(out)-1]
		}
	}
	return string(out)
}
