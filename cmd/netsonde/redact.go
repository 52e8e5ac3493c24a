package main

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
)

func newRedact(c *console) *cobra.Command {
	var platform string
	cmd := &cobra.Command{
		Use: "redact [FILE]", Short: "Print a text with its secrets replaced by tags", Args: cobra.MaximumNArgs(1),
		Long: `Print FILE (or standard input) with every secret replaced by a tag. Equal secrets
get equal tags on one installation, so that a key mismatch can still be seen.`,
		RunE: func(_ *cobra.Command, args []string) error {
			in := c.in
			if len(args) == 1 && args[0] != "-" {
				f, err := os.Open(args[0])
				if err != nil {
					return &usageError{err}
				}
				defer f.Close()
				in = f
			}
			raw, err := io.ReadAll(io.LimitReader(in, 256<<20))
			if err != nil {
				return err
			}
			cfg, err := c.loadConfig()
			if err != nil {
				return err
			}
			r, err := c.redactor(cfg)
			if err != nil {
				return err
			}
			if platform != "" {
				p, err := c.platform(platform)
				if err != nil {
					return err
				}
				platform = p.Name
			}
			_, err = fmt.Fprint(c.out, r.Redact(platform, string(raw)))
			return err
		},
	}
	cmd.Flags().StringVar(&platform, "platform", "", "platform of the text; all patterns are tried without it")
	return cmd
}
