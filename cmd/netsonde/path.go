package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

func newPathCommand(c *console) *cobra.Command {
	var f netFlags
	var flow string
	cmd := &cobra.Command{
		Use:   "path FROM TO",
		Short: "Walk a flow through the forwarding tables, hop by hop, without sending a packet",
		Long: `Walk a flow from a device to an address (or another device) through the
forwarding tables, filters and neighbour tables that the devices report, and
its answers back. It ends in delivered, dropped by, no route at, loops, or
unknown beyond. Nothing is sent along the path.`,
		Example:           "  netsonde path h1 10.4.0.53\n  netsonde path h1 10.4.0.53 --flow udp/53",
		Args:              cobra.ExactArgs(2),
		ValidArgsFunction: c.completeDevices,
		RunE: func(cmd *cobra.Command, args []string) error {
			n, err := c.open(f)
			if err != nil {
				return err
			}
			defer n.Close()
			if _, err := n.inv.Found(args[0]); err != nil {
				return &usageError{err}
			}
			r, err := n.call(cmd.Context(), "path", map[string]string{"from": args[0], "to": args[1], "flow": flow})
			if err != nil {
				return err
			}
			n.progress.done()
			_, err = fmt.Fprint(c.out, cleanLines(r.Text))
			return err
		},
	}
	f.add(cmd)
	cmd.Flags().StringVar(&flow, "flow", "", "protocol and port: icmp, udp/53, tcp/443")
	return cmd
}
