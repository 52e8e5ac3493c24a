// Package agent is the investigation: a model (or the rules in its place)
// calls read-only tools, every answer becomes a numbered observation, and the
// run ends in a report whose every claim is checked against what a device
// really said.
//
// A run is a stream of events; the loop never prints. The package knows no
// router and no terminal.
package agent
