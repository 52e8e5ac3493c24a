package target

import (
	"context"
	"maps"
	"slices"

	"github.com/openconfig/gnmi/proto/gnmi"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// models are the OpenConfig models of which parts are served.
var models = []string{
	"openconfig-system", "openconfig-interfaces", "openconfig-if-ip", "openconfig-if-ethernet", "openconfig-lldp",
	"openconfig-network-instance", "openconfig-bgp", "openconfig-ospfv2", "openconfig-isis", "openconfig-aft",
}

var encodings = []gnmi.Encoding{gnmi.Encoding_JSON_IETF, gnmi.Encoding_JSON, gnmi.Encoding_PROTO}

// Capabilities says what is served. Versions of the models are not given:
// the paths served are stable since each model's first releases.
func (s *server) Capabilities(context.Context, *gnmi.CapabilityRequest) (*gnmi.CapabilityResponse, error) {
	r := &gnmi.CapabilityResponse{GNMIVersion: "0.10.0", SupportedEncodings: encodings}
	for _, m := range models {
		r.SupportedModels = append(r.SupportedModels, &gnmi.ModelData{Name: m, Organization: "OpenConfig working group"})
	}
	return r, nil
}

func checkEncoding(e gnmi.Encoding) error {
	if !slices.Contains(encodings, e) {
		return status.Errorf(codes.Unimplemented, "encoding %s is not supported", e)
	}
	return nil
}

// Get answers each path with one notification that has one update for each
// node that the path names. A path that names none is NotFound.
func (s *server) Get(ctx context.Context, r *gnmi.GetRequest) (*gnmi.GetResponse, error) {
	if err := checkEncoding(r.GetEncoding()); err != nil {
		return nil, err
	}
	if r.GetType() == gnmi.GetRequest_CONFIG {
		return nil, status.Error(codes.InvalidArgument, "only state is served, no configuration")
	}
	if len(r.GetPath()) == 0 {
		return nil, status.Error(codes.InvalidArgument, "request has no path")
	}
	out := &gnmi.GetResponse{}
	for _, p := range r.GetPath() {
		q, err := newQuery(r.GetPrefix(), p)
		if err != nil {
			return nil, err
		}
		at, err := s.store.refresh(ctx, q.root())
		if err != nil {
			return nil, status.Errorf(codes.Unavailable, "reading the node: %v", err)
		}
		leaves := s.store.leaves(q)
		if len(leaves) == 0 {
			return nil, status.Errorf(codes.NotFound, "no such path or no data: %v", p)
		}
		n := &gnmi.Notification{Timestamp: at.UnixNano()}
		if t := r.GetPrefix().GetTarget(); t != "" {
			n.Prefix = &gnmi.Path{Target: t}
		}
		if n.Update, err = updates(leaves, q, r.GetEncoding()); err != nil {
			return nil, err
		}
		out.Notification = append(out.Notification, n)
	}
	return out, nil
}

// updates encodes the leaves under q: PROTO one update a leaf, JSON one a
// node that q names.
func updates(leaves []leaf, q query, e gnmi.Encoding) ([]*gnmi.Update, error) {
	var out []*gnmi.Update
	if e == gnmi.Encoding_PROTO {
		for _, l := range leaves {
			out = append(out, &gnmi.Update{Path: l.path, Val: l.value})
		}
		return out, nil
	}
	for len(leaves) > 0 {
		at := leaves[0].path.GetElem()[:len(q.elems)]
		n := 1
		for n < len(leaves) && sameElems(leaves[n].path.GetElem()[:len(q.elems)], at) {
			n++
		}
		val, err := encodeNode(leaves[:n], len(q.elems), e)
		if err != nil {
			return nil, status.Errorf(codes.Internal, "encoding: %v", err)
		}
		out = append(out, &gnmi.Update{Path: &gnmi.Path{Elem: at}, Val: val})
		leaves = leaves[n:]
	}
	return out, nil
}

func sameElems(a, b []*gnmi.PathElem) bool {
	return slices.EqualFunc(a, b, func(x, y *gnmi.PathElem) bool {
		return x.GetName() == y.GetName() && maps.Equal(x.GetKey(), y.GetKey())
	})
}
