package main

import (
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/netsonde/netsonde/agent"
	"github.com/netsonde/netsonde/agent/report"
	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/devices/state"
)

// outputFlags say how a report is written, and where.
type outputFlags struct {
	format string
	file   string
}

// reportFormats are the formats of a report.
func reportFormats() []string {
	return []string{"text", "markdown", "html", "json", "junit", "sarif"}
}

func (f *outputFlags) add(cmd *cobra.Command) { f.addFormats(cmd, strings.Join(reportFormats(), ", ")) }

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

// recalled makes the network of a report again where the format shows it.
func recalled(out outputFlags, r agent.Report, inv *devices.Inventory) *state.Network {
	if out.format != "html" {
		return nil
	}
	return report.Recall(r, inv)
}

// report writes a report as the flags want it.
func (c *console) report(out outputFlags, p report.Page) error {
	if out.format == "text" {
		return c.writeReport(out, p.Report)
	}
	text, err := c.rendered(out.format, p)
	if err != nil {
		return err
	}
	return c.write(out, string(text))
}

// rendered is a report in a format that was checked before.
func (c *console) rendered(format string, p report.Page) ([]byte, error) {
	p.Version = version()
	if p.Made.IsZero() {
		p.Made = c.now()
	}
	switch format {
	case "json":
		return report.JSON(p.Report)
	case "html":
		return report.HTML(p)
	case "junit":
		return report.JUnit(p.Report)
	case "sarif":
		return report.SARIF(p)
	}
	return []byte(report.Markdown(p.Report)), nil
}

// write gives text to the file or to standard output.
func (c *console) write(f outputFlags, text string) error {
	if f.file == "" {
		_, err := c.out.Write([]byte(text))
		return err
	}
	return os.WriteFile(f.file, []byte(text), 0o600)
}
