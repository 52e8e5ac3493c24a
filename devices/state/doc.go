// Package state turns what devices said into operational state: typed tables a
// device ([Device]), and the rows that join two devices ([Network]): links,
// adjacencies, sessions and paths, each with both ends, also where one end is
// missing.
//
// It is pure: text in, facts out; it imports nothing of the project. A fact
// knows the line that it came from ([Origin]), so that a finding can quote it.
// What does not parse stays text and is said to be unparsed. Times are
// absolute (the answer's time minus an uptime); where the answer has no time,
// they are zero, which means unknown.
package state
