package devices

import (
	"context"
	"fmt"
	"time"

	"github.com/netsonde/netsonde/policies"
)

// Until bounds a run: src answers until the given moment, and from then on
// every read, also one under way, ends in ErrTimeout. What was read before
// stays good, so that a run can conclude from it.
func Until(src Source, end time.Time) Source { return until{src, end} }

type until struct {
	src Source
	end time.Time
}

// Fetch asks the source below while there is time.
func (u until) Fetch(ctx context.Context, device string, q policies.Query) (Observation, error) {
	bounded, cancel := context.WithDeadline(ctx, u.end)
	defer cancel()
	if bounded.Err() != nil && ctx.Err() == nil {
		return Observation{}, named(device, q, u.over())
	}
	o, err := u.src.Fetch(bounded, device, q)
	if err != nil && bounded.Err() != nil && ctx.Err() == nil {
		return o, named(device, q, u.over())
	}
	return o, err
}

func (u until) over() error { return fmt.Errorf("%w: the time of the run is over", ErrTimeout) }
