package main

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/netsonde/netsonde/tools"
)

// call runs one tool as a model would, with typed arguments, and returns what
// it says. A person at the terminal gets more room than a prompt.
func (n *network) call(ctx context.Context, name string, in any) (tools.Result, error) {
	e, err := n.env()
	if err != nil {
		return tools.Result{}, err
	}
	e.Budget = 1 << 20
	set, err := tools.All(e)
	if err != nil {
		return tools.Result{}, err
	}
	args, err := json.Marshal(in)
	if err != nil {
		return tools.Result{}, err
	}
	for _, t := range set {
		if t.Name == name {
			return t.Call(ctx, args)
		}
	}
	return tools.Result{}, fmt.Errorf("no tool %q", name)
}
