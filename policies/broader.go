package policies

// Broader returns the reads that contain q's answer (a whole table, another
// output format of it, a parent gNMI path), narrowest first. A recording
// answers q out of the first that it holds.
func (q Query) Broader() []Query { return nil }
