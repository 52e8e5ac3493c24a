package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/netsonde/netsonde/agent"
)

// diagnoseFlags say what is to be found out, and how.
type diagnoseFlags struct {
	net    netFlags
	model  modelFlags
	output outputFlags
	device string
	config string
	from   string
	to     string
	flow   string
	plan   bool
}

func newDiagnose(c *console) *cobra.Command {
	var f diagnoseFlags
	cmd := &cobra.Command{
		Use:   "diagnose [QUESTION | -]",
		Short: "Find out why: by built-in rules, or led by a language model",
		Long: `Read what is needed from the devices of the inventory, find the cause, and print
a report whose every claim quotes what a device said.

Without --model (or NETSONDE_MODEL, or the configuration) the built-in rules
diagnose. "-" reads pasted device output from standard input as observations.
--plan prints what would be read where, and sends nothing.` + exitHelp,
		Example: `  netsonde diagnose "h1 cannot reach the services behind r4"
  netsonde diagnose --from h1 --to 10.4.0.53 --flow udp/53
  netsonde diagnose --device r3 --config candidate.conf "will this bring the adjacency up?"
  netsonde diagnose --replay incident/ --model gpt-5 "why is r7's prefix missing?"
  netsonde diagnose --record incident/ "r2 lost its neighbours"`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.diagnose(cmd.Context(), f, args)
		},
	}
	f.net.add(cmd)
	f.net.addRecord(cmd)
	f.model.add(cmd)
	f.output.add(cmd)
	fs := cmd.Flags()
	fs.StringVarP(&f.device, "device", "d", "", "the device that the question is about")
	fs.StringVar(&f.config, "config", "", "a configuration file to hold against the live state (with --device); - for standard input")
	fs.StringVar(&f.from, "from", "", "the device that complains")
	fs.StringVar(&f.to, "to", "", "the address (or device) that it cannot reach")
	fs.StringVar(&f.flow, "flow", "", "the traffic that suffers: icmp, udp/53, tcp/443")
	fs.BoolVar(&f.plan, "plan", false, "print what would be read where, and send nothing")
	return cmd
}

// diagnose runs one investigation and prints its report.
func (c *console) diagnose(ctx context.Context, f diagnoseFlags, args []string) error {
	if err := f.output.check(reportFormats()...); err != nil {
		return err
	}
	kase, pasted, err := c.newCase(f, args)
	if err != nil {
		return err
	}
	n, err := c.openFor(f.net, pasted)
	if err != nil {
		return err
	}
	defer n.Close()
	if err := n.check(kase); err != nil {
		return err
	}
	kase.Question = n.redactor.Redact("", kase.Question)
	if d, ok := n.inv.Find(kase.Device); ok && kase.Config != "" {
		kase.Config = n.redactor.Redact(d.Platform, kase.Config) // no layer below ever holds its secrets
	}
	if f.plan {
		return c.printPlan(n, kase)
	}
	a, err := c.investigator(n, f.model)
	if err != nil {
		return err
	}
	return c.investigate(ctx, n, a, kase, f.output)
}

// newCase makes the case of the flags and arguments. pasted is device output
// from standard input ("-"), or "".
func (c *console) newCase(f diagnoseFlags, args []string) (kase agent.Case, pasted string, err error) {
	kase = agent.Case{Device: f.device, From: f.from, To: f.to, Flow: f.flow}
	if len(args) > 0 && args[0] == "-" {
		args = args[1:]
		raw, err := io.ReadAll(io.LimitReader(c.in, 64<<20))
		if err != nil {
			return kase, "", err
		}
		if pasted = string(raw); strings.TrimSpace(pasted) == "" {
			return kase, "", usagef("standard input is empty: paste device output, with the prompts and commands that made it")
		}
	}
	kase.Question = strings.Join(args, " ")
	if f.config != "" {
		if f.device == "" {
			return kase, "", hint(usagef("--config needs --device"), "say whose configuration it is: --device r3")
		}
		in := io.Reader(c.in)
		if f.config != "-" {
			file, err := os.Open(f.config)
			if err != nil {
				return kase, "", &usageError{err}
			}
			defer file.Close()
			in = file
		}
		raw, err := io.ReadAll(io.LimitReader(in, 64<<20))
		if err != nil {
			return kase, "", &usageError{fmt.Errorf("%s: %w", f.config, err)}
		}
		if kase.Config = string(raw); strings.TrimSpace(kase.Config) == "" {
			return kase, "", usagef("%s is empty", f.config)
		}
	}
	if (f.to != "" || f.flow != "") && f.from == "" {
		return kase, "", hint(usagef("--to and --flow need --from"), "say who complains: --from h1")
	}
	return kase, pasted, nil
}

// check holds the names of a case against the inventory before anything is read.
func (n *network) check(k agent.Case) error {
	for what, name := range map[string]string{"--device": k.Device, "--from": k.From} {
		if name == "" {
			continue
		}
		if _, err := n.inv.Found(name); err != nil {
			return usagef("%s: %w", what, err)
		}
	}
	return nil
}
