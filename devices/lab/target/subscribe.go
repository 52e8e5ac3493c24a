package target

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/openconfig/gnmi/coalesce"
	"github.com/openconfig/gnmi/ctree"
	"github.com/openconfig/gnmi/proto/gnmi"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// subscription is one Subscribe call.
type subscription struct {
	store    *store
	stream   gnmi.GNMI_SubscribeServer
	list     *gnmi.SubscriptionList
	queries  []query
	encoding gnmi.Encoding
	target   string // echoed to the client when it named one
}

// defaultSample is the interval of a SAMPLE subscription that names none; the
// specification (3.5.1.5.2) leaves it to the target.
const (
	defaultSample = time.Second
	minSample     = 100 * time.Millisecond
)

// Subscribe serves ONCE, POLL and STREAM subscriptions.
func (s *server) Subscribe(stream gnmi.GNMI_SubscribeServer) error {
	req, err := stream.Recv()
	if errors.Is(err, io.EOF) {
		return nil
	}
	if err != nil {
		return err
	}
	list := req.GetSubscribe()
	if list == nil {
		return status.Error(codes.InvalidArgument, "the first message must be a subscription")
	}
	if err := checkEncoding(list.GetEncoding()); err != nil {
		return err
	}
	sub := &subscription{store: s.store, stream: stream, list: list, encoding: list.GetEncoding(), target: list.GetPrefix().GetTarget()}
	for _, x := range list.GetSubscription() {
		q, err := newQuery(list.GetPrefix(), x.GetPath())
		if err != nil {
			return err
		}
		if i := time.Duration(x.GetSampleInterval()); i != 0 && i < minSample {
			return status.Errorf(codes.InvalidArgument, "sample interval %s is below %s", i, minSample)
		}
		sub.queries = append(sub.queries, q)
	}
	switch list.GetMode() {
	case gnmi.SubscriptionList_ONCE:
		return sub.once()
	case gnmi.SubscriptionList_POLL:
		return sub.poll()
	}
	return sub.follow()
}

// once sends everything that is subscribed to, and the sync mark.
func (s *subscription) once() error {
	for _, q := range s.queries {
		if s.list.GetUpdatesOnly() {
			break
		}
		n, err := s.sample(s.stream.Context(), q)
		if err != nil {
			return err
		}
		if err := s.send(n); err != nil {
			return err
		}
	}
	return s.stream.Send(&gnmi.SubscribeResponse{Response: &gnmi.SubscribeResponse_SyncResponse{SyncResponse: true}})
}

func (s *subscription) poll() error {
	for {
		if err := s.once(); err != nil {
			return err
		}
		req, err := s.stream.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if req.GetPoll() == nil {
			return status.Error(codes.InvalidArgument, "a POLL subscription takes poll messages only")
		}
	}
}

// follow serves a STREAM until the client leaves. TARGET_DEFINED is ON_CHANGE.
func (s *subscription) follow() error {
	ctx, cancel := context.WithCancel(s.stream.Context())
	queue := coalesce.NewQueue()
	var timers sync.WaitGroup
	defer timers.Wait()
	defer queue.Close()
	defer cancel()

	for i, x := range s.list.GetSubscription() {
		q := s.queries[i]
		every := time.Duration(x.GetHeartbeatInterval())
		if x.GetMode() == gnmi.SubscriptionMode_SAMPLE {
			every = time.Duration(x.GetSampleInterval())
			if every == 0 {
				every = defaultSample
			}
		} else {
			defer s.store.follow(q.root())()
			defer s.store.match.AddQuery(q.index, changes{queue})()
		}
		if every > 0 {
			timers.Go(func() { s.tick(ctx, q, every, queue) })
		}
	}
	if err := s.once(); err != nil {
		return err
	}
	for {
		item, _, err := queue.Next(ctx)
		if err != nil {
			return status.FromContextError(ctx.Err()).Err()
		}
		switch item := item.(type) {
		case *ctree.Leaf:
			n, _ := item.Value().(*gnmi.Notification)
			err = s.send(n)
		case *gnmi.Notification:
			err = s.send(item)
		case error:
			err = item
		}
		if err != nil {
			return err
		}
	}
}

// changes hands what changed to a subscription's queue.
type changes struct{ queue *coalesce.Queue }

// Update implements match.Client. A closed queue means that the client left.
func (c changes) Update(n any) { _, _ = c.queue.Insert(n) }

// tick queues a sample of q at every interval until ctx ends.
func (s *subscription) tick(ctx context.Context, q query, every time.Duration, queue *coalesce.Queue) {
	t := time.NewTicker(every)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
		n, err := s.sample(ctx, q)
		if err != nil {
			_, _ = queue.Insert(err)
			return
		}
		if _, err := queue.Insert(n); err != nil {
			return
		}
	}
}

// sample reads what q names now.
func (s *subscription) sample(ctx context.Context, q query) (*gnmi.Notification, error) {
	at, err := s.store.refresh(ctx, q.root())
	if err != nil {
		return nil, status.Errorf(codes.Unavailable, "reading the node: %v", err)
	}
	n := &gnmi.Notification{Timestamp: at.UnixNano()}
	for _, l := range s.store.leaves(q) {
		n.Update = append(n.Update, &gnmi.Update{Path: l.path, Val: l.value})
	}
	return n, nil
}

// send writes a notification of scalars in the client's encoding. n may be
// shared with other clients and is not changed.
func (s *subscription) send(n *gnmi.Notification) error {
	if len(n.GetUpdate())+len(n.GetDelete()) == 0 {
		return nil
	}
	out := &gnmi.Notification{Timestamp: n.GetTimestamp(), Delete: n.GetDelete()}
	if s.target != "" {
		out.Prefix = &gnmi.Path{Target: s.target}
	}
	for _, u := range n.GetUpdate() {
		v, err := encodeLeaf(leaf{path: u.GetPath(), value: u.GetVal()}, s.encoding)
		if err != nil {
			return status.Errorf(codes.Internal, "encoding: %v", err)
		}
		out.Update = append(out.Update, &gnmi.Update{Path: u.GetPath(), Val: v})
	}
	return s.stream.Send(&gnmi.SubscribeResponse{Response: &gnmi.SubscribeResponse_Update{Update: out}})
}
