package target

import (
	"context"
	"strings"
)

// ospfNetworkTypes are the OpenConfig identities of FRR's network types.
var ospfNetworkTypes = map[string]string{
	"POINTOPOINT":      "POINT_TO_POINT_NETWORK",
	"BROADCAST":        "BROADCAST_NETWORK",
	"NBMA":             "NON_BROADCAST_NETWORK",
	"POINTOMULTIPOINT": "POINT_TO_MULTIPOINT_NETWORK",
	"LOOPBACK":         "LOOPBACK_NETWORK",
	"VIRTUALLINK":      "VIRTUAL_LINK_NETWORK",
}

type frrOSPFInterface struct {
	Enabled     bool   `json:"ospfEnabled"`
	Area        string `json:"area"`
	NetworkType string `json:"networkType"`
	Cost        int    `json:"cost"`
	Passive     bool   `json:"timerPassiveIface"`
	HelloMsec   int    `json:"timerMsecs"`
	DeadSecs    int    `json:"timerDeadSecs"`
	Priority    int    `json:"priority"`
	MTU         int    `json:"mtuBytes"`
}

type frrOSPFNeighbor struct {
	Area      string `json:"areaId"`
	Interface string `json:"ifaceName"`
	State     string `json:"nbrState"`
	Changes   uint64 `json:"stateChangeCounter"`
	Priority  int    `json:"nbrPriority"`
}

// ospf fills protocol[OSPF] (openconfig-ospfv2) of every VRF. FRR names an
// OSPFv2 instance only by its VRF.
func (f frr) ospf(ctx context.Context, root branch) {
	var processes map[string]struct {
		RouterID string `json:"routerId"`
		Areas    map[string]struct{}
	}
	if f.decode(ctx, "ospfd", "show ip ospf vrf all json", &processes) != nil {
		return
	}
	for vrf, p := range processes {
		if p.RouterID == "" {
			continue
		}
		o := instance(root, vrf, "OSPF", "OSPF").in("ospfv2")
		o.in("global").in("state").set("router-id", p.RouterID)
		for id := range p.Areas {
			o.in("areas").in("area", "identifier", id).in("state").set("identifier", id)
		}
	}
	var ifs map[string]struct {
		Interfaces map[string]frrOSPFInterface `json:"interfaces"`
	}
	if f.decode(ctx, "ospfd", "show ip ospf vrf all interface json", &ifs) == nil {
		for vrf, v := range ifs {
			for name, i := range v.Interfaces {
				if i.Enabled {
					i.write(ospfInterface(root, vrf, i.Area, name), name)
				}
			}
		}
	}
	var nbrs map[string]struct {
		Neighbors map[string][]frrOSPFNeighbor `json:"neighbors"`
	}
	if f.decode(ctx, "ospfd", "show ip ospf vrf all neighbor detail json", &nbrs) == nil {
		for vrf, v := range nbrs {
			for id, list := range v.Neighbors {
				for _, n := range list {
					n.write(ospfInterface(root, vrf, n.Area, n.Interface), id)
				}
			}
		}
	}
}

// ospfInterface returns the branch of an interface in its area. FRR decorates
// an area that is no normal one ("0.0.0.1 [Stub]") and an interface with its
// address ("eth1:10.1.0.1").
func ospfInterface(root branch, vrf, area, name string) branch {
	area, _, _ = strings.Cut(area, " ")
	name, _, _ = strings.Cut(name, ":")
	a := root.in("network-instances").in("network-instance", "name", vrf).
		in("protocols").in("protocol", "identifier", "OSPF", "name", "OSPF").
		in("ospfv2").in("areas").in("area", "identifier", area)
	return a.in("interfaces").in("interface", "id", name)
}

func (i frrOSPFInterface) write(b branch, name string) {
	st := b.in("state")
	st.set("id", name)
	st.setText("network-type", ospfNetworkTypes[strings.ToUpper(i.NetworkType)])
	st.set("metric", i.Cost)
	st.set("passive", i.Passive)
	st.set("priority", i.Priority)
	b.in("timers").in("state").set("hello-interval", i.HelloMsec/1000)
	b.in("timers").in("state").set("dead-interval", i.DeadSecs)
}

func (n frrOSPFNeighbor) write(b branch, id string) {
	st := b.in("neighbors").in("neighbor", "router-id", id).in("state")
	state, _, _ := strings.Cut(n.State, "/")
	st.set("router-id", id)
	st.set("adjacency-state", strings.ToUpper(strings.ReplaceAll(strings.ReplaceAll(state, "2-Way", "TWO_WAY"), "-", "_")))
	st.set("state-changes", n.Changes)
	st.set("priority", n.Priority)
}
