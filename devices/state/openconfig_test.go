package state_test

import (
	"net/netip"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netsonde/netsonde/devices/state"
)

const (
	bgpPath  = "/network-instances/network-instance[name=default]/protocols/protocol[identifier=BGP][name=BGP]/bgp"
	ospfPath = "/network-instances/network-instance[name=default]/protocols/protocol[identifier=OSPF][name=OSPF]/ospfv2"
)

func gnmiAnswer(path, output string) state.Answer {
	return state.Answer{Device: "r1", Platform: "any", Query: "gnmi get " + path, At: captured, Output: output}
}

func TestTablesOfGNMI(t *testing.T) {
	for path, want := range map[string][]string{
		"/interfaces": {state.TableInterfaces, state.TableAddresses, state.TableNeighbors},
		"openconfig:/interfaces/interface[name=*]": {state.TableInterfaces, state.TableAddresses, state.TableNeighbors},
		"/interfaces/interface/state/oper-status":  {state.TableInterfaces},
		bgpPath + "/neighbors":                     {state.TableBGPNbrs},
		ospfPath:                                   {state.TableOSPF, state.TableOSPFIfs, state.TableOSPFNbrs},
		"/network-instances/network-instance[name=*]/afts/ipv4-unicast": {state.TableFIB},
		"/components": nil,
	} {
		if got := state.TablesOf("any", "gnmi get "+path); !slices.Equal(got, want) {
			t.Errorf("%s: tables %v; want %v", path, got, want)
		}
	}
	if got := state.TablesOf("any", "gnmi watch /interfaces sample 1s 10s"); got != nil {
		t.Errorf("a watch fills %v; it is a course of time, not a state", got)
	}
}

// TestCompleteOfGNMI holds that only a path that holds all rows of a table,
// on a device that has the model, proves the absence of a row.
func TestCompleteOfGNMI(t *testing.T) {
	nbr := bgpPath + "/neighbors/neighbor[neighbor-address=10.0.0.1]/state/"
	bgp := bgpPath + "/global/state/as: 65001\n" + nbr + "peer-as: 65002\n" + nbr + "session-state: IDLE\n"
	everyVRF := "/network-instances/network-instance/protocols/protocol[identifier=BGP][name=BGP]/bgp"
	for name, tc := range map[string]struct {
		path, output string
		truncated    bool
		read, whole  bool
	}{
		"all instances":        {everyVRF, bgp, false, true, true},
		"all, cut":             {everyVRF, bgp, true, true, false},
		"no neighbor at all":   {everyVRF, bgpPath + "/global/state/as: 65001\n", false, true, true},
		"one instance":         {bgpPath, bgp, false, true, false},
		"one neighbor":         {bgpPath + "/neighbors/neighbor[neighbor-address=10.0.0.1]", bgp, false, true, false},
		"garbage in it":        {everyVRF, bgp + "panic\n", false, true, false},
		"the model is missing": {"/network-instances", ospfPath + "/global/state/router-id: 1.1.1.1\n", false, false, false},
		"nothing came":         {everyVRF, "", false, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			a := gnmiAnswer(tc.path, tc.output)
			a.Truncated = tc.truncated
			d := &state.Device{}
			if err := d.Add(a); err != nil {
				t.Fatal(err)
			}
			got, read := d.Table(state.TableBGPNbrs)
			if read != tc.read || got.Complete != tc.whole {
				t.Errorf("read %v, complete %v; want %v, %v", read, got.Complete, tc.read, tc.whole)
			}
		})
	}
}

// TestPartOfGNMI holds that a narrow answer completes rows and invents none:
// an interface of which only counters were read is not down.
func TestPartOfGNMI(t *testing.T) {
	d := &state.Device{}
	for _, a := range []state.Answer{
		gnmiAnswer("/interfaces/interface[name=eth1]/state/counters", "/interfaces/interface[name=eth1]/state/counters/in-errors: 3\n"),
		gnmiAnswer(bgpPath+"/neighbors/neighbor/state/session-state", bgpPath+"/neighbors/neighbor[neighbor-address=10.0.0.1]/state/session-state: ACTIVE\n"),
		gnmiAnswer(ospfPath, ospfPath+"/areas/area[identifier=1]/interfaces/interface[id=eth1]/state/metric: 3\n"),
	} {
		if err := d.Add(a); err != nil {
			t.Fatal(err)
		}
	}
	if len(d.Interfaces)+len(d.BGPSessions)+len(d.OSPFInterfaces) != 0 {
		t.Fatalf("rows out of thin air: %+v %+v %+v", d.Interfaces, d.BGPSessions, d.OSPFInterfaces)
	}
	nbr := bgpPath + "/neighbors/neighbor[neighbor-address=10.0.0.1]/state/"
	for _, a := range []state.Answer{
		gnmiAnswer(bgpPath, nbr+"peer-as: 65002\n"+nbr+"session-state: IDLE\n"),
		gnmiAnswer(bgpPath+"/neighbors/neighbor/state/session-state", nbr+"session-state: OPENCONFIRM\n"),
	} {
		if err := d.Add(a); err != nil {
			t.Fatal(err)
		}
	}
	if len(d.BGPSessions) != 1 {
		t.Fatalf("sessions: %+v; want one", d.BGPSessions)
	}
	s := d.BGPSessions[0]
	if s.Peer != netip.MustParseAddr("10.0.0.1") || s.PeerAS != 65002 || s.State != "OpenConfirm" {
		t.Errorf("session: %+v", s)
	}
	want := state.Ref{Device: "r1", Query: "gnmi get " + bgpPath + "/neighbors/neighbor/state/session-state", Line: 1}
	if diff := cmp.Diff(want, s.Cite("State")); diff != "" {
		t.Errorf("State cites another line: %s", diff)
	}
}

func FuzzOpenConfig(f *testing.F) {
	f.Add("/interfaces/interface[name=a\\]/state/mtu: \"x\n/[[]]: \\")
	f.Add(bgpPath + "/neighbors/neighbor[neighbor-address=]/state/session-state: \n" + ospfPath + ": 1")
	f.Fuzz(func(t *testing.T, out string) {
		d := &state.Device{}
		for _, p := range []string{"/interfaces", "/network-instances", "/lldp", "/system/state"} {
			if err := d.Add(gnmiAnswer(p, out)); err != nil {
				t.Fatal(err)
			}
		}
	})
}
