package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/netsonde/netsonde/devices/importer"
	"github.com/netsonde/netsonde/policies"
)

func newImport(c *console) *cobra.Command {
	var dir, device string
	var platforms []string
	var pseudonymise bool
	cmd := &cobra.Command{
		Use:   "import SRC -o DIR",
		Short: "Make a recording of other people's files",
		Long: `Make a recording of a folder of show outputs, a long terminal log or show
tech-support, an Oxidized or RANCID archive, a Batfish snapshot, or a containerlab
lab directory with saved configurations. It says for each file what it took and
what it left. What it writes is redacted.`,
		Example: "  netsonde import session.log -o incident/ --platform frr\n  netsonde diagnose --replay incident/ \"...\"",
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if dir == "" {
				return hint(usagef("where to?"), "netsonde import "+args[0]+" -o DIR")
			}
			write := func(dir string) error { return c.importFiles(args[0], dir, importFlags{device, platforms}) }
			if pseudonymise {
				return c.pseudonymised(dir, write)
			}
			return write(dir)
		},
	}
	cmd.Flags().StringVarP(&dir, "output", "o", "", "directory of the recording")
	cmd.Flags().BoolVar(&pseudonymise, "pseudonymise", false, "replace names, addresses, prefixes and AS numbers consistently; the map is kept beside DIR")
	cmd.Flags().StringVar(&device, "device", "", "the device of a source that names none")
	cmd.Flags().StringArrayVar(&platforms, "platform", nil, "platform of the devices (frr, or h1=linux; repeatable); recognised from the content without it")
	return cmd
}

type importFlags struct {
	device    string
	platforms []string
}

// importFiles imports src and prints the account of it.
func (c *console) importFiles(src, dir string, f importFlags) error {
	o, err := c.importing(f)
	if err != nil {
		return err
	}
	account, err := importer.Import(src, dir, o)
	taken := 0
	for _, i := range account {
		if i.Left == "" {
			taken++
		}
		fmt.Fprintln(c.out, clean(i.String()))
	}
	if errors.Is(err, importer.ErrNothing) {
		return hint(&usageError{err}, "files are recognised by names such as r1/show_ip_route.txt, or by the prompts in a log; --platform and --device say what nothing tells")
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(c.err, "netsonde: %s: %d taken, %d left\n", dir, taken, len(account)-taken)
	return nil
}

// importing makes the options of an import.
func (c *console) importing(f importFlags) (importer.Options, error) {
	var o importer.Options
	cfg, err := c.loadConfig()
	if err != nil {
		return o, err
	}
	n := &network{cfg: cfg}
	if n.platforms, err = policies.OpenPlatforms(policies.Files); err != nil {
		return o, err
	}
	how, err := replaying(n, netFlags{platforms: f.platforms})
	if err != nil {
		return o, err
	}
	r, err := c.redactor(cfg)
	return importer.Options{Platforms: n.platforms, Platform: how.Platform, Named: how.Named, Device: f.device, Redactor: r}, err
}
