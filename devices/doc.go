// Package devices is the network: which devices there are, how to reach them,
// and what they said.
//
// A [Source] answers queries about devices by name. The live network and a
// recording are Sources; redaction, limits and recording wrap one, so that
// nothing above ever asks which it is talking to:
//
//	live := devices.Live(inv, devices.Wire{Platforms: ps, SSH: dialer.Dial, GNMI: gnmiDialer.Dial})
//	defer live.Close()
//	src := devices.Once(devices.Limit(devices.Redact(live, redactor), 2, 20), time.Minute)
//	o, err := src.Fetch(ctx, "r1", query)
//
// It keeps these rules:
//
//   - A device takes nothing but a policies.Query in a grammar of its platform.
//   - Redaction is the first wrapper above the wire: an [Observation] never
//     holds a secret, and neither does an error.
//   - One session a device and transport, used by one read at a time: the
//     lines of a router are few. A refused login is never repeated.
//   - Devices and the hosts gone through come from the [Inventory] alone.
package devices
