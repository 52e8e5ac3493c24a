package agent_test

import (
	"context"
	"fmt"

	"github.com/netsonde/netsonde/agent"
	"github.com/netsonde/netsonde/agent/agenttest"
)

// An investigation is read event by event; the last one holds the report.
func ExampleAgent_Investigate() {
	network := twoRouters()
	a := newAgent(network, &agenttest.Script{Steps: []agenttest.Step{
		agenttest.Calls("show", show("show ip ospf interface", "r1", "r3")),
		agenttest.Calls("conclude", conclusion("Hello 1s", "Hello 5s")),
	}})
	for event, err := range a.Investigate(context.Background(), agent.Case{Question: "why is r3 alone?"}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		if done, ok := event.(agent.Concluded); ok {
			f := done.Report.Findings[0]
			fmt.Println(done.Report.Verdict, f.RootCause, f.Locations, f.Evidence[1].Quote)
		}
	}
	// Output: fault ospf_timer_mismatch [r3:eth1] Hello 5s
}
