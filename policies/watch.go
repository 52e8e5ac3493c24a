package policies

import "time"

// Mode is a gNMI subscription mode (gNMI specification, 3.5.1.5.2).
type Mode string

// The modes of a Watch query.
const (
	Sample   Mode = "sample"
	OnChange Mode = "on_change"
	Repeated Mode = "repeat" // no subscription: a command, again and again
)

// watch holds what a Watch query adds to its path.
type watch struct {
	mode          Mode
	every, window time.Duration
}

// Mode returns the subscription mode of a Watch query; "" for other kinds.
func (q Query) Mode() Mode { return q.watch.mode }

// Every returns the sampling interval of a Watch query; 0 for other kinds.
func (q Query) Every() time.Duration { return q.watch.every }

// Window returns how long a Watch query listens; 0 for other kinds.
func (q Query) Window() time.Duration { return q.watch.window }

// Repeat parses a command to be read again and again over a bounded window. It
// is a Watch query of mode Repeated; Reading gives the query of one reading.
func (p *Platform) Repeat(line string, every, window time.Duration) (Query, error) {
	q, err := p.Show(line)
	if err != nil {
		return Query{}, err
	}
	refuse := func(near, reason string) (Query, error) {
		return Query{}, &Refusal{Line: visible(line), Near: near, Reason: reason}
	}
	switch {
	case q.class != Read:
		return refuse(q.text, "only an ordinary read is repeated: name a row, or use it once")
	case every < minEvery:
		return refuse(every.String(), "repeated too often: once a second at most")
	case window < every || window > maxWindow:
		return refuse(window.String(), "the window must be no shorter than the interval and at most "+maxWindow.String())
	}
	q.kind, q.watch = Watch, watch{Repeated, every, window}
	return q, nil
}

// Reading returns the query of one reading of a Repeated query; the zero Query
// for others.
func (q Query) Reading() Query {
	if q.watch.mode != Repeated {
		return Query{}
	}
	q.kind, q.watch = Show, watch{}
	return q
}

// Bounds of a Watch query: a sample each second at most, for ten minutes.
const (
	minEvery  = time.Second
	maxWindow = 10 * time.Minute
)

// Watch parses a gNMI path to be subscribed to for a bounded window, sampled
// at an interval of no less than a second. On change, every may be 0.
func (p *Platform) Watch(text string, mode Mode, every, window time.Duration) (Query, error) {
	q, err := p.Get(text)
	if err != nil {
		return Query{}, err
	}
	refuse := func(near, reason string) (Query, error) {
		return Query{}, &Refusal{Line: visible(text), Near: near, Reason: reason}
	}
	switch {
	case mode != Sample && mode != OnChange:
		return refuse(visible(string(mode)), "no mode: use sample or on_change")
	case every < minEvery && (mode == Sample || every != 0):
		return refuse(every.String(), "sampled too often: once a second at most")
	case window <= 0 || window > maxWindow:
		return refuse(window.String(), "the window must be over 0 and at most "+maxWindow.String())
	case every > window:
		return refuse(every.String(), "the interval is longer than the window")
	case q.class == Heavy:
		return refuse(q.text, "a whole table is not watched: name a row")
	}
	q.kind, q.watch = Watch, watch{mode, every, window}
	return q, nil
}
