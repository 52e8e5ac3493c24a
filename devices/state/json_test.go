package state_test

import (
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/netsonde/netsonde/devices/state"
)

// textOf is the fixture of the same table in plain text, taken in the same
// second as the JSON one.
func textOf(file string) string {
	dir, name := filepath.Split(file)
	for _, cut := range []string{"_json", "-j_", "-f_json0_"} {
		name = strings.Replace(name, cut, "", 1)
	}
	return dir + name
}

// What one form tells and the other does not, in FRR 8.4.
var toldOnce = cmp.Options{
	cmpopts.IgnoreTypes(state.Origin{}, state.Ref{}, state.Counters{}),
	cmpopts.IgnoreFields(state.BGPFamily{}, "Sent", "UnknownPolicies", "Fields"),
	cmpopts.IgnoreFields(state.BGPRoute{}, "From", "LocalPref"),
	cmpopts.IgnoreFields(state.OSPFArea{}, "Kind"),
	cmpopts.IgnoreFields(state.OSPFInterface{}, "MTUIgnore"),
	cmpopts.IgnoreFields(state.Queue{}, "Delay"),
	cmpopts.IgnoreFields(state.VNI{}, "VRF", "RemoteVTEPs"),
	cmpopts.IgnoreFields(state.BFDPeer{}, "Interface"),
	cmpopts.IgnoreFields(state.Interface{}, "Master", "Kind"),
	cmpopts.IgnoreFields(state.FilterRule{}, "Text", "Packets", "Octets", "Conditions", "Rate"),
	cmpopts.IgnoreFields(state.Device{}, "Read"),
	cmpopts.IgnoreUnexported(state.Device{}),
	cmpopts.EquateEmpty(),
	cmp.Comparer(func(a, b time.Time) bool { return a.Sub(b).Abs() < 5*time.Second }),
}

func TestJSONAndTextTellTheSame(t *testing.T) {
	pairs := 0
	for _, file := range fixtures(t) {
		text := textOf(file)
		if text == file {
			continue
		}
		if _, err := os.Stat(text); err != nil {
			continue
		}
		pairs++
		t.Run(filepath.Base(file), func(t *testing.T) {
			var fromText, fromJSON state.Device
			for d, f := range map[*state.Device]string{&fromText: text, &fromJSON: file} {
				if err := d.Add(fixture(t, f)); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(sorted(fromText), sorted(fromJSON), toldOnce, cmpopts.EquateComparable(netip.Addr{}, netip.Prefix{}, netip.AddrPort{})); diff != "" {
				t.Errorf("text and JSON differ (-text +json):\n%s", diff)
			}
		})
	}
	if pairs < 20 {
		t.Errorf("only %d pairs of fixtures", pairs)
	}
}

// sorted leaves out what depends on the form's own order of rows.
func sorted(d state.Device) state.Device {
	for i := range d.BGPSessions {
		d.BGPSessions[i].Families = sortedBy(d.BGPSessions[i].Families, func(f state.BGPFamily) string { return f.Name })
	}
	for i := range d.BGPRoutes {
		d.BGPRoutes[i].Communities = sortedBy(d.BGPRoutes[i].Communities, func(s string) string { return s })
	}
	d.Filters = sortedBy(d.Filters, func(r state.FilterRule) string { return r.Family + " " + r.Table + " " + r.Chain })
	for i := range d.Filters {
		if d.Filters[i].Action == "" { // nft 1.0.6 leaves the device of a base chain out of its JSON
			d.Filters[i].InIf = ""
		}
	}
	d.BGPRoutes = sortedBy(d.BGPRoutes, func(r state.BGPRoute) string { return r.Prefix.String() + r.Text + r.NextHop.String() })
	d.OSPFNeighbors = sortedBy(d.OSPFNeighbors, func(n state.OSPFNeighbor) string { return n.RouterID })
	d.RIB = sortedBy(d.RIB, func(r state.Route) string { return r.Prefix.String() + r.Protocol })
	return d
}
