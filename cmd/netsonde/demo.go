package main

import (
	"context"
	"embed"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"

	"github.com/netsonde/netsonde/agent"
	"github.com/netsonde/netsonde/devices"
)

//go:embed demo
var demoFiles embed.FS

// An incident is one recording that ships in the program.
type incident struct {
	Name     string   `yaml:"name"`
	Title    string   `yaml:"title"`
	Question string   `yaml:"question"`
	From     string   `yaml:"from"`
	To       string   `yaml:"to"`
	Flow     string   `yaml:"flow"`
	Verdict  string   `yaml:"verdict"`
	Causes   []string `yaml:"causes"`    // labels that a diagnosis must reach, for the test
	Places   []string `yaml:"locations"` // locations that it must name
}

func incidents() ([]incident, error) {
	raw, err := demoFiles.ReadFile("demo/index.yaml")
	if err != nil {
		return nil, err
	}
	var list []incident
	if err := yaml.UnmarshalWithOptions(raw, &list, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("demo/index.yaml: %w", err)
	}
	return list, nil
}

func newDemo(c *console) *cobra.Command {
	var list bool
	var model modelFlags
	var out outputFlags
	var quiet bool
	cmd := &cobra.Command{
		Use:   "demo [NAME]",
		Short: "Diagnose a recorded incident that ships in the program",
		Long: `Diagnose an incident that netsonde recorded in its own lab. It needs no network, no
router, no key and no root, and contacts nothing. The status is 0 when the
diagnosis ran, whatever its verdict.`,
		Example: "  netsonde demo --list\n  netsonde demo ospf_area_mismatch",
		Args:    cobra.MaximumNArgs(1),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			all, _ := incidents()
			names := make([]string, len(all))
			for i, in := range all {
				names[i] = in.Name
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			all, err := incidents()
			if err != nil {
				return err
			}
			if list {
				for _, in := range all {
					fmt.Fprintf(c.out, "%-28s %s\n", in.Name, in.Title)
				}
				return nil
			}
			chosen := all[0]
			if len(args) == 1 {
				if chosen, err = findIncident(all, args[0]); err != nil {
					return err
				}
			}
			return c.demo(cmd.Context(), chosen, demoFlags{model, out, quiet})
		},
	}
	cmd.Flags().BoolVar(&list, "list", false, "list the incidents")
	cmd.Flags().BoolVarP(&quiet, "quiet", "q", false, "no progress on stderr")
	model.add(cmd)
	out.add(cmd)
	return cmd
}

type demoFlags struct {
	model modelFlags
	out   outputFlags
	quiet bool
}

func findIncident(all []incident, name string) (incident, error) {
	var names []string
	for _, in := range all {
		if in.Name == name {
			return in, nil
		}
		names = append(names, in.Name)
	}
	return incident{}, hint(usagef("no incident %q", name), "there are "+strings.Join(names, ", "))
}

// demo diagnoses one incident. Its verdict does not become a failure.
func (c *console) demo(ctx context.Context, in incident, f demoFlags) error {
	if err := f.out.check(reportFormats()...); err != nil {
		return err
	}
	n, err := c.openIncident(in, f.quiet)
	if err != nil {
		return err
	}
	defer n.Close()
	run, err := c.investigator(n, f.model)
	if err != nil {
		return err
	}
	n.progress.line(fmt.Sprintf("incident %s: %s", in.Name, in.Title))
	err = c.investigate(ctx, n, run, agent.Case{Question: in.Question, From: in.From, To: in.To, Flow: in.Flow}, f.out)
	if _, ok := err.(exitStatus); ok {
		return nil
	}
	return err
}

// openIncident opens an embedded recording as the network of a command.
func (c *console) openIncident(in incident, quiet bool) (*network, error) {
	files, err := unpacked(in.Name)
	if err != nil {
		return nil, fmt.Errorf("incident %s: %w", in.Name, err)
	}
	n, err := c.newNetwork(netFlags{quiet: quiet})
	if err != nil {
		return nil, err
	}
	rec, err := devices.ReplayFS(files, devices.Replaying{Platforms: n.platforms})
	if err != nil {
		return nil, fmt.Errorf("incident %s: %w", in.Name, err)
	}
	n.closers = append(n.closers, rec.Close)
	return n, c.replayOf(n, rec, netFlags{})
}
