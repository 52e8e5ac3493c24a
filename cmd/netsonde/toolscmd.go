package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/policies"
	"github.com/netsonde/netsonde/tools"
)

func newTools(c *console) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "tools", Short: "Print the functions that a model may call", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			cfg, err := c.loadConfig()
			if err != nil {
				return err
			}
			ps, err := policies.OpenPlatforms(policies.Files)
			if err != nil {
				return err
			}
			set, err := tools.All(tools.Env{Inventory: &devices.Inventory{}, Platforms: ps, Probes: cfg.Probes})
			if err != nil {
				return err
			}
			if asJSON {
				return c.toolsJSON(set)
			}
			for _, t := range set {
				fmt.Fprintf(c.out, "%s\n    %s\n", c.style().bold(t.Name), wrap(t.Description, c.columns(), "    "))
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "with their JSON schemas")
	return cmd
}

// toolsJSON prints the set as a model gets it.
func (c *console) toolsJSON(set tools.Set) error {
	type function struct {
		Name        string          `json:"name"`
		Description string          `json:"description"`
		Parameters  json.RawMessage `json:"parameters"`
	}
	out := make([]function, len(set))
	for i, t := range set {
		out[i] = function{t.Name, t.Description, t.Schema}
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(out); err != nil {
		return err
	}
	_, err := fmt.Fprint(c.out, b.String())
	return err
}
