package main

import (
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/netsonde/netsonde/agent"
	"github.com/netsonde/netsonde/devices"
)

// openReplay stacks Once(told(Redact(Replay))): no device is contacted, and a
// recording that somebody else made is redacted as it is read.
func (c *console) openReplay(n *network, f netFlags) error {
	if f.inventory != "" || f.address != "" {
		return hint(usagef("--replay reads no inventory"), "leave out --inventory and --address: the recording holds its devices")
	}
	if f.record != "" {
		return usagef("--record keeps what live devices say; --replay reads what was kept")
	}
	info, err := os.Stat(f.replay)
	if err != nil {
		return hint(usagef("recording: %w", err), "netsonde record -o DIR makes one; netsonde demo --list names those that ship")
	}
	if !info.IsDir() {
		return hint(usagef("recording %s is a file", f.replay), "netsonde import "+f.replay+" -o DIR makes a recording of it")
	}
	how, err := replaying(n, f)
	if err != nil {
		return err
	}
	how.Damaged = func(err error) {
		fmt.Fprintf(c.err, "netsonde: warning: %s/%s; what can be read of it is used\n", f.replay, clean(err.Error()))
	}
	rec, err := devices.Replay(f.replay, how)
	if err != nil {
		return &usageError{err}
	}
	n.closers = append(n.closers, rec.Close)
	return c.replayOf(n, rec, f)
}

// replaying reads --platform: "frr" for every device whose platform nothing
// tells, "h1=linux" for one.
func replaying(n *network, f netFlags) (devices.Replaying, error) {
	how := devices.Replaying{Platforms: n.platforms, Named: map[string]string{}}
	for _, p := range f.platforms {
		device, name, one := strings.Cut(p, "=")
		if !one {
			device, name = "", p
		}
		name = canonical(n.platforms, name)
		if _, ok := n.platforms[name]; !ok {
			return how, hint(usagef("--platform %s: unknown platform", p), "the platforms are "+strings.Join(platformNames(n.platforms), ", "))
		}
		if one {
			how.Named[device] = name
		} else {
			how.Platform = name
		}
	}
	return how, nil
}

// replayOf makes rec the network of n.
func (c *console) replayOf(n *network, rec *devices.Recording, f netFlags) error {
	for _, fault := range rec.Faults() {
		fmt.Fprintf(c.err, "netsonde: warning: %s\n", clean(fault.Error()))
	}
	inv, err := limited(rec.Inventory(), f.limit)
	if err != nil {
		return err
	}
	if len(inv.Devices) == 0 {
		return usagef("the recording holds no device")
	}
	part := *inv
	part.Part = true
	n.inv, n.recording, n.probes = &part, rec, true
	n.info = agent.SourceInfo{Kind: "recording", CapturedAt: rec.CapturedAt()}
	n.src = devices.Once(told{n.trace.source(devices.Redact(rec, n.redactor)), n.progress}, time.Hour)
	n.progress.replay = true
	at := "time unknown"
	if t := rec.CapturedAt(); !t.IsZero() {
		begin := c.now()
		n.clock = func() time.Time { return t.Add(c.now().Sub(begin)) }
		at = fmt.Sprintf("captured %s, %s ago", t.Format(time.RFC3339), age(begin.Sub(t)))
	}
	n.progress.line(fmt.Sprintf("recording of %d devices, %s; no device is contacted", len(inv.Devices), at))
	return nil
}
