package standin

import (
	"crypto/rand"
	"io"
	"strings"
	"time"
)

// A LoginFault is what goes wrong before a session opens.
type LoginFault int

// The faults of a login.
const (
	NoLoginFault LoginFault = iota
	Silent                  // the TCP connection opens and nothing is ever said
	SlowBanner              // the SSH identification comes a byte at a time
	NoLines                 // the connection is closed at once, as by a router whose lines are all in use
	NoSessions              // the login works, and no session opens
	GarbageLogin            // something that is not SSH answers
	DeadPrompt              // a terminal opens and shows no prompt
	DeniedShell             // a terminal opens, says that authorization failed, and closes
)

// A Fault is what goes wrong with one reply.
type Fault int

// The faults of a reply.
const (
	NoFault   Fault = iota
	Hang            // half of the text, then nothing
	Reset           // half of the text, then the connection breaks
	Endless         // the text again and again
	Pager           // the first lines, then "--More--" until a key is pressed
	NewPrompt       // the text, and from then on another prompt
	Garbage         // random bytes, then the prompt
	LogLine         // the text, the prompt, and a log line behind it
)

// say writes a reply to w until it is told or the server stops. It reports
// whether the session goes on.
func (s *SSHServer) say(w io.Writer, r Reply) bool {
	switch r.Fault {
	case Hang:
		_, _ = io.WriteString(w, r.Text[:len(r.Text)/2])
		<-s.stop
		return false
	case Reset:
		_, _ = io.WriteString(w, r.Text[:len(r.Text)/2])
		return false
	case Endless:
		text := strings.Repeat(r.Text, 1+32<<10/(len(r.Text)+1))
		for {
			if _, err := io.WriteString(w, text); err != nil {
				return false
			}
			select {
			case <-s.stop:
				return false
			default:
			}
		}
	case Pager:
		lines := strings.SplitAfter(r.Text, "\n")
		_, _ = io.WriteString(w, strings.Join(lines[:min(len(lines), 20)], "")+" --More-- ")
		<-s.stop
		return false
	case Garbage:
		b := make([]byte, 4096)
		_, _ = rand.Read(b)
		_, _ = w.Write(b)
		_, _ = io.WriteString(w, "\n")
	}
	_, err := io.WriteString(w, r.Text)
	return err == nil
}

// slowly writes text a byte at a time, until the server stops.
func (s *SSHServer) slowly(w io.Writer, text string) {
	for i := range len(text) {
		if _, err := io.WriteString(w, text[i:i+1]); err != nil {
			return
		}
		select {
		case <-s.stop:
			return
		case <-time.After(20 * time.Millisecond):
		}
	}
}
