package gnmi

import (
	"errors"

	"github.com/openconfig/gnmic/pkg/api/target"
)

var errEnded = errors.New("the device ended the stream")

// drain takes what a cancelled subscription still sends, until its goroutine
// has ended: gnmic closes both channels then.
func drain(in chan *target.SubscribeResponse, errs chan *target.TargetError) {
	for range in {
	}
	if errs != nil {
		for range errs {
		}
	}
}

// waiting takes what has come but was not looked at when a stream broke.
func waiting(in chan *target.SubscribeResponse) (ms []*target.SubscribeResponse) {
	for {
		select {
		case m, open := <-in:
			if !open {
				return ms
			}
			ms = append(ms, m)
		default:
			return ms
		}
	}
}
