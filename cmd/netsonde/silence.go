package main

import (
	"context"
	"fmt"
	"os/user"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/netsonde/netsonde/agent/history"
)

func newSilence(c *console) *cobra.Command {
	var dir string
	cmd := &cobra.Command{
		Use: "silence", Short: "Say which findings not to tell for a while, and why", Args: cobra.NoArgs,
		Long: `A silenced finding is still looked for, listed as silenced and counted in the
history; it makes no report unhealthy and tells no receiver. Every silence has a
reason and an end. When it ends and the finding is still there, it is told as new.`,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.PersistentFlags().StringVar(&dir, "history", "", "the directory of the history (default: the state directory)")
	open := func(ctx context.Context) (*history.Store, error) {
		cfg, err := c.loadConfig()
		if err != nil {
			return nil, err
		}
		return c.openHistory(ctx, or(dir, cfg.StateDir), cfg)
	}
	cmd.AddCommand(newSilenceAdd(c, open), newSilenceList(c, open), newSilenceRemove(c, open))
	return cmd
}

// opening opens the history that a command works on.
type opening func(context.Context) (*history.Store, error)

// silenceFlags are a silence as the command line says it.
type silenceFlags struct {
	history.Silence
	begins, until string
	length        time.Duration
}

func newSilenceAdd(c *console, open opening) *cobra.Command {
	var f silenceFlags
	cmd := &cobra.Command{
		Use: "add", Short: "Silence findings by rule, by location or one by its id", Args: cobra.NoArgs,
		Example: `  netsonde silence add --location r3:eth1 --for 48h --reason "optic ordered, ticket 4711"
  netsonde silence add --rule 'bgp_*' --location r7 --until 2026-12-01T06:00:00+01:00 --reason "peer moves"
  netsonde silence add --maintenance --location r3 --from 2026-11-28T22:00:00Z --for 4h --reason "upgrade"`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			x, err := c.newSilence(f)
			if err != nil {
				return err
			}
			s, err := open(cmd.Context())
			if err != nil {
				return err
			}
			defer s.Close()
			x, err = s.Silence(cmd.Context(), x, c.now())
			if err != nil {
				return hintHistory(err)
			}
			fmt.Fprintf(c.out, "%d\n", x.ID)
			return nil
		},
	}
	fs := cmd.Flags()
	fs.StringVar(&f.Finding, "finding", "", "id of one finding, as health -o json and serve show it")
	fs.StringVar(&f.Rule, "rule", "", "id of a rule, or a pattern: bgp_*")
	fs.StringVar(&f.Location, "location", "", "a device, an interface (r3:eth1), a link, or a pattern: r3*")
	fs.StringVar(&f.Reason, "reason", "", "why: whoever reads the report is told")
	fs.StringVar(&f.begins, "from", "", "when it begins (default: now): 2026-11-28T22:00:00Z")
	fs.StringVar(&f.until, "until", "", "when it ends: 2026-11-29T02:00:00Z")
	fs.DurationVar(&f.length, "for", 0, "how long it lasts, in the place of --until: 48h")
	fs.BoolVar(&f.Maintenance, "maintenance", false, "it is a maintenance window: announced work")
	return cmd
}

// newSilence makes the silence of the flags.
func (c *console) newSilence(f silenceFlags) (history.Silence, error) {
	x := f.Silence
	var err error
	x.Begins = c.now().UTC()
	if f.begins != "" {
		if x.Begins, err = moment("--from", f.begins); err != nil {
			return x, err
		}
	}
	switch {
	case (f.until == "") == (f.length == 0):
		return x, hint(usagef("a silence needs an end"), "--for 48h, or --until 2026-11-29T02:00:00Z, and not both")
	case f.until != "":
		if x.Ends, err = moment("--until", f.until); err != nil {
			return x, err
		}
	default:
		x.Ends = x.Begins.Add(f.length)
	}
	if u, err := user.Current(); err == nil {
		x.Author = u.Username
	}
	if err := x.Valid(c.now()); err != nil {
		return x, hint(&usageError{err}, "netsonde silence add --help has examples")
	}
	return x, nil
}

// moment reads a time of a flag.
func moment(flag, s string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return t, usagef("%s %s: want a time with its zone, as 2026-11-29T02:00:00Z or 2026-11-29T03:00:00+01:00", flag, s)
	}
	return t.UTC(), nil
}

func newSilenceList(c *console, open opening) *cobra.Command {
	var all bool
	cmd := &cobra.Command{
		Use: "list", Short: "List silences that hold or will", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := open(cmd.Context())
			if err != nil {
				return err
			}
			defer s.Close()
			list, err := s.Silences(cmd.Context())
			if err != nil {
				return hintHistory(err)
			}
			w := tabwriter.NewWriter(c.out, 2, 8, 2, ' ', 0)
			fmt.Fprintln(w, "ID\tKIND\tWHAT\tBEGINS\tENDS\tBY\tREASON")
			shown := 0
			for _, x := range list {
				if !all && !x.Ends.After(c.now()) {
					continue
				}
				shown++
				kind := "silence"
				if x.Maintenance {
					kind = "maintenance"
				}
				const form = "2006-01-02 15:04Z"
				fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\t%s\n", x.ID, kind, clean(matcher(x)), x.Begins.Format(form), x.Ends.Format(form), clean(x.Author), clean(x.Reason))
			}
			if shown == 0 {
				fmt.Fprintln(c.err, "netsonde: nothing is silenced")
				return nil
			}
			return w.Flush()
		},
	}
	cmd.Flags().BoolVar(&all, "all", false, "also those that have ended")
	return cmd
}

// matcher words what a silence is about.
func matcher(x history.Silence) string {
	var parts []string
	for _, p := range []struct{ name, value string }{{"finding", x.Finding}, {"rule", x.Rule}, {"at", x.Location}} {
		if p.value != "" {
			parts = append(parts, p.name+" "+p.value)
		}
	}
	return strings.Join(parts, " ")
}

func newSilenceRemove(c *console, open opening) *cobra.Command {
	return &cobra.Command{
		Use: "remove ID", Short: "End a silence now", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := strconv.ParseInt(args[0], 10, 64)
			if err != nil {
				return hint(usagef("%q is not the number of a silence", args[0]), "netsonde silence list names them")
			}
			s, err := open(cmd.Context())
			if err != nil {
				return err
			}
			defer s.Close()
			if err := s.Unsilence(cmd.Context(), id, c.now()); err != nil {
				return hint(hintHistory(err), "netsonde silence list names them")
			}
			return nil
		},
	}
}
