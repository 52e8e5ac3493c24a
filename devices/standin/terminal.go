package standin

import (
	"bufio"
	"io"
	"strings"

	"golang.org/x/crypto/ssh"
)

// session answers one session channel: one line over exec, or a terminal.
func (s *SSHServer) session(sc *ssh.ServerConn, nc ssh.NewChannel) {
	ch, requests, err := nc.Accept()
	if err != nil {
		return
	}
	defer func() { _ = ch.Close() }()
	for req := range requests {
		switch {
		case req.Type == "pty-req" && s.dev.Prompt != "":
			_ = req.Reply(true, nil)
		case req.Type == "shell" && s.dev.Prompt != "":
			_ = req.Reply(true, nil)
			s.wg.Go(func() { ssh.DiscardRequests(requests) })
			s.terminal(sc, ch, s.dev.Answer)
			return
		case req.Type == "exec" && s.dev.Shell:
			var cmd struct{ Line string }
			_ = ssh.Unmarshal(req.Payload, &cmd)
			_ = req.Reply(true, nil)
			s.wg.Go(func() { ssh.DiscardRequests(requests) })
			if by := s.dev.Resident[cmd.Line]; by != nil && s.dev.Prompt != "" {
				s.note(cmd.Line)
				s.terminal(sc, ch, by)
				return
			}
			r := s.answer(s.dev.Answer, cmd.Line)
			if !s.say(ch, r) {
				_ = sc.Close()
				return
			}
			_, _ = ch.SendRequest("exit-status", false, ssh.Marshal(struct{ Status uint32 }{uint32(r.Status)}))
			return
		default:
			_ = req.Reply(false, nil)
		}
	}
}

// eraseLine is what empties the line that is being typed (Ctrl-U).
const eraseLine = 0x15

// terminal echoes what is typed and answers each line, as a router's vty does.
func (s *SSHServer) terminal(sc *ssh.ServerConn, ch ssh.Channel, by Answer) {
	w := crlf{ch}
	prompt := s.dev.Prompt
	switch s.dev.Fault {
	case DeadPrompt:
		_, _ = io.WriteString(w, s.dev.Greeting)
		_, _ = io.Copy(io.Discard, ch)
		return
	case DeniedShell:
		_, _ = io.WriteString(w, "% Authorization failed.\n")
		_ = sc.Close()
		return
	}
	_, _ = io.WriteString(w, s.dev.Greeting+prompt)
	in := bufio.NewReader(ch)
	var line []byte
	for {
		b, err := in.ReadByte()
		if err != nil {
			return
		}
		switch {
		case b == '?' && s.dev.Help:
			_, _ = io.WriteString(w, "?\n"+s.answer(by, string(line)+"?").Text+prompt+string(line))
			continue
		case b == eraseLine:
			_, _ = io.WriteString(w, strings.Repeat("\b \b", len(line)))
			line = line[:0]
			continue
		}
		if b != '\n' && b != '\r' {
			line = append(line, b)
			_, _ = w.Write([]byte{b})
			continue
		}
		_, _ = io.WriteString(w, "\n")
		r := Reply{}
		if text := string(line); text != "" {
			r = s.answer(by, text)
		}
		line = line[:0]
		if !s.say(w, r) {
			_ = sc.Close()
			return
		}
		if r.Fault == NewPrompt {
			prompt = "x" + prompt
		}
		if r.Text != "" && !strings.HasSuffix(r.Text, "\n") {
			_, _ = io.WriteString(w, "\n")
		}
		_, _ = io.WriteString(w, prompt)
		if r.Fault == LogLine {
			_, _ = io.WriteString(w, "\n*Nov 23 16:00:00.000: %SYS-5-CONFIG_I: Configured from console\n")
		}
	}
}

// crlf sends "\n" as a terminal does.
type crlf struct{ w io.Writer }

// Write sends p.
func (c crlf) Write(p []byte) (int, error) {
	if _, err := io.WriteString(c.w, strings.ReplaceAll(string(p), "\n", "\r\n")); err != nil {
		return 0, err
	}
	return len(p), nil
}
