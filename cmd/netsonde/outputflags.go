package main

import (
	"os"
	"strings"

	"github.com/spf13/cobra"
)

// outputFlags say how a report is written, and where.
type outputFlags struct {
	format string
	file   string
}

func (f *outputFlags) add(cmd *cobra.Command) { f.addFormats(cmd, "text, json or markdown") }

// addFormats defines the flags with the formats that the command writes.
func (f *outputFlags) addFormats(cmd *cobra.Command, formats string) {
	cmd.Flags().StringVarP(&f.format, "output", "o", "text", formats)
	cmd.Flags().StringVar(&f.file, "output-file", "", "write the report to this file instead of standard output")
}

// check refuses a format that is none of formats.
func (f outputFlags) check(formats ...string) error {
	for _, name := range formats {
		if f.format == name {
			return nil
		}
	}
	return usagef("--output %s: use %s", f.format, strings.Join(formats, ", "))
}

// write gives text to the file or to standard output.
func (c *console) write(f outputFlags, text string) error {
	if f.file == "" {
		_, err := c.out.Write([]byte(text))
		return err
	}
	return os.WriteFile(f.file, []byte(text), 0o600)
}
