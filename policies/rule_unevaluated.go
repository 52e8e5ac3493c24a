package policies

import "fmt"

// A RuleFault is the error of a rule that could not be evaluated: a fault in
// the rule or in the facts, never in the network.
type RuleFault struct {
	Rule, Source string // its id; the file and line where it stands
	Err          error
}

// Error names the rule and where it stands.
func (f *RuleFault) Error() string { return fmt.Sprintf("rule %s (%s): %v", f.Rule, f.Source, f.Err) }

// Unwrap returns what is wrong.
func (f *RuleFault) Unwrap() error { return f.Err }
