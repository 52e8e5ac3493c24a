package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/netsonde/netsonde/agent/history"
	"github.com/netsonde/netsonde/agent/notify"
	"github.com/netsonde/netsonde/policies"
)

func newNotify(c *console) *cobra.Command {
	cmd := &cobra.Command{
		Use: "notify", Short: "List and try the receivers of reports, and show what was sent", Args: cobra.NoArgs,
		Long: `Receivers stand in the configuration:

  notify:
    link: https://netsonde.example.net/reports/{report}
    receivers:
      noc:   {kind: slack, url: "env:SLACK_URL", when: change, at: minor}
      ops:   {kind: teams, url: "file:teams.url", when: threshold, at: major}
      hook:  {kind: webhook, url: https://hooks.example.net/x, secret: "env:HOOK_KEY", when: always}
      night: {kind: email, server: mail.example.net:587, user: netsonde, password: "env:MAIL_PASSWORD",
              from: netsonde@example.net, to: [night@example.net]}

A webhook gets the news as JSON, with the headers Netsonde-Timestamp and
Netsonde-Signature: "v1=" and the hexadecimal HMAC-SHA256, under the shared key,
of the timestamp, a full stop and the body. Idempotency-Key is the same at each
attempt; Netsonde-Repeat: true says that an earlier one may have arrived.`,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newNotifyList(c), newNotifyTest(c), newNotifyLetters(c))
	return cmd
}

func newNotifyList(c *console) *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List the receivers, and what each wants to hear of", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			cfg, err := c.loadConfig()
			if err != nil {
				return err
			}
			if len(cfg.Notify.Receivers) == 0 {
				return hint(usagef("%s has no receivers", or(cfg.origin, "the configuration")), "netsonde notify --help shows how they are written")
			}
			w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
			fmt.Fprintln(w, "RECEIVER\tKIND\tHEARS OF\tFROM SEVERITY")
			for _, name := range slices.Sorted(maps.Keys(cfg.Notify.Receivers)) {
				r := cfg.Notify.Receivers[name]
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", clean(name), r.Kind, or(string(r.When), string(notify.OnChange)), or(r.At, "any"))
			}
			return w.Flush()
		},
	}
}

func newNotifyTest(c *console) *cobra.Command {
	return &cobra.Command{
		Use:   "test RECEIVER...",
		Short: "Send a message to receivers now, and say what came of it",
		Args:  cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := c.loadConfig()
			if err != nil {
				return err
			}
			all, err := c.receivers(cfg)
			if err != nil {
				return err
			}
			failed := false
			for _, name := range args {
				a, ok := all[name]
				if !ok {
					return hint(usagef("no receiver is called %q%s", name, policies.Nearest(name, slices.Collect(maps.Keys(all)))), "netsonde notify list names them")
				}
				ctx, cancel := context.WithTimeout(cmd.Context(), cfg.Timeout)
				err := a.Receiver.Deliver(ctx, c.trial(cfg, name))
				cancel()
				if err != nil {
					failed = true
					fmt.Fprintf(c.out, "%s: failed: %s\n", name, clean(err.Error()))
					continue
				}
				fmt.Fprintf(c.out, "%s: delivered\n", name)
			}
			if failed {
				return exitStatus(exitFailed)
			}
			return nil
		},
	}
}

// trial is the message that notify test sends.
func (c *console) trial(cfg Config, name string) notify.Parcel {
	now := c.now().UTC().Truncate(time.Second)
	n := notify.News{
		Report: "test-" + now.Format("20060102T150405"), Schedule: "test", At: now, Verdict: "healthy",
		Summary: "This is a test of the receiver " + name + ": nothing was read, and nothing is wrong.", Items: []notify.Item{},
	}
	raw, _ := json.Marshal(n) // plain fields always marshal
	return notify.Parcel{Key: "ns-" + n.Report, News: n, Raw: raw}
}

func newNotifyLetters(c *console) *cobra.Command {
	var state string
	var most int
	cmd := &cobra.Command{
		Use:     "letters",
		Short:   "Show the letters in the outbox: waiting, delivered, dead",
		Example: "  netsonde notify letters --state dead",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			states := []string{"", string(notify.Waiting), string(notify.Sending), string(notify.Delivered), string(notify.Dead)}
			if !slices.Contains(states, state) {
				return usagef("--state %s: use %s%s", state, strings.Join(states[1:], ", "), policies.Nearest(state, states[1:]))
			}
			cfg, err := c.loadConfig()
			if err != nil {
				return err
			}
			store, err := history.Open(cmd.Context(), cfg.StateDir, history.Retention{})
			if err != nil {
				return hintHistory(err)
			}
			defer store.Close()
			ls, err := store.Outbox().Letters(cmd.Context(), most, notify.State(state))
			if err != nil {
				return hintHistory(err)
			}
			if len(ls) == 0 {
				_, err := fmt.Fprintln(c.out, "no letter")
				return err
			}
			w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
			fmt.Fprintln(w, "POSTED\tRECEIVER\tREPORT\tSTATE\tATTEMPTS\tNEXT\tLAST FAULT")
			for _, l := range ls {
				next := ""
				if l.State == notify.Waiting || l.State == notify.Sending {
					next = l.Next.UTC().Format("15:04:05")
				}
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%d\t%s\t%s\n", l.Posted.UTC().Format("2006-01-02 15:04:05"), clean(l.Receiver), clean(l.Report), l.State, l.Attempts, next, clean(l.Fault))
			}
			return w.Flush()
		},
	}
	cmd.Flags().StringVar(&state, "state", "", "only letters that are waiting, sending, delivered or dead")
	cmd.Flags().IntVarP(&most, "number", "n", 50, "at most this many, the newest first")
	return cmd
}
