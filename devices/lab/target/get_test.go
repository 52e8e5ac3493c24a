package target

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/openconfig/gnmi/proto/gnmi"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

var update = flag.Bool("update", false, "write the golden files anew")

func get(t *testing.T, c gnmi.GNMIClient, path string, e gnmi.Encoding) []*gnmi.Update {
	t.Helper()
	r, err := c.Get(context.Background(), &gnmi.GetRequest{Path: []*gnmi.Path{pathOf(t, path)}, Encoding: e})
	if err != nil {
		t.Fatalf("get %s: %v", path, err)
	}
	return r.GetNotification()[0].GetUpdate()
}

// TestGolden holds what is served of recorded FRR answers.
func TestGolden(t *testing.T) {
	c := serve(t, Node{NetNS: newNamespace(t).path, RunDir: daemons(t, "zebra", "bgpd", "ospfd", "isisd")})
	for name, path := range map[string]string{
		"system": "/system",
		"bgp":    "/network-instances/network-instance/protocols/protocol[identifier=BGP]/bgp",
		"ospf":   "/network-instances/network-instance[name=default]/protocols/protocol[identifier=OSPF][name=OSPF]/ospfv2",
		"isis":   "/network-instances/network-instance/protocols/protocol[identifier=ISIS]",
	} {
		t.Run(name, func(t *testing.T) {
			var got bytes.Buffer
			for _, u := range get(t, c, path, gnmi.Encoding_JSON_IETF) {
				if err := json.Indent(&got, u.GetVal().GetJsonIetfVal(), "", "  "); err != nil {
					t.Fatal(err)
				}
				got.WriteByte('\n')
			}
			file := filepath.Join("testdata", name+".json")
			if *update {
				if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got.String()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestGetInterface(t *testing.T) {
	ns := newNamespace(t)
	c := serve(t, Node{NetNS: ns.path})
	leaf := func(path string) string {
		t.Helper()
		us := get(t, c, path, gnmi.Encoding_JSON_IETF)
		if len(us) != 1 {
			t.Fatalf("%s: %d updates", path, len(us))
		}
		return string(us[0].GetVal().GetJsonIetfVal())
	}
	const eth1 = "/interfaces/interface[name=eth1]/"
	for path, want := range map[string]string{
		"state/mtu":          "1400",
		"state/admin-status": `"UP"`,
		"state/oper-status":  `"UP"`,
		"openconfig-interfaces:subinterfaces/subinterface/ipv4/addresses/address[ip=10.1.0.1]/state": `{"openconfig-interfaces:ip":"10.1.0.1","openconfig-interfaces:prefix-length":30}`,
	} {
		if got := leaf(eth1 + path); got != want {
			t.Errorf("%s: %s; want %s", path, got, want)
		}
	}
	if got := leaf(eth1 + "state/counters/in-octets"); !strings.HasPrefix(got, `"`) {
		t.Errorf("a 64-bit counter in JSON_IETF is %s; want a string", got)
	}
	if got := get(t, c, eth1+"state/counters/in-octets", gnmi.Encoding_JSON)[0].GetVal().GetJsonVal(); bytes.HasPrefix(got, []byte(`"`)) {
		t.Errorf("a 64-bit counter in JSON is %s; want a number", got)
	}
	us := get(t, c, "/interfaces/interface/state/mtu", gnmi.Encoding_PROTO)
	var mtus []string
	for _, u := range us {
		mtus = append(mtus, fmt.Sprint(u.GetPath().GetElem()[1].GetKey()["name"], " ", u.GetVal().GetUintVal()))
	}
	if diff := cmp.Diff([]string{"eth1 1400", "eth2 1400", "lo 65536"}, mtus); diff != "" {
		t.Errorf("every interface: %s", diff)
	}
	ns.down(t)
	waitFor(t, func() string { return leaf(eth1 + "state/oper-status") }, `"LOWER_LAYER_DOWN"`, `"DOWN"`)
	if got := leaf(eth1 + "state/admin-status"); got != `"UP"` {
		t.Errorf("admin-status %s after the other end went down; want UP", got)
	}
}

// waitFor asks until it hears one of the answers that are wanted.
func waitFor(t *testing.T, ask func() string, wants ...string) {
	t.Helper()
	var got string
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		got = ask()
		for _, w := range wants {
			if got == w {
				return
			}
		}
	}
	t.Fatalf("got %s to the end; want one of %v", got, wants)
}

func TestGetForwarding(t *testing.T) {
	c := serve(t, Node{NetNS: newNamespace(t).path})
	us := get(t, c, "/network-instances/network-instance[name=default]/afts", gnmi.Encoding_PROTO)
	var got []string
	for _, u := range us {
		e := u.GetPath().GetElem()
		if e[len(e)-1].GetName() == "origin-protocol" || e[len(e)-1].GetName() == "interface" {
			got = append(got, e[len(e)-3].GetKey()["prefix"]+e[len(e)-2].GetKey()["prefix"]+" "+u.GetVal().GetStringVal())
		}
	}
	if !strings.Contains(strings.Join(got, "\n"), "10.1.0.0/30 DIRECTLY_CONNECTED") || !strings.Contains(strings.Join(got, "\n"), " eth1") {
		t.Errorf("forwarding table: %q", got)
	}
}

// TestDeadDaemon has a daemon's socket answer nothing: its part is absent,
// the rest is served.
func TestDeadDaemon(t *testing.T) {
	c := serve(t, Node{NetNS: newNamespace(t).path, RunDir: daemons(t, "ospfd")})
	get(t, c, "/network-instances/network-instance/protocols/protocol[identifier=OSPF]/ospfv2/global", gnmi.Encoding_JSON_IETF)
	wantCode(t, c, &gnmi.GetRequest{Path: []*gnmi.Path{pathOf(t, "/network-instances/network-instance/protocols/protocol[identifier=BGP]")}, Encoding: gnmi.Encoding_JSON_IETF}, codes.NotFound)
}

func wantCode(t *testing.T, c gnmi.GNMIClient, r *gnmi.GetRequest, want codes.Code) {
	t.Helper()
	if _, err := c.Get(context.Background(), r); status.Code(err) != want {
		t.Errorf("get %v: %v; want %s", r, err, want)
	}
}

func TestGetRefuses(t *testing.T) {
	c := serve(t, Node{NetNS: newNamespace(t).path})
	lo := []*gnmi.Path{pathOf(t, "/interfaces/interface[name=lo]")}
	ietf := gnmi.Encoding_JSON_IETF
	wantCode(t, c, &gnmi.GetRequest{Path: []*gnmi.Path{pathOf(t, "/nonsense")}, Encoding: ietf}, codes.NotFound)
	wantCode(t, c, &gnmi.GetRequest{Path: []*gnmi.Path{pathOf(t, "/interfaces/interface[name=eth9]")}, Encoding: ietf}, codes.NotFound)
	wantCode(t, c, &gnmi.GetRequest{Path: []*gnmi.Path{pathOf(t, "cli:/show version")}, Encoding: ietf}, codes.InvalidArgument)
	wantCode(t, c, &gnmi.GetRequest{Path: []*gnmi.Path{pathOf(t, "/interfaces/.../mtu")}, Encoding: ietf}, codes.InvalidArgument)
	wantCode(t, c, &gnmi.GetRequest{Path: lo, Encoding: gnmi.Encoding_ASCII}, codes.Unimplemented)
	wantCode(t, c, &gnmi.GetRequest{Path: lo, Encoding: ietf, Type: gnmi.GetRequest_CONFIG}, codes.InvalidArgument)
	wantCode(t, c, &gnmi.GetRequest{Encoding: ietf}, codes.InvalidArgument)
	if _, err := c.Set(context.Background(), &gnmi.SetRequest{}); status.Code(err) != codes.Unimplemented {
		t.Errorf("set: %v; want Unimplemented", err)
	}
}

func TestAuthentication(t *testing.T) {
	c := serve(t, Node{NetNS: newNamespace(t).path, User: "netro", Password: "s3cret"})
	for name, tc := range map[string]struct {
		pairs []string
		want  codes.Code
	}{
		"right":     {[]string{"username", "netro", "password", "s3cret"}, codes.OK},
		"wrong":     {[]string{"username", "netro", "password", "S3cret"}, codes.Unauthenticated},
		"two":       {[]string{"username", "netro", "password", "x", "password", "s3cret"}, codes.Unauthenticated},
		"nothing":   {nil, codes.Unauthenticated},
		"user only": {[]string{"username", "netro"}, codes.Unauthenticated},
	} {
		t.Run(name, func(t *testing.T) {
			ctx := metadata.AppendToOutgoingContext(context.Background(), tc.pairs...)
			if _, err := c.Capabilities(ctx, &gnmi.CapabilityRequest{}); status.Code(err) != tc.want {
				t.Errorf("capabilities: %v; want %s", err, tc.want)
			}
			s, err := c.Subscribe(ctx)
			if err != nil {
				t.Fatal(err)
			}
			_ = s.Send(once(t, "/system"))
			if _, err = s.Recv(); status.Code(err) != tc.want {
				t.Errorf("subscribe: %v; want %s", err, tc.want)
			}
			_ = s.CloseSend()
		})
	}
}
