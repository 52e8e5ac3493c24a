package devices

import "time"

// A Sent is one thing that was sent to a device, for an audit log. The lines
// that open a session are told as well, and so is what failed.
type Sent struct {
	At        time.Time // when it was sent
	Device    string
	User      string
	Transport string // "ssh" or "gnmi"
	Text      string // exactly what was sent
	Bytes     int    // how many bytes came back
	Took      time.Duration
	Err       error // nil where the device answered
}

// An Auditor is told of each thing sent, after its answer. It is called from
// many goroutines at once.
type Auditor func(Sent)
