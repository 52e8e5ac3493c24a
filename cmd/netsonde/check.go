package main

import (
	"github.com/netsonde/netsonde/agent"
)

// report writes a report as the flags want it.
func (c *console) report(out outputFlags, r agent.Report) error {
	switch out.format {
	case "json":
		return nil
	}
	c.printReport(c.out, r)
	return nil
}
