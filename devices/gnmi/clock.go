package gnmi

import (
	"fmt"
	"time"
)

// clock compares the device's timestamps with our time.
type clock struct {
	now     func() time.Time
	sampled bool // every notification is a fresh reading; else only the past proves nothing

	seen, useless int
	ahead, behind time.Duration // the largest seen
}

// The skew that is worth a word: more than a read and its way take.
const (
	worthAhead  = 2 * time.Second
	worthBehind = 30 * time.Second
)

// read takes the timestamp of a notification (nanoseconds since 1970) and
// returns the time to print: our own where the device's is unusable.
func (c *clock) read(ns int64) time.Time {
	now := c.now()
	c.seen++
	at := time.Unix(0, ns)
	if at.Year() < 2001 || at.Year() > 2200 {
		c.useless++
		return now
	}
	c.ahead = max(c.ahead, at.Sub(now))
	if c.sampled {
		c.behind = max(c.behind, now.Sub(at))
	}
	return at
}

// remark says what is wrong with the device's clock; nil if nothing is. A
// timestamp in the past may be the time of the last change, so that only a
// sample that is old says that the clock is.
func (c *clock) remark() []string {
	switch {
	case c.useless > 0 && c.useless == c.seen:
		return []string{"the device sends no usable timestamps: the times are those of arrival"}
	case c.ahead > worthAhead:
		return []string{fmt.Sprintf("the device's clock is %s ahead of ours", c.ahead.Round(time.Second))}
	case c.behind > worthBehind:
		return []string{fmt.Sprintf("the device's clock is %s behind ours", c.behind.Round(time.Second))}
	}
	return nil
}
