package main

import (
	"time"

	"github.com/spf13/cobra"

	"github.com/netsonde/netsonde/devices"
)

// newRoot builds the command table.
func newRoot(c *console) *cobra.Command {
	root := &cobra.Command{
		Use:   "netsonde",
		Short: "Read a network's live state, read-only, and find out what is wrong",
		Long: `netsonde reads live network state through read-only functions and diagnoses it,
by built-in rules or led by a language model. Nothing it can be made to do
changes a device, and every claim in a report is checked against what a device
really said.

Start without a network:   netsonde demo
A network of your own:     netsonde devices --inventory inventory.yaml
                           netsonde diagnose --inventory inventory.yaml "r1 lost r2"`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.NoArgs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return hint(&usageError{err}, cmd.CommandPath()+" --help lists the flags")
	})
	root.AddGroup(
		&cobra.Group{ID: "find", Title: "Find out what is wrong:"},
		&cobra.Group{ID: "hand", Title: "By hand, under the same policy:"},
		&cobra.Group{ID: "keep", Title: "Recordings and past runs:"},
		&cobra.Group{ID: "own", Title: "About netsonde itself:"},
	)
	for _, g := range []struct {
		id   string
		make []func(*console) *cobra.Command
	}{
		{"find", []func(*console) *cobra.Command{newDiagnose, newHealth, newCheck, newServe, newDemo}},
		{"hand", []func(*console) *cobra.Command{newDevicesCommand, newShowCommand, newGNMI, newTopology, newPathCommand}},
		{"keep", []func(*console) *cobra.Command{newRecord, newImport, newDiff, newRuns, newSilence}},
		{"own", []func(*console) *cobra.Command{newTools, newPolicy, newRulesCommand, newNotify, newRedact, newDoctor, newConfigCommand, newAudit, newVersion}},
	} {
		for _, f := range g.make {
			cmd := f(c)
			cmd.GroupID = g.id
			root.AddCommand(cmd)
		}
	}
	each(root, usageArgs)
	each(root, c.completeFlags)
	return root
}

// each does what do does to cmd and to all below it.
func each(cmd *cobra.Command, do func(*cobra.Command)) {
	do(cmd)
	for _, sub := range cmd.Commands() {
		each(sub, do)
	}
}

// completeFlags completes the names of devices behind the flags of cmd that
// take them.
func (c *console) completeFlags(cmd *cobra.Command) {
	for _, name := range [...]string{"limit", "device", "from"} {
		if cmd.Flags().Lookup(name) != nil && cmd.Flags().Lookup("inventory") != nil {
			_ = cmd.RegisterFlagCompletionFunc(name, c.completeNames) // fails for a second function only
		}
	}
}

// usageArgs makes wrong arguments of cmd faults of usage.
func usageArgs(cmd *cobra.Command) {
	if check := cmd.Args; check != nil {
		cmd.Args = func(cmd *cobra.Command, args []string) error {
			if err := check(cmd, args); err != nil {
				return hint(&usageError{err}, cmd.CommandPath()+" --help says what it takes")
			}
			return nil
		}
	}
}

// exitHelp ends the help of every command that reports a verdict.
const exitHelp = `

Exit status: 0 healthy, 1 failed, 2 usage or configuration, 3 faults found,
4 inconclusive, 130 interrupted.`

// netFlags say which network a command works on. They are the same on every
// command that reads one.
type netFlags struct {
	inventory string
	limit     string
	address   string
	platforms []string
	replay    string
	record    string
	acceptNew bool
	timeout   time.Duration
	quiet     bool
	gnmi      *devices.GNMI // how the device of --address is reached over it; nil: not at all
	user      string
}

// check refuses flags that do not go together, before anything is opened.
func (f netFlags) check() error {
	switch {
	case f.address != "" && f.inventory != "":
		return hint(usagef("--address and --inventory are two networks"), "leave out one")
	case f.address != "" && f.limit != "":
		return hint(usagef("--limit chooses among devices, and --address is one"), "leave out one")
	case f.user != "" && f.address == "":
		return hint(usagef("--user goes with --address"), "the inventory names the users of its devices")
	case len(f.platforms) > 0 && f.address == "" && f.replay == "":
		return hint(usagef("--platform goes with --address or --replay"), "the inventory names the platforms of its devices")
	case f.timeout < 0:
		return usagef("--timeout %s is not positive", f.timeout)
	}
	return nil
}

// add defines the flags on cmd.
func (f *netFlags) add(cmd *cobra.Command) {
	fs := cmd.Flags()
	fs.StringVarP(&f.inventory, "inventory", "i", "", "inventory file (default: $NETSONDE_INVENTORY, the configuration, ./inventory.yaml, the one *.clab.yml here)")
	fs.StringVarP(&f.limit, "limit", "l", "", "only these devices: names, globs, groups, !exclusions, separated by commas")
	fs.StringVarP(&f.address, "address", "a", "", "one device without an inventory (~/.ssh/config is honoured); needs --platform")
	fs.StringArrayVar(&f.platforms, "platform", nil, "platform of the device of --address, or of a recording's devices (frr, or h1=linux; repeatable)")
	fs.StringVar(&f.user, "user", "", "login name for --address")
	fs.StringVar(&f.replay, "replay", "", "read from this recording; no device is contacted")
	fs.StringVar(&f.replay, "dry-run", "", "the same as --replay")
	fs.BoolVar(&f.acceptNew, "accept-new-host-keys", false, "trust and keep the host key of a device seen for the first time (a changed key stays an error)")
	fs.DurationVar(&f.timeout, "timeout", 0, "deadline of one read (default 30s)")
	fs.BoolVarP(&f.quiet, "quiet", "q", false, "no progress on stderr")
}

// addGNMI defines how --address is reached over gNMI; the port is that of the
// address, else the platform's.
func (f *netFlags) addGNMI(cmd *cobra.Command) {
	f.gnmi = &devices.GNMI{}
	cmd.Flags().StringVar(&f.gnmi.CA, "tls-ca", "", "certificate authority of the device of --address (default: the system's)")
	cmd.Flags().StringVar(&f.gnmi.ServerName, "tls-server-name", "", "name in the certificate of the device of --address (default: its address)")
}

// addRecord defines --record on a command whose reads may be kept.
func (f *netFlags) addRecord(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.record, "record", "", "keep what is read as a recording in this directory")
}
