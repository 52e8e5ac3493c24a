// Package devices is the network: which devices there are, how to reach them,
// and what they said.
//
// A [Source] answers queries about devices by name. The live network and a
// recording are Sources; redaction, limits and recording wrap one, so that
// nothing above ever asks which it is talking to. Redaction is the first
// wrapper above the wire: an [Observation] never holds a secret.
package devices
