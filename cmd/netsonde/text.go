package main

import (
	"strings"

	"github.com/netsonde/netsonde/policies"
)

// cleanLines makes text of a device or a model safe for a terminal; its lines
// stay lines.
func cleanLines(s string) string { return policies.Printable(s) }

// clean makes text safe and puts it on one line.
func clean(s string) string {
	return strings.ReplaceAll(strings.TrimRight(policies.Printable(s), "\n"), "\n", " ")
}
