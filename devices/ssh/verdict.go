package ssh

import (
	"errors"
	"fmt"
	"strings"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/policies"
)

// longestRejection is how many lines a device's refusal of a command has at
// most: the echo, a caret, the message. A longer answer is an answer, whatever
// words stand in it.
const longestRejection = 6

// verdict tells an answer from a device's refusal to give one: its AAA says
// no, or it does not know the command. The refusal's text is in the error. A
// command that ended well was not refused, whatever its answer says.
func verdict(p *policies.Platform, q policies.Query, a answer) (string, error) {
	said := strings.TrimSpace(a.text)
	if a.status != 0 && strings.Count(said, "\n") < longestRejection {
		for _, line := range strings.Split(said, "\n") {
			if saysOneOf(line, p.Denials) {
				return "", fmt.Errorf("%w: %s", devices.ErrDenied, oneLine(line))
			}
		}
		for _, line := range strings.Split(said, "\n") {
			if saysOneOf(line, p.Rejects) {
				return "", fmt.Errorf("%w: %s", devices.ErrUnsupported, oneLine(said))
			}
		}
	}
	if a.status == notFound {
		return "", fmt.Errorf("%w: %s", devices.ErrUnsupported, oneLine(firstLine(a.text)))
	}
	if err := incomplete(p, q, a.text); err != nil {
		return a.text, err
	}
	return a.text, nil
}

func saysOneOf(line string, texts []string) bool {
	for _, t := range texts {
		if strings.Contains(line, t) {
			return true
		}
	}
	return false
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}

// errIncomplete is a configuration that the device printed without its body.
var errIncomplete = errors.New("the device printed an empty configuration, which a running router does not have: is VTYSH_PAGER set to nothing there?")

// incomplete finds the one answer that looks whole and is not: vtysh with an
// empty pager variable prints only the frame of the running configuration.
func incomplete(p *policies.Platform, q policies.Query, text string) error {
	if p.Name != "frr" || q.Text() != "show running-config" {
		return nil
	}
	if strings.Contains(text, "Current configuration:") && !strings.Contains(text, "frr version") {
		return errIncomplete
	}
	return nil
}
