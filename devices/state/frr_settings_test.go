package state_test

import (
	"testing"

	"github.com/netsonde/netsonde/devices/state"
)

const settings = `frr version 8.4.4
interface eth1
 ip router isis CORE
 isis password md5 <key>
exit
!
router bgp 65001
 neighbor LEAFS peer-group
 neighbor LEAFS ttl-security hops 2
 neighbor 10.0.0.2 remote-as 65002
 address-family ipv4 unicast
  neighbor 10.0.0.2 route-map IN in
 exit-address-family
exit
!
router isis CORE
 net 49.0001.0000.0000.0001.00
 metric-style narrow
exit
`

const isisInterface = "Area CORE:\n  Interface: eth1, State: Up, Active, Circuit Id: 0x0\n    Type: p2p, Level: L2\n"

const isisSummary = "vrf             : default\nSystem Id       : 0000.0000.0001\nArea CORE:\n  Net: 49.0001.0000.0000.0001.00\n"

const neighbor = "BGP neighbor is 10.0.0.2, remote AS 65002, local AS 65001, external link\n Member of peer-group LEAFS for session parameters\n  BGP state = Established, up for 00:00:10\n"

// What only the configuration says completes the rows of the other answers, in
// whichever order they come.
func TestConfigurationCompletesRows(t *testing.T) {
	answers := [][2]string{{"show running-config", settings}, {"show isis interface detail", isisInterface}, {"show isis summary", isisSummary}, {"show bgp neighbors", neighbor}}
	for first := range answers {
		d := &state.Device{}
		for i := range answers {
			a := answers[(first+i)%len(answers)]
			if err := d.Add(state.Answer{Device: "r1", Platform: "frr", Query: a[0], Output: a[1]}); err != nil {
				t.Fatal(err)
			}
		}
		if len(d.BGPSessions) != 1 || d.BGPSessions[0].TTLSecurity != 2 || d.BGPSessions[0].Cite("TTLSecurity") != (state.Ref{Device: "r1", Query: "show running-config", Line: 9}) {
			t.Errorf("sessions = %+v, want TTL security of the peer group", d.BGPSessions)
		}
		if len(d.ISIS) != 1 || d.ISIS[0].MetricStyle != "narrow" || d.ISIS[0].Cite("MetricStyle").Line != 18 {
			t.Errorf("isis = %+v, want narrow metrics from line 18", d.ISIS)
		}
		if len(d.ISISInterfaces) != 1 || d.ISISInterfaces[0].Auth != "md5" || d.ISISInterfaces[0].Cite("Auth").Line != 4 {
			t.Errorf("isis interfaces = %+v, want md5 from line 4", d.ISISInterfaces)
		}
	}
}
