package ssh

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/netsonde/netsonde/devices/standin"
)

// A call for help is answered as it is typed; nothing is run by it, and the
// next command finds an empty line.
func TestHelpIsNotRun(t *testing.T) {
	ps := platforms(t)
	server, d := serve(t, standin.SSH{Prompt: "r1#", Help: true, Answer: standin.Table(map[string]string{
		"terminal length 0": "", "terminal width 512": "",
		"show ip bgp ?": "  A.B.C.D    Network in the BGP routing table to display\n  neighbors  Detailed information\n  <cr>\n",
		"show version":  "Cisco IOS XE Software\n",
	})})
	d.Platform = "cisco_iosxe"
	s, err := (&Dialer{Platforms: ps}).Dial(timeout(t, 20*time.Second), d)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	out, err := s.Do(timeout(t, 20*time.Second), show(t, ps["cisco_iosxe"], "show ip bgp ?"))
	if err != nil || !strings.Contains(out, "neighbors  Detailed information") {
		t.Errorf("help: %q, %v", out, err)
	}
	if out, err := s.Do(timeout(t, 20*time.Second), show(t, ps["cisco_iosxe"], "show version")); err != nil || out != "Cisco IOS XE Software\n" {
		t.Errorf("after it: %q, %v", out, err)
	}
	if lines := server.Lines(); slices.Contains(lines, "show ip bgp") || slices.ContainsFunc(lines, func(l string) bool { return strings.Contains(l, "bgp") && !strings.HasSuffix(l, "?") }) {
		t.Errorf("the device ran %q", lines)
	}
}
