package gnmi

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	pb "github.com/openconfig/gnmi/proto/gnmi"
	gnmipath "github.com/openconfig/gnmic/pkg/api/path"
	"github.com/openconfig/gnmic/pkg/api/target"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/policies"
)

// session is an open gNMI connection to one device. The target can Set; it
// stays unexported, and the interceptors would refuse it.
type session struct {
	device    devices.Device
	target    *target.Target
	limit     int // bytes of one answer
	audit     devices.Auditor
	caps      *pb.CapabilityResponse // nil: the device has no Capabilities
	encodings []pb.Encoding          // to try, best first
	noGet     bool                   // the device answers Get with Unimplemented
	asked     *atomic.Bool           // the server has asked for our certificate
}

var _ devices.Session = (*session)(nil)

// Do answers a Get or Watch query as the package comment says.
func (s *session) Do(ctx context.Context, q policies.Query) (string, error) {
	if q.IsZero() {
		return "", &policies.Refusal{Reason: "an empty query is never sent"}
	}
	path, err := s.path(q)
	if err != nil {
		return "", err
	}
	switch q.Kind() {
	case policies.Get:
		return s.get(ctx, path)
	case policies.Watch:
		return s.watch(ctx, path, window{q.Mode(), q.Every(), q.Window()})
	}
	return "", fmt.Errorf("%w: gnmi takes no command", devices.ErrUnsupported)
}

// sending notes the time at which something is sent; told hands it to the
// auditor when it is answered.
func (s *session) sending(text string) (told func(size int, err error)) {
	start := time.Now()
	return func(size int, err error) {
		if s.audit != nil {
			s.audit(devices.Sent{
				At: start.UTC(), Device: s.device.Name, User: s.device.GNMI.User, Transport: "gnmi",
				Text: text, Bytes: size, Took: time.Since(start), Err: err,
			})
		}
	}
}

// Close ends the connection.
func (s *session) Close() error {
	if err := s.target.Close(); err != nil {
		return fmt.Errorf("gnmi: %w", err)
	}
	return nil
}

// path turns the query's text into a path of the protocol. Origin cli carries
// commands, so it is refused here too, whatever a grammar says.
func (s *session) path(q policies.Query) (*pb.Path, error) {
	p, err := gnmipath.ParsePath(q.Text())
	if err != nil {
		return nil, fmt.Errorf("path %q: %w", q.Text(), err)
	}
	if p.Origin == "" {
		p.Origin = s.device.GNMI.Origin
	}
	parts := strings.FieldsFunc(strings.ToLower(p.Origin), func(r rune) bool { return strings.ContainsRune("-_.", r) })
	if slices.Contains(parts, "cli") {
		return nil, &policies.Refusal{Line: q.Text(), Near: p.Origin + ":", Reason: "a gNMI origin that carries commands is never used"}
	}
	return p, nil
}

// prefix is what a request's paths stand under: nothing, or the target that
// some devices demand. The origin stands in the path alone: devices refuse one
// in both.
func (s *session) prefix() *pb.Path {
	if s.device.GNMI.Target == "" {
		return nil
	}
	return &pb.Path{Target: s.device.GNMI.Target}
}

// negotiate returns the encodings to try, best first: those of ours that the
// device says it has, or all where it says none of them.
func negotiate(caps *pb.CapabilityResponse) []pb.Encoding {
	ours := []pb.Encoding{pb.Encoding_JSON_IETF, pb.Encoding_JSON, pb.Encoding_PROTO, pb.Encoding_ASCII}
	var both []pb.Encoding
	for _, e := range ours {
		for _, has := range caps.GetSupportedEncodings() {
			if e == has {
				both = append(both, e)
				break
			}
		}
	}
	if both == nil {
		return ours[:3]
	}
	return both
}
