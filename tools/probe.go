package tools

import (
	"context"
	"fmt"
)

// pingIn is what the ping tool takes.
type pingIn struct {
	Device  string `json:"device" jsonschema:"the device that sends"`
	Address string `json:"address" jsonschema:"the address to ping"`
	Size    int    `json:"size,omitempty" jsonschema:"payload bytes, to test the path MTU; 56 if not given"`
}

// probeCount is how many packets a probe sends.
const probeCount = 3

// newPing makes the tool that sends a few pings. It stands in the set only
// where the operator has turned probes on.
func newPing(e Env) (Tool, error) {
	return New("ping", func(ctx context.Context, in pingIn) (Result, error) {
		command := fmt.Sprintf("ping -c %d %s", probeCount, in.Address)
		if in.Size > 0 {
			command = fmt.Sprintf("ping -c %d -s %d %s", probeCount, in.Size, in.Address)
		}
		asks, _, err := e.asks([]string{in.Device}, command)
		if err != nil {
			return Result{}, err
		}
		answers, err := fetch(ctx, e.Source, asks)
		if err != nil {
			return Result{}, err
		}
		return Result{Text: shape([]block{answerBlock(answers[0])}, e.Budget), Seen: seen(answers), Unread: missing(answers)}, nil
	})
}
