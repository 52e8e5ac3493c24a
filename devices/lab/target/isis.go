package target

import (
	"context"
	"strconv"
	"strings"
)

type frrISISAreas[C any] struct {
	Areas []struct {
		Area     string `json:"area"`
		Net      string `json:"net"`
		Circuits []C    `json:"circuits"`
	} `json:"areas"`
}

type frrISISCircuit struct {
	Interface struct {
		Name    string `json:"name"`
		State   string `json:"state"`
		Passive string `json:"is-passive"`
		Type    string `json:"type"`
		Level   string `json:"level"`
		Levels  []struct {
			Level  string `json:"level"`
			Metric int    `json:"metric"`
			Hello  int    `json:"hello-interval"`
		} `json:"levels"`
	} `json:"interface"`
}

type frrISISAdjacency struct {
	ID        string `json:"adj"` // a host name once one is known, else a system-id
	Level     int    `json:"level"`
	Interface struct {
		Name  string `json:"name"`
		State string `json:"state"`
		Flaps uint64 `json:"adj-flaps"`
		IPv4  struct {
			Address string `json:"ipv4"`
		} `json:"ipv4-address"`
		Area struct {
			Net string `json:"isonet"`
		} `json:"area-address"`
	} `json:"interface"`
}

// isis fills protocol[ISIS] (openconfig-isis), one instance a tag, of the
// default VRF.
func (f frr) isis(ctx context.Context, root branch) {
	var summary frrISISAreas[struct{}]
	if f.decode(ctx, "isisd", "show isis summary json", &summary) != nil {
		return
	}
	names := f.isisHostnames(ctx)
	for _, a := range summary.Areas {
		b := instance(root, "default", "ISIS", a.Area).in("isis").in("global").in("state")
		b.set("instance", a.Area)
		if a.Net != "" {
			b.set("net", []string{a.Net})
		}
	}
	var circuits frrISISAreas[frrISISCircuit]
	if f.decode(ctx, "isisd", "show isis interface detail json", &circuits) == nil {
		for _, a := range circuits.Areas {
			for _, c := range a.Circuits {
				c.write(isisInterface(root, a.Area, c.Interface.Name))
			}
		}
	}
	var adjacencies frrISISAreas[frrISISAdjacency]
	if f.decode(ctx, "isisd", "show isis neighbor detail json", &adjacencies) == nil {
		for _, a := range adjacencies.Areas {
			for _, n := range a.Circuits {
				if id, ok := names[n.ID]; ok {
					n.ID = id
				}
				n.write(isisInterface(root, a.Area, n.Interface.Name))
			}
		}
	}
}

// isisHostnames returns the system-id of each dynamic host name (RFC 5301).
func (f frr) isisHostnames(ctx context.Context) map[string]string {
	out, err := f.ask(ctx, "isisd", "show isis hostname")
	if err != nil {
		return nil
	}
	names := map[string]string{}
	for line := range strings.Lines(out) {
		// "2     0000.0000.0002 r2", or "*" for the node itself
		if w := strings.Fields(line); len(w) == 3 && strings.Count(w[1], ".") == 2 {
			names[w[2]] = w[1]
		}
	}
	return names
}

func isisInterface(root branch, tag, name string) branch {
	return root.in("network-instances").in("network-instance", "name", "default").
		in("protocols").in("protocol", "identifier", "ISIS", "name", tag).
		in("isis").in("interfaces").in("interface", "interface-id", name)
}

func (c frrISISCircuit) write(b branch) {
	st := b.in("state")
	st.set("interface-id", c.Interface.Name)
	st.set("enabled", c.Interface.State == "Up")
	st.set("passive", c.Interface.Passive == "passive")
	switch c.Interface.Type {
	case "p2p":
		st.set("circuit-type", "POINT_TO_POINT")
	case "lan":
		st.set("circuit-type", "BROADCAST")
	}
	for _, l := range c.Interface.Levels {
		n := strings.TrimPrefix(l.Level, "L")
		lb := b.in("levels").in("level", "level-number", n)
		if k, err := strconv.Atoi(n); err == nil {
			lb.in("state").set("level-number", k)
		}
		lb.in("timers").in("state").set("hello-interval", l.Hello)
	}
}

func (n frrISISAdjacency) write(b branch) {
	st := b.in("levels").in("level", "level-number", strconv.Itoa(n.Level)).
		in("adjacencies").in("adjacency", "system-id", n.ID).in("state")
	st.set("system-id", n.ID)
	st.set("adjacency-state", strings.ToUpper(n.Interface.State))
	st.setText("neighbor-ipv4-address", n.Interface.IPv4.Address)
	if n.Interface.Area.Net != "" {
		st.set("area-address", []string{n.Interface.Area.Net})
	}
}
