package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/devices/ssh"
	"github.com/netsonde/netsonde/policies"
)

// worthSkew is how far a clock may be off before logs of two devices mislead.
const worthSkew = 5 * time.Second

// A deviceExam looks at one device.
type deviceExam struct {
	c        *console
	n        *network
	dev      devices.Device
	platform *policies.Platform
	lines    []diagnostic
}

func (e *deviceExam) say(check string, g grade, detail, next string) {
	e.lines = append(e.lines, diagnostic{e.dev.Name, check, g, e.n.redactor.Redact(e.dev.Platform, detail), next})
}

func (e *deviceExam) run(ctx context.Context) []diagnostic {
	if !e.dev.SSH.Disabled {
		e.overSSH(ctx)
	}
	if e.dev.GNMI.Port != 0 {
		e.overGNMI(ctx)
	}
	if e.dev.SSH.Disabled && e.dev.GNMI.Port == 0 {
		e.say("reachable", gradeFail, "the inventory gives it neither SSH nor gNMI", "add ssh: or gnmi: to the device")
	}
	return e.lines
}

// overSSH logs in with the first read that the platform has, and looks at what
// its answers tell.
func (e *deviceExam) overSSH(ctx context.Context) {
	clock, clockErr := e.platform.ClockRead()
	if clockErr != nil {
		e.say("clock", gradeFail, clockErr.Error(), "this is a defect of netsonde: please report it")
		return
	}
	o, err := e.n.src.Fetch(ctx, e.dev.Name, clock.Query)
	if !e.login(err) {
		return
	}
	e.privilege(ctx)
	e.skew(clock, o, err)
}

// login tells from the error of the first read how far it came. It reports
// whether the login was taken.
func (e *deviceExam) login(err error) bool {
	user := or(e.dev.SSH.User, "(no user)")
	switch {
	case err == nil, errors.Is(err, devices.ErrUnsupported), errors.Is(err, devices.ErrDenied) && !strings.Contains(err.Error(), "login refused"):
		e.say("reachable", gradeOK, "SSH at "+address(e.dev), "")
		e.say("host key", gradeOK, "known", "")
		e.say("login", gradeOK, user+" is taken", "")
		return true
	case errors.Is(err, ssh.ErrHostKeyChanged):
		e.say("host key", gradeFail, err.Error(), "compare the fingerprint with the device's own console before you remove the old line")
	case errors.Is(err, ssh.ErrHostKeyUnknown):
		e.say("host key", gradeFail, err.Error(), "compare the fingerprint with the device's own, then add the line")
	case errors.Is(err, devices.ErrDenied):
		e.say("login", gradeFail, err.Error(), "look at user, key and password of the inventory; it is not tried again")
	case strings.Contains(err.Error(), "no way to log in"):
		e.say("login", gradeFail, err.Error(), "the inventory holds neither password nor key for it, and no agent answers")
	case errors.Is(err, devices.ErrTimeout):
		e.say("reachable", gradeFail, err.Error(), "it took the login and did not answer: look at its load, or raise --timeout")
	default:
		e.say("reachable", gradeFail, err.Error(), "look at address, port, jump host, and the filters on the way")
	}
	return false
}

// privilege says whether the account could change the device.
func (e *deviceExam) privilege(ctx context.Context) {
	recipe := "make a read-only account: netsonde doctor --recipe " + e.platform.Name
	r, err := e.platform.PrivilegeRead(e.dev.SSH.User)
	if err != nil {
		e.say("privilege", gradeWarn, "no read that policy allows tells what the account may do on "+e.platform.Name, recipe)
		return
	}
	o, err := e.n.src.Fetch(ctx, e.dev.Name, r.Query)
	switch {
	case errors.Is(err, devices.ErrDenied), errors.Is(err, devices.ErrUnsupported):
		e.say("privilege", gradeWarn, "could not be read: "+err.Error(), recipe)
	case err != nil:
		e.say("privilege", gradeFail, err.Error(), "run again: the device stopped answering")
	default:
		if words := r.CouldWrite(o.Output); words != "" {
			e.say("privilege", gradeWarn, fmt.Sprintf("the account could write: %s says %q", r.Query, words), recipe)
			return
		}
		e.say("privilege", gradeOK, fmt.Sprintf("nothing in %s says that the account could write", r.Query), "")
	}
}

// skew says how far the device's clock is off.
func (e *deviceExam) skew(r policies.ClockRead, o devices.Observation, err error) {
	if err != nil {
		e.say("clock", gradeWarn, "could not be read: "+err.Error(), "allow "+r.Query.Text()+" to the account")
		return
	}
	skew, exact, err := r.Skew(o.Output, o.At.Add(-o.Took/2))
	if err != nil {
		e.say("clock", gradeWarn, err.Error(), "compare it by hand: "+r.Query.Text())
		return
	}
	aside := ""
	if !exact {
		aside = ", whole quarters of an hour aside: its time zone is not told"
	}
	way := map[bool]string{true: "ahead of", false: "behind"}[skew > 0]
	detail := fmt.Sprintf("%s %s ours%s", skew.Abs().Round(time.Second), way, aside)
	if skew.Abs() > worthSkew {
		e.say("clock", gradeWarn, detail, "look at NTP: logs of two devices cannot be put in order")
		return
	}
	e.say("clock", gradeOK, detail, "")
}

// overGNMI asks what the device offers.
func (e *deviceExam) overGNMI(ctx context.Context) {
	if e.dev.GNMI.Insecure {
		e.say("gnmi transport", gradeWarn, "plaintext, as the inventory says: login and state can be read on the way", "give the server a certificate, and the inventory its authority (ca:)")
	}
	text, err := e.n.gnmi.Capabilities(ctx, e.dev)
	switch {
	case errors.Is(err, devices.ErrUnsupported):
		e.say("gnmi", gradeWarn, err.Error(), "reads may work all the same: netsonde gnmi get "+e.dev.Name+" /system/state")
	case errors.Is(err, devices.ErrDenied):
		e.say("gnmi", gradeFail, err.Error(), "look at user, password and certificate under gnmi: of the inventory")
	case err != nil:
		e.say("gnmi", gradeFail, err.Error(), "look at port, TLS and the filters on the way; port 0 switches gNMI off")
	default:
		models := strings.Count("\n"+text, "\nmodel: ")
		var head []string
		for _, l := range strings.Split(text, "\n") {
			if strings.HasPrefix(l, "gnmi version: ") || strings.HasPrefix(l, "encodings: ") {
				head = append(head, l)
			}
		}
		e.say("gnmi", gradeOK, fmt.Sprintf("%s; %d models", strings.Join(head, "; "), models), "")
		if !strings.Contains(text, "model: openconfig-interfaces") {
			e.say("gnmi models", gradeWarn, "openconfig-interfaces is not among them: the rules find no interfaces over gNMI", "netsonde gnmi caps "+e.dev.Name+" lists them; keep SSH for this device")
		}
	}
}
