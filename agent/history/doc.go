// Package history keeps past reports, and says what of a report is new, worse,
// better, standing, resolved or flapping since the last one of its scope.
//
// A finding is the same from report to report while its [Identity] is: its rule,
// where it is, and what tells it from another of that rule there. A finding that
// is missing from a report is resolved only where that report looked for it: all
// that it rests on was read, and its rule was held against it. Else nobody knows,
// and it is told as not evaluated. A finding that another one now explains is
// not resolved either: it is folded.
//
// The reports stand in one SQLite file in the state directory, with what goes
// with them: figures over time, silences, maintenance windows, the lease of the
// process that runs schedules, and the outbox of agent/notify. A report is
// stored whole or not at all, whenever the process dies.
package history
