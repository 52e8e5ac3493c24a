package policies

// A Rule is one health check over the facts of the network, from rules/*.yaml.
// Facts are joined across devices: a link, a session, an adjacency has both
// its ends (a and b), also where one end is missing, because most faults are a
// disagreement of two devices that each look well alone.
type Rule struct {
	ID, Title, RootCause string // RootCause is a label of root-causes.yaml
	Severity             Severity
	Each, When           string   // over which facts; the expression that is true when it is wrong
	Where                string   // expression: the locations at fault
	Explains             []string // rules whose verdicts at the same place are consequences of this one
}
