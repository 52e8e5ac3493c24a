// Package agent is the investigation: a model (or the rules in its place)
// calls read-only tools, every answer becomes a numbered observation, and the
// run ends in a report whose every claim is checked against what a device
// really said.
//
// A run is a stream of events ([Agent.Investigate], [Rules.Investigate]); the
// loop never prints. The package knows no router and no terminal. The rules it
// keeps:
//
//   - A finding cites observations by number. Its quotes must stand in the full
//     answers, its cause in the vocabulary, its places in the inventory or the
//     topology. What does not hold goes back to the model, three times at most;
//     then it is dropped, and the report says so.
//   - A run always ends in a report: when a limit nears the model is told once,
//     and what it left unfinished is inconclusive, with what was proven so far.
//   - Text of devices is data. It reaches a model between marks that it cannot
//     guess, without control characters; what in it reads like an instruction
//     becomes an observation of its own and is no evidence of anything.
//   - The journal of a run ([WriteEvent]) is enough to run it again without a
//     model or a network ([Rerun]) to the same report, byte for byte: time and
//     randomness are arguments.
package agent
