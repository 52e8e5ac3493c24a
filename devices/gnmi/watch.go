package gnmi

import (
	"context"
	"fmt"
	"strings"
	"time"

	pb "github.com/openconfig/gnmi/proto/gnmi"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/policies"
)

// stamp is how a Watch prints time: RFC 3339 with milliseconds, in UTC.
const stamp = "2006-01-02T15:04:05.000Z"

// window says what a Watch listens for, and how long.
type window struct {
	mode          policies.Mode
	every, length time.Duration
}

// watcher is one Watch under way.
type watcher struct {
	session *session
	clock   clock
	lines   strings.Builder
	limit   int
	cut     bool
	synced  bool
	updates int
	lost    error // why the stream is broken now; nil while it is not
}

// watch subscribes to path for the length of the window and returns what came. A
// stream that breaks is resumed within the window, and the gap is marked; an
// error that another try cannot mend ends the watch.
func (s *session) watch(ctx context.Context, path *pb.Path, win window) (string, error) {
	sub := &pb.Subscription{Path: path, Mode: pb.SubscriptionMode_ON_CHANGE}
	if win.mode == policies.Sample {
		sub.Mode, sub.SampleInterval = pb.SubscriptionMode_SAMPLE, uint64(win.every.Nanoseconds())
	}
	for i, e := range s.encodings {
		req := &pb.SubscribeRequest{Request: &pb.SubscribeRequest_Subscribe{Subscribe: &pb.SubscriptionList{
			Prefix: s.prefix(), Mode: pb.SubscriptionList_STREAM, Encoding: e, Subscription: []*pb.Subscription{sub},
		}}}
		w := &watcher{session: s, limit: s.limit, clock: clock{now: time.Now, sampled: win.mode == policies.Sample}}
		told := s.sending(fmt.Sprintf("gnmi subscribe stream %s %s %s", sentPath(path), sub.GetMode(), e))
		err := w.run(ctx, req, win.length)
		told(w.lines.Len(), err)
		if w.updates == 0 && encodingRefused(err) && i+1 < len(s.encodings) {
			continue
		}
		return w.result(ctx, win, err)
	}
	return "", fmt.Errorf("%w: no encoding in common", devices.ErrUnsupported)
}

// run listens for the window. The error is what ended it early.
func (w *watcher) run(ctx context.Context, req *pb.SubscribeRequest, length time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, length)
	in, errs := w.session.target.SubscribeChan(ctx, req, "watch")
	defer drain(in, errs)
	defer cancel()
	for !w.cut {
		select {
		case m, open := <-in:
			if !open {
				return nil
			}
			w.take(m.Response)
		case e, open := <-errs:
			if !open {
				errs = nil
				continue
			}
			for _, m := range waiting(in) {
				w.take(m.Response)
			}
			if ended(ctx) {
				return nil
			}
			if final(e.Err) {
				return e.Err
			}
			w.broke(e.Err)
		}
	}
	return nil
}

// ended reports whether the window is over. gRPC keeps a clock of its own,
// which may reach the end a little before ours.
func ended(ctx context.Context) bool {
	end, _ := ctx.Deadline()
	return ctx.Err() != nil || time.Until(end) < 20*time.Millisecond
}

// final reports whether another try can not mend err.
func final(err error) bool {
	switch status.Code(err) {
	case codes.Unauthenticated, codes.PermissionDenied, codes.Unimplemented, codes.InvalidArgument, codes.NotFound,
		codes.FailedPrecondition, codes.OutOfRange, codes.ResourceExhausted:
		return true
	}
	return false
}

// broke marks the beginning of a gap. gnmic reports each try; only the first
// is news.
func (w *watcher) broke(err error) {
	if w.lost == nil {
		w.lost = err
		w.mark("gap begins: " + reason(w.session.translate(err)))
	}
}

func (w *watcher) take(m *pb.SubscribeResponse) {
	if w.lost != nil {
		w.lost = nil
		w.mark("gap ends: the stream is resumed; changes in between are not known")
	}
	if m.GetSyncResponse() {
		w.synced = true
		return
	}
	n := m.GetUpdate()
	if n == nil {
		return
	}
	w.updates++
	at := w.clock.read(n.GetTimestamp()).UTC().Format(stamp)
	for _, p := range n.GetDelete() {
		w.line(at, printPath(n.GetPrefix(), p)+": (deleted)")
	}
	for _, u := range n.GetUpdate() {
		leaves := flatten(n.GetPrefix(), u)
		sortLeaves(leaves)
		for _, l := range leaves {
			w.line(at, l.line())
		}
	}
}

func (w *watcher) mark(text string) { w.line(w.clock.now().UTC().Format(stamp), "# "+text) }

func (w *watcher) line(at, text string) {
	if w.cut || w.lines.Len()+len(at)+len(text)+2 > w.limit {
		w.cut = true
		return
	}
	w.lines.WriteString(at + " " + text + "\n")
}

// result turns what came into the session's answer.
func (w *watcher) result(ctx context.Context, win window, err error) (string, error) {
	var head strings.Builder
	for _, r := range w.clock.remark() {
		head.WriteString("# " + r + "\n")
	}
	out := head.String() + w.lines.String()
	switch {
	case ctx.Err() != nil:
		return out, w.session.translate(ctx.Err())
	case err != nil && w.updates == 0:
		return "", w.session.translate(err)
	case err != nil:
		return out, w.session.translate(err)
	case w.cut:
		return out, fmt.Errorf("%w (%d bytes)", devices.ErrTruncated, w.limit)
	case w.updates == 0 && w.lost != nil:
		return "", w.session.translate(w.lost)
	case w.updates == 0 && w.synced:
		return fmt.Sprintf("# no update within %s: the device has nothing at this path\n", win.length), nil
	case w.updates == 0:
		return "", fmt.Errorf("%w: the device was silent for %s: it neither sent an update nor said that there is none", devices.ErrTimeout, win.length)
	}
	return out, nil
}
