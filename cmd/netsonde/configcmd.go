package main

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/spf13/cobra"
)

func newConfigCommand(c *console) *cobra.Command {
	cmd := &cobra.Command{
		Use: "config", Short: "Check the configuration", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	var file string
	check := &cobra.Command{
		Use: "check", Short: "Say what is wrong with the configuration, or when each schedule runs next", Args: cobra.NoArgs,
		Long: `Read the configuration and everything that it names: inventories, rules, groups,
thresholds, receivers, time zones. No device is contacted and nothing is sent.
Exit status: 0 all is well, 2 something is wrong: file, line, field and why.`,
		RunE: func(*cobra.Command, []string) error { return c.checkConfig(file) },
	}
	check.Flags().StringVarP(&file, "config", "c", "", "the configuration (default: as for every command)")
	cmd.AddCommand(check)
	return cmd
}

// checkConfig prints what a configuration comes to.
func (c *console) checkConfig(file string) error {
	cfg, err := c.checkedConfig(file)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.out, "configuration %s: in order\n", or(cfg.origin, "(no file: the defaults)"))
	for _, name := range slices.Sorted(maps.Keys(cfg.Schedules)) {
		s := cfg.Schedules[name]
		t, err := newTimetable(s.Cron, s.Timezone, s.Every)
		if err != nil {
			return err
		}
		fmt.Fprintf(c.out, "  %s: %s, next %s; %s; receivers %d\n", clean(name), t.text, t.Next(c.now()).In(t.zone).Format(time.RFC3339), clean(selection(s)), len(s.Receivers))
	}
	return nil
}
