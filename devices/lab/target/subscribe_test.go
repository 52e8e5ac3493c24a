package target

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/openconfig/gnmi/proto/gnmi"
	"github.com/vishvananda/netlink"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

func request(mode gnmi.SubscriptionList_Mode, subs ...*gnmi.Subscription) *gnmi.SubscribeRequest {
	return &gnmi.SubscribeRequest{Request: &gnmi.SubscribeRequest_Subscribe{Subscribe: &gnmi.SubscriptionList{
		Mode: mode, Encoding: gnmi.Encoding_JSON_IETF, Subscription: subs}}}
}

func once(t *testing.T, path string) *gnmi.SubscribeRequest {
	return request(gnmi.SubscriptionList_ONCE, &gnmi.Subscription{Path: pathOf(t, path)})
}

func subscribe(t *testing.T, c gnmi.GNMIClient, r *gnmi.SubscribeRequest) gnmi.GNMI_SubscribeClient {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	t.Cleanup(cancel)
	s, err := c.Subscribe(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Send(r); err != nil {
		t.Fatal(err)
	}
	return s
}

// next returns the next response, a line a leaf.
func next(t *testing.T, s gnmi.GNMI_SubscribeClient) []string {
	t.Helper()
	r, err := s.Recv()
	if err != nil {
		t.Fatal(err)
	}
	if r.GetSyncResponse() {
		return []string{"sync"}
	}
	var lines []string
	for _, u := range r.GetUpdate().GetUpdate() {
		lines = append(lines, fmt.Sprintf("%s=%s", strings.Join(indexOf(u.GetPath().GetElem()), "/"), u.GetVal().GetJsonIetfVal()))
	}
	for _, p := range r.GetUpdate().GetDelete() {
		lines = append(lines, strings.Join(indexOf(p.GetElem()), "/")+" deleted")
	}
	return lines
}

func want(t *testing.T, got []string, lines ...string) {
	t.Helper()
	if diff := cmp.Diff(lines, got); diff != "" {
		t.Fatal(diff)
	}
}

func TestSubscribeOnce(t *testing.T) {
	c := serve(t, Node{NetNS: newNamespace(t).path})
	s := subscribe(t, c, once(t, "/interfaces/interface/state/mtu"))
	want(t, next(t, s), "interfaces/interface/eth1/state/mtu=1400", "interfaces/interface/eth2/state/mtu=1400", "interfaces/interface/lo/state/mtu=65536")
	want(t, next(t, s), "sync")
	if _, err := s.Recv(); err != io.EOF {
		t.Errorf("after all: %v; want EOF", err)
	}
}

func TestSubscribePoll(t *testing.T) {
	c := serve(t, Node{NetNS: newNamespace(t).path})
	s := subscribe(t, c, request(gnmi.SubscriptionList_POLL, &gnmi.Subscription{Path: pathOf(t, "/interfaces/interface[name=lo]/state/mtu")}))
	for range 3 {
		want(t, next(t, s), "interfaces/interface/lo/state/mtu=65536")
		want(t, next(t, s), "sync")
		if err := s.Send(&gnmi.SubscribeRequest{Request: &gnmi.SubscribeRequest_Poll{Poll: &gnmi.Poll{}}}); err != nil {
			t.Fatal(err)
		}
	}
}

func TestSubscribeOnChange(t *testing.T) {
	ns := newNamespace(t)
	c := serve(t, Node{NetNS: ns.path})
	s := subscribe(t, c, request(gnmi.SubscriptionList_STREAM,
		&gnmi.Subscription{Path: pathOf(t, "/interfaces/interface/state/oper-status"), Mode: gnmi.SubscriptionMode_ON_CHANGE}))
	want(t, next(t, s), "interfaces/interface/eth1/state/oper-status=\"UP\"", "interfaces/interface/eth2/state/oper-status=\"UP\"", "interfaces/interface/lo/state/oper-status=\"UP\"")
	want(t, next(t, s), "sync")
	ns.down(t)
	seen := map[string]bool{}
	for !seen[`interfaces/interface/eth2/state/oper-status="DOWN"`] || !seen[`interfaces/interface/eth1/state/oper-status="LOWER_LAYER_DOWN"`] && !seen[`interfaces/interface/eth1/state/oper-status="DOWN"`] {
		for _, l := range next(t, s) {
			seen[l] = true
		}
	}
	ns.in(t, func() error {
		l, err := netlink.LinkByName("eth1")
		if err != nil {
			return err
		}
		return netlink.LinkDel(l)
	})
	for !seen["interfaces/interface/eth1/state/oper-status deleted"] || !seen["interfaces/interface/eth2/state/oper-status deleted"] {
		for _, l := range next(t, s) {
			seen[l] = true
		}
	}
}

func TestSubscribeSample(t *testing.T) {
	c := serve(t, Node{NetNS: newNamespace(t).path})
	s := subscribe(t, c, request(gnmi.SubscriptionList_STREAM,
		&gnmi.Subscription{Path: pathOf(t, "/interfaces/interface[name=lo]/state/mtu"), Mode: gnmi.SubscriptionMode_SAMPLE, SampleInterval: uint64(100 * time.Millisecond)}))
	want(t, next(t, s), "interfaces/interface/lo/state/mtu=65536")
	want(t, next(t, s), "sync")
	for range 3 { // though nothing changes
		want(t, next(t, s), "interfaces/interface/lo/state/mtu=65536")
	}
}

func TestSubscribeRefuses(t *testing.T) {
	c := serve(t, Node{NetNS: newNamespace(t).path})
	odd := once(t, "/interfaces")
	odd.GetSubscribe().Encoding = gnmi.Encoding_BYTES
	fast := request(gnmi.SubscriptionList_STREAM, &gnmi.Subscription{Path: pathOf(t, "/interfaces"), Mode: gnmi.SubscriptionMode_SAMPLE, SampleInterval: 1})
	for name, tc := range map[string]struct {
		r    *gnmi.SubscribeRequest
		want codes.Code
	}{
		"no subscription":  {&gnmi.SubscribeRequest{Request: &gnmi.SubscribeRequest_Poll{Poll: &gnmi.Poll{}}}, codes.InvalidArgument},
		"encoding":         {odd, codes.Unimplemented},
		"every nanosecond": {fast, codes.InvalidArgument},
		"origin":           {once(t, "cli:/show"), codes.InvalidArgument},
	} {
		if _, err := subscribe(t, c, tc.r).Recv(); status.Code(err) != tc.want {
			t.Errorf("%s: %v; want %s", name, err, tc.want)
		}
	}
}
