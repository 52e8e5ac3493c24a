package tools

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/policies"
)

// An ask is one query to one device; an answer is what came of it.
type ask struct {
	device string
	query  policies.Query
}

type answer struct {
	ask
	obs devices.Observation
	err error
}

// fetch asks all at once and gives the answers in the order of asks. Source
// limits how many run; only the end of ctx is an error.
func fetch(ctx context.Context, src devices.Source, asks []ask) ([]answer, error) {
	answers := make([]answer, len(asks))
	var wg sync.WaitGroup
	for i, a := range asks {
		wg.Go(func() {
			obs, err := src.Fetch(ctx, a.device, a.query)
			answers[i] = answer{a, obs, err}
		})
	}
	wg.Wait()
	return answers, ctx.Err()
}

// failure words why a read brought nothing, so that it is not mistaken for an
// empty answer.
func failure(err error) string {
	var refusal *policies.Refusal
	switch {
	case errors.As(err, &refusal):
		return refusal.Error()
	case errors.Is(err, devices.ErrNotRecorded):
		return "NOT RECORDED (this says nothing about the device): " + err.Error()
	case errors.Is(err, devices.ErrUnsupported):
		return "NOT SUPPORTED by the device (no evidence of a fault): " + err.Error()
	case errors.Is(err, devices.ErrDenied):
		return "DENIED to our account (no evidence of a fault): " + err.Error()
	case errors.Is(err, devices.ErrTimeout):
		return "TIMED OUT (what is shown is partial, nothing is proved absent): " + err.Error()
	case errors.Is(err, devices.ErrUnreachable):
		return "UNREACHABLE from here (its state is unknown): " + err.Error()
	}
	return "FAILED: " + err.Error()
}

// seen collects the observations of answers, also partial ones.
func seen(answers []answer) []devices.Observation {
	var out []devices.Observation
	for _, a := range answers {
		if a.err == nil || a.obs.Output != "" {
			out = append(out, a.obs)
		}
	}
	return out
}

// missing words the reads that failed for want of an answer, not of support.
func missing(answers []answer) []string {
	var out []string
	for _, a := range answers {
		for _, cause := range []error{devices.ErrUnreachable, devices.ErrDenied, devices.ErrTimeout, devices.ErrNotRecorded} {
			if errors.Is(a.err, cause) {
				out = append(out, a.err.Error())
				break
			}
		}
	}
	return out
}

// pick resolves the devices that a call names: names, globs ("r*"), groups,
// "all". None named is an error, as is a name that nothing matches.
func (e Env) pick(names []string) ([]devices.Device, error) {
	if len(names) == 0 {
		return nil, fmt.Errorf("name at least one device, such as %s, or \"all\"", e.some())
	}
	limit := strings.Join(names, ",")
	if limit == "all" {
		limit = "*"
	}
	ds, err := e.Inventory.Select(limit)
	if err != nil {
		return nil, fmt.Errorf("%w; the devices are %s", err, e.some())
	}
	return ds, nil
}

// some lists the devices, shortened.
func (e Env) some() string {
	const most = 40
	var names []string
	for i, d := range e.Inventory.Devices {
		if i == most {
			names = append(names, fmt.Sprintf("and %d more (see devices)", len(e.Inventory.Devices)-most))
			break
		}
		names = append(names, d.Name)
	}
	return strings.Join(names, ", ")
}

// platform returns the grammar of d.
func (e Env) platform(d devices.Device) (*policies.Platform, error) {
	p, ok := e.Platforms[d.Platform]
	if !ok {
		return nil, fmt.Errorf("%s: no grammar for platform %q", d.Name, d.Platform)
	}
	return p, nil
}

// tableQuery returns the preferred read of a table on platform p.
func tableQuery(p *policies.Platform, table string) (policies.Query, bool) {
	for _, r := range p.Reads() {
		if r.Table == table && len(r.Alternatives) > 0 {
			return r.Alternatives[0], true
		}
	}
	return policies.Query{}, false
}
