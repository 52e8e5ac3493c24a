package gnmi

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	pb "github.com/openconfig/gnmi/proto/gnmi"
	"google.golang.org/grpc/codes"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/policies"
)

// short is a window that is long enough for what loopback servers send at
// once; the tests wait for all of it.
var short = window{mode: policies.OnChange, length: 300 * time.Millisecond}

// stampRE is the time before each line of a watch.
var stampRE = regexp.MustCompile(`(?m)^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z `)

func watchOf(t *testing.T, f *fake, w window) (string, error) {
	t.Helper()
	out, err := open(t, f.serve(t, nil), Dialer{}).watch(context.Background(), pathOf(t, "/a"), w)
	return stampRE.ReplaceAllString(out, "T "), err
}

// linger keeps a stream open until the client has gone.
func linger(s pb.GNMI_SubscribeServer) error {
	<-s.Context().Done()
	return nil
}

func TestWatchOnChange(t *testing.T) {
	f := &fake{subscribe: func(r *pb.SubscribeRequest, s pb.GNMI_SubscribeServer) error {
		if m := r.GetSubscribe().GetSubscription()[0].GetMode(); m != pb.SubscriptionMode_ON_CHANGE {
			return refused(codes.InvalidArgument, m.String())
		}
		_ = send(s, note(textUpdate(t, "/a[k=1]/s", "UP"), textUpdate(t, "/a[k=2]/s", "UP")))
		_ = synced(s)
		_ = send(s, note(textUpdate(t, "/a[k=1]/s", "DOWN")))
		n := note()
		n.Delete = []*pb.Path{pathOf(t, "/a[k=2]")}
		_ = send(s, n)
		return linger(s)
	}}
	out, err := watchOf(t, f, short)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("T /a[k=1]/s: UP\nT /a[k=2]/s: UP\nT /a[k=1]/s: DOWN\nT /a[k=2]: (deleted)\n", out); diff != "" {
		t.Error(diff)
	}
}

func TestWatchSample(t *testing.T) {
	f := &fake{subscribe: func(r *pb.SubscribeRequest, s pb.GNMI_SubscribeServer) error {
		sub := r.GetSubscribe().GetSubscription()[0]
		if sub.GetMode() != pb.SubscriptionMode_SAMPLE || sub.GetSampleInterval() != uint64(2*time.Second) {
			return refused(codes.InvalidArgument, sub.String())
		}
		for i := range 3 {
			n := note(jsonUpdate(t, "/a", fmt.Sprintf(`{"in":"%d","out":7}`, i)))
			n.Timestamp = time.Date(2026, 1, 2, 3, 4, i, 5e8, time.UTC).UnixNano()
			_ = send(s, n)
		}
		return linger(s)
	}}
	d := f.serve(t, nil)
	out, err := open(t, d, Dialer{}).watch(context.Background(), pathOf(t, "/a"), window{policies.Sample, 2 * time.Second, short.length})
	if err != nil {
		t.Fatal(err)
	}
	remark, out, _ := strings.Cut(out, "\n")
	if !strings.HasPrefix(remark, "# the device's clock is ") || !strings.HasSuffix(remark, " behind ours") {
		t.Errorf("no remark on the clock: %q", remark)
	}
	var want string
	for i := range 3 {
		want += fmt.Sprintf("2026-01-02T03:04:0%d.500Z /a/in: %d\n2026-01-02T03:04:0%d.500Z /a/out: 7\n", i, i, i)
	}
	if diff := cmp.Diff(want, out); diff != "" {
		t.Error(diff)
	}
}

func TestWatchResumesADroppedStream(t *testing.T) {
	var tries atomic.Int32
	f := &fake{subscribe: func(_ *pb.SubscribeRequest, s pb.GNMI_SubscribeServer) error {
		n := tries.Add(1)
		_ = send(s, note(textUpdate(t, "/a", fmt.Sprint("v", n))))
		if n == 1 {
			return refused(codes.Unavailable, "restarting")
		}
		return linger(s)
	}}
	out, err := watchOf(t, f, short)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
	if len(lines) != 4 || lines[0] != "T /a: v1" || !strings.HasPrefix(lines[1], "T # gap begins: device unreachable") ||
		!strings.HasPrefix(lines[2], "T # gap ends: ") || lines[3] != "T /a: v2" {
		t.Errorf("watch:\n%s", out)
	}
}

func TestWatchFails(t *testing.T) {
	one := func(s pb.GNMI_SubscribeServer) { _ = send(s, note(textUpdate(t, "/a", "v"))) }
	for name, tc := range map[string]struct {
		serve func(s pb.GNMI_SubscribeServer) error
		want  error
		out   string
	}{
		"silent target":        {linger, devices.ErrTimeout, ""},
		"path not known":       {func(pb.GNMI_SubscribeServer) error { return refused(codes.NotFound, "x") }, devices.ErrUnsupported, ""},
		"refused in mid-watch": {func(s pb.GNMI_SubscribeServer) error { one(s); return refused(codes.PermissionDenied, "x") }, devices.ErrDenied, "T /a: v\n"},
		"always breaks":        {func(pb.GNMI_SubscribeServer) error { return refused(codes.Unavailable, "x") }, devices.ErrUnreachable, ""},
	} {
		t.Run(name, func(t *testing.T) {
			f := &fake{subscribe: func(_ *pb.SubscribeRequest, s pb.GNMI_SubscribeServer) error { return tc.serve(s) }}
			out, err := watchOf(t, f, short)
			if out != tc.out || !errors.Is(err, tc.want) {
				t.Errorf("watch = %q, %v; want %q, %v", out, err, tc.out, tc.want)
			}
		})
	}
	if out, err := watchOf(t, &fake{}, short); out != "" || !errors.Is(err, devices.ErrUnsupported) {
		t.Errorf("no Subscribe: %q, %v; want ErrUnsupported", out, err)
	}
}

func TestWatchNothingThere(t *testing.T) {
	f := &fake{subscribe: func(_ *pb.SubscribeRequest, s pb.GNMI_SubscribeServer) error { _ = synced(s); return linger(s) }}
	out, err := watchOf(t, f, short)
	if want := "# no update within 300ms: the device has nothing at this path\n"; err != nil || out != want {
		t.Errorf("watch = %q, %v; want %q", out, err, want)
	}
}

// TestWatchEndless has a device that sends without end: the limit ends the
// watch long before its window.
func TestWatchEndless(t *testing.T) {
	f := &fake{subscribe: func(_ *pb.SubscribeRequest, s pb.GNMI_SubscribeServer) error {
		for {
			if err := send(s, note(textUpdate(t, "/a", strings.Repeat("x", 500)))); err != nil {
				return err
			}
		}
	}}
	s := open(t, f.serve(t, nil), Dialer{OutputLimit: 20_000})
	out, err := s.watch(context.Background(), pathOf(t, "/a"), window{mode: policies.OnChange, length: time.Hour})
	if !errors.Is(err, devices.ErrTruncated) || len(out) > 20_000 || len(out) < 19_000 {
		t.Errorf("watch: %d bytes, %v; want nearly 20,000 and ErrTruncated", len(out), err)
	}
}

func TestWatchCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	f := &fake{subscribe: func(_ *pb.SubscribeRequest, s pb.GNMI_SubscribeServer) error {
		_ = send(s, note(textUpdate(t, "/a", "v")))
		cancel()
		return linger(s)
	}}
	s := open(t, f.serve(t, nil), Dialer{})
	_, err := s.watch(ctx, pathOf(t, "/a"), window{mode: policies.OnChange, length: time.Hour})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("watch: %v; want context.Canceled", err)
	}
}
