package devices

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/netsonde/netsonde/policies"
)

// ReadingMark begins the line that stands before each reading of a repeated
// query: "# reading 2026-11-23T17:00:00.000Z". A reading that failed has its
// error behind the time.
const ReadingMark = "# reading "

// ReadingTime is how the time of a reading is written.
const ReadingTime = "2006-01-02T15:04:05.000Z"

// maxRepeated bounds what the readings of one query hold together.
const maxRepeated = 64 << 20

// repeat reads the command of q at its interval until its window is over, and
// puts the readings into one Observation. A reading that fails leaves a gap
// that is marked; where none worked, the last error is the answer.
func (n *Network) repeat(ctx context.Context, device string, q policies.Query) (Observation, error) {
	start := time.Now()
	end := start.Add(q.Window())
	o := Observation{Device: device, Query: q.String()}
	var out strings.Builder
	var failed error
	worked := false
	tick := time.NewTicker(q.Every())
	defer tick.Stop()
	for {
		one, err := n.Fetch(ctx, device, q.Reading())
		mark := ReadingMark + time.Now().UTC().Format(ReadingTime)
		switch {
		case ctx.Err() != nil:
			err = named(device, q, ctx.Err())
		case err != nil && !worked && permanent(err):
			return Observation{}, err
		case err != nil:
			failed, err = err, nil
			mark += " failed: " + strings.Join(strings.Fields(failed.Error()), " ")
		default:
			worked = true
		}
		if err == nil && out.Len()+len(one.Output) > maxRepeated {
			o.Truncated, end = true, time.Time{}
		} else if err == nil {
			fmt.Fprintf(&out, "%s\n%s\n", mark, strings.TrimRight(one.Output, "\n"))
		}
		o.Output, o.At, o.Took = out.String(), time.Now().UTC(), time.Since(start)
		if err != nil {
			o.Truncated = true
			return o, err
		}
		if time.Now().Add(q.Every()).After(end) {
			break
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
		}
	}
	if !worked {
		return Observation{}, failed
	}
	return o, nil
}

// permanent reports whether another try cannot mend err.
func permanent(err error) bool {
	var refusal *policies.Refusal
	return errors.As(err, &refusal) || errors.Is(err, ErrDenied) || errors.Is(err, ErrUnsupported) || errors.Is(err, ErrUnknown)
}
