package target

import (
	"context"
	"strings"
)

// collectSystem fills /system/state (openconfig-system).
func collectSystem(ctx context.Context, n Node, root branch) error {
	st := root.in("system").in("state")
	st.set("hostname", n.Name)
	if out, err := (frr{dir: n.RunDir}).ask(ctx, "zebra", "show version"); err == nil {
		first, _, _ := strings.Cut(out, "\n")
		version, _, _ := strings.Cut(first, " (")
		st.setText("software-version", version)
	}
	return nil
}
