package main

import (
	"context"
	"fmt"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/policies"
)

// A halting source answers until stop ends; from then on every read, also one
// under way, ends in devices.ErrTimeout, so that a run which is asked to end
// concludes from what it has.
type halting struct {
	devices.Source
	stop context.Context
}

// Fetch asks the source below while it may.
func (h halting) Fetch(ctx context.Context, device string, q policies.Query) (devices.Observation, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(h.stop, cancel)()
	if h.stop.Err() != nil {
		return devices.Observation{}, halted(device, q)
	}
	o, err := h.Source.Fetch(ctx, device, q)
	if err != nil && h.stop.Err() != nil {
		return o, halted(device, q)
	}
	return o, err
}

func halted(device string, q policies.Query) error {
	return fmt.Errorf("%s: %s: %w: netsonde was asked to end", device, q, devices.ErrTimeout)
}
