package ssh

import (
	"context"
	"fmt"
	"regexp"
	"time"

	"github.com/netsonde/netsonde/devices"
)

// pagers end an output that waits for a key: IOS and kin, Junos, less, VRP.
var pagers = regexp.MustCompile(`(?i)(--+ ?\(?more( \d+%)?\)? ?--+|-- ?more ?--|<--- more --->|press any key[^\n]*|lines \d+-\d+[^\n]*|\n:)\s*\z`)

var errPager = fmt.Errorf("%w: the device waits at its pager, which it was told to leave off", devices.ErrTimeout)

// until gathers what comes until ends says that it is complete. What ends in
// another prompt of the platform, or in a pager, and then stays quiet for a
// second, is complete or stuck. What came is returned with an error, too.
func (t *terminal) until(ctx context.Context, ends func([]byte) bool) ([]byte, error) {
	var got []byte
	last := time.Now()
	for {
		b, err := t.driver.Channel.Read()
		if err != nil {
			got = append(got, t.driver.Channel.Q.DequeueAll()...)
			if len(got) > 0 && ends(got) {
				return got, nil
			}
			return got, t.broken(ctx, err)
		}
		if len(b) == 0 {
			if ctx.Err() != nil {
				return got, ctxError(ctx)
			}
			if wait := time.Since(last); wait >= t.patience() {
				if t.any.Match(tail(got, depth)) {
					return got, nil
				}
				if whole, ok := t.promptStood(got); ok {
					return whole, nil
				}
				if wait >= quiet && pagers.Match(tail(got, depth)) {
					return pagers.ReplaceAll(got, nil), errPager
				}
			}
			time.Sleep(poll)
			continue
		}
		last = time.Now()
		if room := t.s.limit - len(got); len(b) > room {
			return append(got, b[:room]...), devices.ErrTruncated
		}
		got = append(got, b...)
		if ends(got) {
			return got, nil
		}
	}
}

// patience is how long a prompt must stay the last thing said before it is
// believed, where it is not the one that is known already.
func (t *terminal) patience() time.Duration {
	if t.exact == nil {
		return quiet / 5
	}
	return quiet
}
