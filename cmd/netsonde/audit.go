package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
)

func newAudit(c *console) *cobra.Command {
	cmd := &cobra.Command{Use: "audit", Short: "The log of everything that was sent to devices", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
	cmd.AddCommand(&cobra.Command{
		Use: "verify [FILE]", Short: "Hold every line of the log against the hash that the next one carries", Args: cobra.MaximumNArgs(1),
		Long: `Read the audit log (of the state directory, or FILE) and check its chain: a line
that was changed, removed or put in shows. The last lines can be cut off without a
trace: keep the last hash, which is printed, elsewhere.`,
		RunE: func(_ *cobra.Command, args []string) error {
			cfg, err := c.loadConfig()
			if err != nil {
				return err
			}
			path := filepath.Join(cfg.StateDir, auditFile)
			if len(args) == 1 {
				path = args[0]
			}
			f, err := os.Open(path)
			if err != nil {
				return hint(&usageError{err}, "the log begins with the first read of a live device")
			}
			defer f.Close()
			lines, err := verifyAudit(f)
			if err != nil {
				return fmt.Errorf("%s: %w", path, err)
			}
			last, err := lastLine(f)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(c.out, "%s: %d lines, the chain holds; last hash %s\n", path, lines, hashed(last))
			return err
		},
	})
	return cmd
}
