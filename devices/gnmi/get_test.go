package gnmi

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	pb "github.com/openconfig/gnmi/proto/gnmi"
	"go.uber.org/goleak"
	"google.golang.org/grpc/codes"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/policies"
)

// TestMain holds every test to leaving no goroutine behind.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestGetPrintsOneLeafALine(t *testing.T) {
	odd := pathOf(t, "/interfaces/interface[name=x]/state/description")
	odd.Elem[1].Key["name"] = "Ethernet1]/1\x1b[2J"
	f := &fake{get: answerOf(note(
		jsonUpdate(t, "/interfaces/interface[name=eth10]", `{"state":{"name":"eth10","mtu":1500}}`),
		jsonUpdate(t, "/interfaces/interface[name=eth2]", `{
			"openconfig-interfaces:state":{"name":"eth2","mtu":9000,"enabled":true,"counters":{"in-octets":"18446744073709551615"}},
			"subinterfaces":{"subinterface":[{"index":0,"openconfig-if-ip:ipv4":{"addresses":{"address":[{"ip":"10.0.0.1","state":{"prefix-length":30}}]}}}]}}`),
		&pb.Update{Path: odd, Val: textUpdate(t, "/x", "to \x1b[31mcore\x1b[0m\nsecond line").GetVal()},
	))}
	out, err := open(t, f.serve(t, nil), Dialer{}).get(context.Background(), pathOf(t, "/interfaces"))
	if err != nil {
		t.Fatal(err)
	}
	want := `/interfaces/interface[name=Ethernet1\]/1]/state/description: "to core\nsecond line"
/interfaces/interface[name=eth2]/state/counters/in-octets: 18446744073709551615
/interfaces/interface[name=eth2]/state/enabled: true
/interfaces/interface[name=eth2]/state/mtu: 9000
/interfaces/interface[name=eth2]/state/name: eth2
/interfaces/interface[name=eth2]/subinterfaces/subinterface[index=0]/ipv4/addresses/address[ip=10.0.0.1]/state/prefix-length: 30
/interfaces/interface[name=eth10]/state/mtu: 1500
/interfaces/interface[name=eth10]/state/name: eth10
`
	if diff := cmp.Diff(want, out); diff != "" {
		t.Error(diff)
	}
}

// TestGetTriesEncodings has a server that says nothing of its encodings, or
// says too much, and takes only one.
func TestGetTriesEncodings(t *testing.T) {
	for _, tc := range []struct {
		takes pb.Encoding
		code  codes.Code
		said  string
	}{
		{pb.Encoding_JSON_IETF, codes.OK, ""},
		{pb.Encoding_JSON, codes.Unimplemented, "unsupported get-request encoding: JSON_IETF"},
		{pb.Encoding_PROTO, codes.InvalidArgument, "Encoding not supported"},
	} {
		t.Run(tc.takes.String(), func(t *testing.T) {
			var asked []pb.Encoding
			f := &fake{
				capabilities: func() (*pb.CapabilityResponse, error) { return nil, refused(codes.Unimplemented, "") },
				get: func(r *pb.GetRequest) (*pb.GetResponse, error) {
					asked = append(asked, r.GetEncoding())
					if r.GetEncoding() != tc.takes {
						return nil, refused(tc.code, tc.said)
					}
					return &pb.GetResponse{Notification: []*pb.Notification{note(textUpdate(t, "/a/b", "v"))}}, nil
				},
			}
			s := open(t, f.serve(t, nil), Dialer{})
			for range 2 {
				if out, err := s.get(context.Background(), pathOf(t, "/a")); err != nil || out != "/a/b: v\n" {
					t.Fatalf("get = %q, %v", out, err)
				}
			}
			if n := len(asked); asked[n-1] != tc.takes || asked[n-2] != tc.takes {
				t.Errorf("asked with %v: the second get should begin with %v", asked, tc.takes)
			}
		})
	}
}

func TestGetByOnce(t *testing.T) {
	f := &fake{subscribe: func(r *pb.SubscribeRequest, s pb.GNMI_SubscribeServer) error {
		if m := r.GetSubscribe().GetMode(); m != pb.SubscriptionList_ONCE {
			return refused(codes.InvalidArgument, m.String())
		}
		// Partial notifications, with a prefix, a value that is replaced and
		// one that is deleted again.
		prefix := pathOf(t, "/interfaces/interface[name=eth1]")
		for _, n := range []*pb.Notification{
			{Prefix: prefix, Update: []*pb.Update{textUpdate(t, "state/name", "eth1"), textUpdate(t, "state/old", "x")}},
			{Prefix: prefix, Update: []*pb.Update{textUpdate(t, "state/oper-status", "DOWN")}},
			{Prefix: prefix, Update: []*pb.Update{textUpdate(t, "state/oper-status", "UP")}, Delete: []*pb.Path{pathOf(t, "state/old")}},
			{},
		} {
			n.Timestamp = time.Now().UnixNano()
			if err := send(s, n); err != nil {
				return err
			}
		}
		return synced(s)
	}}
	s := open(t, f.serve(t, nil), Dialer{})
	want := "/interfaces/interface[name=eth1]/state/name: eth1\n/interfaces/interface[name=eth1]/state/oper-status: UP\n"
	for range 2 {
		out, err := s.get(context.Background(), pathOf(t, "/interfaces"))
		if err != nil || out != want {
			t.Fatalf("get = %q, %v", out, err)
		}
	}
	gets := 0
	for _, m := range f.seen() {
		if m == pb.GNMI_Get_FullMethodName {
			gets++
		}
	}
	if gets != 1 {
		t.Errorf("Get was tried %d times, though the first answer was Unimplemented", gets)
	}
}

func TestGetTooLargeForOneMessage(t *testing.T) {
	big := strings.Repeat("x", 1000)
	pieces := func(_ *pb.SubscribeRequest, s pb.GNMI_SubscribeServer) error {
		for i := range 30 {
			if err := send(s, note(textUpdate(t, fmt.Sprintf("/a[k=%d]/b", i), big))); err != nil {
				return err
			}
		}
		return synced(s)
	}
	f := &fake{get: answerOf(note(textUpdate(t, "/a/b", strings.Repeat("y", 100_000)))), subscribe: pieces}
	d := f.serve(t, nil)

	out, err := open(t, d, Dialer{OutputLimit: 50_000}).get(context.Background(), pathOf(t, "/a"))
	if err != nil || strings.Count(out, "\n") != 30 {
		t.Errorf("in pieces: %d lines, %v; want 30", strings.Count(out, "\n"), err)
	}
	out, err = open(t, d, Dialer{OutputLimit: 10_000}).get(context.Background(), pathOf(t, "/a"))
	if !errors.Is(err, devices.ErrTruncated) || strings.Count(out, "\n") != 9 {
		t.Errorf("over the limit: %d lines, %v; want the 9 that fit, and ErrTruncated", strings.Count(out, "\n"), err)
	}
	f.subscribe = nil
	if _, err = open(t, d, Dialer{OutputLimit: 50_000}).get(context.Background(), pathOf(t, "/a")); !errors.Is(err, devices.ErrUnsupported) {
		t.Errorf("without Subscribe: %v; want ErrUnsupported", err)
	}
}

func TestOnceBroken(t *testing.T) {
	for name, end := range map[string]error{
		"ended before all was said": nil,
		"failed in the middle":      refused(codes.Unavailable, "connection reset by peer"),
	} {
		t.Run(name, func(t *testing.T) {
			f := &fake{subscribe: func(_ *pb.SubscribeRequest, s pb.GNMI_SubscribeServer) error {
				if err := send(s, note(textUpdate(t, "/a/b", "v"))); err != nil {
					return err
				}
				return end
			}}
			out, err := open(t, f.serve(t, nil), Dialer{}).get(context.Background(), pathOf(t, "/a"))
			if !errors.Is(err, devices.ErrUnreachable) {
				t.Errorf("error %v; want ErrUnreachable", err)
			}
			if want := "# the stream broke off: what follows is not all\n/a/b: v\n"; out != want {
				t.Errorf("output %q; want what came: %q", out, want)
			}
		})
	}
}

func TestGetErrors(t *testing.T) {
	for _, tc := range []struct {
		code codes.Code
		said string
		want error
		text string
	}{
		{codes.Unauthenticated, "authentication failed", devices.ErrDenied, "refused the user name, password or token (authentication failed)"},
		{codes.PermissionDenied, "no", devices.ErrDenied, "may not read it"},
		{codes.NotFound, "no such path", devices.ErrUnsupported, "no such path, or nothing at it"},
		{codes.InvalidArgument, "bad \x1b[31mpath\nx", devices.ErrUnsupported, "does not take this path (bad path x)"},
		{codes.Unavailable, "shutting down", devices.ErrUnreachable, "no connection (shutting down)"},
		{codes.DeadlineExceeded, "", devices.ErrTimeout, "did not answer in time"},
	} {
		t.Run(tc.code.String(), func(t *testing.T) {
			f := &fake{get: func(*pb.GetRequest) (*pb.GetResponse, error) { return nil, refused(tc.code, tc.said) }}
			out, err := open(t, f.serve(t, nil), Dialer{}).get(context.Background(), pathOf(t, "/a"))
			if out != "" || !errors.Is(err, tc.want) || !strings.Contains(fmt.Sprint(err), tc.text) {
				t.Errorf("get = %q, %v; want %v with %q", out, err, tc.want, tc.text)
			}
		})
	}
}

func TestGetCancelled(t *testing.T) {
	asked, hold := make(chan struct{}), make(chan struct{})
	f := &fake{get: func(*pb.GetRequest) (*pb.GetResponse, error) {
		close(asked)
		<-hold
		return nil, refused(codes.Aborted, "")
	}}
	s := open(t, f.serve(t, nil), Dialer{})
	defer close(hold)
	ctx, cancel := context.WithCancel(context.Background())
	go func() { <-asked; cancel() }()
	if _, err := s.get(ctx, pathOf(t, "/a")); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v; want context.Canceled while the device still thinks", err)
	}
}

func TestGetClockSkew(t *testing.T) {
	for name, tc := range map[string]struct {
		skew time.Duration
		want string
	}{
		"right":          {0, "/a: v\n"},
		"an hour ahead":  {time.Hour, "# the device's clock is 1h0m0s ahead of ours\n/a: v\n"},
		"last change":    {-time.Hour, "/a: v\n"}, // may be when the value changed
		"before 2001":    {-40 * 365 * 24 * time.Hour, "# the device sends no usable timestamps: the times are those of arrival\n/a: v\n"},
		"in year 2300":   {290 * 365 * 24 * time.Hour, "# the device sends no usable timestamps: the times are those of arrival\n/a: v\n"},
		"a second ahead": {time.Second, "/a: v\n"},
	} {
		t.Run(name, func(t *testing.T) {
			n := note(textUpdate(t, "/a", "v"))
			n.Timestamp += tc.skew.Nanoseconds()
			out, err := open(t, (&fake{get: answerOf(n)}).serve(t, nil), Dialer{}).get(context.Background(), pathOf(t, "/a"))
			if err != nil || out != tc.want {
				t.Errorf("get = %q, %v; want %q", out, err, tc.want)
			}
		})
	}
}

func TestSessionRefuses(t *testing.T) {
	s := open(t, (&fake{}).serve(t, nil), Dialer{})
	var r *policies.Refusal
	if _, err := s.Do(context.Background(), policies.Query{}); !errors.As(err, &r) {
		t.Errorf("the zero query: %v; want a refusal", err)
	}
}
