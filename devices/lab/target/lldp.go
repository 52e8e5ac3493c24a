package target

import (
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"strconv"
)

// lldpValue is how lldpcli's json0 form writes every value: a list of one.
type lldpValue []struct {
	Type  string `json:"type"`
	Value string `json:"value"`
}

func (v lldpValue) text() string {
	if len(v) == 0 {
		return ""
	}
	return v[0].Value
}

type lldpChassis struct {
	ID    lldpValue `json:"id"`
	Name  lldpValue `json:"name"`
	Descr lldpValue `json:"descr"`
	Mgmt  lldpValue `json:"mgmt-ip"`
}

type lldpNeighbor struct {
	Name    string        `json:"name"`
	RID     string        `json:"rid"`
	Chassis []lldpChassis `json:"chassis"`
	Port    []struct {
		ID    lldpValue `json:"id"`
		Descr lldpValue `json:"descr"`
	} `json:"port"`
}

// lldpIDTypes are the OpenConfig names of lldpcli's identifier types.
var lldpIDTypes = map[string]string{
	"mac": "MAC_ADDRESS", "ifname": "INTERFACE_NAME", "local": "LOCAL", "ip": "NETWORK_ADDRESS", "ifalias": "INTERFACE_ALIAS",
}

// collectLLDP fills /lldp (openconfig-lldp) from lldpcli, run inside the
// node: it is setuid and finds its daemon only from the node's own mounts.
func collectLLDP(ctx context.Context, n Node, root branch) error {
	if n.PID == 0 {
		return nil
	}
	var own struct {
		Local []struct {
			Chassis []lldpChassis `json:"chassis"`
		} `json:"local-chassis"`
	}
	if n.lldpcli(ctx, "chassis", &own) != nil {
		return nil // lldpd does not run: there is no LLDP
	}
	st := root.in("lldp").in("state")
	st.set("enabled", true)
	for _, l := range own.Local {
		for _, c := range l.Chassis {
			st.setText("chassis-id", c.ID.text())
			st.setText("system-name", c.Name.text())
		}
	}
	var seen struct {
		LLDP []struct {
			Interface []lldpNeighbor `json:"interface"`
		} `json:"lldp"`
	}
	if n.lldpcli(ctx, "neighbors", &seen) != nil {
		return nil
	}
	for _, l := range seen.LLDP {
		for i, nb := range l.Interface {
			if nb.RID == "" {
				nb.RID = strconv.Itoa(i + 1)
			}
			nb.write(root.in("lldp").in("interfaces").in("interface", "name", nb.Name))
		}
	}
	return nil
}

func (nb lldpNeighbor) write(b branch) {
	b.in("state").set("name", nb.Name)
	st := b.in("neighbors").in("neighbor", "id", nb.RID).in("state")
	st.set("id", nb.RID)
	for _, c := range nb.Chassis {
		st.setText("chassis-id", c.ID.text())
		if len(c.ID) > 0 {
			st.setText("chassis-id-type", lldpIDTypes[c.ID[0].Type])
		}
		st.setText("system-name", c.Name.text())
		st.setText("system-description", c.Descr.text())
		st.setText("management-address", c.Mgmt.text())
	}
	for _, p := range nb.Port {
		st.setText("port-id", p.ID.text())
		if len(p.ID) > 0 {
			st.setText("port-id-type", lldpIDTypes[p.ID[0].Type])
		}
		st.setText("port-description", p.Descr.text())
	}
}

func (n Node) lldpcli(ctx context.Context, what string, into any) error {
	args := []string{"-t", strconv.Itoa(n.PID), "-n", "-m", "-u", "lldpcli"}
	if n.LLDPSocket != "" {
		args = append(args, "-u", n.LLDPSocket)
	}
	args = append(args, "-f", "json0", "show", what)
	out, err := exec.CommandContext(ctx, "nsenter", args...).Output()
	if err != nil {
		return fmt.Errorf("lldpcli show %s: %w", what, err)
	}
	if err := json.Unmarshal(out, into); err != nil {
		return fmt.Errorf("lldpcli show %s: %w", what, err)
	}
	return nil
}
