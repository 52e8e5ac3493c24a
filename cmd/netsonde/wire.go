package main

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/netsonde/netsonde/agent"
	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/devices/gnmi"
	"github.com/netsonde/netsonde/devices/ssh"
	"github.com/netsonde/netsonde/policies"
	"github.com/netsonde/netsonde/tools"
)

// A network is what a command reads from: live devices or a recording, behind
// the same wrappers. The whole stack of wrappers is built in this file.
type network struct {
	run       string // id of this run: of its journal, and in the audit log
	cfg       Config
	inv       *devices.Inventory
	platforms map[string]*policies.Platform
	redactor  *policies.Redactor
	src       devices.Source
	gnmi      *gnmi.Dialer // nil for a recording
	info      agent.SourceInfo
	clock     func() time.Time   // now, as the run sees it: of a recording, the moment it was captured, and on from there
	probes    bool               // what sends traffic may be asked: the operator said so, or nothing is sent at all
	recording *devices.Recording // nil for live devices
	progress  *progress
	trace     *tracing // nil where no collector is named
	closers   []func() error
}

// Close ends the sessions and the recording.
func (n *network) Close() error {
	var errs []error
	for i := len(n.closers) - 1; i >= 0; i-- {
		errs = append(errs, n.closers[i]())
	}
	n.progress.done()
	return errors.Join(errs...)
}

// open opens the network that the flags name: a recording with --replay, else
// the live devices of the inventory.
func (c *console) open(f netFlags) (*network, error) {
	if err := f.check(); err != nil {
		return nil, err
	}
	n, err := c.newNetwork(f)
	if err != nil {
		return nil, err
	}
	if f.replay != "" {
		err = c.openReplay(n, f)
	} else {
		err = c.openLive(n, f)
	}
	if err != nil {
		return nil, errors.Join(err, n.Close())
	}
	return n, nil
}

// newNetwork makes what live devices and recordings share.
func (c *console) newNetwork(f netFlags) (*network, error) {
	cfg, err := c.loadConfig()
	if err != nil {
		return nil, err
	}
	if f.timeout > 0 {
		cfg.Timeout = f.timeout
	}
	n := &network{cfg: cfg, clock: c.now, progress: c.progress(f.quiet), probes: cfg.Probes}
	if n.run, err = newRunID(c.now()); err != nil {
		return nil, err
	}
	if n.trace, err = c.tracing(cfg, n.run); err != nil {
		return nil, err
	}
	if n.trace != nil {
		n.closers = append(n.closers, n.trace.close)
	}
	if n.platforms, err = policies.OpenPlatforms(policies.Files); err != nil {
		return nil, err
	}
	if n.redactor, err = c.redactor(cfg); err != nil {
		return nil, err
	}
	return n, nil
}

// openLive stacks Once(told(Record(Limit(Pace(Redact(watched(Live))))))): redaction is the
// first wrapper above the wire, so nothing above it ever holds a secret.
func (c *console) openLive(n *network, f netFlags) error {
	inv, why, err := c.inventory(f)
	if err != nil {
		return err
	}
	n.inv = inv
	n.redactor = n.redactor.Knowing(logins(inv)...) // a device may echo them
	n.info = agent.SourceInfo{Kind: "live", CapturedAt: c.now()}
	n.progress.line(fmt.Sprintf("%s: %d devices", why, len(inv.Devices)))
	audit := c.audit(n)
	dial := &ssh.Dialer{Platforms: n.platforms, Jumps: inv.FindJump, Audit: audit}
	if f.acceptNew {
		dial.NewKeys = ssh.AcceptNew
	}
	n.gnmi = &gnmi.Dialer{Audit: audit}
	live := devices.Live(inv, devices.Wire{
		Platforms: n.platforms, SSH: dial.Dial, GNMI: n.gnmi.Dial, ReadTimeout: n.cfg.Timeout,
	})
	n.closers = append(n.closers, live.Close)
	n.src = n.trace.source(devices.Redact(watched{live, n.progress}, n.redactor))
	n.src = devices.Pace(n.src, time.Duration(float64(time.Second)/n.cfg.Limits.Rate))
	n.src = devices.Limit(n.src, n.cfg.Limits.PerDevice, n.cfg.Limits.Total)
	if f.record != "" {
		if err := c.keep(n, f.record); err != nil {
			return err
		}
	}
	n.src = devices.Once(told{n.src, n.progress}, time.Minute)
	return nil
}

// logins lists the secrets by which netsonde itself logs in.
func logins(inv *devices.Inventory) []string {
	var out []string
	for _, d := range slices.Concat(inv.Devices, inv.Jumps) {
		for _, s := range [...]devices.Secret{d.SSH.Password, d.SSH.Passphrase, d.GNMI.Password, d.GNMI.Token} {
			if !s.IsZero() && !slices.Contains(out, s.Reveal()) {
				out = append(out, s.Reveal())
			}
		}
	}
	return out
}

// audit opens the audit log for n's run. Where it cannot be written, the
// operator is told once and reads on: every read is one that policy allowed.
func (c *console) audit(n *network) devices.Auditor {
	l, err := openAudit(n.cfg.StateDir, n.run)
	if err != nil {
		fmt.Fprintf(c.err, "netsonde: warning: no audit log is kept: %s\n", clean(err.Error()))
		return nil
	}
	l.redact = func(s string) string { return n.redactor.Redact("", s) }
	l.fault = func(err error) {
		fmt.Fprintf(c.err, "netsonde: warning: the audit log ends here: %s\n", clean(err.Error()))
	}
	n.closers = append(n.closers, l.close)
	return l.sent
}

// tools makes the set that a model may call on n.
func (n *network) tools() (tools.Set, error) {
	e, err := n.env()
	if err != nil {
		return nil, err
	}
	return tools.All(e)
}

// files reads a recording's files by name, redacted; nil for live devices.
func (n *network) files() tools.Files {
	if n.recording == nil {
		return nil
	}
	return func(device, name string) (devices.Observation, error) {
		o, err := n.recording.File(device, name)
		if err != nil {
			return o, err
		}
		d, _ := n.inv.Find(device)
		o.Output = n.redactor.Redact(d.Platform, o.Output)
		return o, nil
	}
}

// env is what the tools and the rules need of n.
func (n *network) env() (tools.Env, error) {
	rules, err := n.cfg.loadRules(n.inv)
	if err != nil {
		return tools.Env{}, err
	}
	in, err := n.intention()
	if err != nil {
		return tools.Env{}, err
	}
	if err := in.limitErrors(rules); err != nil {
		return tools.Env{}, err
	}
	inv := *n.inv
	inv.Links = slices.Concat(inv.Links, in.links)
	return tools.Env{
		Source: n.src, Inventory: &inv, Platforms: n.platforms, Rules: rules,
		Budget: n.cfg.Limits.Result, Probes: n.probes, Files: n.files(),
		Intent: in.Intent, Beside: in.beside,
	}, nil
}
