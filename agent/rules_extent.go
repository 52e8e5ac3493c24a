package agent

import (
	"errors"
	"slices"

	"github.com/netsonde/netsonde/devices/state"
	"github.com/netsonde/netsonde/policies"
	"github.com/netsonde/netsonde/tools"
)

// extent says in rep what was held against what, so that a later report can
// tell a finding that went away from one that nobody looked for.
func (r *rulesRun) extent(x tools.Examination, rep *Report) {
	for _, u := range x.Unread {
		rep.Unread = append(rep.Unread, Unread{Device: u.Device, Table: u.Table, Core: u.Core, Why: u.Why()})
	}
	for _, f := range x.Faults {
		rep.NotEvaluated = append(rep.NotEvaluated, f.Error())
		var of *policies.RuleFault
		if errors.As(f, &of) {
			rep.Unread = append(rep.Unread, Unread{Rule: of.Rule, Core: true, Why: f.Error()})
		}
	}
	for _, rule := range r.Env.Rules {
		rep.Ran = append(rep.Ran, rule.ID)
	}
	rep.Read = x.Asked
	for i := range rep.Findings {
		rep.Findings[i].Rests = r.rests(rep.Findings[i])
	}
}

// rests lists the tables that the evidence of f stands in.
func (r *rulesRun) rests(f Finding) []string {
	var out []string
	for _, e := range f.Evidence {
		d, ok := r.Env.Inventory.Find(e.Device)
		if !ok {
			continue
		}
		for _, t := range state.TablesOf(d.Platform, e.Query) {
			out = append(out, e.Device+"/"+t)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
