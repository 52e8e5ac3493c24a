package tools

import "fmt"

// All makes every tool there is. Tools that send traffic are in it only where
// e.Probes says so.
func All(e Env) (Set, error) {
	makers := []func(Env) (Tool, error){
		newCheck, newTopology, newPath, newState, newShow, newConfig, newGNMIGet, newWatch, newRunbook, newDevices,
	}
	if e.Probes {
		makers = append(makers, newPing)
	}
	set := make(Set, 0, len(makers))
	for _, m := range makers {
		t, err := m(e)
		if err != nil {
			return nil, fmt.Errorf("tools: %w", err)
		}
		set = append(set, t)
	}
	return set, nil
}
