package main

import (
	"github.com/spf13/cobra"

	"github.com/netsonde/netsonde/agent"
)

func newCheck(c *console) *cobra.Command {
	var f netFlags
	var out outputFlags
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Hold the rules against everything, and say what contradicts what",
		Long: `Read every device of the inventory and hold the built-in rules against what they
say: a diagnosis without a complaint and without a model.` + exitHelp,
		Example: "  netsonde check\n  netsonde check -l core -o json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := out.check(reportFormats()...); err != nil {
				return err
			}
			n, err := c.open(f)
			if err != nil {
				return err
			}
			defer n.Close()
			run, err := c.rules(n)
			if err != nil {
				return err
			}
			return c.investigate(cmd.Context(), n, run, agent.Case{}, out)
		},
	}
	f.add(cmd)
	f.addRecord(cmd)
	out.add(cmd)
	return cmd
}
