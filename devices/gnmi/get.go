package gnmi

import (
	"context"
	"errors"
	"time"

	pb "github.com/openconfig/gnmi/proto/gnmi"
	"github.com/openconfig/gnmic/pkg/api"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
)

// get reads path once: by Get, or where the device has no Get or its answer is
// too large for one message, by a ONCE subscription, which comes in pieces.
func (s *session) get(ctx context.Context, path *pb.Path) (string, error) {
	if s.noGet {
		return s.once(ctx, path)
	}
	resp, err := s.tryGet(ctx, path)
	switch {
	case err == nil:
	case status.Code(err) == codes.Unimplemented:
		out, onceErr := s.once(ctx, path)
		s.noGet = onceErr == nil
		return out, onceErr
	case tooLarge(err):
		return s.once(ctx, path)
	default:
		return "", s.translate(err)
	}
	t := newTable(s.limit)
	clock := clock{now: time.Now}
	for _, n := range resp.GetNotification() {
		clock.read(n.GetTimestamp())
		t.add(n)
	}
	return t.text(clock.remark())
}

// tryGet sends the request in the best encoding that the device takes.
// Devices say that they do not in different words and codes.
func (s *session) tryGet(ctx context.Context, path *pb.Path) (*pb.GetResponse, error) {
	var err error
	for i, e := range s.encodings {
		var req *pb.GetRequest
		req, err = api.NewGetRequest(encoding(e), api.DataTypeALL())
		if err != nil {
			return nil, err
		}
		req.Path, req.Prefix = []*pb.Path{path}, s.prefix()
		var resp *pb.GetResponse
		told := s.sending("gnmi get " + sentPath(path) + " " + e.String())
		resp, err = s.target.Get(ctx, req)
		told(proto.Size(resp), err)
		if !encodingRefused(err) {
			s.encodings = s.encodings[i:]
			return resp, err
		}
	}
	return nil, err
}

func encoding(e pb.Encoding) api.GNMIOption { return api.EncodingCustom(int(e)) }

// once reads path by a ONCE subscription. A stream that ends before the
// device has said that this was all brings an answer that is not whole.
func (s *session) once(ctx context.Context, path *pb.Path) (string, error) {
	req := &pb.SubscribeRequest{Request: &pb.SubscribeRequest_Subscribe{Subscribe: &pb.SubscriptionList{
		Prefix: s.prefix(), Mode: pb.SubscriptionList_ONCE, Encoding: s.encodings[0],
		Subscription: []*pb.Subscription{{Path: path}},
	}}}
	told := s.sending("gnmi subscribe once " + sentPath(path) + " " + s.encodings[0].String())
	out, err := s.gather(ctx, req)
	told(len(out), err)
	return out, err
}

// gather takes what a ONCE subscription brings.
func (s *session) gather(ctx context.Context, req *pb.SubscribeRequest) (string, error) {
	ctx, cancel := context.WithCancel(ctx)
	in, errs := s.target.SubscribeChan(ctx, req, "once")
	defer drain(in, errs)
	defer cancel()

	t := newTable(s.limit)
	clock := clock{now: time.Now}
	for {
		select {
		case m, open := <-in:
			switch {
			case !open:
				return s.broken(t, clock, errors.Join(errEnded, ctx.Err()))
			case m.Response.GetSyncResponse():
				return t.text(clock.remark())
			case !t.full():
				clock.read(m.Response.GetUpdate().GetTimestamp())
				t.add(m.Response.GetUpdate())
			default:
				return t.text(clock.remark())
			}
		case e, open := <-errs:
			if !open {
				errs = nil
				continue
			}
			for _, m := range waiting(in) {
				if m.Response.GetSyncResponse() {
					return t.text(clock.remark())
				}
				t.add(m.Response.GetUpdate())
			}
			return s.broken(t, clock, e.Err)
		}
	}
}

// broken returns what came before a stream broke off, and why it did.
func (s *session) broken(t *table, c clock, err error) (string, error) {
	why := s.translate(err)
	if t.empty() {
		return "", why
	}
	out, _ := t.text(append(c.remark(), "the stream broke off: what follows is not all"))
	return out, why
}
