package main

import (
	"github.com/netsonde/netsonde/agent"
	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/policies"
)

// rules makes the investigator that needs no model.
func (c *console) rules(n *network) (investigator, error) {
	causes, err := policies.LoadCauses(policies.Files)
	if err != nil {
		return nil, err
	}
	e, err := n.env()
	if err != nil {
		return nil, err
	}
	e.Source = devices.Until(e.Source, c.now().Add(n.cfg.Limits.Time))
	return agent.Rules{Env: e, Places: agent.NewPlaces(n.inv), Causes: meanings(causes), Source: n.info, Now: n.clock}.Investigate, nil
}
