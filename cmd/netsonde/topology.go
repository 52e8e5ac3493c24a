package main

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/netsonde/netsonde/agent/report"
	"github.com/netsonde/netsonde/devices/state"
)

func newTopology(c *console) *cobra.Command {
	var f netFlags
	var out outputFlags
	cmd := &cobra.Command{
		Use:   "topology",
		Short: "Draw the links between devices, as the devices themselves tell them",
		Long: `Draw the links that LLDP neighbours, shared subnets, routing adjacencies and the
inventory tell, joined with both ends.`,
		Example: "  netsonde topology\n  netsonde topology -o svg > network.svg",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := out.check("text", "dot", "mermaid", "svg", "json"); err != nil {
				return err
			}
			n, err := c.open(f)
			if err != nil {
				return err
			}
			defer n.Close()
			e, err := n.env()
			if err != nil {
				return err
			}
			got, err := e.Collect(cmd.Context(), n.inv.Devices, state.TableInterfaces, state.TableAddresses,
				state.TableLLDP, state.TableOSPFIfs, state.TableOSPFNbrs, state.TableISISIfs, state.TableISISNbrs, state.TableBGPNbrs)
			if err != nil {
				return err
			}
			n.progress.done()
			for _, u := range got.Unread {
				if u.Core {
					fmt.Fprintln(c.err, "netsonde: not read: "+clean(u.String()))
				}
			}
			text, err := picture(report.Draw(got.Network, nil), out.format)
			if err != nil {
				return err
			}
			return c.write(out, text)
		},
	}
	f.add(cmd)
	cmd.Flags().StringVarP(&out.format, "output", "o", "text", "text, dot, mermaid, svg or json")
	cmd.Flags().StringVar(&out.file, "output-file", "", "write to this file instead of standard output")
	return cmd
}

// picture renders p in a format that was checked before.
func picture(p report.Picture, format string) (string, error) {
	switch format {
	case "dot":
		return p.DOT(), nil
	case "mermaid":
		return p.Mermaid(), nil
	case "svg":
		return p.SVG(), nil
	case "json":
		b, err := json.MarshalIndent(p, "", "  ")
		return string(b) + "\n", err
	}
	return cleanLines(p.Text()), nil
}
